"""Finding a sealed text without reading it: a tag beside its subject's keys says what it is, to whoever may ask.

A tag is made of the sealed text, the clear one, and a key that only those who may read or find the class can take. So
two texts that are the same have tags that differ; without the key nothing is told by a tag, and with the subject's
keys its tags are erased: what is left in git, the sealed text, no guess can be held against.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from svcdesk import schema
from svcdesk import vault
from svcdesk.books import OpenBooks
from svcdesk.desk import Desk
from svcdesk.errors import Refused
from svcdesk.keystore import SEARCH
from svcdesk.keystore import Keystore
from svcdesk.keystore import Stored
from svcdesk.model import text
from svcdesk.rules import post_terms
from svcdesk.sealed import parse
from svcdesk.sealing import Reader
from svcdesk.sealing import Right
from svcdesk.sealing import keys_of
from svcdesk.sealing import may_find
from svcdesk.sealing import may_read
from svcdesk.sealing import needed_store
from svcdesk.sealing import posts_for
from svcdesk.sealing import wrapped

LENGTH = 32
"""Hexadecimal digits of a tag: 128 bits."""


class SearchKey(NamedTuple):
    """A key for searching a class, as one who may search has taken it."""

    name: str
    klass: str
    key: bytes

    def tag(self, sealed: str, clear: str) -> str:
        """Return the tag of a sealed text that holds this clear one."""
        words = "\0".join((self.klass, sealed, likeness(clear))).encode()
        return f"{self.name}-{hmac.digest(self.key, words, 'sha256').hex()[:LENGTH]}"


def likeness(clear: str) -> str:
    """Return what texts are compared by: capitals and spaces around them aside."""
    return unicodedata.normalize("NFC", clear).strip().casefold()


def stored_form(desk: str, search: SearchKey, known: Mapping[str, bytes]) -> Stored:
    """Return a key for searching as the store holds it, wrapped for these people."""
    return wrapped(desk, search.key, Stored(search.name, SEARCH, search.klass, {}), known)


@cache
def classes(register: str) -> Mapping[str, str]:
    """Return the texts of a register that are sealed, as `field` or `field.column`, each with its class."""
    found: dict[str, str] = {}
    for name, (field, columns) in schema.sealable(register).items():
        found |= {f"{name}.{column}": each.klass for column, each in columns.items()} or {name: field.klass}
    return found


def found_unread(books: OpenBooks, staff: str, register: str, looked: frozenset[str], at: str) -> list[str]:
    """Return the classes, of those looked at, that a person may find and not read; raises Refused without any right."""
    asked = sorted(each for each in looked if may_find(books, staff, each, at))
    if not asked:
        rights: tuple[Right, ...] = ("finders", "readers")
        posts = [
            post for each in rights for klass in sorted(looked) for post in posts_for(each, books, klass, at)
        ]
        raise Refused(
            text(
                "{person} may neither read nor find what is sealed in {name}; it needs {posts}",
                person=staff,
                name=register,
                posts=post_terms(tuple(dict.fromkeys(posts)), at, books),
            )
        )
    return [each for each in asked if not may_read(books, staff, each, at)]


class Searcher:
    """The keys for searching that one person can take at a moment; raises NeedsAttention where none is to be had."""

    def __init__(
        self, desk: Desk, books: OpenBooks, staff: str, at: str, store: Keystore | None = None
    ) -> None:
        self._desk = desk
        self._books = books
        self._staff = staff
        self._at = at
        self._store = store or needed_store(desk)
        self._hand = Reader(desk, books, staff, at, may_find)
        self._known: dict[str, list[SearchKey]] = {}

    def keys(self, klass: str) -> list[SearchKey]:
        """Return every key for searching a class that this person can take: two clones may each have made one."""
        if klass not in self._known:
            taken = [(each, self.take(each)) for each in self.stored(klass)]
            self._known[klass] = [key for _each, key in taken if key is not None]
        return self._known[klass]

    def finds(self, klass: str, sealed: str, clear: str) -> bool:
        """Tell whether a sealed text is known to hold this clear one."""
        envelope = parse(sealed)
        if envelope is None:
            return False
        return any(self._store.is_tagged(envelope.subject, each.tag(sealed, clear)) for each in self.keys(klass))

    def stored(self, klass: str) -> list[Stored]:
        """Return the keys for searching a class as the store holds them."""
        return [each for each in self._store.of(SEARCH) if each.klass == klass]

    def take(self, stored: Stored) -> SearchKey | None:
        """Return a key for searching, or None where it is not for this person."""
        key = self._hand.take(stored)
        return SearchKey(stored.name, stored.klass, key) if key is not None else None

    def own(self, klass: str) -> tuple[SearchKey | None, Stored | None]:
        """Return the key with which this person tags, and what is to be stored of it where it is a new one.

        It is wrapped for just those who may search today: whoever was dismissed can make nothing of a new tag. None
        for who may not search, and without the private key for one that is there.
        """
        known = keys_of(may_find, self._books, klass, self._at)
        fitting = [each for each in self.stored(klass) if each.wraps.keys() == known.keys()]
        if fitting or self._staff not in known:
            return next((key for each in fitting if (key := self.take(each)) is not None), None), None
        key = SearchKey(vault.new_name(), klass, vault.new_key())
        return key, stored_form(self._desk.config.id, key, known)
