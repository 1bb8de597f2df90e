"""Duty swaps: the roster changes with the approval, in one commit, and never otherwise."""

from __future__ import annotations

import pytest

from svcdesk.desk import LAW
from svcdesk.judge import judge
from svcdesk.model import Change
from tests.duties import AREA
from tests.duties import DUTY
from tests.duties import LEAD
from tests.duties import MANAGER
from tests.duties import OTHER
from tests.duties import SUPERVISOR
from tests.duties import SWAP
from tests.duties import act
from tests.duties import at
from tests.duties import duty
from tests.duties import in_force
from tests.duties import refusals
from tests.duties import request
from tests.world import World
from tests.world import base

AGREE = act(SWAP, "agree", LEAD, at("10:10", 21))
APPROVE = act(SWAP, "approve", MANAGER, at("10:20", 21))
SETTLE = act(SWAP, "settle", LEAD, at("10:20", 21))


def agreed(**sets: str) -> World:
    return base().play([duty(), duty(24, person=LEAD), request(**sets), AGREE])


def stands(world: World) -> list[tuple[str, str, str | None]]:
    """Return for both duties the state, who stands it, and who would have."""
    duties = [world.records[each] for each in (DUTY, OTHER)]
    return [(each.state, each["person"], each.get("instead_of")) for each in duties]


def test_approval_puts_the_substitute_on_the_roster() -> None:
    world = agreed().play([APPROVE])
    assert stands(world) == [("swapped", LEAD, AREA), ("published", LEAD, None)]
    assert [each.person for each in world.books.on_duty(at("23:00"))] == [LEAD]


def test_two_duties_are_exchanged_in_one_change() -> None:
    world = agreed(other=OTHER)
    change = world.change(world.step(APPROVE))
    assert [(step.new.id, step.action) for step in change.steps] == [
        (SWAP, "approve"),
        (DUTY, "swap"),
        (OTHER, "swap"),
    ]
    assert stands(world.play([APPROVE])) == [("swapped", LEAD, AREA), ("swapped", AREA, LEAD)]


def test_an_approval_that_leaves_the_roster_as_it_was_is_refused() -> None:
    world = agreed()
    alone = Change((world.step(APPROVE),))
    assert [each.rule for each in judge(alone, world.books, LAW)] == ["swap-in-force-stands-in-the-roster"]


def test_the_other_duty_has_to_be_the_substitutes() -> None:
    world = base().play([duty(), duty(24, person=SUPERVISOR), request(other=OTHER), AGREE])
    assert refusals(world, APPROVE) == ["person-changes-by-an-approved-swap"]


def test_a_substitute_who_stands_another_duty_then_is_refused() -> None:
    world = base().play([duty(), duty(22, "overnight", LEAD), request(), AGREE])
    assert refusals(world, APPROVE) == ["nobody-stands-two-duties-at-once"]


def test_the_substitute_has_to_be_one_who_may_stand_the_duty() -> None:
    world = base().play([duty(), request(substitute="S-A0011")])
    world.play([act(SWAP, "agree", "S-A0011", at("10:10", 21))])
    assert refusals(world, APPROVE) == ["duty-is-stood-by-who-may-stand-it"]


def test_a_duty_that_was_swapped_can_be_swapped_again() -> None:
    world = agreed().play([APPROVE])
    again = "WS2611-A0002"
    world.play(
        [
            request(LEAD, at("11:00", 21), substitute=SUPERVISOR),
            act(again, "agree", SUPERVISOR, at("11:10", 21)),
            act(again, "approve", MANAGER, at("11:20", 21)),
        ]
    )
    assert stands(world)[0] == ("swapped", SUPERVISOR, LEAD)


def test_a_swap_of_somebody_who_no_longer_stands_the_duty_is_refused() -> None:
    world = base().play([duty(), request(), AGREE, request(moment=at("10:12", 21), substitute=SUPERVISOR)])
    second = "WS2611-A0002"
    world.play([act(second, "agree", SUPERVISOR, at("10:15", 21)), APPROVE])
    late = act(second, "approve", MANAGER, at("10:30", 21))
    assert refusals(world, late) == ["person-changes-by-an-approved-swap"]


def test_colleagues_settle_it_among_themselves_only_where_policy_names_no_approver() -> None:
    assert refusals(agreed(), SETTLE) == ["swap-without-approval-needs-a-policy"]
    world = in_force(base(), "duty-swap.approver", []).play([duty(), request(), AGREE, SETTLE])
    assert world.records[DUTY]["person"] == LEAD


@pytest.mark.parametrize(
    ("moment", "rules"), [(at("21:59"), []), (at("22:00"), ["swap-is-arranged-beforehand"])]
)
def test_a_swap_is_asked_for_before_the_duty_begins(moment: str, rules: list[str]) -> None:
    assert refusals(base().play([duty()]), request(moment=moment)) == rules


def test_who_stands_the_duty_asks_for_the_swap() -> None:
    world = base().play([duty()])
    assert refusals(world, request(SUPERVISOR)) == ["swap-is-asked-for-by-who-stands-the-duty"]
    assert refusals(world, request(substitute=AREA)) == ["swap-is-asked-for-by-who-stands-the-duty"]


def test_nobody_approves_his_own_swap() -> None:
    world = base().play([duty(), request(substitute=MANAGER), act(SWAP, "agree", MANAGER, at("10:10", 21))])
    assert refusals(world, APPROVE) == ["approver-differs"]


@pytest.mark.parametrize(("action", "state"), [("refuse", "refused"), ("withdraw", "withdrawn")])
def test_a_swap_that_comes_to_nothing_leaves_the_roster_alone(action: str, state: str) -> None:
    world = agreed().play([act(SWAP, action, MANAGER, at("10:30", 21), reason="not needed")])
    assert world.records[SWAP].state == state
    assert stands(world)[0] == ("published", AREA, None)
