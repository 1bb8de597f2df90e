"""Sealing what is entered: each text under a key of its subject; key and tag are in the store before the commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svcdesk import schema
from svcdesk import vault
from svcdesk.about import subject_of
from svcdesk.books import OpenBooks
from svcdesk.desk import Desk
from svcdesk.errors import NeedsAttention
from svcdesk.keystore import Stored
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.sealable import Place
from svcdesk.sealable import replaced
from svcdesk.sealed import Envelope
from svcdesk.sealed import is_sealed
from svcdesk.sealing import Reader
from svcdesk.sealing import bound_text
from svcdesk.sealing import keys_of
from svcdesk.sealing import may_read
from svcdesk.sealing import needed_store
from svcdesk.sealing import posts_for
from svcdesk.sealing import wrapped
from svcdesk.searching import Searcher
from svcdesk.searching import SearchKey


class Sealer:
    """Seals what one session enters; new keys are in the store before the commit that needs them is made."""

    def __init__(self, desk: Desk) -> None:
        vault.require()
        self._desk = desk
        self._store = needed_store(desk)
        self._known: dict[tuple[str, str, str], tuple[str, bytes]] = {}
        self._searched: dict[tuple[str, str], SearchKey | None] = {}
        self._new: list[Stored] = []
        self._tags: dict[str, list[str]] = {}

    def seal(self, step: Step, books: OpenBooks) -> dict[str, Any]:
        """Return the form of an act with its texts sealed; those that are sealed already stay as they are."""

        def change(place: Place) -> str:
            if is_sealed(place.value):
                return place.value
            whose = subject_of(step.new, place)
            name, key = self._key(step, whose, place.klass, books)
            envelope = Envelope(whose, name, step.new.id, place.field, "")
            body = vault.seal(key, place.value, bound_text(self._desk.config.id, envelope))
            sealed = str(envelope._replace(body=body))
            search = self._search(step, place.klass, books)
            if search is not None:
                self._tags.setdefault(whose, []).append(search.tag(sealed, place.value))
            return sealed

        return replaced(schema.sealable(step.new.register), step.sets, change)

    def keep(self) -> None:
        """Write new keys and tags to the store."""
        for each in self._new:
            self._store.put(each)
        for whose, tags in self._tags.items():
            self._store.tag(whose, tags)
        self._new.clear()
        self._tags.clear()

    def _key(self, step: Step, whose: str, klass: str, books: OpenBooks) -> tuple[str, bytes]:
        """Return name and bytes of a key of the subject: one that who acts can take, else a new one."""
        asked = (step.actor, whose, klass)
        if asked not in self._known:
            known = keys_of(may_read, books, klass, step.entered)
            if not known:
                raise NeedsAttention(
                    text("nobody who may read {name} fields has a key; svcdesk seal admit adds one", name=klass)
                )
            reader = Reader(self._desk, books, step.actor, step.entered)
            self._known[asked] = self._taken(reader, whose, klass, known) or self._made(whose, klass, known)
        return self._known[asked]

    def _taken(
        self, reader: Reader, whose: str, klass: str, known: Mapping[str, bytes]
    ) -> tuple[str, bytes] | None:
        """Return a key of the subject that is wrapped for just those who may read today, and can be taken."""
        fitting = (each for each in self._store.of(whose) if (each.klass, each.wraps.keys()) == (klass, known.keys()))
        taken = ((each.name, reader.take(each)) for each in fitting)
        return next(((name, key) for name, key in taken if key is not None), None)

    def _made(self, whose: str, klass: str, known: Mapping[str, bytes]) -> tuple[str, bytes]:
        key, bare = vault.new_key(), Stored(vault.new_name(), whose, klass, {})
        self._new.append(wrapped(self._desk.config.id, key, bare, known))
        return bare.name, key

    def _search(self, step: Step, klass: str, books: OpenBooks) -> SearchKey | None:
        """Return the key with which who acts tags what is entered; None where policy lets nobody search, or not him."""
        if not posts_for("finders", books, klass, step.entered):
            return None
        asked = (step.actor, klass)
        if asked not in self._searched:
            searcher = Searcher(self._desk, books, step.actor, step.entered, self._store)
            self._searched[asked], made = searcher.own(klass)
            self._new.extend((made,) if made else ())
        return self._searched[asked]


def has_clear(register: str, sets: Mapping[str, Any]) -> bool:
    """Tell whether a form has texts that are still to be sealed."""
    return any(not is_sealed(each.value) for each in schema.texts_of_some(register, sets))
