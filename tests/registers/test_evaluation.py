"""Evaluations: who scores, when it is signed, what contradicts the books, appeals, the last word."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.evaluations import BOSS
from tests.evaluations import CLERK
from tests.evaluations import MANAGER
from tests.evaluations import OTHER
from tests.evaluations import Entry
from tests.evaluations import act
from tests.evaluations import at
from tests.evaluations import new
from tests.evaluations import refusals
from tests.evaluations import scored
from tests.evaluations import told
from tests.world import World
from tests.world import base

SHEET = "E2611-A0001"
LEAD, HEAD, SUPERVISOR = "S-A0014", "S-A0004", "S-A0019"
COACHED = {"coaching": "a week beside the lead", "coaching_until": "2026-12-20"}


@cache
def _opened() -> World:
    return base().play(scored(SHEET, CLERK, 80))


@cache
def _told() -> World:
    return base().play(told(SHEET, CLERK, 80))


@cache
def _overdue() -> World:
    """The clerk borrows a key at ten and has not brought it back by eleven; another customer praises him."""
    loan = {"key": "K-A0002", "borrower": CLERK, "purpose": "air the unit", "due": at("11:00")}
    return base().play([
        {"register": "key-loan", "action": "request", "by": OTHER, "at": at("09:00"), "sets": loan},
        act("KL2611-A0001", "approve", MANAGER, at("09:10")),
        {**act("KL2611-A0001", "issue", OTHER, at("10:00")), "signed": {"borrower": CLERK}},
        new("", "open", MANAGER, at(), person=CLERK, period="2026-11"),
    ])  # fmt: skip


def superior(**row: Any) -> Entry:
    """The superior scores everything 80, and one indicator otherwise."""
    rows = [{"score": 80}, *([row] if row else [])]
    return act(SHEET, "score", MANAGER, at("12:30"), superior_scores=rows)


def sign(moment: str = at("12:40"), by: str = MANAGER, **sets: Any) -> Entry:
    return act(SHEET, "sign", by, moment, **sets)


def test_a_period_is_opened_from_its_first_moment_on() -> None:
    december = {"person": CLERK, "period": "2026-12"}
    assert refusals(base(), new("", "open", MANAGER, at("23:59"), **december)) == {"period-has-begun"}
    assert not refusals(base(), new("", "open", MANAGER, at("00:00", "2026-12-01"), **december))


def test_a_period_is_evaluated_once_unless_the_first_is_void() -> None:
    again = new("", "open", MANAGER, at("13:00"), person=CLERK, period="2026-11")
    assert refusals(_opened(), again) == {"one-evaluation-per-period"}
    assert not refusals(_opened(), {**again, "sets": {"person": OTHER, "period": "2026-11"}})
    gone = _opened().copy().play([{**act(SHEET, "void", BOSS, at("12:50")), "reason": "the wrong month"}])
    assert not refusals(gone, again)


def test_a_month_is_signed_in_its_last_ten_days() -> None:
    early = [{**each, "at": at("09:00", "2026-11-20")} for each in scored(SHEET, CLERK, 80)]
    world = base().play(early)
    assert refusals(world, sign(at("23:59", "2026-11-20"))) == {"period-is-nearly-over"}
    assert not refusals(world, sign(at("00:00", "2026-11-21")))


@pytest.mark.parametrize(
    ("by", "part", "rules"),
    [
        (CLERK, "self_scores", set()),
        (CLERK, "superior_scores", {"nobody-evaluates-himself"}),
        (CLERK, "questionnaires", {"nobody-evaluates-himself"}),
        (MANAGER, "self_scores", {"nobody-evaluates-himself"}),
        (LEAD, "superior_scores", set()),
        (OTHER, "superior_scores", {"superior-part-comes-from-above"}),
        (HEAD, "superior_scores", {"superior-part-comes-from-above"}),
        (BOSS, "superior_scores", set()),
    ],
)
def test_who_scores_what(by: str, part: str, rules: set[str]) -> None:
    rows = [{"number": "Q-1", "score": 70}] if part == "questionnaires" else [{"score": 70}]
    assert refusals(_opened(), act(SHEET, "score", by, at("12:30"), **{part: rows})) == rules


def test_who_scored_signs() -> None:
    assert refusals(_opened(), sign(by=LEAD)) == {"superior-has-scored"}
    assert not refusals(_opened(), sign())


@pytest.mark.parametrize(
    "rows",
    [
        [{"indicator": "satisfaction", "score": 70}],
        [{"score": 70}, {"indicator": "humour", "score": 70}],
        [{"score": 70}, {"score": 75}],
        [{"score": 70}, {"indicator": "teamwork", "score": 1}, {"indicator": "teamwork", "score": 99}],
    ],
)
def test_every_indicator_is_scored_once(rows: list[dict[str, Any]]) -> None:
    wrong = act(SHEET, "score", MANAGER, at("12:30"), superior_scores=rows)
    assert refusals(_opened(), wrong) == {"every-indicator-is-scored-once"}


@pytest.mark.parametrize("score", [89, 90])
def test_from_ninety_on_a_score_contradicts_a_fault(score: int) -> None:
    contradicted = {"score-against-the-evidence-has-a-note"} if score == 90 else set()
    assert refusals(_overdue(), superior(indicator="responsibility", score=score)) == contradicted
    assert not refusals(_overdue(), superior(indicator="teamwork", score=score))
    assert not refusals(_overdue(), superior(indicator="responsibility", score=score, note="the lock jammed"))


@pytest.mark.parametrize("score", [59, 60])
def test_below_sixty_a_score_contradicts_praise(score: int) -> None:
    sets = {"channel": "phone", "kind": "praise", "subject": "other", "content": "so friendly", "about": [CLERK]}
    praise = {"register": "complaint", "action": "open", "by": OTHER, "at": at("10:00"),
              "sets": {**sets, "complainant": "Ms Zhao", "contact": "555-0100"}}  # fmt: skip
    world = base().play([praise, new("", "open", MANAGER, at(), person=CLERK, period="2026-11")])
    contradicted = {"score-against-the-evidence-has-a-note"} if score == 59 else set()
    assert refusals(world, superior(indicator="initiative", score=score)) == contradicted


def test_the_note_comes_from_the_one_who_scores() -> None:
    high = superior(indicator="responsibility", score=95)
    note = [{"indicator": "responsibility", "note": "the lock jammed"}]
    by_clerk = _overdue().copy().play([act(SHEET, "note", CLERK, at("12:20"), notes=note)])
    assert refusals(by_clerk, high) == {"score-against-the-evidence-has-a-note"}
    by_manager = _overdue().copy().play([act(SHEET, "note", MANAGER, at("12:20"), notes=note)])
    assert not refusals(by_manager, high)


def test_what_comes_to_light_before_the_signature_needs_a_note() -> None:
    """The score was given while the key was not overdue yet."""
    loan = {"key": "K-A0002", "borrower": CLERK, "purpose": "air the unit", "due": at("12:30")}
    world = base().play([
        {"register": "key-loan", "action": "request", "by": OTHER, "at": at("09:00"), "sets": loan},
        act("KL2611-A0001", "approve", MANAGER, at("09:10")),
        {**act("KL2611-A0001", "issue", OTHER, at("10:00")), "signed": {"borrower": CLERK}},
        *scored(SHEET, CLERK, 95),
    ])  # fmt: skip
    assert not refusals(world, sign(at("12:29")))
    assert refusals(world, sign(at("12:31"))) == {"score-against-the-evidence-has-a-note"}


def test_two_levels_sign() -> None:
    world = _opened().copy().play([sign()])
    for by, rules in (
        (MANAGER, {"confirmer-differs", "second-level-is-above-the-first"}),
        (SUPERVISOR, {"second-level-is-above-the-first"}),
        (BOSS, set()),
    ):
        assert refusals(world, act(SHEET, "publish", by, at("12:50"))) == rules


def test_coaching_is_still_to_come() -> None:
    low = _opened().copy().play([act(SHEET, "score", MANAGER, at("12:30"), superior_scores=[{"score": 40}])])
    assert refusals(low, sign(coaching="a week", coaching_until="2026-11-30")) == {"low-result-gets-coaching"}
    assert not refusals(low, sign(coaching="a week", coaching_until="2026-12-01"))


def appeal(moment: str = at("13:00"), to: str = BOSS, by: str = CLERK) -> Entry:
    return act(SHEET, "appeal", by, moment, grounds="I was never late", appeal_to=to)


def test_nobody_reads_or_appeals_for_another() -> None:
    assert refusals(_told(), act(SHEET, "read", OTHER, at("13:00"), agrees=True)) >= {
        "the-person-speaks-for-himself"
    }
    assert "the-person-speaks-for-himself" in refusals(_told(), appeal(by=OTHER))


def test_an_appeal_comes_within_seven_days_to_somebody_who_did_not_sign() -> None:
    not_involved = {"appeal-goes-to-somebody-who-did-not-score"}
    assert refusals(_told(), appeal()) == not_involved
    assert refusals(_told(), appeal(to=MANAGER)) == not_involved
    assert refusals(_told(), appeal(to=CLERK)) == not_involved
    assert refusals(_told(), appeal(to=OTHER)) == not_involved
    assert not refusals(_told(), appeal(at("12:04", "2026-12-07"), SUPERVISOR))
    late = appeal("2026-12-07T12:04:01+08:00", SUPERVISOR)
    assert refusals(_told(), late) == {"appeal-comes-in-time"}


def test_the_judge_of_an_appeal_decides_it() -> None:
    world = _told().copy().play([appeal(to=SUPERVISOR)])
    upheld = {"decision": "upheld", "answer": "the book bears it out"}
    assert refusals(world, act(SHEET, "decide", LEAD, at("14:00"), **upheld)) == {
        "appeal-is-decided-by-its-addressee"
    }
    scores = {"superior_scores": [{"score": 90}]}
    decide = act(SHEET, "decide", SUPERVISOR, at("14:00"), **upheld)
    assert not refusals(world, decide)
    assert refusals(world, {**decide, "sets": {**upheld, **scores}}) == {"a-change-brings-scores"}
    changed = {**upheld, "decision": "changed"}
    assert refusals(world, {**decide, "sets": changed}) == {"a-change-brings-scores"}
    world.play([{**decide, "sets": {**changed, **scores}}])
    assert world.records[SHEET]["composite"] == "87.14"


def test_closing_waits_for_the_person_or_the_end_of_the_time_to_appeal() -> None:
    waits = {"closing-waits-for-the-person"}
    assert refusals(_told(), act(SHEET, "close", BOSS, at("12:04", "2026-12-07"))) == waits
    assert not refusals(_told(), act(SHEET, "close", BOSS, "2026-12-07T12:04:01+08:00"))
    for agrees in (True, False):
        read = _told().copy().play([act(SHEET, "read", CLERK, at("13:00"), agrees=agrees)])
        assert refusals(read, act(SHEET, "close", BOSS, at("13:10"))) == (set() if agrees else waits)


@pytest.mark.parametrize("by", [CLERK, OTHER, HEAD])
def test_closing_is_for_those_above(by: str) -> None:
    read = _told().copy().play([act(SHEET, "read", CLERK, at("13:00"), agrees=True)])
    assert refusals(read, act(SHEET, "close", by, at("13:10"))) == {"closing-is-for-those-above"}


def test_nothing_is_corrected() -> None:
    change = {"reason": "a slip of the pen", "sets": {"self_scores": [{"score": 1}]}}
    for world in (_opened(), _told()):
        assert "evaluation-is-not-corrected" in refusals(
            world, {**act(SHEET, "correct", BOSS, at("15:00")), **change}
        )


def test_notes_come_from_those_concerned() -> None:
    for by, rules in ((CLERK, set()), (LEAD, set()), (OTHER, {"notes-come-from-those-concerned"})):
        note = act(SHEET, "note", by, at("13:00"), notes=[{"note": "we talked"}])
        assert refusals(_opened(), note) == rules
