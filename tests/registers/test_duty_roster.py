"""The duty roster: when shifts are, who is on duty at a minute, gaps, overlaps and rest, what falls due."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.model import Record
from svcdesk.registers.duty_roster import merit
from svcdesk.registers.duty_roster_due import log_due
from svcdesk.registers.duty_roster_due import next_day_due
from svcdesk.registers.duty_roster_due import reinforcement_due
from svcdesk.registers.duty_roster_rules import LOOK_AHEAD
from svcdesk.registers.duty_roster_rules import no_day_is_left_out
from svcdesk.registers.duty_roster_rules import people_rest_between_duties
from tests.duties import AREA
from tests.duties import DONE
from tests.duties import DUTY
from tests.duties import GUARD
from tests.duties import LEAD
from tests.duties import LOG
from tests.duties import MANAGER
from tests.duties import OTHER
from tests.duties import act
from tests.duties import at
from tests.duties import duty
from tests.duties import in_force
from tests.duties import opened
from tests.duties import refusals
from tests.world import World
from tests.world import base


@pytest.mark.parametrize(
    ("shift", "begins", "ends"),
    [
        ("early", at("08:00"), at("15:00")),
        ("middle", at("15:00"), at("22:00")),
        ("night", at("22:00"), at("08:00", 23)),
        ("full-day", at("08:00"), at("08:00", 23)),
    ],
)
def test_a_shift_that_does_not_end_after_it_begins_ends_the_next_day(
    shift: str, begins: str, ends: str
) -> None:
    record = base().play([duty(shift=shift)]).records[DUTY]
    assert (record["begins"], record["ends"]) == (begins, ends)


def test_shifts_are_those_of_the_policy() -> None:
    assert refusals(base(), duty(shift="noon")) == ["shift-is-one-of-the-policy"]
    shifts = {"noon": {"from": "12:00", "to": "13:30"}}
    world = in_force(base(), "duty-roster.shifts", shifts)
    assert world.play([duty(shift="noon")]).records[DUTY]["ends"] == at("13:30")


@pytest.mark.parametrize(
    ("date", "rule"),
    [("1969-12-31", "shift-is-one-of-the-policy"), ("2200-01-01", "schema"), ("9999-12-31", "schema")],
)
def test_a_day_that_cannot_be_reckoned_with_is_refused(date: str, rule: str) -> None:
    assert refusals(base(), duty(date=date)) == [rule]


@pytest.mark.parametrize(
    "value", [{"noon": {"from": "12:00"}}, {"noon": {"from": "12:00", "to": "24:00"}}, {"noon": "12-13"}]
)
def test_a_policy_of_shifts_names_times_of_day(value: Any) -> None:
    sets = {"setting": "duty-roster.shifts", "value": value}
    entry = {"register": "policy", "action": "set", "by": "S-A0001", "at": at("08:00", 20), "sets": sets}
    assert refusals(base(), entry) == ["value-suits-its-setting"]


@pytest.mark.parametrize(
    ("moment", "people"),
    [
        (at("21:59"), []),
        (at("22:00"), [AREA]),
        (at("00:00", 23), [AREA]),
        (at("07:59", 23), [AREA]),
        (at("08:00", 23), []),
    ],
)
def test_the_roster_says_who_was_on_duty_at_a_minute(moment: str, people: list[str]) -> None:
    books = base().play([duty()]).books
    assert [each.person for each in books.on_duty(moment)] == people
    assert [each.person for each in books.on_duty(moment, "duty-person")] == people
    assert books.on_duty(moment, "control-room-watch") == []


def test_what_is_only_planned_counts_once_it_is_published() -> None:
    world = base().play([duty(action="plan")])
    assert world.books.on_duty(at("23:00")) == []
    world.play([act(DUTY, "publish", MANAGER, at("10:00", 20))])
    assert len(world.books.on_duty(at("23:00"))) == 1


def test_a_duty_that_was_missed_was_not_stood_and_speaks_against_the_person() -> None:
    world = base().play([duty(), act(DUTY, "miss", LEAD, at("23:30"), reason="did not come")])
    assert world.books.on_duty(at("23:00")) == []
    assert [(each.person, each.kind, each.at) for each in merit(world.records[DUTY])] == [
        (AREA, "duty-missed", at("22:00"))
    ]


@pytest.mark.parametrize(
    ("day", "shift", "rules"),
    [
        (22, "middle", []),
        (22, "day", []),
        (22, "overnight", ["nobody-stands-two-duties-at-once"]),
        (23, "early", []),
        (21, "full-day", []),
        (22, "full-day", ["nobody-stands-two-duties-at-once"]),
    ],
)
def test_a_person_stands_one_duty_at_a_time(day: int, shift: str, rules: list[str]) -> None:
    world = base().play([duty()])
    assert refusals(world, duty(day, shift)) == rules
    assert refusals(world, duty(day, shift, LEAD)) == []


def test_a_cancelled_duty_is_in_nobodys_way() -> None:
    world = base().play([duty(), act(DUTY, "cancel", MANAGER, at("10:00", 20), reason="moved")])
    assert refusals(world, duty(shift="overnight")) == []


@pytest.mark.parametrize(("ends", "breaches"), [(at("14:00"), 0), (at("14:01"), 1), (at("22:00"), 1)])
def test_eight_hours_of_rest_lie_between_two_duties(ends: str, breaches: int) -> None:
    world = base().play([duty(), duty(shift="early")])
    early = world.records[OTHER]
    world.records[OTHER] = Record(early.register, {**early.data, "ends": ends})
    assert len(list(people_rest_between_duties.test(world.records[DUTY], world.books))) == breaches
    assert list(people_rest_between_duties.test(world.records[OTHER], world.books)) == []


def gaps(world: World) -> list[str]:
    duties = [each for each in world.records.values() if each.register == "duty-roster"]
    return [str(gap) for each in duties for gap in no_day_is_left_out.test(each, world.books)]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ((2, 3), []),
        ((2, 4), ["nobody stands duty-person from 2026-11-03 to 2026-11-03"]),
        ((2, 4, 7), ["2026-11-03 to 2026-11-03", "2026-11-05 to 2026-11-06"]),
        ((2, 2, 4), ["2026-11-03 to 2026-11-03"]),
    ],
)
def test_a_day_left_out_between_two_others_is_flagged(days: tuple[int, ...], found: list[str]) -> None:
    people = [AREA, LEAD, MANAGER]
    world = base().play([duty(day, person=people[number]) for number, day in enumerate(days)])
    assert [gap.endswith(each) for gap, each in zip(gaps(world), found, strict=True)] == [True] * len(found)


@pytest.mark.parametrize(("date", "found"), [("2026-12-02", 1), ("2026-12-03", 0)])
def test_a_roster_that_begins_anew_after_a_month_has_no_gap(date: str, found: int) -> None:
    assert LOOK_AHEAD == 31
    assert len(gaps(base().play([duty(1), duty(date=date)]))) == found


def test_a_post_that_is_not_stood_daily_has_no_gaps() -> None:
    guard = {"person": GUARD, "post": "control-room-watch", "by": "S-A0009"}
    assert gaps(base().play([duty(2, **guard), duty(4, **guard)])) == []


def test_the_next_day_is_due_on_the_roster_six_hours_before_it_begins() -> None:
    world = base().play([duty(), duty(shift="day", person=LEAD)])
    assert next_day_due(world.records[DUTY], world.books) == at("18:00")
    assert next_day_due(world.records[OTHER], world.books) is None
    world.play([duty(23, "early", LEAD)])
    assert next_day_due(world.records[DUTY], world.books) is None


def test_a_planned_day_is_still_due() -> None:
    world = base().play([duty(), duty(23, "early", LEAD, action="plan")])
    assert next_day_due(world.records[DUTY], world.books) == at("18:00")


@pytest.mark.parametrize(
    ("date", "due"), [("2026-09-30", None), ("2026-10-01", "2026-09-28T00:00:00+08:00"), ("2026-10-08", None)]
)
def test_additional_duty_is_due_three_days_before_a_holiday(date: str, due: str | None) -> None:
    world = base().play([duty(date=date)])
    assert reinforcement_due(world.records[DUTY], world.books) == due
    world.play([duty(date=date, shift="early", person=LEAD, reinforcement=True)])
    assert reinforcement_due(world.records[DUTY], world.books) is None


def test_the_log_of_a_duty_is_due_half_an_hour_after_it_begins() -> None:
    world = base().play([duty(), duty(shift="day", person=GUARD, post="security-guard")])
    assert log_due(world.records[DUTY], world.books) == at("22:30")
    assert log_due(world.records[OTHER], world.books) is None
    world.play([opened()])
    assert log_due(world.records[DUTY], world.books) is None


def test_closing_its_log_enters_a_duty_as_stood() -> None:
    entry = {"when": at("23:00"), "matter": "shutters down"}
    enter = act(LOG, "enter", AREA, at("23:10"), sets={"entries": [entry]})
    world = base().play([duty(), opened(), enter, act(LOG, "close", AREA, at("08:00", 23), sets=DONE)])
    assert (world.records[DUTY].state, world.records[DUTY]["log"]) == ("stood", LOG)
    assert [each.person for each in world.books.on_duty(at("23:00"))] == [AREA]


@pytest.mark.parametrize(
    ("action", "moment", "rules"),
    [
        ("cancel", at("21:59"), []),
        ("cancel", at("22:00"), ["duty-is-cancelled-beforehand"]),
        ("miss", at("21:59"), ["outcome-follows-the-beginning"]),
        ("miss", at("22:00"), []),
        ("stand", at("21:59"), ["outcome-follows-the-beginning"]),
        ("stand", at("22:00"), []),
    ],
)
def test_a_duty_is_cancelled_before_it_begins_and_stood_after(
    action: str, moment: str, rules: list[str]
) -> None:
    assert refusals(base().play([duty()]), act(DUTY, action, MANAGER, moment, reason="why not")) == rules


def test_a_duty_is_not_shown_by_the_log_of_another() -> None:
    world = base().play([duty(), opened(), duty(23, "middle", LEAD)])
    stand = act(OTHER, "stand", LEAD, at("15:00", 23), sets={"log": LOG})
    assert refusals(world, stand) == ["log-is-that-of-the-duty"]


USE = "KU2611-A0001"
EMERGENCY = {
    "key": "K-A0004",
    "purpose": "water runs from under the door",
    "attempts": [{"when": at("08:50"), "how": "telephone", "result": "unreachable"}],
}


@pytest.mark.parametrize(
    ("shift", "post", "moment", "rules"),
    [
        ("day", "", at("17:59"), []),
        ("day", "", at("18:00"), ["guard-signs"]),
        ("overnight", "control-room-watch", at("17:59"), ["guard-signs"]),
        ("overnight", "control-room-watch", at("18:00"), []),
        ("overnight", "duty-person", at("18:00"), ["guard-signs"]),
    ],
)
def test_where_policy_asks_a_line_is_filled_by_people_on_duty(
    shift: str, post: str, moment: str, rules: list[str]
) -> None:
    world = in_force(base(), "signing.on-duty", {"key-seal-use.guard": post})
    asked = {"register": "key-seal-use", "action": "emergency", "by": "S-A0005", "at": at("09:00")}
    world.play(
        [
            duty(shift=shift, person=GUARD, post="control-room-watch", by="S-A0009"),
            {**asked, "sets": EMERGENCY},
            act(USE, "submit", MANAGER, at("09:05")),
            act(USE, "approve", "S-A0007", at("09:10")),
        ]
    )
    signed = {"assistants": ["S-A0005", "S-A0006"], "guard": GUARD}
    opening = act(USE, "open", "S-A0005", moment, sets={"state_before": "seal whole"}, signed=signed)
    assert refusals(world, opening) == rules


@pytest.mark.parametrize("value", [{"key-seal-use.ghost": ""}, {"key-seal-use.guard": 1}])
def test_only_lines_that_there_are_ask_for_people_on_a_post(value: Any) -> None:
    sets = {"setting": "signing.on-duty", "value": value}
    entry = {"register": "policy", "action": "set", "by": "S-A0001", "at": at("08:00", 20), "sets": sets}
    assert refusals(base(), entry) == ["value-suits-its-setting"]
