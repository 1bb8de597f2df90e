"""What the feeds say of a department at a moment: things out, cases open, stock, and what was learned late."""

from __future__ import annotations

from typing import Any

from svcdesk.feeds import Late
from svcdesk.feeds import Snapshot
from tests.world import World
from tests.world import base

ENGINEERING = ("engineering",)
CUSTOMER_SERVICE = ("customer-service",)


def at(clock: str, day: int = 22) -> str:
    return f"2026-11-{day:02d}T{clock}:00+08:00"


def lend(world: World, **late: str) -> World:
    """Lend the key of the pump room to Eng Li from 09:10 to 18:00."""
    return world.play(
        [
            {
                "register": "key-loan",
                "action": "request",
                "by": "S-A0005",
                "at": at("09:00"),
                "sets": {"key": "K-A0001", "borrower": "S-A0003", "purpose": "work", "due": at("18:00")},
            },
            {"record": "KL2611-A0001", "action": "approve", "by": "S-A0004", "at": at("09:05")},
            {
                "record": "KL2611-A0001",
                "action": "issue",
                "by": "S-A0005",
                "at": at("09:10"),
                "signed": {"borrower": "S-A0003"},
            }
            | late,
        ]
    )


def complain(world: World) -> World:
    """Take a complaint in at 10:00 and pass it to Complaint Cheng of customer service."""
    opened: dict[str, Any] = {
        "register": "complaint",
        "action": "open",
        "by": "S-A0005",
        "at": at("10:00"),
        "sets": {"channel": "phone", "subject": "charges", "content": "wrong bill", "customer": "CU-A0001"},
    }
    assigned = {
        "record": "C2611-A0001",
        "action": "assign",
        "by": "S-A0005",
        "at": at("10:05"),
        "sets": {"owner": "S-A0017", "limit": at("18:00"), "department": "customer-service"},
    }
    return world.play([opened, assigned])


def snapshot(world: World, departments: tuple[str, ...], moment: str, since: str = "") -> Snapshot:
    return world.books.snapshot(departments, since, moment)


def test_a_key_is_out_from_its_issue_until_its_return() -> None:
    world = lend(base())
    assert snapshot(world, ENGINEERING, at("09:09")).holds == ()
    (hold,) = snapshot(world, ENGINEERING, at("09:10")).holds
    assert (hold.thing, hold.holder, hold.due) == ("K-A0001", "S-A0003", at("18:00"))
    assert snapshot(world, CUSTOMER_SERVICE, at("09:10")).holds == ()
    back = {"record": "KL2611-A0001", "action": "return", "by": "S-A0005", "at": at("11:00"), "sets": {}}
    assert snapshot(world.play([back]), ENGINEERING, at("11:00")).holds == ()


def test_a_case_is_open_with_the_department_of_its_owner() -> None:
    world = complain(base())
    (case,) = snapshot(world, CUSTOMER_SERVICE, at("10:00")).cases
    assert (case.record, case.owner, case.due) == ("C2611-A0001", "S-A0017", at("18:00"))
    assert snapshot(world, CUSTOMER_SERVICE, at("09:59")).cases == ()
    assert snapshot(world, ENGINEERING, at("12:00")).cases == ()


def test_what_was_entered_after_a_moment_about_the_time_before_is_learned_late() -> None:
    world = lend(base(), entered=at("13:00"))
    late = Late("KL2611-A0001", "issue", at("09:10"), at("13:00"))
    assert snapshot(world, ENGINEERING, at("18:00"), since=at("12:00")).learned == (late,)
    assert snapshot(world, ENGINEERING, at("18:00"), since=at("09:10")).learned == ()
    assert snapshot(world, ENGINEERING, at("18:00"), since=at("13:01")).learned == ()
    assert snapshot(world, ENGINEERING, at("18:00")).learned == ()


def test_what_was_entered_late_is_found_by_its_day_of_entry() -> None:
    books = lend(base(), entered=at("08:00", day=24)).books
    assert [each.id for each in books.learned_on("2026-11-24")] == ["KL2611-A0001"]
    assert list(books.learned_on("2026-11-22")) == []
