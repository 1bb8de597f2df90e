"""The complaint sheets of the message book: when the staff are asked, when the book is read."""

from __future__ import annotations

import pytest

from svcdesk.model import Record
from svcdesk.registers.complaint_review import REGISTER
from svcdesk.workflow import make_act
from svcdesk.workflow import replay
from tests.world import base

MASTER, MANAGER = "S-A0013", "S-A0002"


def at(clock: str, day: int = 23) -> str:
    return f"2026-11-{day}T{clock}:00+08:00"


def sheet(*acts: tuple[str, str, str]) -> Record:
    opened = make_act("open", MASTER, at("08:30"), sets={"month": "2026-11", "keeper": MASTER})
    later = [make_act(action, who, when) for action, who, when in acts]
    return replay(REGISTER, "CR2611-A0001", [opened, *later])[-1].new


@pytest.mark.parametrize(
    ("asked", "due"),
    [(at("17:00"), at("18:00", 24)), (at("17:50"), at("09:20", 25)), (at("17:00", 27), at("18:00", 30))],
)
def test_the_staff_are_asked_each_working_day(asked: str, due: str) -> None:
    asking = next(each for each in REGISTER.deadlines if each.name == "round")
    record = sheet(("round", MASTER, asked))
    assert asking.due(record, base().books) == due
    assert asking.person(record, base().books) == MASTER


def test_the_book_is_read_every_week() -> None:
    reading = next(each for each in REGISTER.deadlines if each.name == "review")
    assert reading.due(sheet(), base().books) == at("08:30", 30)
    read = sheet(("review", MANAGER, at("12:00", 25)))
    assert reading.due(read, base().books) == "2026-12-02T12:00:00+08:00"
    assert reading.person(read, base().books) == MANAGER
