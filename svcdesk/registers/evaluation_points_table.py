"""The ten-point deduction table (十分制扣分): what the nth event of a kind in a month costs. Pure.

Points are decimal texts such as `0.5`; they are reckoned in whole tenths.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from svcdesk.decimals import in_tenths
from svcdesk.decimals import tenths
from svcdesk.model import Text
from svcdesk.model import text

Row = Mapping[str, Any]

TABLE: dict[str, dict[str, Any]] = {
    "forgot-sign-in": {"each": "0", "swap": True},
    "late": {"each": "0.5"},
    "absence": {"each": "2"},
    "leave": {"each": "2", "swap": True, "free": 4},
    "unasked-rest": {"each": "5"},
    "left-post": {"each": "5"},
    "not-online": {"each": "0", "steps": [{"count": 3, "points": "5"}]},
    "missed-call": {
        "each": "0",
        "steps": [{"count": 3, "points": "5"}, {"count": 5, "points": "10"}],
    },
    "bad-attitude": {
        "each": "1",
        "steps": [{"count": 3, "points": "5"}, {"count": 5, "points": "10"}],
    },
    "work-unfinished": {"from": "0.5", "to": "1"},
    "unreformed": {"each": "0"},
}
"""code: points for each; `steps` at a count in the month; `swap` events share a number of `free` ones."""

KEYS = frozenset(("each", "steps", "swap", "free", "from", "to"))
REPLACE, ADD = "replace", "add"


def cost(row: Row, count: int, how: str) -> int | None:
    """Return what the nth event of a code costs, in tenths; None where the one who decides chooses."""
    if "each" not in row:
        return None
    if count <= row.get("free", 0):
        return 0
    return _total(row, count, how) - _total(row, count - 1, how)


def _total(row: Row, count: int, how: str) -> int:
    """Return what so many events cost together: a step replaces what was taken before, or is added to it."""
    each, steps = tenths(row["each"]), [step for step in row.get("steps", ()) if step["count"] <= count]
    if how == ADD or not steps:
        return each * count + sum(tenths(step["points"]) for step in steps)
    last = steps[-1]
    return tenths(last["points"]) + each * (count - int(last["count"]))


def shares_swaps(table: Mapping[str, Row]) -> tuple[str, ...]:
    """Return the codes that use up the month's swap days together."""
    return tuple(code for code, row in table.items() if row.get("swap"))


def step_reading(value: Any) -> Iterator[Text]:
    """Yield why a value is no way to read the steps."""
    if value not in (REPLACE, ADD):
        yield text("{value} is none of {names}", value=str(value), names=(REPLACE, ADD))


def table(value: Any) -> Iterator[Text]:
    """Yield what is wrong with a table of deductions."""
    missing = tuple(sorted(TABLE.keys() - value.keys()))
    if missing:
        yield text("there is no row for {missing}", missing=missing)
    for code, row in value.items():
        if not isinstance(row, Mapping) or not row.keys() <= KEYS or not _is_row(row):
            yield text("{code} needs each, or from and to, and may have steps, swap and free", code=code)


def _is_row(row: Row) -> bool:
    costs = [row[name] for name in ("each", "from", "to") if name in row]
    steps = row.get("steps", [])
    if not isinstance(steps, list) or not all(_is_step(step) for step in steps):
        return False
    counts = [step["count"] for step in steps]
    chosen = {"from", "to"} <= row.keys() and "each" not in row
    whole = isinstance(row.get("free", 0), int) and isinstance(row.get("swap", False), bool)
    rising = _rises(counts) and _rises(tenths(step["points"]) for step in steps)
    return ("each" in row or chosen) and all(map(in_tenths, costs)) and whole and rising


def _is_step(step: Any) -> bool:
    known = isinstance(step, Mapping) and step.keys() == {"count", "points"}
    return known and isinstance(step["count"], int) and in_tenths(step["points"])


def _rises(values: Iterable[int]) -> bool:
    known = list(values)
    return all(first < second for first, second in pairwise(known))
