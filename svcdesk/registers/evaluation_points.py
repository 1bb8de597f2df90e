"""The ten-point ledger (扣分登记): each event is proposed with what it rests on, and confirmed or waived from above."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import before
from svcdesk.decimals import from_tenths
from svcdesk.decimals import tenths
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Setting
from svcdesk.feeds import Books
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.registers import evaluation_points_rules as rules
from svcdesk.registers.evaluation_points_table import REPLACE
from svcdesk.registers.evaluation_points_table import TABLE
from svcdesk.registers.evaluation_points_table import cost
from svcdesk.registers.evaluation_points_table import shares_swaps
from svcdesk.registers.evaluation_points_table import step_reading
from svcdesk.registers.evaluation_points_table import table

Fields = Mapping[str, Any]

CHARGED = {"missed-call": "missed-call", "staff-attitude": "bad-attitude"}
"""Subject of a verified complaint: the event that it is charged as."""


def dated(old: Record | None, sets: Fields, at: str) -> Fields:
    """An event counts in the month in which it happened."""
    return {"month": sets["date"][:7]} if isinstance(sets.get("date"), str) else {}


def counted(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Count the event among those of its kind in the month, and read off what it costs unless that is entered."""
    if old is None:
        return {}
    rows = books.setting("evaluation-points.table", at)
    shared = shares_swaps(rows)
    alike = shared if old["code"] in shared else (old["code"],)
    count = 1 + sum(
        each.state == "confirmed" and each["month"] == old["month"] and each["code"] in alike
        for each in books.find("evaluation-points", person=old["person"])
    )
    found: dict[str, Any] = {"occurrence": count}
    costs = cost(rows[old["code"]], count, books.setting("evaluation-points.steps", at))
    if costs is not None:
        found["points"] = sets.get("points", from_tenths(costs))
    return found


def merit(event: Record) -> Iterator[Merit]:
    """Points that were deducted speak against the person, on the day of the event."""
    if event.state == "confirmed" and tenths(event.get("points", "0")):
        yield Merit(event["person"], "points", f"{event['date']}T12:00:00{event.opened[-6:]}", event.id)


def work_due(event: Record, books: Books) -> str | None:
    """Return when the day's work that is still unfinished has to be done."""
    return books.wall_time(event["date"], "24:00") if event["code"] == "work-unfinished" else None


def monthly(records: Sequence[Record], books: Books, at: str) -> Iterator[Fields]:
    """Yield each person's balance of each month, what it calls for and what was given."""
    start = tenths(books.setting("evaluation-month.start", at))
    limits = [
        (tenths(books.setting(f"evaluation-month.{each}", at)), each) for each in ("sanction", "warning")
    ]
    groups: dict[tuple[str, str], list[Record]] = {}
    for each in records:
        if each.state in ("proposed", "confirmed"):
            groups.setdefault((each["month"], each["person"]), []).append(each)
    for (month, person), events in sorted(groups.items()):
        lost = sum(tenths(each.get("points", "0")) for each in events if each.state == "confirmed")
        balance, record = max(start - lost, 0), books.get(person)
        sheets = (each for each in books.find("evaluation-month", person=person) if each.state != "void")
        closed = next((each for each in sheets if each["month"] == month), None)
        yield {
            "month": month,
            "person": person,
            "name": record["name"] if record else "",
            "events": sum(each.state == "confirmed" for each in events),
            "open": sum(each.state == "proposed" for each in events),
            "lost": from_tenths(lost),
            "balance": from_tenths(balance),
            "calls_for": next((name for limit, name in limits if balance <= limit), ""),
            "measure": closed.get("measure", "") if closed else "",
            "closed": closed.id if closed else "",
        }


def uncharged(records: Sequence[Record], books: Books, at: str) -> Iterator[Fields]:
    """Yield the verified complaints that are not charged yet, as `propose --from` reads them."""
    charged = {(each.get("complaint"), each["person"]) for each in records if each.state != "void"}
    for case in books.find("complaint"):
        code = CHARGED.get(case.get("subject", ""))
        verified = case.get("verified") and case.get("kind", "complaint") == "complaint"
        if code is None or not verified or case.state == "void" or before(at, case["received"]):
            continue
        for person in case.get("about", ()):
            if (case.id, person) not in charged:
                yield {"person": person, "date": case["received"][:10], "code": code, "complaint": case.id}


REGISTER = Register(
    name="evaluation-points",
    prefix="EP",
    title="Ten-point deductions",
    area="evaluation",
    book="points",
    columns=("id", "state", "person", "date", "code", "occurrence", "points"),
    actions=(
        Action(
            "propose",
            "Enter an event that may cost points.",
            to="proposed",
            needs=("person", "date", "code"),
            takes=("minutes", "complaint", "evidence", "work", "swap_day", "remark"),
            completes=dated,
        ),
        Action(
            "confirm",
            "Deduct the points that the table says.",
            to="confirmed",
            source=("proposed",),
            takes=("points", "minutes", "complaint", "swap_day", "criticism"),
            gathers=counted,
        ),
        Action(
            "waive",
            "Deduct nothing, for a special reason.",
            to="waived",
            source=("proposed",),
            reason=True,
        ),
    ),
    rules=(
        rules.event_is_past,
        rules.complaint_is_charged_once,
        rules.points_are_decided_from_above,
        rules.supervising_gives_no_power_to_deduct,
        rules.events_are_confirmed_one_after_the_other,
        rules.closed_month_takes_no_more,
        rules.what_a_closed_month_counts_stands,
        rules.what_is_decided_stands,
        rules.forgotten_sign_in_is_a_swap_day,
        rules.lateness_costs_half_a_point,
        rules.more_than_half_an_hour_is_absence,
        rules.resting_unasked_is_absenteeism,
        rules.leave_beyond_the_swap_days_is_absence,
        rules.leaving_the_post_is_absenteeism,
        rules.third_time_not_online_costs_five,
        rules.third_missed_call_costs_five,
        rules.fifth_missed_call_costs_ten,
        rules.bad_attitude_costs_a_point,
        rules.third_bad_attitude_costs_five,
        rules.fifth_bad_attitude_costs_ten,
        rules.unfinished_work_costs_half_to_one,
        rules.missed_call_penalty_rests_on_verified_complaints,
    ),
    deadlines=(
        Deadline(
            "work-finished",
            ("CS1-5.7#1", "CS2-2.3.7#1"),
            "Besides serving customers, the day's other work is finished by the end of the day.",
            ("proposed",),
            work_due,
            lambda event, books: str(event["person"]),
        ),
    ),
    reports=(
        Report(
            "month",
            "Points by month and person, with the warnings due",
            ("CS1-5+",),
            monthly,
            headings={
                "name": text("name"),
                "events": text("events"),
                "open": text("undecided"),
                "lost": text("deducted"),
                "balance": text("points left"),
                "calls_for": text("calls for"),
                "measure": text("measure"),
                "closed": text("closed by"),
            },
        ),
        Report("uncharged", "Verified complaints that are not charged yet", (), uncharged),
    ),
    feeds=Feeds(merit=merit),
    settings={
        "evaluation-points.table": Setting(
            TABLE,
            "What each event costs: points for each, steps at a count in the month, events that share swap "
            "days and how many of them are free, or a range to choose from.",
            ("CS1-5.0#2", "CS2-2.3.0#2"),
            suits=table,
        ),
        "evaluation-points.steps": Setting(
            REPLACE,
            "Whether the points of a step replace what was deducted before in the month, or add to it.",
            ("CS1-5.5#2", "CS1-5.6#2"),
            suits=step_reading,
        ),
        "evaluation-points.late-minutes": Setting(
            30, "Minutes late beyond which it is absence.", ("CS1-5.2#2", "CS2-2.3.2#2"), "less"
        ),
    },
    final=("confirmed", "waived"),
    computed=("month", "occurrence", "points"),
)
