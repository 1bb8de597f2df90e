"""The ledger of hazardous materials: sound at every instant, closed by counts that two have signed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk.clock import later
from svcdesk.registers import REGISTERS
from svcdesk.workflow import replay
from tests.hazmat import CLERK
from tests.hazmat import CLERK2
from tests.hazmat import COUNT
from tests.hazmat import DRAW
from tests.hazmat import LEAD
from tests.hazmat import LOCKER
from tests.hazmat import MANAGER
from tests.hazmat import MATERIAL
from tests.hazmat import OTHER_LEAD
from tests.hazmat import STOCK
from tests.hazmat import USE
from tests.hazmat import act
from tests.hazmat import at
from tests.hazmat import balance
from tests.hazmat import counted
from tests.hazmat import disposed
from tests.hazmat import drawn
from tests.hazmat import errors
from tests.hazmat import open_rules
from tests.hazmat import refusals
from tests.hazmat import signed
from tests.hazmat import stocked
from tests.hazmat import used
from tests.world import World
from tests.world import base


@pytest.mark.parametrize(("quantity", "rules"), [(2000, []), (2001, ["balance-is-never-negative"])])
def test_no_more_goes_than_there_is(quantity: int, rules: list[str]) -> None:
    assert refusals(stocked(), disposed(quantity, "10:00")) == rules


@pytest.mark.parametrize(("clock", "rules"), [("09:59", ["balance-is-never-negative"]), ("11:00", [])])
def test_a_late_slip_leaves_no_later_balance_negative(clock: str, rules: list[str]) -> None:
    world = stocked(disposed(1500, "10:00"), drawn(1000, "10:30"))
    assert refusals(world, disposed(600, clock) | {"entered": at("12:00")}) == rules


def test_a_draw_that_was_used_is_not_void() -> None:
    world = stocked(*used(200))
    gone = act(DRAW, "void", MANAGER, "11:00", reason="entered twice")
    assert refusals(world, gone) == ["balance-is-never-negative"]
    assert refusals(stocked(), gone) == []


def test_a_correction_counts_as_a_slip() -> None:
    world = stocked(*used(200))
    lower = act(DRAW, "correct", MANAGER, "11:00", reason="misread", sets={"quantity": 199})
    assert refusals(world, lower) == ["balance-is-never-negative"]
    assert refusals(world, lower | {"sets": {"quantity": 200}}) == []


@pytest.mark.parametrize(("returned", "consumed", "left"), [(50, 150, 1850), (0, 200, 1800), (200, 0, 2000)])
def test_what_comes_back_is_in_the_ledger(returned: int, consumed: int, left: int) -> None:
    sets = {"returned": returned, "consumed": consumed}
    world = stocked(*used(200), act(USE, "return", LEAD, "16:00", sets=sets))
    assert (balance(world, "15:59"), balance(world)) == (1800, left)


CLOSED = ["signed-count-closes-what-lies-before"]


@pytest.mark.parametrize(
    ("clock", "agrees", "differs"), [("11:59", CLOSED, CLOSED), ("12:00", [], CLOSED), ("12:01", [], [])]
)
def test_a_signed_count_closes_what_lies_before(clock: str, agrees: list[str], differs: list[str]) -> None:
    late = drawn(300, clock) | {"entered": at("13:00")}
    assert refusals(stocked(counted(2000, "12:00")), late) == []
    assert refusals(stocked(counted(2000, "12:00"), signed("12:05")), late) == agrees
    assert refusals(stocked(counted(1990, "12:00"), signed("12:05")), late) == differs


def test_a_count_is_voided_by_both_signers() -> None:
    world = stocked(counted(2000, "12:00"), signed("12:05"))
    void = act(COUNT, "void", MANAGER, "14:00", reason="wrong tin")
    assert refusals(world, void) == ["both-signers-release-a-count"]
    world.play([signed("13:00", "release", CLERK)])
    assert refusals(world, void) == ["both-signers-release-a-count"]
    world.play([signed("13:01", "release", CLERK2), void, drawn(300, "11:00") | {"entered": at("15:00")}])
    assert balance(world) == 2300
    assert errors(world) == []


def test_a_count_is_signed_by_two_and_released_by_nobody_else() -> None:
    world = stocked(counted(2000, "12:00"), signed("12:05"))
    assert refusals(world, signed("12:06", by=MANAGER)) == ["counter-signs"]
    assert refusals(world, signed("13:00", "release", MANAGER)) == ["release-is-for-those-who-signed"]
    world.play([signed("13:00", "release", CLERK), signed("13:01", "release", CLERK2)])
    assert refusals(world, signed("13:02", "release", MANAGER)) == [
        "release-is-for-those-who-signed",
        "release-signs",
    ]


def test_an_unsigned_count_is_corrected_and_a_signed_one_is_not() -> None:
    world = stocked(counted(2000, "12:00"))
    better = act(COUNT, "correct", MANAGER, "12:30", reason="misread", sets={"quantity": 1990})
    assert refusals(world, better) == []
    assert refusals(world.play([signed("12:05")]), better) == ["signed-count-is-not-corrected"]


def test_the_counter_has_handed_nothing_out_that_day() -> None:
    world = stocked(*used(200), counted(1800, "12:00"))
    assert refusals(world, signed("12:05", by=LEAD)) == ["counter-handed-nothing-out-that-day"]
    assert refusals(world, signed("12:05", by=OTHER_LEAD)) == []


def test_a_difference_is_closed_with_both_signatures_and_a_reason() -> None:
    world = stocked(counted(1990, "12:00"))
    close = act(COUNT, "close", LEAD, "13:00", reason="spilt")
    assert open_rules(world) == ["difference-is-signed-and-closed"]
    assert refusals(world, close) == ["counter-signs"]
    world.play([signed("12:05")])
    assert refusals(world, close | {"reason": ""}) == ["difference-has-a-reason"]
    world.play([close])
    assert (world.records[COUNT]["expected"], world.records[COUNT]["difference"]) == (2000, -10)
    assert (balance(world, "11:59"), balance(world, "12:00")) == (2000, 1990)
    assert open_rules(world) == []


def test_the_first_count_is_the_opening_balance() -> None:
    close = act(COUNT, "close", LEAD, "13:00")
    world = base().play([*STOCK[:4], counted(700, "12:00"), signed("12:05"), close])
    assert (balance(world, "11:59"), balance(world)) == (0, 700)
    assert errors(world) == []


def test_a_forged_difference_is_found() -> None:
    world = stocked(counted(1990, "12:00"), signed("12:05"), act(COUNT, "close", LEAD, "13:00", reason="x"))
    record = world.records[COUNT]
    forged = [*record.acts[:2], {**record.acts[2], "sets": {"expected": 2000, "difference": -100}}]
    world.records[COUNT] = replay(REGISTERS["hazmat-count"], COUNT, forged)[-1].new
    assert {"footprint", "closed-count-says-what-the-books-say"} <= {each.rule for each in errors(world)}


def test_a_slip_slid_in_before_a_count_is_found() -> None:
    world = stocked(drawn(300, "11:00"), counted(2300, "12:00"), signed("12:05"))
    del world.records["HD2611-A0002"]
    assert open_rules(world) == ["difference-is-signed-and-closed"]


KINDS = st.sampled_from(("draw", "use", "back", "dispose", "count", "correct", "void"))
DEEDS = st.lists(st.tuples(KINDS, st.integers(-3, 9), st.integers(0, 40)), max_size=14)


def deed(world: World, kind: str, size: int, number: int) -> list[dict[str, Any]]:
    """The entries of one deed, most of them legal."""
    records = [each for each in world.records.values() if each.register.startswith("hazmat-")]
    quantity = max(size, 1)
    if kind == "draw":
        return [drawn(quantity, "00:00")]
    if kind == "dispose":
        return [disposed(quantity, "00:00")]
    if kind == "use":
        uses = sum(each.register == "hazmat-use" for each in records)
        return used(quantity, "00:00", f"HU2611-A{uses + 1:04}")
    if kind == "back":
        out = [each for each in records if each.state == "issued"]
        sets = {"returned": 1, "consumed": out[0]["issued"] - 1} if out else {}
        return [act(out[0].id, "return", LEAD, "00:00", sets=sets)] if out else []
    if kind == "correct":
        slips = [each.id for each in records if each.register in ("hazmat-draw", "hazmat-dispose")]
        entry = {"reason": "misread", "sets": {"quantity": quantity}}
        return [act(slips[number % len(slips)], "correct", MANAGER, "00:00", **entry)] if slips else []
    if kind == "void":
        live = [each for each in records if each.state != "void" and each.register != "hazmat-material"]
        chosen = live[number % len(live)].id if live else ""
        releases = [signed("00:00", "release", each, chosen) for each in (CLERK, CLERK2)]
        void = act(chosen, "void", MANAGER, "00:00", reason="wrong")
        return [*(releases if chosen.startswith("HC") else ()), void] if live else []
    counts = sum(each.register == "hazmat-count" for each in records)
    name = f"HC2611-A{counts + 1:04}"
    close = act(name, "close", LEAD, "00:00", reason="spilt")
    return [counted(max(balance(world) + min(size, 1), 0), "00:00"), signed("00:00", record=name), close]


@settings(max_examples=40)
@given(DEEDS)
def test_whatever_is_accepted_leaves_a_sound_ledger(deeds: list[tuple[str, int, int]]) -> None:
    world = base().play(STOCK[:4])
    clock = at("12:00")
    for kind, size, number in deeds:
        for entry in deed(world, kind, size, number):
            clock = later(clock, 1)
            last = (
                world.records[entry["record"]].acts[-1]["at"] if entry.get("record") in world.records else ""
            )
            late = entry | {"at": max(later(clock, -(number % 8)), last), "entered": clock}
            step = world.step(late)
            if any(each.severity == "error" for each in world.judge(step)):
                break
            world.records[step.new.id] = step.new
    assert errors(world) == []
    moved = world.books.movements(MATERIAL)
    assert balance(world) == sum(each.quantity for each in moved)
    assert all(world.books.balance(MATERIAL, LOCKER, "", each.at) >= 0 for each in moved)
