"""Key loans: one holder at any instant, permissions that the policy opens, deadlines, the list of keys out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk.desk import LAW
from svcdesk.judge import judge_act
from svcdesk.model import Record
from svcdesk.registers import REGISTERS
from svcdesk.registers.key_loan import keys_out
from svcdesk.registers.key_loan import next_check
from svcdesk.rules import conflicting_holds
from svcdesk.workflow import replay
from tests.world import World
from tests.world import base

LOAN = "KL2611-A0001"


def at(clock: str, day: int = 22) -> str:
    return f"2026-11-{day:02d}T{clock}:00+08:00"


def request(clock: str = "09:00", **sets: Any) -> dict[str, Any]:
    fields = {"key": "K-A0001", "borrower": "S-A0003", "purpose": "pump inspection", "due": at("18:00")}
    return {
        "register": "key-loan",
        "action": "request",
        "by": "S-A0005",
        "at": at(clock),
        "sets": fields | sets,
    }


def act(action: str, by: str, clock: str, record: str = LOAN, day: int = 22, **rest: Any) -> dict[str, Any]:
    return {"record": record, "action": action, "by": by, "at": at(clock, day), **rest}


def issue(clock: str = "09:10", record: str = LOAN, **rest: Any) -> dict[str, Any]:
    return act("issue", "S-A0005", clock, record, signed={"borrower": "S-A0003"}, **rest)


def lent(**sets: Any) -> World:
    return base().play([request(**sets), act("approve", "S-A0004", "09:05"), issue()])


def decide(world: World, setting: str, value: object) -> World:
    """Set a value of the policy on the desk's first working day."""
    fields = {"setting": setting, "value": value}
    step = world.step(
        {"register": "policy", "action": "set", "by": "S-A0001", "at": at("08:00", 2), "sets": fields}
    )
    world.records[step.new.id] = step.new
    return world.play([act("approve", "S-A0001", "08:05", step.new.id, 2)])


def broken(world: World, entry: dict[str, Any]) -> set[str]:
    return {each.rule for each in world.judge(world.step(entry)) if each.severity == "error"}


def test_an_outsider_gets_a_key_only_with_permission() -> None:
    world = decide(base(), "key-loan.outsiders", "with-permission")
    world.play([request(outsider="Mr Wu"), act("approve", "S-A0004", "09:05")])
    assert broken(world, issue()) == {"outsider-signs"}
    world.play([act("sign", "S-A0004", "09:06", signed={"outsider": "S-A0004"})])
    assert broken(world, issue()) == set()


def test_a_desk_may_keep_all_keys_on_the_premises() -> None:
    world = decide(base(), "key-loan.off-premises", "never")
    assert broken(world, request(leaves_premises=True)) == {"key-is-not-taken-home"}
    assert broken(world, request()) == set()


@pytest.mark.parametrize(
    ("concerned", "refused"), [(["borrower", "key"], True), (["key"], True), ([], False)]
)
def test_whose_head_approves_is_a_setting(concerned: list[str], refused: bool) -> None:
    world = decide(base(), "key-loan.approver-of", concerned).play([request()])
    assert bool(broken(world, act("approve", "S-A0018", "09:05"))) is refused


def test_a_desk_without_approvers_lends_at_once() -> None:
    world = decide(base(), "key-loan.approver", []).play([request()])
    assert broken(world, issue()) == set()


@pytest.mark.parametrize(("due", "rules"), [("11:00", set()), ("11:01", {"loan-is-short"})])
def test_a_category_may_have_a_limit_of_its_own(due: str, rules: set[str]) -> None:
    world = decide(base(), "key-loan.longest-by-category", {"machine-room": 120})
    assert broken(world, request(due=at(due))) == rules


@pytest.mark.parametrize(("due", "rules"), [("09:00", set()), ("09:01", {"loan-is-short"})])
def test_a_corrected_end_counts_from_the_request(due: str, rules: set[str]) -> None:
    entry = act("correct", "S-A0002", "20:00", sets={"due": at(due, 23)}, reason="pump needs the night")
    assert broken(lent(), entry) == rules


@pytest.mark.parametrize("withdrawn", ["09:07", "09:10"])
def test_a_key_out_of_use_is_not_lent(withdrawn: str) -> None:
    world = base().play([request(), act("approve", "S-A0004", "09:05")])
    world.play([act("withdraw", "S-A0005", withdrawn, "K-A0001", reason="bent")])
    assert broken(world, issue()) == {"key-is-in-use"}


@pytest.mark.parametrize(("clock", "out"), [("09:09", 0), ("09:10", 1), ("16:59", 1), ("17:00", 0)])
def test_the_list_of_keys_out_holds_at_its_moment(clock: str, out: int) -> None:
    world = lent().play([act("return", "S-A0005", "17:00")])
    rows = list(keys_out([world.records[LOAN]], world.books, at(clock)))
    assert len(rows) == out


def test_the_list_of_keys_out_tells_how_late_and_why() -> None:
    world = lent()
    world.play([act("explain-overdue", "S-A0005", "18:30", sets={"causes": ["he is in the shaft"]})])
    (row,) = keys_out([world.records[LOAN]], world.books, at("18:45"))
    assert (row["name"], row["held_by"], row["late"], row["cause"]) == (
        "B1 pump room",
        "Eng Li",
        45,
        "he is in the shaft",
    )


def test_the_register_is_checked_a_day_after_it_was_looked_at() -> None:
    world = lent()
    assert next_check(world.records[LOAN], world.books) == at("09:10", 23)
    world.play([act("explain-overdue", "S-A0005", "18:30", sets={"causes": ["he is in the shaft"]})])
    assert next_check(world.records[LOAN], world.books) == at("18:30", 23)


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("08:00", "09:10", 0),
        ("08:00", "09:11", 1),
        ("16:59", None, 1),
        ("17:00", None, 0),
        ("10:00", "11:00", 1),
    ],
)
def test_two_stretches_of_custody_meet_or_do_not(since: str, until: str | None, count: int) -> None:
    world = lent().play([act("return", "S-A0005", "17:00")])
    end = at(until) if until else None
    assert len(conflicting_holds("K-A0001", at(since), end, "", world.books)) == count


stretches = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), min_size=1, max_size=5)


@settings(max_examples=40)
@given(stretches)
def test_a_key_has_one_holder_in_whatever_order_loans_are_entered(loans: list[tuple[int, int]]) -> None:
    """Each loan is entered late, after the one before; the judge refuses those that would overlap."""
    world = base()
    for number, (start, hours) in enumerate(loans, 1):
        _enter(world, number, f"{8 + start:02d}:00", f"{8 + start + hours:02d}:00")
    entered = [each for each in world.records.values() if each.register == "key-loan"]
    for half in range(8 * 2, 24 * 2):
        assert len(world.books.holds("K-A0001", at(f"{half // 2:02d}:{30 * (half % 2):02d}"))) <= 1
    assert not [finding for loan in entered for finding in _judged_again(world, loan)]


def _enter(world: World, number: int, start: str, end: str) -> None:
    loan = f"KL2611-A{number:04d}"
    late = {"entered": f"2026-11-23T{8 + number:02d}:00:00+08:00"}
    world.play([{**request(start), **late}, {**act("approve", "S-A0004", start, loan), **late}])
    entry = issue(start, loan, **late)
    if not broken(world, entry):
        world.play([entry, {**act("return", "S-A0005", end, loan), **late}])


def _judged_again(world: World, loan: Record) -> list[object]:
    """Return what `check` would find: every act of the record, judged against the books of today."""
    steps = replay(REGISTERS["key-loan"], loan.id, loan.acts)
    return [finding for step in steps for finding in judge_act(step, world.books, LAW)]


def refusing(world: World, entry: dict[str, Any]) -> set[str]:
    return {each.rule for each in world.judge(world.step(entry)) if each.severity == "error"}


def test_a_loan_is_refused_by_who_might_approve_it_and_says_why() -> None:
    world = base().play([request()])
    refuse = act("refuse", "S-A0004", "09:05", reason="no work order")
    assert refusing(world, refuse) == set()
    assert refusing(world, refuse | {"by": "S-A0003"}) == {"refuse-right"}
    assert refusing(world, refuse | {"reason": ""}) == {"refuse-form"}
    assert refusing(world.play([refuse]), issue()) == {"transition"}


def test_a_request_is_taken_back_by_who_made_it() -> None:
    world = base().play([request(), act("approve", "S-A0004", "09:05")])
    assert refusing(world, act("withdraw", "S-A0003", "09:06")) == {"requester-withdraws"}
    assert refusing(world, act("withdraw", "S-A0005", "09:06")) == set()
    assert refusing(world.play([issue()]), act("withdraw", "S-A0005", "09:20")) == {"transition"}
