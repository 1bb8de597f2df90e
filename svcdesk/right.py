"""Whether a person may act: by the declaration, by the policy, and against what others have entered. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from svcdesk.books import OpenBooks
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.model import Act
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.people import fits
from svcdesk.people import wanted_posts
from svcdesk.rules import post_terms
from svcdesk.rules import ranked

LEAD = 60
"""The rank from which a person corrects what somebody without a rank has entered (annex c: cs-lead)."""


def judge_right(step: Step, action: Action, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """Judge whether the one who acts may: his post, and for a correction or a void, whose entries it touches."""
    who = action.may
    if action.name in ("correct", "void"):
        yield from _right_to_correct(step, action, register, books)
        if action.name == "void":
            yield from _dependents(step, books)
            yield from _still_out(step, register)
    elif not fits(who, step.actor, step.entered, books):
        yield _no_right(step, action, who, books)


def _no_right(step: Step, action: Action, who: Who, books: OpenBooks) -> Finding:
    needed = wanted_posts(who, step.entered, books) or who.departments
    if needed:
        message = text(
            "{actor} may not {action}; it needs {posts}",
            actor=step.actor,
            action=action.term,
            posts=post_terms(needed, step.entered, books),
        )
    elif who.rank:
        message = text(
            "{actor} may not {action}; it needs {needed}",
            actor=step.actor,
            action=action.term,
            needed=ranked(who.rank, step.entered, books),
        )
    else:
        message = text(
            "{actor} may not {action}; no post was held at {at}",
            actor=step.actor,
            action=action.term,
            at=step.entered,
        )
    return Finding(f"{step.action}-right", message, who.clauses, record=step.new.id)


def _right_to_correct(step: Step, action: Action, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """A correction is signed by somebody above the one who entered; master data by those who keep it."""
    if register.corrects.posts:
        if not fits(register.corrects, step.actor, step.entered, books):
            yield _no_right(step, action, register.corrects, books)
        return
    own = books.rank(step.actor, step.entered)
    names = step.sets.keys()
    acts: Sequence[Act] = step.old.acts if step.old else ()
    entered = [act for act in acts if act["action"] != "sign" and names & act.get("sets", {}).keys()]
    for author, moment in sorted({(act["by"], act.get("entered", act["at"])) for act in entered or acts[:1]}):
        # Who entered it without a rank (the desk-admin, an import) is corrected by a lead or above.
        needed = max(books.rank(author, moment) + 1, LEAD if not books.rank(author, moment) else 0)
        if own < needed or author == step.actor:
            message = text(
                "{author} entered it; somebody above, of rank {rank} or higher, has to do this",
                author=author,
                rank=needed,
            )
            yield Finding("correct-from-above", message, record=step.new.id)


def _dependents(step: Step, books: OpenBooks) -> Iterator[Finding]:
    for other in books.mentioning(step.new.id):
        if other.id != step.new.id and other.state not in ("void", *final(other, books)):
            message = text("{record} depends on it", record=other.id)
            yield Finding("void-without-dependents", message, record=step.new.id)


def _still_out(step: Step, register: Register) -> Iterator[Finding]:
    """What a record holds is given back before the record is void, or nobody would look for it."""
    feed = register.feeds.custody
    for hold in feed(step.old) if feed and step.old else ():
        if hold.until is None and hold.holder:
            message = text("{thing} is still with {holder} by it", thing=hold.thing, holder=hold.holder)
            yield Finding("void-without-dependents", message, record=step.new.id)


def final(record: Record, books: OpenBooks) -> tuple[str, ...]:
    """Return the states in which a record of this register is closed."""
    return books.register(record.register).final
