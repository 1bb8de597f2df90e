"""Which acts are signed: found in history, each by the keys that the staff register of its commit's parent holds."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk import schema
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.commits import Commit
from svcdesk.commits import parse
from svcdesk.desk import Desk
from svcdesk.desk import committed
from svcdesk.errors import BadCommit
from svcdesk.ids import parse_path
from svcdesk.ids import path_of
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.people import People
from svcdesk.reader import Logged
from svcdesk.sshsig import verify
from svcdesk.tree import Tree

ORGANISATION = ("staff", "policy", "import")
"""Registers that say whose a key is."""


def signing_key(commit: Commit, person: str, people: People) -> str | None:
    """Return the key by which a person signed a commit; None where he did not, or by none that `people` hold good."""
    if commit.signature is None:
        return None
    return verify(commit.payload, commit.signature, people.keys(person))


class Proofs:
    """Answers whether an act of a desk is signed by the one who took it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, bool] = {}
        self._people: dict[tuple[str, ...], People] = {}
        self.signing = False
        """Whether the commit that is under way will be signed."""

    def __call__(self, record: str, act: Act) -> bool:
        """Whether an act on a record is signed: by history, or if it is not part of that yet, soon."""
        held = self._desk.index.get(record)
        if held is None or act not in held.acts:
            return self.signing
        name = f"{record} {sorted(act.items())}"
        if name not in self._known:
            self._known[name] = self._is_signed(held, act)
        return self._known[name]

    def _is_signed(self, record: Record, act: Act) -> bool:
        found = self._commit(record, act)
        if found is None or not found.parents:
            return False
        return signing_key(found, act["by"], self.people_at(found.parents[0])) is not None

    def _commit(self, record: Record, act: Act) -> Commit | None:
        """Return the commit by which an act came to a record; a merge only brings it."""
        path = path_of(self._desk.registers[record.register], record.id)
        since = instant(act.get("entered", act["at"]))
        for logged in self._desk.store.log_changes([path], since):
            ((oid, body),) = self._desk.store.blobs([logged.oid])
            try:
                commit = parse(oid, body)
            except BadCommit:
                continue
            if len(commit.parents) < 2 and self._adds(logged, record.register, path, act):
                return commit
        return None

    def _adds(self, logged: Logged, register: str, path: str, act: Act) -> bool:
        """Whether a commit adds an act to a record."""
        for change in logged.changes:
            if change.path == path:
                added, before = (self._acts(register, path, blob) for blob in (change.new, change.old))
                return added.count(act) > before.count(act)
        return False

    def _acts(self, register: str, path: str, blob: str) -> list[Act]:
        if not blob:
            return []
        ((_oid, body),) = self._desk.store.blobs([blob])
        return list(committed(register, path, body).acts)

    def people_at(self, commit: str) -> People:
        """Return the staff register as a commit holds it."""
        store = self._desk.store
        trees = tuple(store.tree(commit, f"records/{name}") for name in ORGANISATION)
        if trees not in self._people:
            pairs = zip(ORGANISATION, trees, strict=True)
            records = [each for register, tree in pairs for each in self._records(register, tree)]
            tree = Tree(records, schema.references)
            books = OpenBooks(tree, self._desk.registers, self._desk.zone, schema.references)
            self._people[trees] = books.people
        return self._people[trees]

    def _records(self, register: str, tree: str) -> Iterator[Record]:
        store = self._desk.store
        files = [(f"records/{register}/{path}", oid) for path, oid in store.files(tree)]
        for (path, _), (_, blob) in zip(files, store.blobs(oid for _, oid in files), strict=True):
            if parse_path(path, self._desk.registers) is not None:
                yield committed(register, path, blob)
