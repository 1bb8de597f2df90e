"""Conflicts: what two clones did that cannot both stand, until somebody who did neither has decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import Touch
from svcdesk.model import text

LEAD = Who(rank=60)
"""Leads and those above them (annex c: cs-lead)."""

MOST_NAMED = 4
"""Records and things that are named where a conflict is due; its page has them all."""


def corrections(books: Books, conflict: Record) -> Iterator[Touch]:
    """Where the later side is kept, correct what stands to the values that it gave."""
    if conflict.get("keep") != "local":
        return
    values: dict[str, dict[str, Any]] = {}
    for each in conflict.get("differences", ()):
        values.setdefault(each["record"], {})[each["field"]] = each["local"]
    for record, sets in values.items():
        yield Touch(record, "correct", sets)


def blocked(conflict: Record, books: Books) -> Text:
    """Return what waits for the resolution of a conflict."""
    waiting = [*conflict.get("things", ()), *conflict["records"]]
    named, more = ", ".join(waiting[:MOST_NAMED]), len(waiting) - MOST_NAMED
    if more > 0:
        return text("{records} and {count} more wait for svcdesk conflict resolve", records=named, count=more)
    return text("{records} wait for svcdesk conflict resolve", records=named)


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
        ),
    ),
    rules=(resolver_acted_in_neither, a_conflict_is_resolved),
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
