"""What must hold of a duty log: kept by the watch, item by item, to the end of the duty. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import entered_at

KEPT = ("open", "enter", "round", "lights", "call")
"""What only the watch itself writes down."""

CLOSER_RANK = 60
"""The rank from which somebody else may close a log that the watch has left open (annex c: a lead)."""

TABLES = ("entries", "rounds", "lights", "calls", "online", "lapses", "absences")
MOMENTS = ("when", "from", "until")


def duty_of(log: Record, books: Books) -> Record | None:
    """Return the duty of the roster that a log is about."""
    found = books.get(log["duty"])
    return found if found is not None and found.register == "duty-roster" else None


@act_rule(actions=("open",))
def log_is_of_a_duty_on_the_roster(step: Step, books: Books) -> Iterator[Text]:
    """A log is opened for a duty that is on the published roster, shortly before it begins or while it lasts."""
    duty = duty_of(step.new, books)
    if duty is None:
        return
    published = duty.first("add", "publish", "import")
    off = duty.last("miss", "cancel", "void")
    if "person" not in step.new.data:
        yield text("{duty} was on no roster before {at}", duty=duty.id, at=step.entered)
    elif published is None or (off is not None and before(entered_at(off), step.entered)):
        yield text("{duty} is {state}", duty=duty.id, state=duty.state)
    elif "begins" in duty.data:
        first = later(duty["begins"], -books.setting("duty-log.early-minutes", step.at))
        if before(step.at, first) or not before(step.at, duty["ends"]):
            yield text(
                "{duty} lasts from {begins} to {ends}; {at} is no time to open its log",
                duty=duty.id,
                begins=duty["begins"],
                ends=duty["ends"],
                at=step.at,
            )


@state_rule()
def a_duty_has_one_log(log: Record, books: Books) -> Iterator[Text]:
    """A duty has one log."""
    if log.state == "void":
        return
    for other in books.find("duty-log", duty=log["duty"]):
        if other.id != log.id and other.state != "void":
            yield text("{duty} has the log {other}", duty=log["duty"], other=other.id)


@act_rule("CS15-1.3", actions=(*KEPT, "close"))
def log_is_kept_by_the_watch(step: Step, books: Books) -> Iterator[Text]:
    """The watch keeps the duty record form itself; a lead may close one that was left open."""
    person = step.new.get("person", step.actor)
    lead = step.action == "close" and books.rank(step.actor, step.entered) >= CLOSER_RANK
    if step.actor != person and not lead:
        yield text("{actor} writes; {person} is on duty", actor=step.actor, person=person)


@act_rule("CS15-2.7#1", actions=("close",))
def watch_is_recorded_item_by_item(step: Step, books: Books) -> Iterator[Text]:
    """Every day's duty is recorded item by item before its log is closed."""
    if not step.new.get("entries"):
        yield text("the log holds no entry; at least one is needed")


@act_rule("CS15-1.7#1", "CS15-2.1", actions=("close",))
def watch_stays_to_the_end(step: Step, books: Books) -> Iterator[Text]:
    """The watch stays at the post to the end of the duty, unless somebody who is on duty takes it over."""
    duty, relief = duty_of(step.new, books), step.new.get("relief")
    if duty is None or "ends" not in duty.data or not before(step.at, duty["ends"]):
        return
    others = {each.person for each in books.on_duty(step.at, known=step.entered)} - {step.new.get("person")}
    if relief is None:
        yield text("the duty lasts until {ends}; nobody takes the post over", ends=duty["ends"])
    elif relief not in others:
        yield text("{relief} is not on duty at {at}", relief=relief, at=step.at)


@state_rule("CS15-2.1", only_flags="that a post was left is a fact to be written down, not refused")
def post_is_covered_meanwhile(log: Record, books: Books) -> Iterator[Text]:
    """Nobody leaves a post on duty without somebody to hold it."""
    for each in uncovered(log):
        yield text("nobody held the post from {start} to {end}", start=each["from"], end=each["until"])


def uncovered(log: Record) -> Iterator[dict[str, str]]:
    """Yield the absences in which nobody else held the post."""
    for each in log.get("absences", ()):
        if each.get("covered_by", log.get("person")) == log.get("person"):
            yield each


@act_rule()
def entries_lie_within_the_watch(step: Step, books: Books) -> Iterator[Text]:
    """What is written down happened on the watch, and not later than it is entered."""
    for table in TABLES:
        for row in step.sets.get(table) or ():
            moments = [row[name] for name in MOMENTS if name in row]
            for moment in moments:
                if before(moment, step.new.get("begun", moment)) or before(step.at, moment):
                    yield text(
                        "{table}: {moment} lies outside {begun} to {at}",
                        table=table,
                        moment=moment,
                        begun=step.new.get("begun"),
                        at=step.at,
                    )
            if len(moments) > 1 and before(moments[-1], moments[0]):
                yield text(
                    "{table}: {until} lies before {start}", table=table, until=moments[-1], start=moments[0]
                )


@state_rule()
def a_duty_whose_log_is_closed_was_stood(log: Record, books: Books) -> Iterator[Text]:
    """A duty whose log is closed is entered as stood on the roster."""
    duty = duty_of(log, books)
    if (
        log.state == "closed"
        and log.last("close")
        and duty is not None
        and duty.first("stand", "import") is None
    ):
        yield text("{duty} is {state}", duty=duty.id, state=duty.state)


@act_rule(actions=("correct",))
def log_stays_that_of_its_duty(step: Step, books: Books) -> Iterator[Text]:
    """A log stays that of its duty: who stood it, and when, was taken down from the roster."""
    if "duty" in step.sets:
        yield text("{field}: declare the log void and open that of the other duty", field="duty")


RULES = (
    log_is_of_a_duty_on_the_roster,
    a_duty_has_one_log,
    log_is_kept_by_the_watch,
    watch_is_recorded_item_by_item,
    watch_stays_to_the_end,
    post_is_covered_meanwhile,
    entries_lie_within_the_watch,
    a_duty_whose_log_is_closed_was_stood,
    log_stays_that_of_its_duty,
)
