"""Ten points a month: what the nth event costs, who decides, what a closed month leads to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.registers.evaluation_points import merit
from svcdesk.registers.evaluation_points import work_due
from svcdesk.registers.evaluation_points_table import ADD
from svcdesk.registers.evaluation_points_table import REPLACE
from svcdesk.registers.evaluation_points_table import TABLE
from svcdesk.registers.evaluation_points_table import cost
from svcdesk.sanctions import NONE
from svcdesk.sanctions import PUNISHMENTS
from svcdesk.sanctions import severity
from tests.evaluations import BOSS
from tests.evaluations import CLERK
from tests.evaluations import MANAGER
from tests.evaluations import OTHER
from tests.evaluations import Entry
from tests.evaluations import act
from tests.evaluations import at
from tests.evaluations import new
from tests.evaluations import refusals
from tests.world import World
from tests.world import base

EVENT, MONTH, PLAN = "EP2611-A0001", "EB2611-A0001", "EM2611-A0001"
DECEMBER = "2026-12-01"


def costs(code: str, count: int, how: str = REPLACE) -> list[int | None]:
    return [cost(TABLE[code], number, how) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("late", [5, 5, 5]),
        ("leave", [0, 0, 0, 0, 20, 20]),
        ("forgot-sign-in", [0] * 6),
        ("not-online", [0, 0, 50, 0]),
        ("missed-call", [0, 0, 50, 0, 50, 0]),
        ("bad-attitude", [10, 10, 30, 10, 40, 10]),
        ("work-unfinished", [None]),
    ],
)
def test_what_the_nth_event_of_a_month_costs_in_tenths(code: str, found: list[int | None]) -> None:
    assert costs(code, len(found)) == found


def test_steps_may_add_to_what_was_deducted_before() -> None:
    assert costs("bad-attitude", 5, ADD) == [10, 10, 60, 10, 110]


@given(st.sampled_from(sorted(TABLE)), st.integers(1, 12), st.sampled_from([REPLACE, ADD]))
def test_nothing_is_ever_given_back(code: str, count: int, how: str) -> None:
    assert all(each is None or each >= 0 for each in costs(code, count, how))


def misfits(name: str, value: Any) -> list[str]:
    return [str(each) for each in base().books.misfits(name, value, at())]


def test_a_table_has_every_row_in_its_shape() -> None:
    assert misfits("evaluation-points.table", TABLE) == []
    assert misfits("evaluation-points.table", {**TABLE, "late": {"each": "0.25"}})
    assert misfits("evaluation-points.table", {**TABLE, "late": {"each": "1", "from": "0"}}) == []
    assert misfits("evaluation-points.table", {**TABLE, "late": {"steps": []}})
    falling = [{"count": 3, "points": "5"}, {"count": 5, "points": "4"}]
    assert misfits("evaluation-points.table", {**TABLE, "missed-call": {"each": "0", "steps": falling}})
    assert "late" in misfits("evaluation-points.table", {k: v for k, v in TABLE.items() if k != "late"})[0]
    assert misfits("evaluation-points.steps", "multiply")
    assert misfits("evaluation-month.start", "10.55")


def propose(code: str, person: str = CLERK, day: str = "2026-11-25", **sets: Any) -> Entry:
    return new("-points", "propose", MANAGER, at("12:00"), person=person, date=day, code=code, **sets)


def confirm(record: str = EVENT, moment: str = at("12:30"), by: str = MANAGER, **sets: Any) -> Entry:
    return act(record, "confirm", by, moment, **sets)


def deducted(*codes: str) -> World:
    """A world in which the clerk has lost points by these events, confirmed a minute apart."""
    world = base().copy()
    for number, code in enumerate(codes, 1):
        more = {"minutes": 5} if code == "late" else {}
        world.play([propose(code, **more), confirm(f"EP2611-A{number:04}", at(f"13:{number:02}"))])
    return world


@pytest.mark.parametrize(
    ("by", "rules"),
    [(MANAGER, set()), ("S-A0014", set()), (BOSS, set()), (OTHER, {"points-are-decided-from-above"})],
)
def test_points_are_deducted_from_above(by: str, rules: set[str]) -> None:
    world = base().play([propose("absence")])
    assert refusals(world, confirm(by=by)) == rules
    assert refusals(world, {**act(EVENT, "waive", by, at("12:30")), "reason": "a strike"}) == rules


def test_waiving_needs_a_reason() -> None:
    assert refusals(base().play([propose("late")]), act(EVENT, "waive", MANAGER, at("12:30"))) == {
        "waive-form"
    }


def test_an_event_is_entered_on_its_day_or_later() -> None:
    assert not refusals(base(), propose("late", day="2026-11-30"))
    assert refusals(base(), propose("late", day=DECEMBER)) == {"event-is-past"}


def test_events_are_numbered_and_cost_what_the_table_says() -> None:
    world = deducted("late", "absence", "late")
    found = [(world.records[f"EP2611-A000{each}"]["occurrence"], world.records[f"EP2611-A000{each}"]["points"])
             for each in (1, 2, 3)]  # fmt: skip
    assert found == [(1, "0.5"), (1, "2"), (2, "0.5")]
    assert [(each.person, each.kind, each.at) for each in merit(world.records[EVENT])] == [
        (CLERK, "points", at("12:00", "2026-11-25"))
    ]


def test_two_events_are_not_confirmed_in_one_second() -> None:
    world = deducted("late").play([propose("absence")])
    second = "EP2611-A0002"
    assert refusals(world, confirm(second, at("13:01"))) == {"events-are-confirmed-one-after-the-other"}
    assert not refusals(world, confirm(second, "2026-11-30T13:01:01+08:00"))
    other = deducted("late").play([propose("absence", OTHER)])
    assert not refusals(other, confirm(second, at("13:01")))


def test_what_is_decided_is_not_corrected_but_voided() -> None:
    change = {**act(EVENT, "correct", BOSS, at("15:00"), code="absence"), "reason": "a slip of the pen"}
    assert not refusals(base().play([propose("late", minutes=5)]), change)
    assert refusals(deducted("late"), change) == {"what-is-decided-stands"}


def close(moment: str = at("00:00", DECEMBER), by: str = MANAGER, **sets: Any) -> Entry:
    return new("-month", "close", by, moment, person=CLERK, month="2026-11", **sets)


def test_a_month_is_closed_after_its_end_from_above() -> None:
    world = deducted("absence")
    assert refusals(world, close(at("23:59"))) == {"month-is-over"}
    assert refusals(world, close(by=OTHER)) == {"month-is-closed-from-above"}
    sheet = world.play([close()]).records[MONTH]
    assert (sheet["deducted"], sheet["balance"], sheet["low_months"]) == ("2", "8", 0)
    assert refusals(world, close(at("09:00", DECEMBER))) == {"month-is-closed-once"}


def test_a_month_is_closed_once_everything_is_decided() -> None:
    world = deducted("late").play([propose("absence")])
    assert refusals(world, close()) == {"every-event-is-decided"}
    assert not refusals(world.play([confirm("EP2611-A0002", at("14:00"))]), close())


def test_an_event_decided_in_the_second_of_closing_is_not_lost() -> None:
    world = base().play([propose("absence"), confirm(moment=at("00:00", DECEMBER))])
    assert refusals(world, close()) == {"every-event-is-decided"}


def test_a_closed_month_takes_no_more_and_stands() -> None:
    world = deducted("late").play([close(remark="told"), {**propose("absence"), "at": at("08:00", DECEMBER)}])
    assert refusals(world, confirm("EP2611-A0002", at("09:00", DECEMBER))) == {"closed-month-takes-no-more"}
    change = {**act(MONTH, "correct", BOSS, at("10:00", DECEMBER), month="2026-10"), "reason": "a slip"}
    assert refusals(world, change) == {"figures-of-a-closed-month-stand"}
    assert not refusals(world, {**change, "sets": {"remark": "told on the telephone"}})
    void = {**act(EVENT, "void", BOSS, at("10:00", DECEMBER)), "reason": "a slip"}
    assert refusals(world, void) == {"what-a-closed-month-counts-stands"}
    world.play([{**act(MONTH, "void", BOSS, at("11:00", DECEMBER)), "reason": "a slip"}])
    assert not refusals(world, {**void, "at": at("12:00", DECEMBER)})


def plan(kind: str, person: str = CLERK, by: str = MANAGER) -> Entry:
    return new(
        "-measure", "propose", by, at("14:00"), kind=kind, person=person, grounds="much was left undone"
    )


@pytest.mark.parametrize("kind", PUNISHMENTS)
def test_a_punishment_is_as_severe_as_its_place_in_the_list(kind: str) -> None:
    world = base().play([plan(kind)])
    assert severity(PLAN, CLERK, at("14:00"), world.books) == PUNISHMENTS.index(kind)
    assert severity(PLAN, CLERK, at("13:59"), world.books) == NONE
    assert severity(PLAN, OTHER, at("14:00"), world.books) == NONE


def test_what_was_refused_or_withdrawn_is_no_punishment_from_then_on() -> None:
    refused = {**act(PLAN, "refuse", BOSS, at("15:00")), "reason": "too hard"}
    withdrawn = {**act(PLAN, "withdraw", MANAGER, at("15:00")), "reason": "too hard"}
    for ending in (refused, withdrawn):
        books = base().play([plan("sanction"), ending]).books
        assert severity(PLAN, CLERK, at("14:59"), books) == PUNISHMENTS.index("sanction")
        assert severity(PLAN, CLERK, at("15:00"), books) == NONE
    books = base().play([plan("praise")]).books
    assert severity(PLAN, CLERK, at("16:00"), books) == NONE
    assert severity(CLERK, CLERK, at("16:00"), books) == severity("", CLERK, at("16:00"), books) == NONE


def test_a_measure_is_for_a_person_or_a_team_from_above() -> None:
    assert refusals(base(), plan("sanction", by=OTHER)) == {"measure-comes-from-above"}
    both = {**plan("sanction")["sets"], "team": "customer-service"}
    assert refusals(base(), {**plan("sanction"), "sets": both}) == {"measure-is-for-a-person-or-a-team"}
    team = {name: value for name, value in both.items() if name != "person"}
    assert not refusals(base(), {**plan("sanction"), "sets": team})


def test_work_left_undone_is_due_at_the_end_of_its_day() -> None:
    world = base().play([propose("work-unfinished", work="the filing"), propose("late")])
    assert work_due(world.records[EVENT], world.books) == at("00:00", "2026-11-26")
    assert work_due(world.records["EP2611-A0002"], world.books) is None
