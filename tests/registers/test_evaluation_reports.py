"""What is read out of evaluations and points: rank lists, grades, indicators, balances."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from svcdesk.registers import REGISTERS
from svcdesk.registers.evaluation_points import uncharged
from tests.evaluations import BOSS
from tests.evaluations import CLERK
from tests.evaluations import MANAGER
from tests.evaluations import OTHER
from tests.evaluations import act
from tests.evaluations import at
from tests.evaluations import new
from tests.evaluations import scored
from tests.evaluations import told
from tests.world import World
from tests.world import base

COACHED = {"coaching": "a week beside the lead", "coaching_until": "2026-12-20"}
COMPLAINT, DIRT = "C2611-A0001", "C2611-A0002"
MASTER = "S-A0013"


def complaint(record: str, subject: str, owner: str, limit: str, **sets: Any) -> list[dict[str, Any]]:
    """A complaint that its owner solves at noon of the 24th, and finds true."""
    opening = {"channel": "phone", "subject": subject, "content": "nobody answered", "severity": "ordinary"}
    opening |= {"complainant": "Ms Zhao", "contact": "555-0100", **sets}
    found = {"finding": "so it was", "root_cause": "nobody at the desk", "verified": True}
    solved = {"solution": "called back", "prevention": "a stand-in"}
    day = "2026-11-24"
    return [
        {"register": "complaint", "action": "open", "by": CLERK, "at": at("10:00", day), "sets": opening},
        act(record, "assign", MANAGER, at("10:05", day), owner=owner, limit=at(limit, day)),
        act(record, "investigate", owner, at("10:10", day), **found),
        act(record, "resolve", owner, at("12:00", day), **solved),
    ]


@cache
def november() -> World:
    """Two told results and an open one; a late and a timely case, one of them asked about; points; a sanction."""
    return base().play([
        *complaint(COMPLAINT, "missed-call", MASTER, "18:00", about=[OTHER]),
        *complaint(DIRT, "service-quality", CLERK, "11:00"),
        act(COMPLAINT, "reply", MASTER, at("12:30", "2026-11-24"), how="phone"),
        act(COMPLAINT, "follow-up", CLERK, at("13:00", "2026-11-24"), satisfied="yes"),
        new("-points", "propose", MANAGER, at(), person=CLERK, date="2026-11-20", code="late", minutes=9),
        act("EP2611-A0001", "confirm", MANAGER, at("12:00")),
        new("-points", "propose", MANAGER, at(), person=CLERK, date="2026-11-21", code="unasked-rest"),
        act("EP2611-A0002", "confirm", MANAGER, at("12:01")),
        new("-points", "propose", MANAGER, at(), person=CLERK, date="2026-11-22", code="absence"),
        new("-measure", "propose", MANAGER, at(), person=OTHER, kind="criticism", grounds="rude"),
        act("EM2611-A0001", "carry-out", MANAGER, at(), done="told in the office"),
        *told("E2611-A0001", OTHER, 50, **COACHED),
        *told("E2611-A0002", CLERK, 80),
        *scored("E2611-A0003", "S-A0014", 90),
    ])  # fmt: skip


ROWS: Mapping[str, list[dict[str, Any]]] = {
    "evaluation report ranking": [
        {"rank": 1, "person": CLERK, "composite": "80.00", "grade": "B", "id": "E2611-A0002"},
        {"rank": 2, "person": OTHER, "composite": "58.57", "grade": "C", "id": "E2611-A0001"},
    ],
    "evaluation report summary": [
        {"people": 2, "mean": "69.29", "grade_a": 0, "grade_b": 1, "below_b": 1, "coached": 1, "appeals": 0,
         "rewards": 0, "punishments": 1},
    ],
    "evaluation report indicators": [
        {"month": "2026-11", "person": CLERK, "cases": 1, "satisfaction": "", "completion": "0",
         "solving": "100", "call_back": "0", "hours": "2:00"},
        {"month": "2026-11", "person": MASTER, "cases": 1, "satisfaction": "100", "completion": "100",
         "solving": "100", "call_back": "100", "hours": "2:00"},
    ],
    "evaluation points report month": [
        {"month": "2026-11", "person": CLERK, "events": 2, "open": 1, "lost": "5.5", "balance": "4.5",
         "calls_for": "warning", "measure": "", "closed": ""},
    ],
}  # fmt: skip


def rows(command: str, world: World) -> list[Mapping[str, Any]]:
    area, _, name = command.rpartition(" report ")
    register = REGISTERS[area.replace(" ", "-")]
    report = next(each for each in register.reports if each.name == name)
    records = [each for each in world.records.values() if each.register == register.name]
    return list(report.rows(records, world.books, at("20:00")))


@pytest.mark.parametrize("command", ROWS)
def test_what_a_report_says(command: str) -> None:
    found = rows(command, november())
    assert [
        {name: row[name] for name in wanted} for row, wanted in zip(found, ROWS[command], strict=True)
    ] == (ROWS[command])


def test_equal_results_share_a_rank_and_the_next_is_left_out() -> None:
    people = (CLERK, OTHER, "S-A0014")
    acts = [told(f"E2611-A000{number}", person, 80) for number, person in enumerate(people, 1)]
    acts[2] = told("E2611-A0003", "S-A0014", 70)
    world = base().play(entry for entries in acts for entry in entries)
    assert [row["rank"] for row in rows("evaluation report ranking", world)] == [1, 1, 3]


def test_verified_complaints_are_proposed_until_they_are_charged() -> None:
    world = november().copy()
    charge = {"person": OTHER, "date": "2026-11-24", "code": "missed-call", "complaint": COMPLAINT}

    def left() -> list[Mapping[str, Any]]:
        records = [each for each in world.records.values() if each.register == "evaluation-points"]
        return list(uncharged(records, world.books, at("20:00")))

    assert left() == [charge]
    world.play([new("-points", "propose", BOSS, at("18:00"), **charge)])
    assert left() == []
