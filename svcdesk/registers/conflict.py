"""Conflicts: what two clones did that cannot both stand, until somebody who did neither has decided."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.clock import instant
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Hold
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import Touch
from svcdesk.model import text
from svcdesk.rules import entered_at

LEAD = Who(rank=60)
"""Leads and those above them (annex c: cs-lead)."""

MOST_NAMED = 4
"""Records, things and acts that are named where a conflict is due or resolved; its page has them all."""


def corrections(books: Books, conflict: Record) -> Iterator[Touch]:
    """Where the later side is kept, correct what stands to the values that it gave."""
    if conflict.get("keep") != "local":
        return
    values: dict[str, dict[str, Any]] = {}
    for each in conflict.get("differences", ()):
        values.setdefault(each["record"], {})[each["field"]] = each["local"]
    for record, sets in values.items():
        yield Touch(record, "correct", sets)


def left_over(conflict: Record, books: Books) -> Iterator[Text]:
    """Say what a resolution asks for and does not carry out itself: acts held back that are to be entered again."""
    keep = conflict["keep"]
    if keep == "published":
        return
    done = conflict["kind"] == "field" and keep == "local"
    corrected = {each["record"] for each in conflict.get("differences", ()) if done}
    rows = [each for each in conflict["held"] if each["record"] not in corrected]
    if rows:
        yield from _in_the_way(conflict, books)
    for each in rows[:MOST_NAMED]:
        yield _to_be_entered(each, books)
    if len(rows) > MOST_NAMED:
        yield text(
            "and {count} more; svcdesk conflict show {record} has them all",
            count=len(rows) - MOST_NAMED,
            record=conflict.id,
        )


def _in_the_way(conflict: Record, books: Books) -> Iterator[Text]:
    for each in _held_by_the_published(conflict, books, conflict.acts[-1]):
        yield text(
            "{thing} is still with {holder} by {record}; it has to come back there first",
            thing=each.thing,
            holder=each.holder,
            record=each.record,
        )
    if conflict["kind"] == "overdrawn":
        yield text("{things}: the books have to hold enough of it first", things=", ".join(conflict["things"]))


def _to_be_entered(row: Mapping[str, Any], books: Books) -> Text:
    said = {name: row[name] for name in ("record", "action", "by", "at")}
    if books.get(row["record"]) is None:
        return text(
            "left to be entered by hand, under a new number: what {by} did at {at} as {record} ({action})", **said
        )
    return text(
        "left to be entered by hand: {action} on {record}, which {by} did at {at}; as a new entry where its state"
        " does not allow it any more",
        **said,
    )


def _held_by_the_published(conflict: Record, books: Books, act: Act) -> Iterator[Hold]:
    """Yield who has the things at stake by the published side at the moment of an act's entry."""
    moment = instant(entered_at(act))
    published = {each["record"] for each in conflict.get("published", ())}
    for thing in conflict.get("things", ()):
        for each in books.holds(thing):
            lasts = instant(each.since) <= moment and (each.until is None or moment < instant(each.until))
            if each.holder and each.record in published and lasts:
                yield each


def blocked(conflict: Record, books: Books) -> Text:
    """Return what waits for the resolution of a conflict."""
    waiting = [*conflict.get("things", ()), *conflict["records"]]
    named, more = ", ".join(waiting[:MOST_NAMED]), len(waiting) - MOST_NAMED
    if more > 0:
        return text("waiting for svcdesk conflict resolve: {records} and {count} more", records=named, count=more)
    return text("waiting for svcdesk conflict resolve: {records}", records=named)


def sides(conflict: Record) -> set[str]:
    """Return the people who acted or signed on either side."""
    rows = [*conflict.get("published", ()), *conflict["held"]]
    signed = (entry.get("staff", "") for each in rows for entry in each.get("act", {}).get("signed", ()))
    return {*(each["by"] for each in rows), *signed}


def resolvers(conflict: Record, books: Books, at: str) -> list[str]:
    """Return who may resolve a conflict at a moment."""
    barred = sides(conflict)
    staff = (each.id for each in books.find("staff", state="active"))
    return sorted(each for each in staff if each not in barred and books.rank(each, at) >= LEAD.rank)


@act_rule(actions=("resolve",), fixed=True)
def resolver_acted_in_neither(step: Step, books: Books) -> Iterator[Text]:
    """A conflict is resolved by somebody who acted on neither side of it."""
    for each in (*step.new.get("published", ()), *step.new["held"]):
        signers = [entry.get("staff") for entry in each.get("act", {}).get("signed", ())]
        if step.actor in (each["by"], *signers):
            yield text(
                "{actor} acted on {record}; another lead decides", actor=step.actor, record=each["record"]
            )
            return


@act_rule(actions=("resolve",), fixed=True)
def a_thing_has_one_holder(step: Step, books: Books) -> Iterator[Text]:
    """Both sides are kept only where both can stand: while one has a thing, another cannot have it."""
    if step.new["kind"] == "double-claim" and step.sets.get("keep") == "both":
        for each in _held_by_the_published(step.new, books, step.act):
            yield text(
                "{thing} is with {holder} by {record}; both stand only once it has come back there:"
                " keep published or local",
                thing=each.thing,
                holder=each.holder,
                record=each.record,
            )


@act_rule(actions=("correct", "void"), fixed=True)
def a_conflict_is_resolved(step: Step, books: Books) -> Iterator[Text]:
    """A conflict is neither corrected nor declared void; it is resolved."""
    yield text("svcdesk conflict resolve {record} decides it", record=step.new.id)


REGISTER = Register(
    name="conflict",
    prefix="X",
    title="Conflicts between clones",
    area="conflict",
    columns=("id", "state", "kind", "records", "things", "keep"),
    actions=(
        Action(
            "arise",
            "Two histories that were joined contradict each other.",
            to="open",
            needs=("kind", "records", "held"),
            takes=("things", "published", "differences", "rules"),
            by_merge=True,
        ),
        Action(
            "resolve",
            "Decide which side is kept.",
            to="resolved",
            source=("open",),
            needs=("keep",),
            takes=("note",),
            may=LEAD,
            reason=True,
            touches=corrections,
            remarks=left_over,
        ),
    ),
    rules=(resolver_acted_in_neither, a_thing_has_one_holder, a_conflict_is_resolved),
    deadlines=(
        Deadline(
            "resolution",
            (),
            "A conflict is resolved at once; what it is about waits until then.",
            ("open",),
            lambda conflict, books: conflict.opened,
            lambda conflict, books: "",
            told=blocked,
            anyone=resolvers,
        ),
    ),
    final=("resolved",),
)
