"""What an open conflict blocks: acts on the records of both sides, and claims to the things at stake. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.declared import Register
from svcdesk.feeds import Books
from svcdesk.feeds import Hold
from svcdesk.feeds import Movement
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import text

CONFLICT = "conflict"
OPEN = "open-conflict"
"""The rule that what is in dispute waits."""

MENDING = ("correct", "void")
"""Actions by which what stands is set right, also while a conflict is open."""


def blocked(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """Yield why an act has to wait for the resolution of a conflict that was open when it was entered.

    What gives back a thing or brings material in may always be entered, and what sets an entry right.
    """
    if register.name == CONFLICT or step.action in MENDING or next(books.of(CONFLICT), None) is None:
        return
    for thing in claims(step, register):
        yield from _disputed(step, thing, "things", books)
    if not _gives_back(step, register):
        yield from _disputed(step, step.new.id, "records", books)


def _disputed(step: Step, wanted: str, name: str, books: Books) -> Iterator[Finding]:
    for conflict in books.find(CONFLICT, **{name: wanted}):
        if is_open(conflict, step.entered):
            message = text(
                "{record} is in dispute by {conflict}; svcdesk conflict resolve comes first",
                record=wanted,
                conflict=conflict.id,
            )
            yield Finding(OPEN, message, record=step.new.id)


def is_open(conflict: Record, entered: str) -> bool:
    """Tell whether a conflict had arisen and was not resolved when something was entered."""
    end = conflict.last("resolve")
    moment = instant(entered)
    return instant(conflict.opened) <= moment and (end is None or moment < instant(end["at"]))


def claims(step: Step, register: Register) -> list[str]:
    """Return the things that an act newly gives to somebody, and the materials that it newly takes from."""
    held = [hold.thing for hold in new_holds(step, register) if hold.holder]
    taken = [each.material for each in new_movements(step, register) if each.quantity < 0]
    return list(dict.fromkeys([*held, *taken]))


def new_holds(step: Step, register: Register) -> list[Hold]:
    """Return the holds that begin with an act and have not ended."""
    before = {(hold.thing, hold.since) for hold in _holds(step.old, register)}
    return [
        hold
        for hold in _holds(step.new, register)
        if hold.until is None and (hold.thing, hold.since) not in before
    ]


def new_movements(step: Step, register: Register) -> list[Movement]:
    """Return the movements that an act adds to a ledger."""
    feed = register.feeds.ledger
    if feed is None or step.new.state == "void":
        return []
    before = list(feed(step.old)) if step.old else []
    return [each for each in feed(step.new) if each not in before]


def _gives_back(step: Step, register: Register) -> bool:
    """Tell whether an act ends a hold or brings material in."""
    still = {(hold.thing, hold.since) for hold in _holds(step.new, register) if hold.until is None}
    ended = [
        hold
        for hold in _holds(step.old, register)
        if hold.until is None and (hold.thing, hold.since) not in still
    ]
    return bool(ended) or any(each.quantity > 0 for each in new_movements(step, register))


def _holds(record: Record | None, register: Register) -> list[Hold]:
    feed = register.feeds.custody
    return list(feed(record)) if feed and record is not None and record.state != "void" else []


def is_held(record_id: str, books: Books) -> bool:
    """Tell whether a conflict holds the act that opened a record: its number is taken, its page is not there."""
    return books.get(record_id) is None and bool(books.find(CONFLICT, records=record_id))
