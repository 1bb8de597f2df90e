"""The rules of a closed month: its balance, and the warning or sanction that it leads to. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import instant
from svcdesk.decimals import from_tenths
from svcdesk.decimals import tenths
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.periods import first_day
from svcdesk.periods import following
from svcdesk.rules import entered_at
from svcdesk.rules import is_above
from svcdesk.sanctions import PUNISHMENTS
from svcdesk.sanctions import severity

DECISIONS = ("confirm", "waive", "void")
CLOSED = ("close", "correct")
"""What a balance is judged at: a correction names another measure."""


def standing(person: str, books: Books) -> Iterator[Record]:
    """Yield the months of a person that are closed."""
    for each in books.find("evaluation-month", person=person):
        if each.state != "void":
            yield each


@act_rule(actions=("close",))
def month_is_closed_once(step: Step, books: Books) -> Iterator[Text]:
    """A person's month is closed once."""
    for other in standing(step.new["person"], books):
        if other["month"] == step.new["month"] and other.id < step.new.id:
            yield text("{month} is closed by {record}", month=other["month"], record=other.id)


@act_rule(actions=("close",))
def month_is_over(step: Step, books: Books) -> Iterator[Text]:
    """A month is closed after its end; that of somebody who has left, at once."""
    ends = books.wall_time(first_day(following(step.new["month"])), "00:00")
    if before(step.at, ends) and books.posts(step.new["person"], step.at):
        yield text("{month} ends at {ends}", month=step.new["month"], ends=ends)


@act_rule(actions=("close",))
def every_event_is_decided(step: Step, books: Books) -> Iterator[Text]:
    """A month is closed once each event proposed in it is confirmed or waived."""
    moment = instant(step.entered)
    for event in books.find("evaluation-points", person=step.new["person"]):
        decided = event.first(*DECISIONS)
        known = instant(entered_at(event.acts[0])) < moment
        waits = decided is None or instant(entered_at(decided)) >= moment
        if event["month"] == step.new["month"] and known and waits:
            yield text("{record} is neither confirmed nor waived by {at}", record=event.id, at=step.entered)


@act_rule(actions=("close",))
def month_is_closed_from_above(step: Step, books: Books) -> Iterator[Text]:
    """A person's month is closed by somebody above."""
    if not is_above(step.actor, step.new["person"], step.at, books):
        yield text("{actor} is not above {person}", actor=step.actor, person=step.new["person"])


@act_rule("CS1-5.0#2", "CS2-2.3.0#2", actions=("close",))
def month_begins_with_ten_points(step: Step, books: Books) -> Iterator[Text]:
    """Each month begins with ten points, from which what was confirmed is deducted."""
    sheet, start = step.new, books.setting("evaluation-month.start", step.at)
    wanted = max(tenths(start) - tenths(sheet["deducted"]), 0)
    if tenths(sheet["balance"]) != wanted:
        yield text(
            "balance {balance}; {start} less {deducted} is {wanted}",
            balance=sheet["balance"],
            start=start,
            deducted=sheet["deducted"],
            wanted=from_tenths(wanted),
        )


@act_rule("CS1-5.0#3", "CS2-2.3.0#3", actions=CLOSED)
def low_balance_gets_a_warning(step: Step, books: Books) -> Iterator[Text]:
    """A balance of five points or less leads to a verbal warning."""
    line = books.setting("evaluation-month.warning", step.at)
    if tenths(step.new["balance"]) <= tenths(line) and _is_milder(step, books, "verbal-warning"):
        yield text(
            "balance {balance}; from {line} down a verbal warning is needed",
            balance=step.new["balance"],
            line=line,
        )


@act_rule("CS1-5.0#4", "CS2-2.3.0#4", actions=CLOSED)
def very_low_balance_gets_a_sanction(step: Step, books: Books) -> Iterator[Text]:
    """A balance of two points or less leads to a sanction by the company."""
    line = books.setting("evaluation-month.sanction", step.at)
    if tenths(step.new["balance"]) <= tenths(line) and _is_milder(step, books, "sanction"):
        yield text(
            "balance {balance}; from {line} down a sanction is needed",
            balance=step.new["balance"],
            line=line,
        )


@act_rule("CS1-5.0#5", "CS2-2.3.0#5", actions=CLOSED)
def low_months_in_a_row_get_a_severe_sanction(step: Step, books: Books) -> Iterator[Text]:
    """Three months in a row at or below the line lead to a severe sanction."""
    most, count = int(books.setting("evaluation-month.severe-months", step.at)), step.new["low_months"]
    if most and count >= most and _is_milder(step, books, "severe-sanction"):
        yield text(
            "{count} months in a row at or below {line}; a severe sanction is needed",
            count=count,
            line=books.setting("evaluation-month.severe", step.at),
        )


def _is_milder(step: Step, books: Books, kind: str) -> bool:
    """Tell whether the measure named is milder than a kind, or none."""
    measure, person = step.new.get("measure", ""), step.new["person"]
    return severity(measure, person, step.entered, books) < PUNISHMENTS.index(kind)


@act_rule(actions=("correct",))
def figures_of_a_closed_month_stand(step: Step, books: Books) -> Iterator[Text]:
    """Person, month and balance of a closed month are never corrected; a month closed wrongly is voided."""
    for name in sorted(step.sets.keys() & {"person", "month", "balance"}):
        field = Term(name, "field", register="evaluation-month")
        yield text("{field} stands as it was entered; a month closed wrongly is voided", field=field)
