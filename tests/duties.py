"""Entries about duties for the tests: a duty, its log, an incident, a setting in force."""

from __future__ import annotations

from typing import Any

from tests.world import World

AREA, LEAD, MANAGER, SUPERVISOR, GUARD = "S-A0015", "S-A0014", "S-A0002", "S-A0019", "S-A0008"
DUTY, OTHER, SWAP = "W2611-A0001", "W2611-A0002", "WS2611-A0001"
LOG, INCIDENT = "WL2611-A0001", "WI2611-A0001"
DONE = {"situation": "a quiet night", "result": "nothing is left open"}


def at(clock: str, day: int = 22) -> str:
    """Return a moment of November 2026."""
    return f"2026-11-{day:02d}T{clock}:00+08:00"


def duty(day: int = 22, shift: str = "night", person: str = AREA, **rest: Any) -> dict[str, Any]:
    """Return the entry that puts a duty on the roster of a day of November."""
    entry = {"action": "add", "by": MANAGER, "at": at("09:00", 20)}
    entry |= {name: rest.pop(name) for name in ("action", "by", "at") if name in rest}
    sets = {"date": f"2026-11-{day:02d}", "shift": shift, "person": person, "post": "duty-person", **rest}
    return {"register": "duty-roster", **entry, "sets": sets}


def act(record: str, action: str, by: str, moment: str, **rest: Any) -> dict[str, Any]:
    """Return an entry about a record that is there."""
    return {"record": record, "action": action, "by": by, "at": moment, **rest}


def request(by: str = AREA, moment: str = at("10:00", 21), **sets: Any) -> dict[str, Any]:
    """Return the entry by which a swap of the first duty is asked for."""
    sets = {"duty": DUTY, "substitute": LEAD, "cause": "illness", **sets}
    return {"register": "duty-swap", "action": "request", "by": by, "at": moment, "sets": sets}


def opened(moment: str = at("22:00"), by: str = AREA) -> dict[str, Any]:
    """Return the entry that opens the log of the first duty."""
    return {"register": "duty-log", "action": "open", "by": by, "at": moment, "sets": {"duty": DUTY}}


def report(grade: str = "major", by: str = AREA, moment: str = at("23:30"), **sets: Any) -> dict[str, Any]:
    """Return the entry that reports an event."""
    sets = {"grade": grade, "what": "water runs into the lift shaft", **sets}
    return {"register": "duty-incident", "action": "report", "by": by, "at": moment, "sets": sets}


def in_force(world: World, setting: str, value: Any) -> World:
    """Return the world with a setting proposed and approved on the 20th."""
    sets = {"setting": setting, "value": value}
    entry = {"register": "policy", "action": "set", "by": "S-A0001", "at": at("08:00", 20), "sets": sets}
    world.play([entry])
    proposal = next(each.id for each in world.records.values() if each.state == "proposed")
    return world.play([act(proposal, "approve", "S-A0001", at("08:01", 20))])


def refusals(world: World, entry: dict[str, Any]) -> list[str]:
    """Return the rules that stand against an entry."""
    return [each.rule for each in world.judge(world.step(entry)) if each.severity == "error"]
