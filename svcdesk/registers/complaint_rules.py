"""What must hold when a complaint is taken in, passed on, solved, answered and closed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.clock import minutes_between
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.complaint_clock import is_reachable
from svcdesk.registers.complaint_clock import is_waiting
from svcdesk.rules import when

SEVERITIES = ("ordinary", "urgent", "complex", "major")
"""From the least to the gravest: whoever may decide on one may decide on those before it."""


@act_rule("GC-e-15#1", actions=("open",))
def complaint_is_entered_on_receipt(step: Step, books: Books) -> Iterator[Text]:
    """A complaint is recorded as soon as it is received; who enters it later says why."""
    minutes = minutes_between(step.at, step.entered)
    limit = books.setting("complaint.entry-minutes", step.at)
    if minutes > limit and not step.act.get("reason"):
        yield text(
            "entered {minutes} minutes after receipt, the limit is {limit}; a reason is needed",
            minutes=minutes,
            limit=limit,
        )


@act_rule("CS4-3.1#2", actions=("open",), fixed=True)
def handover_says_that_it_was_taken_over(step: Step, books: Books) -> Iterator[Text]:
    """A complaint that comes from a handover is one that the handover names."""
    name = step.new.get("handover")
    handover = books.get(name) if name else None
    if handover and step.new.id not in [row["complaint"] for row in handover.get("taken_over", ())]:
        yield text("{handover} does not name it; handover take-over makes complaints", handover=name)


@act_rule("GC-g-3.1.2", actions=("open",))
def complainant_can_be_reached(step: Step, books: Books) -> Iterator[Text]:
    """Contact details are entered with a complaint, unless the complainant stays unknown."""
    new = step.new
    known = books.get(new["customer"]) if new.get("customer") else None
    reached = new.get("contact") or new.get("reported_by") or (known and known.get("contact"))
    if new["reporter"] != "anonymous" and not reached:
        yield text("no contact of the complainant; open needs contact, or the reporter anonymous")


@act_rule("OM-2.7.3-4#3", "OM-2.7.3-P3", actions=("resolve", "settle"))
def root_cause_is_found(step: Step, books: Books) -> Iterator[Text]:
    """A complaint is solved only once its root cause has been found, so that measures can follow from it."""
    if not step.new.get("root_cause"):
        yield text("no root cause; {action} needs root_cause", action=step.action)


@act_rule("OM-2.7.2#1", actions=("settle", "resolve"))
def handler_is_empowered(step: Step, books: Books) -> Iterator[Text]:
    """Only who is on the delegation list settles a complaint on the spot or grants compensation, within its range."""
    amount = Decimal(step.new.get("compensation", "0"))
    if step.action == "resolve" and "compensation" not in step.sets:
        return
    severity = step.new.get("severity", "ordinary") if step.action == "settle" else SEVERITIES[0]
    table = books.setting("complaint.delegation", step.at)
    ranges = [table[post] for post in sorted(books.posts(step.actor, step.at)) if post in table]
    if not ranges:
        yield text("{actor} is not on the delegation list", actor=step.actor)
    elif not any(_within(each, severity, amount) for each in ranges):
        yield text(
            "severity {severity}, compensation {amount}; {actor} may decide up to {range}",
            severity=severity,
            amount=str(amount),
            actor=step.actor,
            range=" | ".join(f"{each['severity']} {each.get('compensation', '∞')}" for each in ranges),
        )


def _within(granted: dict[str, Any], severity: str, amount: Decimal) -> bool:
    most = granted.get("compensation")
    grave = SEVERITIES.index(severity) <= SEVERITIES.index(granted["severity"])
    return grave and (most is None or amount <= most)


@act_rule("OM-2.7.3-7", actions=("settle",))
def escalated_case_is_investigated(step: Step, books: Books) -> Iterator[Text]:
    """An escalated matter is investigated, never settled on the spot."""
    at = when(step.new, "escalate")
    if at:
        yield text("escalated at {at}; investigate and resolve are needed", at=at)


@act_rule(actions=("pause", "resume"))
def clock_stands_still_once(step: Step, books: Books) -> Iterator[Text]:
    """The clock stands still only while we wait for the customer."""
    waiting = step.old is not None and is_waiting(step.old)
    if step.action == "pause" and waiting:
        yield text("the clock stands still already; resume comes first")
    if step.action == "resume" and not waiting:
        yield text("the clock is running; there is nothing to resume")


@act_rule("SQ-sup-1.2#3", "GC-e-17#1", "GC-e-16#2", actions=("close",))
def outcome_is_told_before_closing(step: Step, books: Books) -> Iterator[Text]:
    """The outcome is told to the complainant before the case is closed."""
    if _untold(step):
        yield text("the complainant has not been told; reply comes first")


def _untold(step: Step) -> bool:
    return step.old is not None and step.old.state == "resolved" and is_reachable(step.new)


@act_rule("GC-g-3.1.5", actions=("close",))
def follow_up_comes_before_closing(step: Step, books: Books) -> Iterator[Text]:
    """A case is closed only after a follow-up call has shown that the problem is thoroughly solved."""
    if step.old is None or _untold(step) or not is_reachable(step.new):
        return
    if step.old.state != "followed-up":
        yield text("no follow-up call since the reply; follow-up comes first")
    elif step.new.get("satisfied") == "no":
        yield text("the complainant is not satisfied; reopen comes first")


@act_rule("OM-2.7.2#2", actions=("close",))
def delegate_reports_before_closing(step: Step, books: Books) -> Iterator[Text]:
    """Who settled a complaint on the spot has reported it to the head before it is closed."""
    if owes_report(step.new):
        yield text("settled at {at} and not reported; tell-head comes first", at=when(step.new, "settle"))


def owes_report(complaint: Record) -> bool:
    """Tell whether a case settled on the spot by delegated power is still to be reported."""
    settled, told = when(complaint, "settle"), when(complaint, "tell-head")
    return settled is not None and (told is None or before(told, settled))


@act_rule("GC-q-7.3", actions=("acknowledge",))
def complaint_is_not_just_acknowledged(step: Step, books: Books) -> Iterator[Text]:
    """Only praise and suggestions are closed with an acknowledgement."""
    if step.new.get("kind") not in ("praise", "suggestion"):
        yield text("{record} is a {kind}; it has to be solved", record=step.new.id, kind=step.new.get("kind"))


@state_rule("OM-2.7.4#2")
def repeats_form_no_loop(complaint: Record, books: Books) -> Iterator[Text]:
    """A complaint repeats an earlier one, never itself or one that repeats it."""
    seen = {complaint.id}
    link = complaint.get("repeat_of")
    while link:
        if link in seen:
            yield text("{record} is among those that it repeats", record=link)
            return
        seen.add(link)
        earlier = books.get(link)
        link = earlier.get("repeat_of") if earlier else None


@state_rule(only_flags="books taken over from elsewhere hold such rows, and none may be lost")
def times_follow_receipt(complaint: Record, books: Books) -> Iterator[Text]:
    """A complaint is solved and closed after it was received."""
    for name in ("solved", "closed"):
        if complaint.get(name) and before(complaint[name], complaint["received"]):
            yield text(
                "{field} {time} lies before received {received}",
                field=name,
                time=complaint[name],
                received=complaint["received"],
            )
