"""Entries about hazardous materials for the tests: a locker with stock, slips, counts, and what is refused."""

from __future__ import annotations

from typing import Any

from svcdesk import yamlio
from svcdesk.declared import Deadline
from svcdesk.desk import LAW
from svcdesk.judge import judge_act
from svcdesk.judge import judge_open
from svcdesk.judge import judge_state
from svcdesk.registers import REGISTERS
from svcdesk.workflow import replay
from tests.world import CASES
from tests.world import World
from tests.world import base

STOCK: list[dict[str, Any]] = yamlio.load(
    (CASES / "hazmat-use" / "none-handed-out-by-the-approver.yaml").read_bytes()
)["given"][:5]
"""A cleaning lead, a locker with her key, a material, and 2000 g of it drawn at 09:00."""
MATERIAL, LOCKER, DRAW, USE, COUNT = "M-A0001", "L-A0004", "HD2611-A0001", "HU2611-A0001", "HC2611-A0001"
LEAD, OTHER_LEAD, CLERK, CLERK2, MANAGER, CLEANER = (
    "S-A0014",
    "S-A0019",
    "S-A0005",
    "S-A0006",
    "S-A0002",
    "S-A0011",
)


def at(clock: str, day: int = 22) -> str:
    return f"2026-11-{day:02}T{clock}:00+08:00"


def slip(register: str, action: str, by: str, clock: str, **sets: Any) -> dict[str, Any]:
    fields = {"material": MATERIAL, "place": LOCKER, **sets}
    return {"register": register, "action": action, "by": by, "at": at(clock), "sets": fields}


def act(record: str, action: str, by: str, clock: str, **rest: Any) -> dict[str, Any]:
    return {"record": record, "action": action, "by": by, "at": at(clock), **rest}


def drawn(quantity: int, clock: str, **sets: Any) -> dict[str, Any]:
    second = {"signed": {"second": CLEANER}}
    return slip("hazmat-draw", "add", LEAD, clock, quantity=quantity, **sets) | second


def disposed(quantity: int, clock: str, **sets: Any) -> dict[str, Any]:
    given = slip("hazmat-dispose", "add", LEAD, clock, quantity=quantity, method="waste firm", **sets)
    return given | {"signed": {"second": CLEANER}}


def counted(quantity: int, clock: str, **sets: Any) -> dict[str, Any]:
    return slip("hazmat-count", "add", CLERK, clock, quantity=quantity, **sets)


def signed(clock: str, line: str = "counter", by: str = CLERK2, record: str = COUNT) -> dict[str, Any]:
    return act(record, "sign", by, clock, signed={line: by})


def used(quantity: int, clock: str = "10:00", record: str = USE) -> list[dict[str, Any]]:
    asked = slip("hazmat-use", "request", CLEANER, clock, quantity=quantity, user=CLEANER, purpose="rats")
    return [
        asked,
        act(record, "approve", LEAD, clock),
        act(record, "issue", LEAD, clock, signed={"key-holder": "S-A0020"}),
    ]


def stocked(*entries: dict[str, Any]) -> World:
    return base().play([*STOCK, *entries])


def refusals(world: World, entry: dict[str, Any]) -> list[str]:
    found = world.judge(world.step(entry))
    return sorted({each.rule for each in found if each.severity == "error"})


def balance(world: World, clock: str = "23:00") -> int:
    return world.books.balance(MATERIAL, LOCKER, "", at(clock))


def due(world: World, register: str, name: str, record: str) -> str | None:
    deadline: Deadline = next(each for each in REGISTERS[register].deadlines if each.name == name)
    return deadline.due(world.records[record], world.books)


def errors(world: World) -> list[Any]:
    """What a check would hold against the records as errors, counts with an open difference left aside."""
    return [
        finding
        for record in world.records.values()
        for found in (
            *(judge_act(step, world.books, LAW) for step in steps_of(world, record.id)),
            judge_state(record, world.books, LAW),
        )
        for finding in found
        if finding.severity == "error"
    ]


def steps_of(world: World, record: str) -> list[Any]:
    found = world.records[record]
    return (
        replay(REGISTERS[found.register], record, found.acts) if found.register.startswith("hazmat") else []
    )


def open_rules(world: World) -> list[str]:
    return [finding.rule for each in world.records.values() for finding in judge_open(each, world.books, LAW)]
