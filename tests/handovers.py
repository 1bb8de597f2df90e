"""Entries about handovers for the tests: opened, signed, accepted, by two clerks and others."""

from __future__ import annotations

from typing import Any

from tests.duties import act
from tests.duties import at

CLERK, RELIEF, DESK, WATCH, MANAGER = "S-A0005", "S-A0006", "S-A0016", "S-A0008", "S-A0002"
FIRST, SECOND, THIRD = (f"H2611-A000{number}" for number in (1, 2, 3))
ITEM = {"what": "lamp in 0801", "reason": "no spare", "owner": RELIEF, "due": at("12:00", 23)}
REPORTED = {"received": at("06:00"), "content": "water through the ceiling", "customer": "CU-A0002"}
WRITTEN: dict[str, Any] = {
    "progress": "two visits",
    "equipment": "all running",
    "checks": [{"item": "work surface", "mark": "normal"}],
}


def opened(moment: str = at("14:00"), by: str = CLERK, **sets: Any) -> dict[str, Any]:
    """Return the entry that opens a handover of the department with all that is asked for."""
    late = {"entered": sets.pop("entered")} if "entered" in sets else {}
    sets = {"kind": "department", "incoming": RELIEF, **WRITTEN, **sets}
    return {"register": "handover", "action": "open", "by": by, "at": moment, "sets": sets, **late}


def book(moment: str, by: str = WATCH, incoming: str = CLERK, **sets: Any) -> dict[str, Any]:
    """Return the entry that opens a handover with security."""
    checks = [{"item": "handover book", "mark": "normal"}]
    entry = opened(moment, by, kind="security", incoming=incoming, checks=checks, **sets)
    del entry["sets"]["equipment"]
    return entry


def accepted(moment: str = at("14:10"), by: str = RELIEF, record: str = FIRST) -> dict[str, Any]:
    """Return the entry by which the relief takes over."""
    return act(record, "accept", by, moment, sets={"read": True})


def counted(what: str, found: int, moment: str = at("14:05"), **where: str) -> dict[str, Any]:
    """Return the entry of a count of one thing."""
    return act(FIRST, "count", RELIEF, moment, sets={"counted": [{"what": what, **where, "found": found}]})
