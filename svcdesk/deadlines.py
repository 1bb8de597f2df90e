"""What is due: every deadline of every live record, and every signature line that an action waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.judge import document
from svcdesk.model import Deadline
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text


class Item(NamedTuple):
    """One thing that is due: of which record, by which deadline, when, how late in seconds, who answers."""

    record: str
    deadline: str
    clauses: tuple[str, ...]
    sentence: Text
    due: str
    late: int
    person: str


def due_items(desk: Desk, at: str, until: str) -> list[Item]:
    """Return what is due by `until`, the latest first; `late` counts from `at`."""
    books = desk.books
    everything = (*_all(desk, books, at), *_owed(desk, books, at, until))
    found = [item for item in everything if instant(item.due) <= instant(until)]
    return sorted(found, key=lambda item: (-item.late, item.record, item.deadline))


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
        if watch.clauses and all(document(each) in excluded for each in watch.clauses):
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
            text(deadline.sentence),
            due,
            _seconds_late(due, at),
            deadline.person(record, books),
        )
