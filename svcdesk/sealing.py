"""Who may read what is sealed, and with which key: a desk's policy, its key store, and a person's own key."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from base64 import b64encode
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

from svcdesk import schema
from svcdesk import vault
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.clock import later_seconds
from svcdesk.clock import stamp
from svcdesk.desk import Desk
from svcdesk.durable import save
from svcdesk.durable import sync_folder
from svcdesk.durable import write_all
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.ids import register_of
from svcdesk.keystore import Keystore
from svcdesk.keystore import Stored
from svcdesk.keystore import found
from svcdesk.model import text
from svcdesk.sealed import Envelope
from svcdesk.sealed import parse

SETTING = "sealing"
LOCAL = "seal.json"

Right = Literal["readers", "finders"]
May = Callable[[OpenBooks, str, str, str], bool]
"""Whether a person, by staff id, has a right to a class of fields at a moment."""


def data_folder(desk: Desk) -> Path:
    """Return the folder in which a person keeps what belongs to a desk and to no clone of it."""
    home = os.environ.get("XDG_DATA_HOME", "")
    base = Path(home) if os.path.isabs(home) else Path.home() / ".local" / "share"
    return base / "svcdesk" / desk.config.id


def key_file(desk: Desk, staff: str) -> Path:
    """Return where a person's private key lies."""
    return data_folder(desk) / f"{staff}.key"


def private_key(desk: Desk, staff: str) -> bytes | None:
    """Return a person's private key, or None where it is not on this machine; raises NeedsAttention."""
    file = key_file(desk, staff)
    try:
        key = b64decode(file.read_bytes().strip(), validate=True)
    except FileNotFoundError:
        return None
    except ValueError:
        key = b""
    if len(key) != vault.KEY:
        raise NeedsAttention(text("{file} holds no key; take it from a backup", file=str(file)))
    return key


def own_key(desk: Desk, staff: str) -> str:
    """Return a person's public key in base64; the private one is made where there is none."""
    private = private_key(desk, staff)
    if private is None:
        vault.require()
        private = vault.new_key()
        file = key_file(desk, staff)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            write_all(descriptor, b64encode(private) + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(file.parent)
    return b64encode(vault.public_of(private)).decode("ascii")


def use_store(desk: Desk, folder: Path | None) -> Keystore:
    """Make this clone use a key store, which is made where there is none yet; raises BadInput, NeedsAttention."""
    store = found((folder or data_folder(desk) / "keys").absolute(), desk.config.id)
    save(desk.git_folder / LOCAL, json.dumps({"store": str(store.folder)}).encode())
    return store


def store_of(desk: Desk) -> Keystore | None:
    """Return the key store that this clone uses, or None where it uses none; raises NeedsAttention."""
    try:
        entry = json.loads((desk.git_folder / LOCAL).read_bytes())
        return Keystore(Path(entry["store"]), desk.config.id)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise NeedsAttention(text("svcdesk seal setup --store DIR names the key store anew")) from None


def needed_store(desk: Desk) -> Keystore:
    """Return the key store; raises NeedsAttention where this clone uses none."""
    store = store_of(desk)
    if store is None:
        raise NeedsAttention(
            text("this clone does not know the desk's key store; svcdesk seal setup --store DIR names it")
        )
    return store


def posts_for(right: Right, books: OpenBooks, klass: str, at: str) -> Sequence[str]:
    """Return the posts that read, or only find, a class of fields, by the policy in force."""
    posts: Sequence[str] = books.setting(SETTING, at).get(right, {}).get(klass, ())
    return posts


def may_read(books: OpenBooks, staff: str, klass: str, at: str) -> bool:
    """Tell whether one of a person's posts lets read a class of fields."""
    return not books.posts(staff, at).isdisjoint(posts_for("readers", books, klass, at))


def may_find(books: OpenBooks, staff: str, klass: str, at: str) -> bool:
    """Tell whether a person may learn where a text of a class stands: who reads it, or one of whose posts finds it."""
    posts = posts_for("finders", books, klass, at)
    return may_read(books, staff, klass, at) or not books.posts(staff, at).isdisjoint(posts)


def keys_of(may: May, books: OpenBooks, klass: str, at: str) -> dict[str, bytes]:
    """Return the public keys of the people who may read, or may find, a class of fields."""
    known: Mapping[str, str] = books.setting(SETTING, at).get("recipients", {})
    return {staff: b64decode(key) for staff, key in known.items() if may(books, staff, klass, at)}


def wrapped(desk: str, key: bytes, stored: Stored, known: Mapping[str, bytes]) -> Stored:
    """Return a key wrapped for these people and nobody else."""
    wraps = {
        staff: vault.wrap(key, public, _bound(desk, stored, staff)) for staff, public in known.items()
    }
    return Stored(stored.name, stored.subject, stored.klass, wraps)


def _bound(desk: str, stored: Stored, staff: str) -> Sequence[str]:
    return ("key", desk, stored.subject, stored.name, stored.klass, staff)


def bound_text(desk: str, envelope: Envelope) -> Sequence[str]:
    """Return what a sealed text is bound to: desk, subject, key, record and field."""
    return ("text", desk, *envelope[:4])


class Reader:
    """Opens what one person may read at a moment, with the key that lies on this machine."""

    def __init__(self, desk: Desk, books: OpenBooks, staff: str, at: str, may: May = may_read) -> None:
        self._desk = desk
        self._books = books
        self._staff = staff
        self._at = at
        self._may = may
        self._keys: dict[tuple[str, str], bytes | None] = {}

    @cached_property
    def _private(self) -> bytes | None:
        return private_key(self._desk, self._staff) if self._staff else None

    @cached_property
    def _store(self) -> Keystore | None:
        try:
            return store_of(self._desk)
        except (NeedsAttention, OSError):
            return None

    def open(self, value: str) -> str | None:
        """Return the clear text of a sealed value; None where it is not for this person, or its key is gone."""
        envelope = parse(value)
        key = self._key(envelope.subject, envelope.key) if envelope else None
        if envelope is None or key is None:
            return None
        return vault.unseal(key, envelope.body, bound_text(self._desk.config.id, envelope))

    def erasure(self, value: str) -> str:
        """Return the erasure by which a sealed value was lost to a person who could read it; else nothing."""
        envelope = parse(value)
        klass = self._class_of(envelope) if envelope else ""
        if envelope is None or not may_read(self._books, self._staff, klass, self._at):
            return ""
        try:
            return self._store.erasure(envelope.subject, envelope.key) if self._store else ""
        except OSError:
            return ""

    def _class_of(self, envelope: Envelope) -> str:
        """Return the class of the field that a sealed text was made for; nothing where there is no such field."""
        register = register_of(envelope.record, self._desk.registers)
        name, _dot, column = envelope.field.partition(".")
        found = schema.sealable(register.name).get(name) if register else None
        field = found and (found[1].get(column) if column else found[0])
        return field.klass if field else ""

    def _key(self, whose: str, name: str) -> bytes | None:
        if (whose, name) not in self._keys:
            stored = self._stored(whose, name) if self._private else None
            self._keys[whose, name] = self.take(stored) if stored else None
        return self._keys[whose, name]

    def _stored(self, whose: str, name: str) -> Stored | None:
        """Return a key as the store has it: who enters is told of a store in disorder, who reads finds texts sealed."""
        try:
            return self._store.get(whose, name) if self._store else None
        except (NeedsAttention, OSError):
            return None

    def take(self, stored: Stored) -> bytes | None:
        """Return the bytes of a key, or None where it is not for this person."""
        given = stored.wraps.get(self._staff)
        if given is None or self._private is None:
            return None
        if not self._may(self._books, self._staff, stored.klass, self._at):
            return None
        return vault.unwrap(given, self._private, _bound(self._desk.config.id, stored, self._staff))


def checked_key(given: str) -> str:
    """Return a public key as typed; raises BadInput where it is none."""
    try:
        good = len(b64decode(given, validate=True)) == vault.KEY
    except ValueError:
        good = False
    if not good:
        raise BadInput(text("{key} is no public key; svcdesk seal key shows a person's own", key=given))
    return given


def since(books: OpenBooks, at: str) -> str:
    """Return the moment from which on the desk has sealed without a break, or nothing where it does not at `at`."""
    moment = ""
    while books.setting(SETTING, at) and (start := books.policy.since(SETTING, at)) and start <= instant(at):
        moment = stamp(start, books.zone)
        at = later_seconds(moment, -1)
    return moment
