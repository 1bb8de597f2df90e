"""Periods as people write them: a month `2026-11`, a quarter `2026-Q4`, a year `2026`. Pure."""

from __future__ import annotations

import re

CYCLES = ("month", "quarter", "year")
"""The cycles in which evaluations come round, the shortest first."""

_WRITTEN = re.compile(r"((?:20|21)[0-9]{2})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?")
_QUARTER = 3


def cycle_of(period: object) -> str:
    """Return the cycle that a period belongs to; an empty string for what is no period."""
    found = _WRITTEN.fullmatch(period) if isinstance(period, str) else None
    if found is None:
        return ""
    return "month" if found[2] else "quarter" if found[3] else "year"


def months_of(period: str) -> tuple[str, ...]:
    """Return the months of a period, in order."""
    year = period[:4]
    if cycle_of(period) == "month":
        return (period,)
    if cycle_of(period) == "quarter":
        last = int(period[-1]) * _QUARTER
        return tuple(f"{year}-{month:02}" for month in range(last - _QUARTER + 1, last + 1))
    return tuple(f"{year}-{month:02}" for month in range(1, 13))


def period_of(day: str, cycle: str) -> str:
    """Return the period of a cycle in which a day, or a stored time, lies."""
    if cycle == "month":
        return day[:7]
    quarter = (int(day[5:7]) + _QUARTER - 1) // _QUARTER
    return f"{day[:4]}-Q{quarter}" if cycle == "quarter" else day[:4]


def first_day(period: str) -> str:
    """Return the first day of a period."""
    return f"{months_of(period)[0]}-01"


def following(period: str) -> str:
    """Return the next period of the same cycle."""
    year, month = int(months_of(period)[-1][:4]), int(months_of(period)[-1][5:])
    after = f"{year + month // 12:04}-{month % 12 + 1:02}"
    return period_of(after, cycle_of(period))


def preceding(period: str) -> str:
    """Return the period of the same cycle before this one."""
    year, month = int(months_of(period)[0][:4]), int(months_of(period)[0][5:])
    earlier = f"{year - (month == 1):04}-{(month - 2) % 12 + 1:02}"
    return period_of(earlier, cycle_of(period))
