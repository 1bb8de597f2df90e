"""Evaluations on the world of the cases: what tests of them enter, a line for each act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.world import World

MANAGER, CLERK, OTHER, BOSS = "S-A0002", "S-A0005", "S-A0006", "S-A0007"
Entry = dict[str, Any]


def at(clock: str = "12:00", day: str = "2026-11-30") -> str:
    """Return a moment of the last day of November, or of another."""
    return f"{day}T{clock}:00+08:00"


def new(book: str, action: str, by: str, moment: str, **sets: Any) -> Entry:
    """Return the act that opens a record of `evaluation`, or of a book of that area."""
    return {"register": f"evaluation{book}", "action": action, "by": by, "at": moment, "sets": sets}


def act(record: str, action: str, by: str, moment: str, **sets: Any) -> Entry:
    """Return a further act on a record."""
    return {"record": record, "action": action, "by": by, "at": moment, "sets": sets}


def scored(record: str, person: str, superior: int, own: int = 80, period: str = "2026-11") -> list[Entry]:
    """Return the acts of an evaluation up to its scores, all at noon of the last day."""
    return [
        new("", "open", MANAGER, at(), person=person, period=period),
        act(record, "score", MANAGER, at("12:01"), superior_scores=[{"score": superior}]),
        act(record, "score", person, at("12:02"), self_scores=[{"score": own}]),
    ]


def told(record: str, person: str, superior: int, **sets: Any) -> list[Entry]:
    """Return the acts of an evaluation up to the result that the general manager tells."""
    return [
        *scored(record, person, superior),
        act(record, "sign", MANAGER, at("12:03"), **sets),
        act(record, "publish", BOSS, at("12:04")),
    ]


def refusals(world: World, entry: Entry) -> set[str]:
    """Return the rules that refuse an act."""
    return {each.rule for each in world.judge(world.step(entry)) if each.severity == "error"}


def sentences(world: World, entry: Entry) -> Iterator[str]:
    """Yield what the refusals of an act say."""
    return (str(each.message) for each in world.judge(world.step(entry)) if each.severity == "error")
