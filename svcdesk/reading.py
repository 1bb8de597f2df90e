"""The files of a desk as they lie on the disk, each read as the record that its path says it is."""

from __future__ import annotations

import marshal
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.canonical import LARGEST_FILE
from svcdesk.canonical import load_canonical
from svcdesk.canonical import load_grown
from svcdesk.desk import LAW
from svcdesk.errors import BadYaml
from svcdesk.ids import parse_path
from svcdesk.judge import goes_on
from svcdesk.judge import judge_shape
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import text


@dataclass(frozen=True, slots=True)
class Read:
    """What reading one file gave: a record fit to be judged, or findings."""

    path: str
    data: Mapping[str, Any] | None
    findings: tuple[Finding, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        # Between processes: a record is plain data, which marshal carries about three times faster than pickle.
        return _carried, (
            self.path,
            marshal.dumps(dict(self.data) if self.data is not None else None),
            self.findings,
        )


def _carried(path: str, data: bytes, findings: tuple[Finding, ...]) -> Read:
    return Read(path, marshal.loads(data), findings)


def read_record(path: str, blob: bytes, registers: Mapping[str, Any]) -> Read:
    """Read one file as the record that its path says it is."""
    place = parse_path(path, registers)
    if place is None:
        return Read(path, None, (Finding("path", text("no record belongs at this path"), path=path),))
    register, record_id = place
    written = load_canonical(blob)
    try:
        data = yamlio.load(blob) if written is None else written
    except BadYaml as error:
        wrong = Finding("yaml", error.message, (), record_id, path, error.line, error.column)
        return Read(path, None, (wrong,))
    if data.get("id") != record_id:
        message = text("id is {id}, the file name says {name}", id=str(data.get("id")), name=record_id)
        return Read(path, None, (Finding("id", message, record=record_id, path=path, field="id"),))
    shape = judge_shape(Record(register.name, data), LAW)
    if shape:
        return Read(path, None, tuple(each._replace(path=path) for each in shape))
    if written is None or not schema.is_ordered(register.name, data):
        message = text(
            "not as svcdesk writes it; the content is the same, but quotes, order or spacing differ"
        )
        return Read(path, data, (Finding("canonical", message, record=record_id, path=path),))
    return Read(path, data)


def read_grown(read: Read, former: bytes, blob: bytes, registers: Mapping[str, Any]) -> Read | None:
    """Read the next version of a file that was read without a finding, as `read_record` would; None where it has to.

    Only what is new is read and judged: a schema asks of each act the same, of whichever comes before it.
    """
    place = parse_path(read.path, registers)
    found = load_grown(blob, former, read.data) if place and read.data and not read.findings else None
    if place is None or found is None or read.data is None:
        return None
    name = place[0].name
    data, acts = found
    part = {**data, "acts": acts}
    fits = data.get("id") == place[1] and not LAW.faults(name, part) and schema.is_ordered(name, part)
    return Read(read.path, data) if fits and goes_on(Record(name, read.data), acts, Record(name, data), LAW) else None


def work_tree(root: Path) -> tuple[dict[str, bytes], list[Finding]]:
    """Return the files under `records/` as they lie on the disk, and a finding for each that is no plain file."""
    files: dict[str, bytes] = {}
    odd: list[Finding] = []
    pending = ["records"]
    while pending:
        folder = pending.pop()
        with os.scandir(root / folder) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                path = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    pending.append(path)
                elif not entry.is_file(follow_symlinks=False):
                    odd.append(Finding("path", text("only plain files belong under records/"), path=path))
                else:
                    files[path] = _read_limited(entry.path)
    return files, odd


def count_files(root: Path) -> int | None:
    """Return how many files lie under `records/`, or None where one of them is no plain file."""
    count = 0
    pending = [os.fspath(root / "records")]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    count += 1
                elif entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    return None
    return count


def _read_limited(path: str) -> bytes:
    """Read a file, but never more than shows that it is too large; room for all of that takes longer to get."""
    with open(path, "rb") as file:
        return file.read(min(os.fstat(file.fileno()).st_size, LARGEST_FILE) + 1)
