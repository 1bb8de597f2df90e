"""What is due: every deadline of every live record, and every signature line that an action waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from svcdesk.binding import all_excluded
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.declared import Deadline
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.open_lines import is_for
from svcdesk.open_lines import open_lines
from svcdesk.people import wanted_posts
from svcdesk.proofs import Proofs


class Item(NamedTuple):
    """One thing that is due: of which record, by which deadline, when, how late in seconds, who answers.

    An open signature line is due at no time of its own: `due` is empty.
    """

    record: str
    deadline: str
    clauses: tuple[str, ...]
    sentence: Text
    due: str
    late: int
    person: str
    posts: tuple[str, ...] = ()
    """Of an open line that is nobody's in particular: the posts that may sign it."""
    people: tuple[str, ...] = ()
    """Of a deadline that is nobody's in particular: who may see to it."""


def due_items(desk: Desk, at: str, until: str, person: str = "") -> list[Item]:
    """Return what is due by `until`, of all or of one person, the latest first; `late` counts from `at`.

    Signature lines that are open come last: they have no time of their own.
    """
    books = desk.books
    everything = (*_all(desk, books, at), *_owed(desk, books, at, until))
    found = [item for item in everything if instant(item.due) <= instant(until)]
    ordered = sorted(found, key=lambda item: (-item.late, item.record, item.deadline))
    return [*(each for item in ordered for each in _of(item, person)), *_lines(desk, books, at, person)]


def _of(item: Item, person: str) -> Iterator[Item]:
    """Yield an item if it is a person's (or all are asked for): as his, where he is one of several."""
    if person in item.people:
        yield item._replace(person=person)
    elif person in ("", item.person):
        yield item


def _lines(desk: Desk, books: OpenBooks, at: str, person: str) -> Iterator[Item]:
    """Yield the signature lines that actions wait for, by record."""
    books.is_signed = Proofs(desk)
    for waiting in sorted(open_lines(desk, books, at), key=lambda each: (each.record.id, each.line.name)):
        if person and not is_for(waiting, person, at, books):
            continue
        posts = wanted_posts(waiting.line.who, at, books)
        sentence = text(
            "{line} signs; {action} waits for it", line=waiting.line.term, action=waiting.action.term
        )
        for owner in [person] if person else waiting.owners or [""]:
            yield Item(
                waiting.record.id,
                waiting.line.name,
                waiting.line.clauses,
                sentence,
                "",
                0,
                owner,
                () if owner else posts,
            )


def _all(desk: Desk, books: OpenBooks, at: str) -> Iterator[Item]:
    for register in desk.registers.values():
        states = dict.fromkeys(state for deadline in register.deadlines for state in deadline.states)
        for state in states:
            for record in desk.index.where(register.name, "state", state):
                for deadline in register.deadlines:
                    if state in deadline.states:
                        yield from _item(record, deadline, books, at)


def _owed(desk: Desk, books: OpenBooks, at: str, until: str) -> Iterator[Item]:
    """Yield what the registers miss altogether, as far as its regulations bind this desk."""
    excluded = books.setting("scope.excluded", at)
    for watch in (each for register in desk.registers.values() for each in register.watches):
        if all_excluded(watch.clauses, excluded):
            continue
        for owed in watch.owed(books, until):
            yield Item(
                owed.record,
                watch.name,
                watch.clauses,
                text(watch.sentence),
                owed.due,
                _seconds_late(owed.due, at),
                owed.person,
            )


def _seconds_late(due: str, at: str) -> int:
    return int((instant(at) - instant(due)).total_seconds())


def _item(record: Record, deadline: Deadline, books: OpenBooks, at: str) -> Iterator[Item]:
    try:
        due = deadline.due(record, books)
    except BadInput as error:
        # A calendar that ends before the deadline is itself something to do now.
        sentence = text("cannot be computed: {reason}", reason=error.message)
        yield Item(
            record.id, deadline.name, deadline.clauses, sentence, at, 0, deadline.person(record, books)
        )
        return
    if due is not None:
        yield Item(
            record.id,
            deadline.name,
            deadline.clauses,
            deadline.told(record, books) if deadline.told else text(deadline.sentence),
            due,
            _seconds_late(due, at),
            deadline.person(record, books),
            people=tuple(deadline.anyone(record, books, at)) if deadline.anyone else (),
        )
