"""Working calendars: read from a policy value, cut into days, and those that are shipped. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from typing import Literal
from zoneinfo import ZoneInfo

from svcdesk.errors import BadInput
from svcdesk.model import text

Kind = Literal["open", "closed", "holiday", "make-up", "closure", "paused"]

Span = tuple[int, int, Kind]
"""From (included) and to (excluded) in seconds since 1970 UTC, and what the time is."""

Periods = tuple[tuple[int, int], ...]
"""Open periods of a day in minutes of the wall clock, in order, without overlap."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING: tuple[Kind, ...] = ("open", "make-up")
LAST_YEAR = 2199
_ALL_DAY = ["00:00-24:00"]
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_PERIOD = re.compile(rf"({_CLOCK})-({_CLOCK}|24:00)")
_WORKDAY = re.compile(rf"([0-9-]{{10}})(?: ({'|'.join(WEEKDAYS)}))?")


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name; BadInput where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        message = text("{zone} is not a time zone; a name such as Asia/Shanghai is needed", zone=name)
        raise BadInput(message) from None


def seconds_at(day: date, minute: int, zone: ZoneInfo) -> int:
    """Return when a wall clock first shows this minute of a day, or has been put forward over it."""
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    first = int(wall.timestamp())
    other = int(wall.replace(fold=1).timestamp())
    if other >= first:
        return first
    after = datetime.fromtimestamp(first, zone).utcoffset()
    instants = range(other, first)
    return instants.start + bisect_left(
        instants, True, key=lambda each: datetime.fromtimestamp(each, zone).utcoffset() == after
    )


@dataclass(frozen=True, slots=True)
class Timetable:
    """What each day of a calendar is, in seconds since 1970; `years` None: without limits."""

    zone: ZoneInfo
    hours: tuple[Periods, ...]
    holidays: frozenset[date]
    workdays: Mapping[date, int]
    closures: frozenset[date]
    years: frozenset[int] | None
    _known: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the whole of a local day, cut into spans; BadInput outside the published years."""
        if day not in self._known:
            self._demand(day.year)
            self._known[day] = tuple(self._cut(day))
        return self._known[day]

    def course(self, start: int) -> Iterator[Span]:
        """Yield the spans from `start` on, without a gap, until the published years end."""
        day = self.day(start)
        while True:
            for begin, end, kind in self.spans(day):
                if end > start:
                    yield max(begin, start), end, kind
            day += timedelta(days=1)

    def day(self, moment: int) -> date:
        """Return the local day of a moment."""
        return datetime.fromtimestamp(moment, self.zone).date()

    def _demand(self, year: int) -> None:
        if self.years is None and year <= LAST_YEAR:
            return
        if self.years is None:
            raise BadInput(text("nothing is computed beyond the year {last}", last=LAST_YEAR))
        if year not in self.years:
            raise BadInput(
                text(
                    "the working calendar is published for {years}, not for {year}; "
                    "the policy setting calendar needs years.{year}",
                    years=", ".join(str(each) for each in sorted(self.years)),
                    year=year,
                )
            )

    def _rule(self, day: date) -> tuple[Periods, Kind, Kind]:
        """Open periods of a day, what they are called, what the rest of the day is called."""
        if day in self.closures:
            return (), "open", "closure"
        if day in self.holidays:
            return (), "open", "holiday"
        if day in self.workdays:
            return self.hours[self.workdays[day]], "make-up", "closed"
        return self.hours[day.weekday()], "open", "closed"

    def _cut(self, day: date) -> Iterator[Span]:
        periods, working, idle = self._rule(day)
        edges = [0, *(minute for period in periods for minute in period), 24 * 60]
        marks = [seconds_at(day, minute, self.zone) for minute in edges]
        for number, (begin, end) in enumerate(pairwise(marks)):
            if begin < end:
                yield begin, end, working if number % 2 else idle


def read_timetable(value: Mapping[str, Any], zone: str) -> Timetable:
    """Read a policy value (`hours`, `years`, `always`); BadInput says which entry is wrong."""
    _closed("calendar", value, ("hours", "years", "always"))
    always = value.get("always", False)
    if not isinstance(always, bool):
        raise BadInput(text("calendar: always is {value}; true or false is needed", value=always))
    everyday = {"hours": dict.fromkeys(WEEKDAYS, _ALL_DAY)} if always else {}
    hours = _read_hours((everyday | dict(value)).get("hours"))
    years = _closed("calendar: years", value.get("years", {}))
    if bool(years) == always:
        raise BadInput(text("calendar: either years or always: true is needed, and not both"))
    days: dict[str, dict[date, int]] = {"holidays": {}, "workdays": {}, "closures": {}}
    for name, entry in years.items():
        where = f"calendar: years: {name}"
        if not isinstance(name, str) or not re.fullmatch(r"(?:19[7-9]|2[01][0-9])[0-9]", name):
            raise BadInput(text('{where} is not a year such as "2026"', where=where))
        for kind, entries in _closed(where, entry, tuple(days)).items():
            days[kind] |= _read_days(f"{where}: {kind}", entries, name, kind == "workdays")
    _consistent(hours, days)
    return Timetable(
        zone_of(zone),
        hours,
        frozenset(days["holidays"]),
        days["workdays"],
        frozenset(days["closures"]),
        None if always else frozenset(int(name) for name in years),
    )


def _closed(where: str, value: Any, names: tuple[str, ...] = ()) -> Mapping[Any, Any]:
    """Return a mapping that has no other names than these, where any are given."""
    if not isinstance(value, Mapping):
        raise BadInput(text("{where} has to be a mapping", where=where))
    for name in value:
        if names and name not in names:
            known = ", ".join(names)
            raise BadInput(text("{where}: {name} is not one of {known}", where=where, name=name, known=known))
    return value


def _texts(where: str, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise BadInput(text("{where} has to be a list of texts", where=where))
    return list(value)


def _read_hours(value: Any) -> tuple[Periods, ...]:
    hours = _closed("calendar: hours", value, WEEKDAYS)
    for name in WEEKDAYS:
        if name not in hours:
            raise BadInput(text("calendar: hours: {day} is missing; a closed day is []", day=name))
    found = tuple(_read_periods(f"calendar: hours: {name}", hours[name]) for name in WEEKDAYS)
    if not any(found):
        raise BadInput(text("calendar: hours: no day is open; at least one is needed"))
    return found


def _read_periods(where: str, value: Any) -> Periods:
    periods: list[tuple[int, int]] = []
    for each in _texts(where, value):
        match = _PERIOD.fullmatch(each)
        if match is None:
            raise BadInput(
                text("{where}: {value} is not a period such as 08:30-12:00", where=where, value=each)
            )
        opens, closes = (int(clock[:2]) * 60 + int(clock[3:]) for clock in match.groups())
        if not (periods[-1][1] if periods else 0) <= opens < closes:
            raise BadInput(
                text("{where}: {value} ends before it begins, or overlaps", where=where, value=each)
            )
        periods.append((opens, closes))
    return tuple(periods)


def _read_days(where: str, value: Any, year: str, made_up: bool) -> dict[date, int]:
    """Return the days listed, each with the weekday (0 is Monday) whose hours a make-up day takes."""
    days: dict[date, int] = {}
    for each in _texts(where, value):
        match = _WORKDAY.fullmatch(each)
        try:
            day = date.fromisoformat(match[1] if match and (made_up or not match[2]) else "")
        except ValueError:
            raise BadInput(
                text("{where}: {value} is not a day such as 2026-01-31", where=where, value=each)
            ) from None
        if day.year != int(year) or day in days:
            raise BadInput(
                text("{where}: {value} is in another year or stands there twice", where=where, value=each)
            )
        days[day] = WEEKDAYS.index(match[2] or "mon") if match else 0
    return days


def _consistent(hours: tuple[Periods, ...], days: Mapping[str, Mapping[date, int]]) -> None:
    for day, weekday in days["workdays"].items():
        if day in days["holidays"]:
            raise BadInput(text("calendar: {day} is both a holiday and a workday", day=day))
        if not hours[weekday]:
            raise BadInput(
                text(
                    "calendar: workday {day} takes the hours of {weekday}, which has none; "
                    "name another weekday after the date",
                    day=day,
                    weekday=WEEKDAYS[weekday],
                )
            )


def _each_day(ranges: str) -> list[str]:
    """Write out ranges of days within a month, such as `2026-01-01/03`."""
    return [
        f"{each[:8]}{number:02}"
        for each in ranges.split()
        for number in range(int(each[8:10]), int(each[-2:]) + 1)
    ]


def _office(years: Mapping[str, tuple[str, str]]) -> Mapping[str, Any]:
    """Return office hours from Monday to Friday, with the days off and make-up days of some years."""
    return {
        "hours": {name: ["08:30-12:00", "13:30-18:00"] for name in WEEKDAYS[:5]} | {"sat": [], "sun": []},
        "years": {
            year: {"holidays": _each_day(off), "workdays": _each_day(made_up), "closures": []}
            for year, (off, made_up) in years.items()
        },
    }


_PLAIN = _office({"2025": ("", ""), "2026": ("", ""), "2027": ("", "")})

# Days off and make-up days as the State Council published them for each year.
_STATE_COUNCIL = {
    "2025": (
        (
            "2025-01-01 2025-01-28/31 2025-02-01/04 2025-04-04/06 2025-05-01/05 2025-05-31 2025-06-01/02 "
            "2025-10-01/08"
        ),
        "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11",
    ),
    "2026": (
        "2026-01-01/03 2026-02-15/23 2026-04-04/06 2026-05-01/05 2026-06-19/21 2026-09-25/27 2026-10-01/07",
        "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10",
    ),
}

DEFAULT_CALENDARS: Mapping[str, Mapping[str, Any]] = {"Asia/Shanghai": _office(_STATE_COUNCIL)}
"""Policy values by time zone."""


def default_calendar(zone: str) -> Mapping[str, Any]:
    """Return the policy value that a new desk in this zone begins with."""
    return deepcopy(DEFAULT_CALENDARS.get(zone, _PLAIN))
