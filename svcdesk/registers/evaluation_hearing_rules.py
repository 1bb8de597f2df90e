"""The rules from publication to the end: reading, appeal, decision, closing. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.evaluation_rules import last_scored
from svcdesk.rules import is_above
from svcdesk.rules import signers
from svcdesk.rules import when

DAY = 24 * 60


def appeal_ends(evaluation: Record, books: Books) -> str | None:
    """Return until when the person may appeal; None before the result is told."""
    published = when(evaluation, "publish")
    if published is None:
        return None
    return later(published, DAY * int(books.setting("evaluation.appeal-days", published)))


def _holds(person: str, setting: str, at: str, books: Books) -> bool:
    return bool(books.posts(person, at) & frozenset(books.setting(setting, at)))


@act_rule(actions=("publish",))
def second_level_is_above_the_first(step: Step, books: Books) -> Iterator[Text]:
    """Two levels sign: whoever publishes is above the one who scored, or answers for personnel."""
    for first in signers(step.new, "evaluator"):
        above = is_above(step.actor, first, step.at, books)
        if not above and not _holds(step.actor, "evaluation.second-level", step.at, books):
            if first == step.actor:
                yield text("{actor} signed first; the same person may not sign twice", actor=first)
            else:
                yield text("{actor} is not above {first}, who signed first", actor=step.actor, first=first)


@act_rule(actions=("read", "appeal"))
def the_person_speaks_for_himself(step: Step, books: Books) -> Iterator[Text]:
    """The person evaluated reads, comments and appeals himself."""
    if step.actor != step.new["person"]:
        yield text("only {person} himself can do that", person=step.new["person"])


@act_rule(actions=("appeal",))
def appeal_comes_in_time(step: Step, books: Books) -> Iterator[Text]:
    """An appeal is made within the days that the policy gives."""
    ends = appeal_ends(step.new, books)
    if ends is not None and before(ends, step.at):
        yield text("the time to appeal ended at {ends}", ends=ends)


@act_rule(actions=("appeal",))
def appeal_goes_to_somebody_who_did_not_score(step: Step, books: Books) -> Iterator[Text]:
    """An appeal goes to somebody above the person who neither scored nor signed."""
    judge, person = step.new["appeal_to"], step.new["person"]
    parties = {last_scored(step.new, "superior_scores"), person}
    parties |= {each.signer for each in step.new.signatures()}
    if judge in parties:
        yield text("{judge} has scored or signed it", judge=judge)
    elif not is_above(judge, person, step.at, books) and not _holds(
        judge, "evaluation.second-level", step.at, books
    ):
        yield text("{judge} is not above {person}", judge=judge, person=person)


@act_rule(actions=("decide",))
def appeal_is_decided_by_its_addressee(step: Step, books: Books) -> Iterator[Text]:
    """An appeal is decided by the person to whom it went."""
    if step.actor != step.new.get("appeal_to"):
        yield text("the appeal went to {judge}", judge=step.new.get("appeal_to", "-"))


@act_rule(actions=("decide",))
def a_change_brings_scores(step: Step, books: Books) -> Iterator[Text]:
    """A decision that changes the result brings the scores that now count; one that upholds it brings none."""
    given = "superior_scores" in step.sets
    if step.new.get("decision") == "changed" and not given:
        yield text("the superior's part is needed with the scores that count now")
    elif step.new.get("decision") == "upheld" and given:
        yield text("an appeal that is not granted changes no score")


@act_rule(actions=("close",))
def closing_waits_for_the_person(step: Step, books: Books) -> Iterator[Text]:
    """An evaluation is closed once the person has agreed, the appeal is decided, or the time to appeal is over."""
    ends = appeal_ends(step.new, books)
    settled = step.new.get("agrees") is True or "decision" in step.new.data
    if not settled and ends is not None and not before(ends, step.at):
        yield text(
            "{person} has not agreed and may appeal until {ends}", person=step.new["person"], ends=ends
        )


@act_rule(actions=("close",))
def closing_is_for_those_above(step: Step, books: Books) -> Iterator[Text]:
    """An evaluation is closed by somebody above the person, or who answers for personnel."""
    person = step.new["person"]
    above = is_above(step.actor, person, step.at, books)
    if step.actor == person or not (above or _holds(step.actor, "evaluation.closer", step.at, books)):
        yield text("{actor} is not above {person}", actor=step.actor, person=person)


@act_rule(actions=("note",))
def notes_come_from_those_concerned(step: Step, books: Books) -> Iterator[Text]:
    """Notes are written by the person, by those above, and by those who answer for personnel."""
    person = step.new["person"]
    concerned = step.actor == person or is_above(step.actor, person, step.at, books)
    if not concerned and not _holds(step.actor, "evaluation.second-level", step.at, books):
        yield text("{actor} is neither {person} nor above", actor=step.actor, person=person)
