"""Wrapping keys anew, after somebody has come or gone."""

from __future__ import annotations

from svcdesk.books import OpenBooks
from svcdesk.desk import Desk
from svcdesk.sealing import Reader
from svcdesk.sealing import needed_store
from svcdesk.sealing import readers
from svcdesk.sealing import wrapped


def wrap_anew(desk: Desk, books: OpenBooks, staff: str, at: str) -> tuple[int, int]:
    """Wrap every key that a person can take for those who may read today; how many, and how many were not his."""
    store, reader = needed_store(desk), Reader(desk, books, staff, at)
    done = left = 0
    for stored in (each for whose in store.subjects() for each in store.of(whose)):
        key = reader.take(stored)
        known = readers(books, stored.klass, at)
        if key is None or not known:
            left += 1
            continue
        store.put(wrapped(desk.config.id, key, stored, known))
        done += 1
    return done, left
