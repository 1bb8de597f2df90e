"""What the index stores: its tables, and a record as rows of them. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from svcdesk.model import Record

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (number INTEGER PRIMARY KEY, register TEXT NOT NULL, id TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE, blob TEXT NOT NULL, tail TEXT NOT NULL,
    entries TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX record_id ON record (id, path);
CREATE INDEX record_register ON record (register, id, path);
CREATE INDEX record_tail ON record (tail, register);
CREATE TABLE field (register TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
    record INTEGER NOT NULL, moment INTEGER, PRIMARY KEY (register, name, value, id, record)) WITHOUT ROWID;
CREATE INDEX field_moment ON field (register, name, moment) WHERE moment IS NOT NULL;
CREATE TABLE mention (target TEXT NOT NULL, id TEXT NOT NULL, record INTEGER NOT NULL,
    PRIMARY KEY (target, id, record)) WITHOUT ROWID;
"""
INSERT_RECORD = "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_FIELD = "INSERT INTO field VALUES (?1, ?2, ?3, ?4, ?5, moment(?3))"
INSERT_MENTION = "INSERT INTO mention VALUES (?, ?, ?)"
DELETE_FIELD = "DELETE FROM field WHERE register = ? AND name = ? AND value = ? AND id = ? AND record = ?"
DELETE_MENTION = "DELETE FROM mention WHERE target = ? AND id = ? AND record = ?"


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is handed in: its file, the fields to index and the ids that it mentions.

    Values of fields are as `query.spelled` writes them, one pair for each element of a list. A field that
    is indexed for one record of a register is indexed for all that have it; `state` always is.
    """

    record: Record
    path: str
    blob: str
    fields: tuple[tuple[str, str], ...]
    mentions: tuple[str, ...]


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=dict).encode


class Stored(NamedTuple):
    """The rows of some records in the three tables, in the order of their keys."""

    records: list[tuple[int, str, str, str, str, str, str, str]]
    fields: list[tuple[str, str, str, str, int]]
    mentions: list[tuple[str, str, int]]


def tail(name: str) -> str:
    """Return an id back to front and without case, so that its end can be looked up like a beginning."""
    return name.casefold()[::-1]


def stored(rows: Sequence[Row], number: int) -> Stored:
    """Return what the tables hold for these records, which are numbered from `number`."""
    found = Stored([], [], [])
    for given, row in enumerate(rows, number):
        register, name = row.record.register, row.record.id
        pairs = sorted({*row.fields, ("state", row.record.state)})
        targets = sorted(set(row.mentions))
        entries, document = _json((pairs, targets)), _json(row.record.data)
        found.records.append((given, register, name, row.path, row.blob, tail(name), entries, document))
        found.fields.extend((register, *pair, name, given) for pair in pairs)
        found.mentions.extend((target, name, given) for target in targets)
    found.fields.sort()
    found.mentions.sort()
    return found
