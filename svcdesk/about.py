"""Whom the texts of records are about, be they sealed or from before the desk sealed."""

from __future__ import annotations

from svcdesk import schema
from svcdesk.books import OpenBooks
from svcdesk.model import Record
from svcdesk.sealable import Place
from svcdesk.sealable import subject
from svcdesk.sealed import CLASSES
from svcdesk.sealed import is_sealed


def subject_of(record: Record, place: Place) -> str:
    """Return whose a text is: of whom the record names for its class, else the record's own."""
    fields = schema.fields(record.register)
    name, _dot, column = place.field.partition(".")
    nearest = subject(fields[name].items or {}, place.group, place.klass) if column else ""
    return nearest or subject(fields, record.data, place.klass) or record.id


def linked(books: OpenBooks, whose: str) -> list[str]:
    """Return the records that say they are about a subject: their own keys go with it."""
    return [
        record.id
        for record in books.mentioning(whose)
        if any(subject(schema.fields(record.register), record.data, klass) == whose for klass in CLASSES)
    ]


def in_clear(books: OpenBooks, whose: str) -> dict[str, int]:
    """Return the records in which texts about a subject stand in clear, each with how many of its fields do so.

    They were entered before the desk sealed; every act that entered one counts, as history keeps it.
    """
    subjects = (whose, *linked(books, whose))
    own = books.get(whose)
    found = {}
    for record in (*([own] if own else ()), *books.mentioning(whose)):
        clear = {
            place.field
            for act in record.acts
            for place in schema.texts_of_some(record.register, act.get("sets", {}))
            if not is_sealed(place.value) and subject_of(record, place) in subjects
        }
        if clear:
            found[record.id] = len(clear)
    return found
