"""Whom evaluations reach: who is due though nobody is above him, for which periods, what a result is made of."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.model import Record
from svcdesk.registers.evaluation_working import result_steps
from svcdesk.registers.staff import REGISTER as STAFF
from tests.evaluations import CLERK
from tests.evaluations import MANAGER
from tests.evaluations import at
from tests.evaluations import new
from tests.evaluations import refusals
from tests.world import World
from tests.world import base

SHEET = "E2611-A0001"
WEIGHTS = {"self": 20, "superior": 50, "customer": 30}
OPENED = new("", "open", MANAGER, at(), person=CLERK, period="2026-11")


@pytest.mark.parametrize(
    ("post", "department", "gone", "person"),
    [
        ("security-guard", "security", (), "S-A0009"),
        ("security-guard", "security", ("S-A0009",), "S-A0007"),
        ("security-guard", "security", ("S-A0009", "S-A0007"), "S-A0001"),
        ("cleaner", "engineering", ("S-A0014", "S-A0019", MANAGER), "S-A0004"),
        ("desk-admin", "security", (), ""),
    ],
)
def test_who_has_nobody_above_is_due_all_the_same(
    post: str, department: str, gone: tuple[str, ...], person: str
) -> None:
    entered = {"name": "New Nan", "emails": ["nan@example.org"], "post": post, "department": department}
    hired = {
        "register": "staff",
        "action": "add",
        "by": "S-A0001",
        "at": at("09:00", "2026-11-02"),
        "sets": entered,
    }
    world = base().play([hired])
    new = world.records[max(each for each in world.records if each.startswith("S-"))]
    books = World(each for name, each in world.records.items() if name not in gone).books
    deadline = next(each for each in STAFF.deadlines if each.name == "monthly-evaluation")
    assert deadline.due(new, books) == (at("00:00", "2026-12-01") if person else None)
    assert deadline.person(new, books) == person
    assert deadline.told is not None
    assert ("Nobody stands above" in str(deadline.told(new, books))) == (bool(gone) or not person)


@pytest.mark.parametrize(
    ("period", "allowed"),
    [("2026-11", True), ("2026-10", True), ("2026-09", False), ("2025", True), ("2024", False)],
)
def test_a_person_is_evaluated_for_a_time_in_which_he_held_a_post_or_the_last_before_the_desk_began(
    period: str, allowed: bool
) -> None:
    entry = {**OPENED, "sets": {"person": CLERK, "period": period}}
    assert refusals(base(), entry) == (set() if allowed else {"person-held-a-post-then"})


def test_who_has_left_is_evaluated_for_the_time_up_to_then() -> None:
    leave = {
        "record": CLERK,
        "action": "leave",
        "by": "S-A0001",
        "reason": "moves",
        "at": at("09:00", "2026-12-01"),
    }
    world = base().play([leave])
    entries = [
        {**OPENED, "at": at("09:00", "2027-01-02"), "sets": {"person": CLERK, "period": each}}
        for each in ("2026-12", "2027-01")
    ]
    assert [refusals(world, each) & {"person-held-a-post-then"} for each in entries] == [
        set(),
        {"person-held-a-post-then"},
    ]


@pytest.mark.parametrize(
    ("constants", "months", "composite", "told"),
    [
        ({"name": "weighted-parts"}, None, "77.14", ["left out", "(80.00 × 20 + 76.00 × 50) / 70 = 77.14"]),
        (
            {"name": "parts-less-points", "per_point": 2},
            None,
            "72.14",
            ["less 5.00 for points lost, 2 for each: 72.14"],
        ),
        ({"name": "parts-and-months", "months": 50}, None, "77.14", ["no result of its months"]),
        ({"name": "parts-and-months", "months": 50}, "80.00", "78.57", ["80.00, makes up 50 of 100: 78.57"]),
    ],
)
def test_a_result_tells_how_it_came_about(
    constants: dict[str, Any], months: str | None, composite: str, told: list[str]
) -> None:
    world = base()
    sheet = {"id": SHEET, "period": "2026-11", "composite": composite, "self_result": "80.00"}
    sheet |= {"superior_result": "76.00", **({"months_result": months} if months else {})}
    sheet["acts"] = [{"action": "sign", "by": MANAGER, "at": at(), "sets": {"composite": composite}}]
    policy = {
        "setting": "evaluation.formula",
        "value": dict.fromkeys(("month", "quarter", "year"), constants | WEIGHTS),
    }
    world.play(
        [
            {"register": "policy", "action": "set", "by": "S-A0001", "at": at("08:00"), "sets": policy},
        ]
    )
    record = max(each for each in world.records if each.startswith("P-"))
    world.play([{"record": record, "action": "approve", "by": "S-A0001", "at": at("08:30")}])
    said = [str(each) for each in result_steps(Record("evaluation", sheet), world.books)]
    assert all(any(part in line for line in said) for part in told), said
