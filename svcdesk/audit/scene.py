"""The books of a desk as they stand at one commit, moving from commit to commit."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from itertools import islice

from svcdesk import schema
from svcdesk.audit.signed import SignedActs
from svcdesk.books import OpenBooks
from svcdesk.books import Proof
from svcdesk.clock import instant
from svcdesk.declared import Register
from svcdesk.errors import StorageFailed
from svcdesk.feeds import Source
from svcdesk.growing import GrowingTree
from svcdesk.ids import parse_path
from svcdesk.layered import Layered
from svcdesk.model import Record
from svcdesk.reader import Reader
from svcdesk.reading import read_record

ORGANISING = ("policy", "staff", "import")
"""Registers from which people and policy are read."""


class Scene:
    """The books at `commit` (empty: before the first); `below` are the books at the commit where it begins."""

    def __init__(
        self,
        store: Reader,
        registers: Mapping[str, Register],
        zone: str,
        below: Source | None = None,
        commit: str = "",
        is_signed: Proof | None = None,
    ) -> None:
        self.commit = commit
        self.zone = zone
        self._store = store
        self._registers = registers
        self._records = Layered(below, schema.references) if below else GrowingTree(schema.references)
        self.is_signed = SignedActs(is_signed) if is_signed else SignedActs()
        self.books = self._open()
        self._now: datetime | None = None
        self._replaced: dict[str, Record | None] | None
        """What stood before the second of the commit, of all that was entered in it; None where nobody has looked."""
        self._earlier: tuple[Layered, int] | None
        """The records as they stood before that second, as far as so many of those replaced are turned back."""
        self._begin_second({})

    @property
    def records(self) -> Source:
        """The records that the books are read from."""
        return self._records

    def _open(self) -> OpenBooks:
        books = OpenBooks(self._records, self._registers, self.zone, schema.references)
        books.is_signed = self.is_signed
        books.in_order = True
        return books

    def move(self, commit: str) -> None:
        """Stand on another commit; files that are no records are as if they were not there."""
        if commit == self.commit:
            return
        changed = self._store.changes(self._store.tree(self.commit), self._store.tree(commit))
        places = [(path, parse_path(path, self._registers), new) for path, _old, new in changed]
        found = [(path, *place, new) for path, place, new in places if place is not None]
        blobs = dict(self._store.blobs(dict.fromkeys(new for *_, new in found if new)))
        records = {
            record_id: self._read(register.name, path, blobs[new]) if new else None
            for path, register, record_id, new in found
        }
        self.enter(
            commit,
            self._time(commit),
            [record for record in records.values() if record is not None],
            [record_id for record_id, record in records.items() if record is None],
        )
        self._begin_second({} if not commit else None)

    def _read(self, register: str, path: str, blob: bytes) -> Record | None:
        """Return the record that a file holds; none where it does not hold one that could be judged."""
        read = read_record(path, blob, self._registers)
        return Record(register, read.data) if read.data is not None else None

    def _begin_second(self, replaced: dict[str, Record | None] | None) -> None:
        self._replaced = replaced
        self._earlier = None

    def _time(self, commit: str) -> datetime | None:
        """Return when a commit was made; None before the first, and where its bytes do not say."""
        with suppress(StorageFailed):
            return self._store.time_of(commit) if commit else None
        return None

    def standing(self) -> str:
        """Return, in words to compare, on which commit this stands, and a digest of all that its books hold."""
        records = (each for name in self._registers for each in self._records.of(name))
        replaced = sorted((self._replaced or {}).items())
        digest = sha256(repr((self._replaced is None, replaced)).encode())
        for each in records:
            digest.update(repr(each).encode())
        return f"{self.commit} {self._now} {digest.hexdigest()}"

    def known_before(self, entered: str) -> None:
        """Let the books answer what was known before an entry at this moment, without turning all acts back."""
        moment = instant(entered)
        if self._now is None or moment > self._now:
            self.books.all_known_at(entered)
        elif moment == self._now and self._replaced is not None:
            self.books.known_then(entered, self._before_this_second(self._replaced))

    def _before_this_second(self, replaced: Mapping[str, Record | None]) -> OpenBooks:
        records, turned_back = self._earlier or (Layered(self._records, schema.references), 0)
        for record_id, old in islice(replaced.items(), turned_back, None):
            if old is None:
                records.remove(record_id)
            else:
                records.put(old)
        self._earlier = records, len(replaced)
        books = OpenBooks(records, self._registers, self.zone, schema.references)
        books.is_signed = self.is_signed
        standing = (self._records.get(each) for each in replaced)
        if not any(each is not None and each.register in ORGANISING for each in standing):
            books.__dict__["policy"], books.__dict__["people"] = self.books.policy, self.books.people
        return books

    def enter(
        self, commit: str, at: datetime | None, records: Sequence[Record], gone: Sequence[str] = ()
    ) -> None:
        """Stand on a commit made at a moment, which leaves these records as given and those ids without one."""
        self.commit = commit
        if at != self._now:
            self._now = at
            self._begin_second({})
        if self._replaced is not None:
            for each in (*gone, *(record.id for record in records)):
                self._replaced.setdefault(each, self._records.get(each))
        organising = False
        for record_id in gone:
            known = self._records.get(record_id)
            organising |= known is not None and known.register in ORGANISING
            self._records.remove(record_id)
        for record in records:
            organising |= record.register in ORGANISING
            self._records.put(record)
        if organising:
            self.books = self._open()
        else:
            self.books.forget()
