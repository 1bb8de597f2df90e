"""The judge where registers do not reach: signatures kept apart, corrections, voids, forms before rules."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.language import say
from svcdesk.model import Term
from svcdesk.model import Terms
from svcdesk.model import text
from tests import hazmat
from tests.world import World
from tests.world import base

DAY = "2026-11-22T"
LOAN = "KL2611-A0001"


def request(borrower: str = "S-A0003", **more: Any) -> dict[str, Any]:
    sets = {"key": "K-A0001", "borrower": borrower, "purpose": "work", "due": f"{DAY}18:00:00+08:00", **more}
    return {
        "register": "key-loan",
        "action": "request",
        "by": "S-A0005",
        "at": f"{DAY}09:00:00+08:00",
        "sets": sets,
    }


def act(action: str, by: str, clock: str = "09:10", **more: Any) -> dict[str, Any]:
    return {"record": LOAN, "action": action, "by": by, "at": f"{DAY}{clock}:00+08:00", **more}


ISSUED = [
    request(),
    act("approve", "S-A0004", "09:05"),
    act("issue", "S-A0005", signed={"borrower": "S-A0003"}),
]


def refused(world: World, entry: dict[str, Any]) -> set[str]:
    """The rules that stand against an entry."""
    return {each.rule for each in world.judge(world.step(entry)) if each.severity == "error"}


def test_two_lines_are_kept_apart_whichever_is_signed_first() -> None:
    world = base().play([request("S-A0004"), act("sign", "S-A0004", "09:05", signed={"borrower": "S-A0004"})])
    assert "approver-differs" in refused(world, act("approve", "S-A0004"))
    other = base().play([request(), act("approve", "S-A0004", "09:05")])
    assert "borrower-differs" in refused(other, act("sign", "S-A0004", signed={"borrower": "S-A0004"}))


def said(world: World, entry: dict[str, Any]) -> list[str]:
    """What is said against an entry."""
    return [str(each.message) for each in world.judge(world.step(entry))]


def test_what_is_void_is_void_already() -> None:
    world = base().play([request(), act("void", "S-A0002", reason="none")])
    assert f"{LOAN} is void already" in said(world, act("void", "S-A0002", "09:20", reason="none"))
    correct = act("correct", "S-A0002", "09:20", reason="none", sets={"purpose": "x"})
    assert f"{LOAN} is void; nothing is done to it any more" in said(world, correct)


def test_who_signed_before_a_correction_is_told_to_sign_again() -> None:
    correct = act("correct", "S-A0002", reason="misheard", sets={"purpose": "other work"})
    world = base().play([request(), act("approve", "S-A0004", "09:05"), correct])
    issue = act("issue", "S-A0005", "09:20", signed={"borrower": "S-A0003"})
    again = "approver: S-A0004 signed at 2026-11-22T09:05:00+08:00, before the last entry; sign again: "
    assert said(world, issue) == [f"{again}svcdesk sign {LOAN} approver"]
    world.play([act("sign", "S-A0004", "09:15", signed={"approver": "S-A0004"})])
    assert said(world, issue) == []
    fresh = base().play([request()])
    assert "approver has not signed; issue needs 1, there are 0" in said(fresh, issue)


def test_of_many_posts_six_are_named() -> None:
    for count, words in ((6, "0 | 1 | 2 | 3 | 4 | 5"), (8, "0 | 1 | 2 | 3 | 4 | 5 | 2 more")):
        posts = text("{posts}", posts=Terms(Term(str(each), "post") for each in range(count)))
        assert (str(posts), say(posts)) == (words, words)


def test_an_empty_correction_ends_nothing() -> None:
    world = base().play(ISSUED)
    assert refused(world, act("correct", "S-A0002", "10:00", reason="none")) == {"footprint"}
    same = act("correct", "S-A0002", "10:00", reason="none", sets={"purpose": "work"})
    assert refused(world, same) == {"footprint"}


@pytest.mark.parametrize(("by", "may"), [("S-A0011", False), ("S-A0006", False), ("S-A0015", True)])
def test_a_correction_comes_from_above_the_rank_held_at_the_entry(by: str, may: bool) -> None:
    world = base().play(ISSUED)
    leave = {
        "record": "S-A0005",
        "action": "leave",
        "by": "S-A0001",
        "reason": "moves",
        "at": f"{DAY}09:30:00+08:00",
    }
    world.play([leave])
    correction = act("correct", by, "10:00", reason="typed wrong", sets={"purpose": "pump inspection"})
    assert refused(world, correction) == (set() if may else {"correct-from-above"})


@pytest.mark.parametrize(("by", "may"), [("S-A0015", False), ("S-A0014", True)])
def test_what_the_desk_admin_entered_is_corrected_by_a_lead_or_above(by: str, may: bool) -> None:
    entry = request() | {"by": "S-A0001"}
    correction = act("correct", by, "10:00", reason="typed wrong", sets={"purpose": "pump inspection"})
    assert refused(base().play([entry]), correction) == (set() if may else {"correct-from-above"})


def test_a_correction_gives_nothing_that_would_have_been_refused() -> None:
    world = base().play([request()])
    longer = act(
        "correct", "S-A0002", "10:00", reason="typed wrong", sets={"due": "2026-11-29T18:00:00+08:00"}
    )
    assert "loan-is-short" in refused(world, longer)
    shorter = longer | {"sets": {"due": f"{DAY}17:00:00+08:00"}}
    assert refused(world, shorter) == set()


def test_what_is_out_is_not_void() -> None:
    world = base().play(ISSUED)
    assert refused(world, act("void", "S-A0002", "10:00", reason="wrong")) == {"void-without-dependents"}
    back = act("return", "S-A0005", "10:00")
    assert refused(world.play([back]), act("void", "S-A0002", "10:10", reason="wrong")) == set()


def test_a_form_that_is_not_whole_meets_no_rule() -> None:
    sets = {name: value for name, value in request()["sets"].items() if name != "purpose"}
    findings = base().judge(base().step(request() | {"sets": sets}))
    assert {(each.rule, each.field) for each in findings} == {("request-form", "purpose")}


def test_an_act_that_gives_nothing_is_refused() -> None:
    change = {"record": "K-A0001", "action": "change", "by": "S-A0005", "at": f"{DAY}10:00:00+08:00"}
    assert refused(base(), change) == {"change-form"}


def test_a_setting_binds_from_its_entry_on() -> None:
    policy = {"register": "policy", "action": "set", "by": "S-A0001", "at": f"{DAY}08:00:00+08:00"}
    value = {"setting": "key-loan.longest-minutes", "value": 60}
    world = base().play([policy | {"sets": value}])
    proposed = max(each for each in world.records if each.startswith("P-"))
    world.play([{"record": proposed, "action": "approve", "by": "S-A0001", "at": f"{DAY}08:30:00+08:00"}])
    books = world.books
    assert books.setting("key-loan.longest-minutes", f"{DAY}08:29:59+08:00") == 1440
    assert books.setting("key-loan.longest-minutes", f"{DAY}08:30:00+08:00") == 60


def test_a_full_line_takes_nobody_else_until_something_ends_its_signatures() -> None:
    world = base().play([request(), act("sign", "S-A0005", signed={"borrower": "S-A0003"})])
    other = act("sign", "S-A0005", "09:20", signed={"borrower": "S-A0006"})
    assert refused(world, other) == {"borrower-signs"}
    told = [str(each.message) for each in world.judge(world.step(other))]
    assert told == ["S-A0003 signed borrower already; it does not wait for S-A0006"]
    correction = act("correct", "S-A0002", "09:30", reason="typed wrong", sets={"purpose": "pumps"})
    world.play([correction, {**other, "at": f"{DAY}09:40:00+08:00"}])


def test_one_act_fills_a_line_no_further_than_it_goes() -> None:
    both = act("sign", "S-A0005", signed={"borrower": ["S-A0003", "S-A0006"]})
    assert refused(base().play([request()]), both) == {"borrower-signs"}


def test_the_act_that_is_signed_by_a_line_fills_it_once_more() -> None:
    given = {"returned": 50, "consumed": 150}
    back = hazmat.act(hazmat.USE, "return", hazmat.LEAD, "11:00", sets=given)
    early = hazmat.act(hazmat.USE, "sign", hazmat.CLERK, "10:30", signed={"receiver": hazmat.CLERK})
    world = hazmat.stocked(*hazmat.used(200), early, back)
    late = {**early, "by": hazmat.CLERK2, "at": hazmat.at("11:30"), "signed": {"receiver": hazmat.CLERK2}}
    assert refused(world, late) == {"receiver-signs"}
