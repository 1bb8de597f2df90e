"""Signature lines that an action waits for: empty, or filled less strongly than the policy asks."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import NamedTuple

from svcdesk.books import OpenBooks
from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.model import Record
from svcdesk.people import fits
from svcdesk.people import wanted_posts
from svcdesk.signing import strong_enough


class OpenLine(NamedTuple):
    """A line that is open: of which record, for which action; whose it is, as far as that is known."""

    record: Record
    line: Line
    action: Action
    owners: tuple[str, ...]
    """Who has signed it too weakly, or whom the record names; nobody where anyone who fits may sign."""
    barred: frozenset[str] = frozenset()
    """Who has entered what waits for the line, and does not sign it himself."""


def open_lines(desk: Desk, books: OpenBooks, at: str) -> Iterator[OpenLine]:
    """Yield the open lines of every live record, those of customers left out, each once."""
    for register in desk.registers.values():
        for state, waiting in _waiting(register).items():
            for record in desk.index.where(register.name, "state", state):
                for line, action in waiting.items():
                    yield from _open(record, line, action, books, at)
        for line in register.lines:
            yield from _awaited(register, line, books)


def _awaited(register: Register, line: Line, books: OpenBooks) -> Iterator[OpenLine]:
    """Yield where a line puts in force what stands already; an import is signed as a whole, not row by row."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for each in line.awaits(books) if line.awaits else ():
        name = each.record, each.action
        found[name] = found.get(name, each.authors) & each.authors
    for (record_id, action_name), barred in found.items():
        record, action = books.get(record_id), register.action(action_name)
        if record is not None and action is not None:
            yield OpenLine(record, line, action, (), barred)


def _waiting(register: Register) -> Mapping[str, Mapping[Line, Action]]:
    """Return for each state of a register that ends sometime the lines waited for, with the first action that does."""
    found: dict[str, dict[Line, Action]] = {}
    for action in register.actions:
        for name in action.lines:
            line = register.line(name)
            for state in action.source:
                if line is not None and not line.who.customer and state not in register.final:
                    found.setdefault(state, {}).setdefault(line, action)
    return found


def _open(record: Record, line: Line, action: Action, books: OpenBooks, at: str) -> Iterator[OpenLine]:
    strong = strong_enough(record, line, at, books)
    if len(strong) >= line.count or not _is_needed(line, record, books):
        return
    weak = [each.signer for each in record.signatures(line.name) if each.signer not in strong]
    named = record.get(line.name.replace("-", "_"))
    owner = [named] if isinstance(named, str) and not weak and _is_staff(named, books) else []
    yield OpenLine(record, line, action, tuple(dict.fromkeys(weak or owner)))


def _is_needed(line: Line, record: Record, books: OpenBooks) -> bool:
    try:
        return line.needed is None or line.needed(record, books)
    except BadInput:
        # What cannot be computed gates the action all the same.
        return True


def _is_staff(person: str, books: OpenBooks) -> bool:
    found = books.get(person)
    return found is not None and found.register == "staff"


def is_for(waiting: OpenLine, person: str, at: str, books: OpenBooks) -> bool:
    """Tell whether an open line is a person's: by name, or because he may sign it and has not barred himself."""
    line, record = waiting.line, waiting.record
    if waiting.owners:
        return person in waiting.owners
    if person in waiting.barred:
        return False
    if not (wanted_posts(line.who, at, books) or line.who.rank or line.who.departments):
        return False
    register = books.register(record.register)
    for each in record.signatures():
        other = register.line(each.line)
        apart = each.line in line.differs or (other is not None and line.name in other.differs)
        if each.signer == person and (apart or each.line == line.name):
            return False
    return fits(line.who, person, at, books)
