"""Wrapping keys anew, after somebody has come or gone, and tagging anew what may be found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from svcdesk import schema
from svcdesk import vault
from svcdesk.books import OpenBooks
from svcdesk.desk import Desk
from svcdesk.keystore import Keystore
from svcdesk.sealed import CLASSES
from svcdesk.sealed import Envelope
from svcdesk.sealed import parse
from svcdesk.sealing import Reader
from svcdesk.sealing import keys_of
from svcdesk.sealing import may_find
from svcdesk.sealing import may_read
from svcdesk.sealing import needed_store
from svcdesk.sealing import posts_for
from svcdesk.sealing import wrapped
from svcdesk.searching import Searcher
from svcdesk.searching import SearchKey
from svcdesk.searching import stored_form


class Rewrapping:
    """What one person does at a moment for those who may read and find today; raises NeedsAttention, OSError."""

    def __init__(self, desk: Desk, books: OpenBooks, staff: str, at: str) -> None:
        self._desk = desk
        self._books = books
        self._staff = staff
        self._at = at
        self._store: Keystore = needed_store(desk)
        self._reader = Reader(desk, books, staff, at)

    def run(self) -> tuple[int, int]:
        """Wrap every key that the person can take anew; returns how many, and how many were not his to take."""
        counts = [self._data_keys(), *(self._search_keys(each) for each in CLASSES)]
        return sum(done for done, _left in counts), sum(left for _done, left in counts)

    def _data_keys(self) -> tuple[int, int]:
        done = left = 0
        for stored in (each for whose in self._store.subjects() for each in self._store.of(whose)):
            key = self._reader.take(stored)
            known = keys_of(may_read, self._books, stored.klass, self._at)
            if key is None or not known:
                left += 1
                continue
            self._store.put(wrapped(self._desk.config.id, key, stored, known))
            done += 1
        return done, left

    def _search_keys(self, klass: str) -> tuple[int, int]:
        """Leave one key for searching a class, which nobody holds who may not search, and all tags made with it."""
        searcher = Searcher(self._desk, self._books, self._staff, self._at)
        standing = searcher.stored(klass)
        if not may_read(self._books, self._staff, klass, self._at):
            return 0, len(standing)
        if not posts_for("finders", self._books, klass, self._at):
            self._store.forget(each.name for each in standing)
            return 0, 0
        known = keys_of(may_find, self._books, klass, self._at)
        own = {each.name: each for each in searcher.keys(klass)}
        if self._staff not in known or (standing and not own):
            return 0, len(standing)
        fitting = (each.name for each in standing if each.wraps.keys() <= known.keys())
        kept = next((own[name] for name in fitting if name in own), None)
        kept = kept or SearchKey(vault.new_name(), klass, vault.new_key())
        self._store.put(stored_form(self._desk.config.id, kept, known))
        self._tag(kept)
        self._store.forget(own.keys() - {kept.name})
        return 1, len(standing) - len(own)

    def _tag(self, search: SearchKey) -> None:
        """Lay the tags that are missing beside the keys of all that the person can read."""
        missing = defaultdict(list)
        for envelope, clear in self._readable(search.klass):
            tag = search.tag(str(envelope), clear)
            if not self._store.is_tagged(envelope.subject, tag):
                missing[envelope.subject].append(tag)
        for whose, tags in missing.items():
            self._store.tag(whose, tags)

    def _readable(self, klass: str) -> Iterator[tuple[Envelope, str]]:
        for register in (each for each in schema.names() if schema.sealable(each)):
            for record in self._desk.index.of(register):
                for place in schema.texts_of_some(register, record.data):
                    envelope = parse(place.value) if place.klass == klass else None
                    clear = self._reader.open(place.value) if envelope else None
                    if envelope is not None and clear is not None:
                        yield envelope, clear
