"""Commits in the order of history, each with what it changed, read ahead of the judge."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from svcdesk.declared import Register
from svcdesk.model import Finding
from svcdesk.model import text
from svcdesk.objects import object_id
from svcdesk.parallel import ahead
from svcdesk.reader import FileChange
from svcdesk.reader import Logged
from svcdesk.reader import Reader
from svcdesk.reading import Read
from svcdesk.reading import read_record

TOGETHER = 1_000
"""Commits whose files are read together."""

RECORDS = "records/"
CONFIG = "records/desk.yaml"


class Seen(NamedTuple):
    """A commit's bytes, the files that it changed, and what was read of each record among them."""

    oid: str
    body: bytes
    changes: Sequence[FileChange]
    reads: Mapping[str, Read]


class _File(NamedTuple):
    path: str
    oid: str
    blob: bytes


def seen(
    store: Reader,
    registers: Mapping[str, Register],
    tip: str,
    known: Sequence[str] = (),
    alone: bool = False,
) -> Iterator[Seen]:
    """Give each commit up to `tip` that the `known` ones do not hold, parents before children.

    Where this process has a core of its own and `alone`, no other reads ahead of it.
    """
    read = partial(_read, registers)
    batches = _batches(store, tip, known)
    in_turn = ((commits, [read(each) for each in files]) for commits, files in batches)
    for commits, reads in in_turn if alone else ahead(read, batches):
        waiting = iter(reads)
        for (oid, changes), body in commits:
            yield Seen(oid, body, changes, {each.path: next(waiting) for each in _records(changes)})


def _batches(
    store: Reader, tip: str, known: Sequence[str]
) -> Iterator[tuple[list[tuple[Logged, bytes]], list[_File]]]:
    logged = store.history(tip, known)
    while batch := list(islice(logged, TOGETHER)):
        bodies = [body for _, body in store.blobs(each.oid for each in batch)]
        wanted = [change for each in batch for change in _records(each.changes)]
        blobs = store.blobs(each.new for each in wanted)
        files = [_File(each.path, oid, blob) for each, (oid, blob) in zip(wanted, blobs, strict=True)]
        yield list(zip(batch, bodies, strict=True)), files


def _records(changes: Iterable[FileChange]) -> Iterator[FileChange]:
    """Yield the files that could be records: plain ones in the folder of records that are there."""
    for each in changes:
        if each.new_mode.startswith("100") and each.path.startswith(RECORDS) and each.path != CONFIG:
            yield each


def _read(registers: Mapping[str, Register], file: _File) -> Read:
    if object_id("blob", file.blob) != file.oid:
        message = text(
            "{path}: its bytes are not those that its name {oid} stands for",
            path=file.path,
            oid=file.oid[:12],
        )
        return Read(file.path, None, (Finding("object-id", message, path=file.path),))
    return read_record(file.path, file.blob, registers)
