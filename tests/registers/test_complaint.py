"""Complaints: clocks that stand still, what falls due, what the reports count, what the feeds say."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.model import Record
from svcdesk.registers.complaint import REGISTER
from svcdesk.registers.complaint import case
from svcdesk.registers.complaint import merit
from svcdesk.registers.complaint_clock import is_late
from svcdesk.registers.complaint_clock import pauses
from svcdesk.registers.complaint_clock import put_off
from svcdesk.registers.complaint_clock import solve_due
from svcdesk.registers.complaint_clock import solve_steps
from svcdesk.registers.complaint_figures import median
from svcdesk.registers.complaint_figures import nearest_rank
from svcdesk.registers.complaint_figures import share
from svcdesk.workflow import make_act
from svcdesk.workflow import replay
from tests.conftest import Svcdesk
from tests.world import base

MONDAY = "2026-11-23"
CLERK, OTHER, MASTER = "S-A0005", "S-A0016", "S-A0013"
LIMIT = f"{MONDAY}T18:00:00+08:00"

Entry = tuple[str, str, Mapping[str, Any]]


def at(clock: str, day: str = MONDAY) -> str:
    return f"{day}T{clock}:00+08:00"


def complaint(*entries: Entry, **opened: Any) -> Record:
    """A complaint received on Monday at nine, and what was done to it."""
    sets = {
        "channel": "phone",
        "subject": "product",
        "content": "broken",
        "kind": "complaint",
        "severity": "ordinary",
        "reporter": "customer",
        "received": at("09:00"),
        **opened,
    }
    acts = [make_act("open", CLERK, at("09:00"), sets=sets)]
    acts += [make_act(action, CLERK, when, sets=given) for action, when, given in entries]
    return replay(REGISTER, "C2611-A0001", acts)[-1].new


def taken_over(state: str, **sets: Any) -> Record:
    sets = {"received": at("09:00"), "channel": "phone", "topic": "Graffiti", **sets}
    act = make_act("import", "S-A0001", at("09:00"), sets=sets, state=state, source={"row": 1})
    return replay(REGISTER, "C2611-A0002", [act])[-1].new


ASSIGN: Entry = ("assign", at("09:30"), {"owner": CLERK, "limit": LIMIT})
FOUND: Entry = ("investigate", at("13:30"), {"finding": "a flaw", "root_cause": "a bad batch"})
SOLUTION = {"solution": "replaced", "prevention": "batches are tested"}


def solved(clock: str) -> Entry:
    return ("resolve", at(clock), {**SOLUTION, "solved": at(clock)})


def due(name: str, record: Record) -> str | None:
    deadline = next(each for each in REGISTER.deadlines if each.name == name)
    return deadline.due(record, base().books)


def rows(name: str, *records: Record, now: str = at("17:00")) -> Sequence[Mapping[str, Any]]:
    report = next(each for each in REGISTER.reports if each.name == name)
    return list(report.rows(records, base().books, now))


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("ordinary", at("09:00", "2026-11-24")),
        ("urgent", at("09:00", "2026-11-24")),
        ("complex", at("09:00", "2026-11-26")),
        ("major", at("09:00", "2026-11-26")),
    ],
)
def test_each_severity_has_its_limit(severity: str, expected: str) -> None:
    assert solve_due(complaint(severity=severity), base().books) == expected


def test_the_limit_set_for_a_case_prevails() -> None:
    assert solve_due(complaint(ASSIGN), base().books) == LIMIT


def test_the_clock_stands_still_while_the_customer_is_awaited() -> None:
    paused = complaint(ASSIGN, ("pause", at("10:00"), {"waiting_for": "a photo"}))
    assert solve_due(paused, base().books) is None
    resumed = replay(REGISTER, paused.id, [*paused.acts, make_act("resume", CLERK, at("11:30"))])[-1].new
    assert solve_due(resumed, base().books) == at("19:30")
    told = [str(each) for each in solve_steps(resumed, base().books)]
    assert told == [
        f"limit {LIMIT}, set by {CLERK} at {at('09:30')}",
        f"the clock stood still from {at('10:00')} to {at('11:30')}",
    ]


def test_a_pause_before_the_limit_was_set_does_not_count() -> None:
    waited = (("pause", at("09:40"), {"waiting_for": "a photo"}), ("resume", at("09:50"), {}))
    again: Entry = ("assign", at("10:00"), {"owner": CLERK, "limit": LIMIT})
    assert solve_due(complaint(ASSIGN, *waited, again), base().books) == LIMIT


def test_the_clock_stops_and_runs_again_once() -> None:
    rule = next(each for each in REGISTER.rules if each.name == "clock-stands-still-once")
    running, pause = complaint(ASSIGN), make_act("pause", CLERK, at("10:00"), sets={"waiting_for": "a photo"})
    resume = make_act("resume", CLERK, at("11:00"))
    for acts, breaches in (([pause], 0), ([pause, pause], 1), ([pause, resume], 0), ([resume], 1)):
        step = replay(REGISTER, running.id, [*running.acts, *acts])[-1]
        assert len(list(rule.test(step, base().books))) == breaches


def test_the_solution_ends_a_pause() -> None:
    record = complaint(ASSIGN, FOUND, ("pause", at("14:00"), {"waiting_for": "a photo"}), solved("15:00"))
    assert pauses(record) == [(at("14:00"), at("15:00"))]


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), max_size=5))
def test_pauses_never_bring_a_moment_forward(spans: list[tuple[int, int]]) -> None:
    start, limit = at("00:00"), at("04:00")
    stops = [(later(start, min(pair)), later(start, max(pair))) for pair in sorted(spans)]
    moved = put_off(limit, start, stops)
    assert moved is not None
    assert not before(moved, limit)


@pytest.mark.parametrize(("clock", "late"), [("18:00", False), ("18:01", True)])
def test_late_is_what_was_solved_after_its_limit(clock: str, late: bool) -> None:
    record = complaint(ASSIGN, FOUND, solved(clock))
    assert is_late(record, base().books, at("23:00")) is late
    kinds = [(each.person, each.kind) for each in merit(record)]
    assert kinds == ([(CLERK, "complaint-late")] if late else [])


def test_a_solution_before_receipt_does_not_hide_a_late_closing() -> None:
    late = taken_over("closed", solved=at("00:00"), closed=at("09:01", "2026-11-24"))
    assert is_late(late, base().books, at("23:00"))
    assert not is_late(taken_over("closed", solved=at("00:00")), base().books, at("23:00"))


@pytest.mark.parametrize(("now", "late"), [(LIMIT, False), (at("18:01"), True)])
def test_late_is_what_is_still_open_after_its_limit(now: str, late: bool) -> None:
    assert is_late(complaint(ASSIGN), base().books, now) is late


@pytest.mark.parametrize(("severity", "expected"), [("ordinary", at("13:00")), ("urgent", at("09:30"))])
def test_somebody_turns_to_it_in_time(severity: str, expected: str) -> None:
    record = complaint(severity=severity)
    assert due("first-contact", record) == expected
    talk: Entry = ("contact", at("09:10"), {"how": "phone", "note": "on the way"})
    assert due("first-contact", complaint(talk, severity=severity)) is None


def test_what_follows_the_solution_falls_due_in_working_time() -> None:
    record = complaint(ASSIGN, FOUND, solved("17:00"))
    assert due("reply", record) == at("17:00", "2026-11-24")
    told: Entry = ("reply", at("17:30"), {"how": "phone"})
    assert due("follow-up", complaint(ASSIGN, FOUND, solved("17:00"), told)) == at("17:30", "2026-11-26")


def test_verification_and_action_fall_due_in_working_time() -> None:
    assert due("verify", complaint(ASSIGN)) == at("09:30", "2026-11-24")
    assert due("act", complaint(ASSIGN, FOUND)) == at("17:30")
    assert due("act", complaint(ASSIGN, ("investigate", at("10:00"), {"finding": "not clear"}))) is None


def test_overdue_goes_to_the_superior_a_day_later() -> None:
    assert due("escalate", complaint(ASSIGN)) == at("18:00", "2026-11-24")


def test_a_promise_is_due_until_it_is_kept() -> None:
    promise = {"owner": "S-A0002", "heard": "x", "promise": "a call", "promised": at("12:00")}
    escalated: Entry = ("escalate", at("10:00"), promise)
    assert due("promise", complaint(escalated)) == at("12:00")
    talk: Entry = ("contact", at("11:00"), {"how": "phone", "note": "called"})
    assert due("promise", complaint(escalated, talk)) is None


def test_a_settled_case_is_reported_within_a_day() -> None:
    settled: Entry = ("settle", at("09:30"), {**SOLUTION, "root_cause": "x", "solved": at("09:30")})
    assert due("after-report", complaint(settled)) == at("09:30", "2026-11-24")
    told: Entry = ("tell-head", at("10:00"), {"told_head": "S-A0002", "account": "x"})
    assert due("after-report", complaint(settled, told)) is None


def test_praise_needs_no_solution() -> None:
    assert due("solve", complaint(kind="praise")) is None


def test_an_open_complaint_is_a_case_of_its_owner() -> None:
    unassigned = case(complaint())
    assert unassigned is not None
    assert (unassigned.owner, unassigned.due) == (complaint().acts[0]["by"], None)
    found = case(complaint(ASSIGN))
    assert found is not None
    assert (found.owner, found.due) == (CLERK, LIMIT)
    end: Entry = ("close", at("16:00"), {"closed": at("16:00")})
    assert case(complaint(ASSIGN, FOUND, solved("15:00"), end)) is None


def test_praise_and_verified_faults_speak_of_persons() -> None:
    praised = complaint(kind="praise", about=[OTHER])
    assert [(each.person, each.kind) for each in merit(praised)] == [(OTHER, "praise")]
    blamed = complaint(about=[OTHER], subject="staff-attitude")
    assert list(merit(blamed)) == []
    true = complaint(("investigate", at("10:00"), {"finding": "x", "verified": True}), about=[OTHER])
    assert [(each.person, each.kind) for each in merit(true)] == [(OTHER, "complaint-product")]


def test_reopening_speaks_of_the_owner() -> None:
    again: Entry = ("reopen", at("16:30"), {"limit": at("18:00", "2026-11-24")})
    told: Entry = ("reply", at("16:00"), {"how": "phone"})
    record = complaint(ASSIGN, FOUND, solved("15:00"), told, again)
    kinds = [(each.person, each.kind, each.at) for each in merit(record)]
    assert kinds[0] == (CLERK, "complaint-reopened", at("16:30"))
    assert kinds[1] == (CLERK, "complaint-late", at("18:00", "2026-11-24"))


def test_lateness_speaks_of_the_owner_from_the_limit_on() -> None:
    assert [(each.kind, each.at) for each in merit(complaint(ASSIGN))] == [("complaint-late", LIMIT)]
    paused = complaint(ASSIGN, ("pause", at("14:00"), {"waiting_for": "a photo"}))
    assert list(merit(paused)) == []


def test_impossible_times_are_told_and_lose_nothing() -> None:
    record = taken_over("closed", closed=at("08:00"))
    rule = next(each for each in REGISTER.rules if each.name == "times-follow-receipt")
    assert len(list(rule.test(record, base().books))) == 1
    assert list(rule.test(taken_over("closed", closed=at("09:00")), base().books)) == []
    (total, *_rest) = rows("summary", record, taken_over("closed", closed=at("11:00")))
    assert (total["count"], total["impossible"], total["median_h"]) == (2, 1, "2:00")


def test_the_summary_counts_by_type_channel_and_month() -> None:
    end: Entry = ("close", at("16:00"), {"closed": at("16:00")})
    first = complaint(ASSIGN, FOUND, solved("15:00"), end)
    other = complaint(channel="email", subject="charges", received="2026-10-05T09:00:00+08:00")
    found = rows("summary", first, other, complaint(kind="praise"))
    shown = [(*(row[name] for name in ("subject", "channel", "month")), row["count"]) for row in found]
    assert shown == [
        ("", "", "", 2),
        ("charges", "", "", 1),
        ("product", "", "", 1),
        ("", "email", "", 1),
        ("", "phone", "", 1),
        ("", "", "2026-10", 1),
        ("", "", "2026-11", 1),
    ]
    total = found[0]
    assert (total["median_h"], total["p90_h"], total["late"]) == ("7:00", "7:00", 1)
    assert (total["late_percent"], total["over_target"], total["first_h"]) == (50, True, "4:30")


def test_what_was_taken_over_is_reported_apart_on_request() -> None:
    both = (complaint(), taken_over("closed", closed=at("11:00")))
    counts = [rows(name, *both)[0]["count"] for name in ("summary", "own", "imported")]
    assert counts == [2, 1, 1]


def test_patterns_are_what_occurs_more_than_once() -> None:
    about = [complaint(about=[OTHER]), complaint(about=[OTHER], subject="charges")]
    found = [row for row in rows("patterns", *about) if row["about"]]
    assert [(row["about"], row["count"]) for row in found] == [(OTHER, 2)]
    assert not [row for row in rows("patterns", *about) if row["subject"]]


def test_progress_lists_what_is_not_closed() -> None:
    gone = taken_over("closed", closed=at("11:00"))
    (row,) = rows("progress", complaint(ASSIGN), gone, now=at("18:01"))
    assert (row["owner"], row["limit"], row["late"]) == (CLERK, LIMIT, True)


def test_complaints_are_traced_to_who_served() -> None:
    (row,) = rows("agents", complaint(served_by=OTHER, order_number="17"), complaint())
    assert (row["served_by"], row["order_number"]) == (OTHER, "17")


@given(st.lists(st.integers(0, 10_000), min_size=1), st.integers(1, 100))
def test_nearest_rank_covers_its_share(values: list[int], percent: int) -> None:
    ranked = sorted(values)
    found = nearest_rank(ranked, percent)
    assert found in ranked
    assert sum(each <= found for each in ranked if found is not None) * 100 >= percent * len(ranked)


def test_figures_of_few_values() -> None:
    assert (median([]), median([3]), median([3, 6])) == (None, 3, 4)
    assert (nearest_rank([], 90), nearest_rank(list(range(1, 11)), 90)) == (None, 9)
    assert (share(0, 0), share(1, 8), share(1, 3)) == (0, 13, 33)


def test_the_session_of_the_paper(svcdesk: Svcdesk) -> None:
    """From receipt to closing, as a clerk types it; what is refused cites its clause."""
    svcdesk('init . --name "Tower A" --timezone Asia/Shanghai', now=at("08:30"))
    for name, post in (("manager", "cs-manager"), ("clerk", "cs-assistant")):
        svcdesk(
            f"staff add --name {name} --email {name}@example.org --post {post} --department customer-service"
        )
    svcdesk("customer add --name Orchid --kind company --contact 13800000001", as_="manager")

    def clerk(line: str, exit_code: int = 0) -> str:
        done = svcdesk(f"complaint {line}", exit_code, as_="clerk", now=at("09:00"))
        return done.stdout + done.stderr

    opened = clerk(
        "open --channel phone --complainant CU-A0001 --contact 13800000001 --subject service-quality"
        ' --severity ordinary --content "The lift stood still."'
    )
    assert opened == "C2611-A0001 registered\n"
    assert clerk("assign A0001 --to S-A0003 --limit 2026-11-24T18:00:00+08:00") == "C2611-A0001 assigned\n"
    assert clerk("investigate A0001 --finding sensor --root-cause wear") == "C2611-A0001 investigating\n"
    assert "GC-p-3.2c" in clerk("resolve A0001 --solution replaced", 4)
    assert clerk("resolve A0001 --solution replaced --prevention spares") == "C2611-A0001 resolved\n"
    assert clerk("reply A0001 --how phone") == "C2611-A0001 replied\n"
    assert "GC-g-3.1.5" in clerk("close A0001", 4)
    assert clerk("follow-up A0001 --satisfied yes") == "C2611-A0001 followed-up\n"
    assert clerk("close A0001") == "C2611-A0001 closed\n"
    assert (
        clerk('open --channel letter --subject product --content "No name." ') == "C2611-A0002 registered\n"
    )
    shown = svcdesk("complaint show C2611-A0001 --format yaml", as_="clerk").stdout
    assert "customer: CU-A0001" in shown
    assert "median, hours" in svcdesk("complaint report", as_="clerk").stdout
    assert svcdesk("check", as_="clerk").stderr == "svcdesk: no findings\n"
