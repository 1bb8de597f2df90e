"""Commits in the order of history, each with what it changed."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from svcdesk.canonical import LARGEST_FILE
from svcdesk.declared import Register
from svcdesk.model import Finding
from svcdesk.model import text
from svcdesk.objects import object_id
from svcdesk.reader import WINDOW
from svcdesk.reader import FileChange
from svcdesk.reader import Reader
from svcdesk.reading import Read
from svcdesk.reading import read_grown
from svcdesk.reading import read_record

MOST_KNOWN = 4_000
"""Files whose last version is kept in mind, to read only what the next one has more."""

RECORDS = "records/"
CONFIG = "records/desk.yaml"


class Seen(NamedTuple):
    """A commit's bytes, the files that it changed, and what was read of each record among them."""

    oid: str
    body: bytes
    changes: Sequence[FileChange]
    reads: Mapping[str, Read]


def seen(
    store: Reader, registers: Mapping[str, Register], tip: str, known: Sequence[str] = ()
) -> Iterator[Seen]:
    """Give each commit up to `tip` that the `known` ones do not hold, parents before children."""
    versions = Versions(registers)
    logged = store.history(tip, known)
    while batch := list(islice(logged, WINDOW)):
        bodies = store.blobs(each.oid for each in batch)
        blobs = store.blobs(change.new for each in batch for change in _records(each.changes))
        for (oid, changes), (_, body) in zip(batch, bodies, strict=True):
            reads = {each.path: versions.read(each, next(blobs)[1]) for each in _records(changes)}
            yield Seen(oid, body, changes, reads)


def _records(changes: Iterable[FileChange]) -> Iterator[FileChange]:
    """Yield the files that could be records: plain ones in the folder of records that are there."""
    for each in changes:
        if each.new_mode.startswith("100") and each.path.startswith(RECORDS) and each.path != CONFIG:
            yield each


class Versions:
    """Reads record files version by version, and of each only what it has more than the one before it."""

    def __init__(self, registers: Mapping[str, Register]) -> None:
        self._registers = registers
        self._known: dict[str, tuple[bytes, Read]] = {}
        """id of a file: its bytes, and what was read; the one read last comes last."""

    def read(self, change: FileChange, blob: bytes) -> Read:
        """Read the version of a file to which a change leads."""
        if len(blob) <= LARGEST_FILE and object_id("blob", blob) != change.new:
            return _swapped(change)
        found = self._grown(change, blob) or read_record(change.path, blob, self._registers)
        if not found.findings:
            self._known[change.new] = blob, found
            if len(self._known) > MOST_KNOWN:
                del self._known[next(iter(self._known))]
        return found

    def _grown(self, change: FileChange, blob: bytes) -> Read | None:
        former, read = self._known.pop(change.old, (b"", None))
        return read_grown(read, former, blob, self._registers) if read and read.path == change.path else None


def _swapped(change: FileChange) -> Read:
    message = text(
        "{path}: its bytes are not those that its name {oid} stands for",
        path=change.path,
        oid=change.new[:12],
    )
    return Read(change.path, None, (Finding("object-id", message, path=change.path),))
