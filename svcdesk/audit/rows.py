"""Sheets taken over: each row in the commit of its import, and the import's own figures held against them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.audit.subject import Subject
from svcdesk.contents import FIELD
from svcdesk.contents import contents
from svcdesk.ids import split_id
from svcdesk.model import Finding
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.workflow import ENTRY_ACTS

BOOK = "import"
DIGEST = "digest"
"""The field that only the act sets by which rows are taken over."""


def imports_account_for_their_rows(subject: Subject) -> Iterator[Finding]:
    """A sheet is taken over in one commit: its entry in the book of imports, each of its rows, nothing else."""
    steps = subject.steps
    if subject.kind != BOOK:
        for each in steps:
            if each.action in ENTRY_ACTS or _leads(each):
                wrong = text("{record}: a sheet is taken over in the commit of its import", record=each.new.id)
                yield Finding("import-rows", wrong, record=each.new.id)
    elif steps:
        yield from _accounted(subject, steps[0], steps[1:])


def _leads(step: Step) -> bool:
    return step.new.register == BOOK and DIGEST in step.sets


def _accounted(subject: Subject, leading: Step, rows: Sequence[Step]) -> Iterator[Finding]:
    if not _leads(leading):
        wrong = text("{record}: no import leads the commit", record=leading.new.id)
        yield Finding("import-rows", wrong, record=leading.new.id)
        return
    for each in rows:
        if each.action not in ENTRY_ACTS or each.act.get("source", {}).get(BOOK) != leading.new.id:
            wrong = text("{record} is no row of {leading}", record=each.new.id, leading=leading.new.id)
            yield Finding("import-rows", wrong, record=each.new.id)
    for name, value in _figures(subject, rows).items():
        if leading.sets.get(name) != value:
            wrong = text(
                "{field} is {given}; the rows make it {value}",
                field=name,
                given=str(leading.sets.get(name)),
                value=str(value),
            )
            yield Finding("import-rows", wrong, record=leading.new.id, field=name)


def _figures(subject: Subject, rows: Sequence[Step]) -> Mapping[str, Any]:
    """Return what the book of imports says of rows such as these."""
    written = {each.new.id for each in rows}
    blobs = sorted(
        change.new
        for change in subject.seen.changes
        if (record := subject.found.get(change.path)) is not None and record.id in written
    )
    opened = sorted((each.new.id for each in rows if each.old is None), key=_serial)
    return {
        FIELD: contents(rows),
        DIGEST: hashlib.sha256("\n".join(blobs).encode("ascii")).hexdigest(),
        "new": len(opened),
        "changed": len(rows) - len(opened),
        "first": opened[0] if opened else None,
        "last": opened[-1] if opened else None,
    }


def _serial(record_id: str) -> tuple[str, int]:
    parts = split_id(record_id)
    assert parts is not None, "its path was read"
    return parts[1], parts[3]
