"""When handovers fall due: shifts of the roster, acceptance, decision, review, urgent matters, turns of the book."""

from __future__ import annotations

import pytest

from svcdesk.registers.handover import REGISTER
from svcdesk.registers.handover_due import shifts_owed
from tests.duties import act
from tests.duties import at
from tests.duties import duty
from tests.duties import in_force
from tests.handovers import CLERK
from tests.handovers import FIRST
from tests.handovers import ITEM
from tests.handovers import MANAGER
from tests.handovers import RELIEF
from tests.handovers import SECOND
from tests.handovers import WATCH
from tests.handovers import accepted
from tests.handovers import book
from tests.handovers import opened
from tests.world import World
from tests.world import base

EARLY = duty(shift="early", person=CLERK, post="cs-assistant")
OUTSIDER = "S-A0003"


def due(world: World, name: str, record: str = FIRST) -> str | None:
    """Return when a deadline of a handover falls, if the handover is in a state that it watches."""
    deadline = next(each for each in REGISTER.deadlines if each.name == name)
    found = world.records[record]
    return deadline.due(found, world.books) if found.state in deadline.states else None


def person(world: World, name: str, record: str = FIRST) -> str:
    deadline = next(each for each in REGISTER.deadlines if each.name == name)
    return deadline.person(world.records[record], world.books)


def owed(world: World, until: str) -> list[tuple[str, str, str]]:
    return [(each.record, each.due, each.person) for each in shifts_owed(world.books, until)]


def test_a_shift_without_a_handover_is_owed_half_an_hour_after_its_end() -> None:
    world = base().play([EARLY])
    assert owed(world, at("15:29")) == []
    assert owed(world, at("15:30")) == [("W2611-A0001", at("15:30"), CLERK)]


@pytest.mark.parametrize(
    ("moment", "by", "left"),
    [
        (at("07:59"), CLERK, 1),
        (at("08:00"), CLERK, 0),
        (at("03:00", 23), CLERK, 0),
        (at("03:01", 23), CLERK, 1),
        (at("14:50"), RELIEF, 1),
    ],
)
def test_a_shift_has_its_handover_from_its_own_person_and_time(moment: str, by: str, left: int) -> None:
    incoming = RELIEF if by == CLERK else CLERK
    world = base().play([EARLY, opened(moment, by, incoming=incoming)])
    assert len(owed(world, at("12:00", 23))) == left


def test_a_void_handover_hands_nothing_over() -> None:
    world = base().play([EARLY, opened(at("14:50"))])
    world.play([act(FIRST, "void", MANAGER, at("14:55"), reason="wrong day")])
    assert len(owed(world, at("20:00"))) == 1


def test_a_shift_of_last_week_is_not_asked_for_any_more() -> None:
    world = base().play([EARLY])
    assert len(owed(world, at("09:00", 29))) == 1
    assert owed(world, at("09:00", 30)) == []


def test_a_roster_entry_that_was_cancelled_owes_nothing() -> None:
    world = base().play([EARLY, act("W2611-A0001", "cancel", MANAGER, at("07:00"), reason="closed")])
    assert owed(world, at("20:00")) == []


def test_acceptance_is_due_within_the_hour_and_again_after_a_decision() -> None:
    world = base().play([opened(at("14:00"))])
    assert (due(world, "accept"), person(world, "accept")) == (at("15:00"), RELIEF)
    world.play([act(FIRST, "refuse", RELIEF, at("14:30"), reason="no answer")])
    assert due(world, "accept") is None
    assert (due(world, "decide"), person(world, "decide")) == (at("15:30"), MANAGER)
    world.play([act(FIRST, "decide", MANAGER, at("14:45"), sets={"decision": "take over"})])
    assert (due(world, "accept"), due(world, "decide")) == (at("15:45"), None)
    assert due(world.play([accepted(at("15:00"))]), "accept") is None


def test_minutes_are_those_of_the_policy() -> None:
    world = in_force(base(), "handover.accept-minutes", 20).play([opened(at("14:00"))])
    assert due(world, "accept") == at("14:20")


def test_review_is_due_by_the_end_of_the_day_from_a_lead_who_is_neither_of_the_two() -> None:
    world = base().play([opened(), accepted(at("14:10"))])
    assert (due(world, "review"), person(world, "review")) == (at("00:00", 23), "S-A0014")
    world.play([act(FIRST, "review", "S-A0014", at("14:20"))])
    assert due(world, "review") is None


def test_an_urgent_matter_is_due_until_both_sides_have_told_somebody() -> None:
    world = base().play([opened(urgent=["smell of gas"])])
    assert (due(world, "urgent"), person(world, "urgent")) == (at("14:15"), CLERK)
    told = {"sets": {"told": [MANAGER]}}
    world.play([act(FIRST, "tell", CLERK, at("14:02"), **told)])
    assert (due(world, "urgent"), person(world, "urgent")) == (at("14:15"), RELIEF)
    world.play([act(FIRST, "tell", RELIEF, at("14:03"), **told)])
    assert due(world, "urgent") is None
    world.play([act(FIRST, "write", CLERK, at("14:04"), sets={"urgent": ["it is worse"]})])
    assert due(world, "urgent") == at("14:19")


def test_carried_over_work_is_due_with_its_first_open_item() -> None:
    later = {**ITEM, "what": "paint", "owner": OUTSIDER, "due": at("12:00", 24)}
    world = base().play([opened(carried=[later, ITEM]), accepted()])
    assert (due(world, "carried-over"), person(world, "carried-over")) == (ITEM["due"], RELIEF)
    world.play(
        [act(FIRST, "settle", RELIEF, at("10:00", 23), sets={"settled": [{"number": 2, "result": "x"}]})]
    )
    assert (due(world, "carried-over"), person(world, "carried-over")) == (at("12:00", 24), OUTSIDER)


@pytest.mark.parametrize(
    ("moment", "by", "name", "turn"),
    [
        (at("17:55", 23), CLERK, "from-security", at("08:00", 24)),
        (at("07:55", 24), WATCH, "to-security", at("18:00", 24)),
        (at("17:55", 27), CLERK, "from-security", at("08:00", 30)),
        (at("08:10", 24), WATCH, "to-security", at("18:00", 24)),
    ],
)
def test_the_book_changes_hands_at_eight_and_six_on_working_days(
    moment: str, by: str, name: str, turn: str
) -> None:
    entry = book(moment, by, CLERK if by == WATCH else WATCH)
    world = base().play([entry])
    other = "to-security" if name == "from-security" else "from-security"
    assert (due(world, name), due(world, other)) == (turn, None)


def test_a_turn_that_was_made_is_not_due() -> None:
    world = base().play([book(at("17:55", 23), CLERK, WATCH), book(at("07:55", 24), WATCH, CLERK)])
    assert due(world, "from-security") is None
    assert due(world, "to-security", SECOND) == at("18:00", 24)


def test_the_timetable_is_that_of_the_policy() -> None:
    times = {"from-security": "07:30", "to-security": "17:30"}
    world = in_force(base(), "handover.security-times", times).play([book(at("17:25", 23), CLERK, WATCH)])
    assert due(world, "from-security") == at("07:30", 24)
