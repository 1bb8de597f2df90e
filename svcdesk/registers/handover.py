"""Shift handovers (交接班): opened on a snapshot of the books, checked together, accepted by both, reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import before
from svcdesk.clock import day_of
from svcdesk.clock import days_between
from svcdesk.clock import instant
from svcdesk.declared import Action
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Case
from svcdesk.feeds import Duty
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.registers import handover_accept_rules
from svcdesk.registers import handover_rules
from svcdesk.registers.handover_due import ACCEPTED
from svcdesk.registers.handover_due import DEADLINES
from svcdesk.registers.handover_due import LIVE
from svcdesk.registers.handover_due import WATCHES
from svcdesk.registers.handover_settings import SETTINGS
from svcdesk.registers.handover_snapshot import escalation
from svcdesk.registers.handover_snapshot import expectation
from svcdesk.registers.handover_snapshot import take_down
from svcdesk.registers.handover_snapshot import unsettled
from svcdesk.rules import when

PAGE = ("progress", "equipment", "checks", "items", "mail", "reports", "carried", "urgent")
LISTS = ("checks", "items", "mail", "reports", "carried", "urgent")
ALL = (*LIVE, "refused", *ACCEPTED)
ENDLESS = "9999-12-31T23:59:59+00:00"
SIDES = ("CS4-2.3#1", "CS4-4.2#1")


def go_off(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Give when the outgoing person went off."""
    return {"left": at}


def case(handover: Record) -> Case | None:
    """A handover is the relief's case until it is accepted, the superior's while it is refused."""
    if handover.state in LIVE:
        return Case(handover.id, handover["incoming"], handover.opened, None)
    if handover.state == "refused" and handover.get("superior"):
        return Case(handover.id, handover["superior"], handover.opened, None)
    return None


def duty(handover: Record) -> Iterator[Duty]:
    """Whose duty is over by the roster is on duty until the relief has accepted."""
    since, until = handover.get("ends"), when(handover, "accept") or ENDLESS
    if since and before(since, until):
        yield Duty(handover["outgoing"], handover.get("post", ""), "", since, until, handover.id)


def merit(handover: Record) -> Iterator[Merit]:
    """A handover refused, not reviewed, or reviewed on a later day speaks of those who answer for it."""
    refused, accepted, reviewed = (when(handover, each) for each in ("refuse", "accept", "review"))
    if refused:
        yield Merit(handover["outgoing"], "handover-refused", refused, handover.id)
    if accepted and reviewed is None:
        yield Merit(handover["outgoing"], "handover-unreviewed", accepted, handover.id)
    elif accepted and reviewed and day_of(accepted) != day_of(reviewed):
        yield Merit(handover["reviewer"], "handover-reviewed-late", reviewed, handover.id)


def abnormal(handovers: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield the items that were marked abnormal last and are not cleared by a later mark."""
    last: dict[tuple[str, str, str], tuple[Record, Mapping[str, Any]]] = {}
    for handover in sorted(_until(handovers, at), key=lambda each: instant(each.opened)):
        for row in handover.get("checks", ()):
            last[handover["kind"], handover["department"], row["item"]] = handover, row
    for (kind, department, item), (handover, row) in sorted(last.items(), key=lambda each: each[1][0].id):
        if row["mark"] == "abnormal":
            yield {
                "id": handover.id,
                "kind": kind,
                "department": department,
                "item": item,
                "remark": row.get("remark"),
                "outgoing": handover["outgoing"],
                "since": handover.opened,
            }


def carried(handovers: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield the carried-over items that are still open, the oldest first."""
    for handover in sorted(_until(handovers, at), key=lambda each: (instant(each.opened), each.id)):
        for number, item in unsettled(handover):
            yield {
                "id": handover.id,
                "number": number,
                "what": item["what"],
                "owner": item.get("owner"),
                "due": item.get("due"),
                "days": days_between(day_of(handover.opened), day_of(at)),
            }


def _until(handovers: Sequence[Record], at: str) -> list[Record]:
    return [each for each in handovers if each.state != "void" and not before(at, each.opened)]


REGISTER = Register(
    name="handover",
    prefix="H",
    title="Handovers",
    area="handover",
    columns=("id", "state", "date", "kind", "department", "outgoing", "incoming"),
    lines=(
        Line("outgoing", "outgoing person", differs=("incoming", "reviewer"), clauses=SIDES),
        Line("incoming", "relief", differs=("outgoing", "reviewer"), clauses=SIDES),
        Line("reviewer", "reviewing lead", differs=("outgoing", "incoming")),
    ),
    actions=(
        Action(
            "open",
            "Open the handover of a shift; the books are taken down as they stand.",
            to="open",
            needs=("kind", "incoming"),
            takes=("department", "post", "shift", *PAGE),
            signs="outgoing",
            gathers=take_down,
            stamps="tree",
            author="outgoing",
        ),
        Action(
            "write",
            "Write progress, marks and the rest; items, mail, reports, carried-over work, a variance's reason.",
            source=LIVE,
            takes=(*PAGE, "variance"),
            adds=LISTS,
            ends=("outgoing",),
        ),
        Action(
            "count",
            "Enter what was counted; the books are asked only then.",
            to="counted",
            source=LIVE,
            needs=("counted",),
            adds=("counted",),
            ends=("outgoing",),
            gathers=expectation,
        ),
        Action(
            "ask",
            "Ask the outgoing person, or put to him what was found wrong.",
            source=LIVE,
            needs=("questions",),
            adds=("questions",),
        ),
        Action(
            "answer",
            "Answer the relief's questions, one after the other.",
            source=LIVE,
            needs=("answers",),
            adds=("answers",),
        ),
        Action(
            "refuse",
            "Refuse to take over; the superior decides.",
            to="refused",
            source=LIVE,
            reason=True,
            clauses=("CS4-1.6#2",),
            gathers=escalation,
        ),
        Action(
            "decide",
            "Decide on a refused handover.",
            to="decided",
            source=("refused",),
            needs=("decision",),
        ),
        Action(
            "accept",
            "Take over.",
            to="accepted",
            source=LIVE,
            takes=("read",),
            signs="incoming",
            lines=("outgoing", "incoming"),
            clauses=("CS4-1.6#3",),
        ),
        Action(
            "review",
            "Review a handover as a lead.",
            to="reviewed",
            source=("accepted",),
            takes=("remark",),
            may=Who(setting="handover.reviewer", clauses=("CS4-2.3#2", "CS4-4.2#2")),
            signs="reviewer",
            author="reviewer",
        ),
        Action(
            "note", "Add a remark after it was accepted.", source=ACCEPTED, needs=("notes",), adds=("notes",)
        ),
        Action("leave", "Enter that the outgoing person goes off duty.", source=ALL, completes=go_off),
        Action(
            "settle",
            "Enter that carried-over work is done.",
            source=ALL,
            needs=("settled",),
            adds=("settled",),
        ),
        Action(
            "tell",
            "Enter to whom an urgent matter was reported.",
            source=ALL,
            needs=("told",),
            adds=("told",),
        ),
        Action(
            "take-over",
            "Make complaints of what customers reported after hours.",
            source=ALL,
            needs=("taken_over",),
            adds=("taken_over",),
        ),
    ),
    rules=handover_rules.RULES + handover_accept_rules.RULES,
    deadlines=DEADLINES,
    watches=WATCHES,
    reports=(
        Report(
            "abnormal",
            "Items that are abnormal and not yet cleared.",
            ("CS4-2.1+",),
            abnormal,
            headings={"item": text("item"), "remark": text("remark"), "since": text("since")},
        ),
        Report(
            "carried",
            "Carried-over work that is still open.",
            ("CS15-2.2#2",),
            carried,
            headings={
                "number": text("number"),
                "what": text("what"),
                "owner": text("owner"),
                "due": text("due"),
                "days": text("days"),
            },
        ),
    ),
    feeds=Feeds(case=case, duty=duty, merit=merit),
    settings=SETTINGS,
    final=("reviewed",),
    computed=(
        "date",
        "direction",
        "ends",
        "outgoing",
        "snapshot",
        "stock",
        "pending",
        "learned",
        "tree",
        "expected",
        "superior",
        "left",
        "reviewer",
    ),
    blind=("stock", "expected"),
)
