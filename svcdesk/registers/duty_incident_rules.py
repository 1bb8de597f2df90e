"""What must hold of an incident: who is told of what, and what has to be there before it is closed. Pure."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import unknown_code

SUPERIOR = "superior"
"""What the policy writes for whoever stands above the reporter, in place of a post."""


def is_major(incident: Record) -> bool:
    """Tell a major event from an ordinary one."""
    return bool(incident["grade"] == "major")


def is_reported(incident: Record, books: Books) -> bool:
    """Tell whether there is a written report on a major event for the CS manager to sign."""
    return is_major(incident) and "report" in incident.data


def reporter(incident: Record) -> str:
    """Return who reported it."""
    return str(incident.acts[0]["by"])


def has_reached(incident: Record, wanted: Collection[str], books: Books) -> bool:
    """Tell whether somebody in one of these posts was told, or reported it himself."""
    own = books.posts(reporter(incident), incident.opened)
    return bool(own & set(wanted)) or any(
        _is_one(each["to"], each["when"], wanted, incident, books) for each in incident.get("told", ())
    )


def _is_one(person: str, at: str, wanted: Collection[str], incident: Record, books: Books) -> bool:
    above = books.rank(person, at) > books.rank(reporter(incident), at)
    return bool(books.posts(person, at) & set(wanted)) or (SUPERIOR in wanted and above)


@act_rule(actions=("report",))
def event_lies_before_its_report(step: Step, books: Books) -> Iterator[Text]:
    """An event is reported after it happened."""
    if before(step.at, step.new["occurred"]):
        yield text("it happened at {occurred}, after {at}", occurred=step.new["occurred"], at=step.at)


@act_rule(actions=("report", "tell", "call-help"))
def people_are_told_after_the_event(step: Step, books: Books) -> Iterator[Text]:
    """People are told, and asked for help, once it has happened, and it is written down after that."""
    for row in (*(step.sets.get("told") or ()), *(step.sets.get("assistance") or ())):
        if before(row["when"], step.new["occurred"]) or before(step.at, row["when"]):
            yield text(
                "{moment} lies outside {occurred} to {at}",
                moment=row["when"],
                occurred=step.new["occurred"],
                at=step.at,
            )


@act_rule(actions=("report", "call-help"))
def help_comes_from_a_department(step: Step, books: Books) -> Iterator[Text]:
    """Help is asked of departments that the desk knows."""
    for row in step.sets.get("assistance") or ():
        yield from unknown_code(row["department"], step.entered, books)


@act_rule("CS15-2.3#2", actions=("regrade",))
def major_event_is_lowered_from_above(step: Step, books: Books) -> Iterator[Text]:
    """A major event is not played down: only somebody above who reported it makes it an ordinary one."""
    lowered = step.old is not None and is_major(step.old) and not is_major(step.new)
    first = reporter(step.new)
    if lowered and books.rank(step.actor, step.entered) <= books.rank(first, step.entered):
        yield text(
            "{actor} does not stand above {reporter}, who reported it", actor=step.actor, reporter=first
        )


@act_rule("CS15-1.6+", actions=("close",))
def major_event_closes_with_its_report(step: Step, books: Books) -> Iterator[Text]:
    """A major event is not closed without the written report to the CS manager."""
    if is_major(step.new) and not is_reported(step.new, books):
        yield text("there is no written report; write comes first")


@act_rule(actions=("review",))
def there_is_a_report_to_review(step: Step, books: Books) -> Iterator[Text]:
    """The CS manager signs a report that is there."""
    if not is_reported(step.new, books):
        yield text("there is no written report on a major event")


@act_rule(actions=("close",))
def what_was_reviewed_stays(step: Step, books: Books) -> Iterator[Text]:
    """Who closes an incident replaces nothing of the report that the CS manager has signed."""
    old = step.old
    if old is None or not old.signatures("reviewer"):
        return
    for name in ("prevention", "loss"):
        if name in old.data and step.new.get(name) != old[name]:
            field = Term(name, "field", register="duty-incident")
            yield text("{field}: another was signed with the report; write it anew, and have it reviewed", field=field)


RULES = (
    event_lies_before_its_report,
    people_are_told_after_the_event,
    help_comes_from_a_department,
    major_event_is_lowered_from_above,
    major_event_closes_with_its_report,
    there_is_a_report_to_review,
    what_was_reviewed_stays,
)
