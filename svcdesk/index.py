"""The disposable index of a desk's records (the only module that imports sqlite3): a cache, never a source.

It is handed rows and knows nothing of git, YAML or schemas. Each opened index reads from one snapshot,
so that what it answers belongs to one tree even while another process refreshes the file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import closing
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import Any
from typing import Self

from svcdesk import rows
from svcdesk.errors import BadInput
from svcdesk.errors import Busy
from svcdesk.errors import StorageFailed
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.query import Condition
from svcdesk.query import Criterion
from svcdesk.query import Value
from svcdesk.query import criterion
from svcdesk.query import exactly
from svcdesk.query import moment
from svcdesk.query import spelled
from svcdesk.query import statement
from svcdesk.rows import Row

__all__ = ["Condition", "Index", "Row", "spelled"]

_LAYOUT = 1
_WAIT = 10.0
_BATCH = 500
_FEW = 2000
_SET = "INSERT OR REPLACE INTO meta VALUES (?, ?)"


class Index:
    """The records of one tree, quick to find; implements `feeds.Source`."""

    def __init__(
        self, file: Path | None, version: str, indexed: Callable[[str], Collection[str]] | None = None
    ) -> None:
        """Open the index: empty if another `version` wrote it, in memory without a file that can be written.

        `indexed` names the fields of a register that rows index; one that no record has is then not
        searched for in the documents. Raises Busy when another process holds the file for ten seconds.
        """
        self._file = file
        self._version = version
        self._named = indexed or (lambda register: ())
        self._marks: dict[str, str] = {}
        self.in_memory = False
        self.tree = ""
        self._connection = self._open()
        self._look()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        with suppress(OSError, sqlite3.DatabaseError):
            if self._file:
                return self._on_disk(self._file)
        self.in_memory = True
        return self._prepared(":memory:")

    def _on_disk(self, file: Path) -> sqlite3.Connection:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._prepared(str(file))
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            _discard(file)
            return self._prepared(str(file))

    def _prepared(self, name: str) -> sqlite3.Connection:
        """Connect and make the tables, unless they are there in this version."""
        connection = sqlite3.connect(name, timeout=_WAIT, isolation_level=None)
        try:
            connection.create_function("moment", 1, moment, deterministic=True)
            _let_read_while_writing(connection)
            # OFF would save 2 ms, and could leave a file that is wrong without a sign after a power cut.
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cache_size = -65536")
            if not self._is_current(connection):
                connection.execute("BEGIN IMMEDIATE")
                if not self._is_current(connection):
                    _remake(connection, self._version)
                connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            connection.close()
            raise _busy(error) or error from error
        return connection

    def _is_current(self, connection: sqlite3.Connection) -> bool:
        laid_out = connection.execute("PRAGMA user_version").fetchone() == (_LAYOUT,)
        return laid_out and _meta(connection, "version") == self._version

    def _look(self) -> None:
        """Begin to read from the newest snapshot."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._connection.execute("BEGIN")
        self.tree = _meta(self._connection, "tree")

    def _read(self, sql: str, values: Sequence[Value]) -> list[Any]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except UnicodeEncodeError:
            raise BadInput(text("what was asked for is not valid text")) from None
        except sqlite3.DatabaseError as error:
            if self._file and _is_damage(error):
                _discard(self._file)
            message = text("the index cannot be read ({problem}); run the command again", problem=str(error))
            raise _busy(error) or StorageFailed(message) from error

    def _records(self, sql: str, values: Sequence[Value]) -> list[Record]:
        return [_record(register, document) for register, document in self._read(sql, values)]

    def update(self, tree: str, removed: Iterable[str], added: Iterable[Row]) -> bool:
        """Take out the paths removed, put in or replace the rows, and stand for `tree`; all of it or nothing.

        False when another process moved the index in between, or the file failed and memory took its place:
        `tree` then says from where the difference is to be taken anew. Raises Busy.
        """
        self._connection.execute("ROLLBACK")
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            found = _meta(self._connection, "tree")
            if found != tree and self.tree in ("", found):
                if not self.tree:
                    self._empty()
                self._apply(removed, added)
                self._connection.execute(_SET, ("tree", tree))
                self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            self._recover(error)
        finally:
            self._look()
        return self.tree == tree

    def clear(self) -> None:
        """Forget the tree: the rows of the next update are all that there are."""
        self.tree = ""

    def _recover(self, error: sqlite3.DatabaseError) -> None:
        """Go on with an empty index in memory after the file failed."""
        if busy := _busy(error):
            raise busy from error
        if self.in_memory:
            message = text("the index cannot be kept in memory: {problem}", problem=str(error))
            raise StorageFailed(message) from error
        self._connection.close()
        if self._file and _is_damage(error):
            _discard(self._file)
        self.in_memory = True
        self._connection = self._prepared(":memory:")

    def _empty(self) -> None:
        for table in ("record", "field", "mention"):
            self._connection.execute(f"DELETE FROM {table}")

    def _apply(self, removed: Iterable[str], added: Iterable[Row]) -> None:
        for path in removed:
            self._remove(path)
        number = self._connection.execute("SELECT coalesce(max(number), 0) FROM record").fetchone()[0]
        remaining = iter(added)
        while batch := {row.path: row for row in islice(remaining, _BATCH)}:
            for path in batch:
                self._remove(path)
            self._insert(tuple(batch.values()), number + 1)
            number += len(batch)

    def _remove(self, path: str) -> None:
        sql = "SELECT number, register, id, entries FROM record WHERE path = ?"
        found = self._connection.execute(sql, (path,)).fetchone()
        if not found:
            return
        number, register, record, entries = found
        fields, mentions = json.loads(entries)
        self._connection.executemany(
            rows.DELETE_FIELD, [(register, *each, record, number) for each in fields]
        )
        self._connection.executemany(rows.DELETE_MENTION, [(target, record, number) for target in mentions])
        self._connection.execute("DELETE FROM record WHERE number = ?", (number,))

    def _insert(self, batch: Sequence[Row], number: int) -> None:
        found = rows.stored(batch, number)
        self._connection.executemany(rows.INSERT_RECORD, found.records)
        self._connection.executemany(rows.INSERT_FIELD, found.fields)
        self._connection.executemany(rows.INSERT_MENTION, found.mentions)

    def get(self, record: str) -> Record | None:
        """Return the record with this id."""
        sql = "SELECT register, document FROM record WHERE id = ? ORDER BY path LIMIT 1"
        return next(iter(self._records(sql, (record,))), None)

    def of(self, register: str) -> Iterator[Record]:
        """Return every record of a register in the order of ids, a page in memory at a time."""
        sql = (
            "SELECT id, path, document FROM record WHERE register = ? AND (id, path) > (?, ?)"
            " ORDER BY id, path LIMIT ?"
        )
        last = ("", "")
        while page := self._read(sql, (register, *last, _BATCH)):
            yield from (Record(register, json.loads(document)) for _, _, document in page)
            last = page[-1][:2]

    def where(self, register: str, name: str, value: str) -> list[Record]:
        """Return the records whose field `name` is, or whose list `name` holds, this very text."""
        found = exactly(register, name, value)
        if not self._is_indexed(register, name):
            found = criterion(register, Condition(name, "=", value), indexed=False)
        return self._records(*statement(register, (found,), found if found.leads else None))

    def mentioning(self, record: str) -> list[Record]:
        """Return the records one of whose top-level fields refers to this id."""
        sql = (
            "SELECT register, document FROM mention JOIN record ON record.number = mention.record"
            " WHERE target = ? ORDER BY mention.id, path"
        )
        return self._records(sql, (record,))

    def tail(self, register: str | None, text: str) -> list[Record]:
        """Return the records, of one register or of all, whose id ends with `text` in any case."""
        start = rows.tail(text)
        sql = (
            "SELECT register, document FROM record WHERE tail >= ? AND tail < ? || char(0x10ffff)"
            " AND (? IS NULL OR register = ?) ORDER BY id, path"
        )
        return self._records(sql, (start, start, register, register)) if text else []

    def select(
        self,
        register: str,
        conditions: Sequence[Condition],
        order: str = "",
        descending: bool = False,
        limit: int | None = None,
    ) -> list[Record]:
        """Return the records of a register that meet every condition, by id or a field; missing last."""
        criteria = [criterion(register, each, self._is_indexed(register, each.field)) for each in conditions]
        return self._records(*statement(register, criteria, self._lead(criteria), order, descending, limit))

    def _lead(self, criteria: Iterable[Criterion]) -> Criterion | None:
        """Choose where to start: the rarest condition; if all are frequent, one in the order of ids."""
        counted = []
        for each in criteria:
            if each.leads:
                sql = f"SELECT count(*) FROM (SELECT 1 FROM ({each.leads}) LIMIT {_FEW})"
                counted.append((self._read(sql, each.bound)[0][0], not each.ordered, each))
        number, unordered, lead = min(counted, key=lambda each: each[:2], default=(_FEW, True, None))
        return lead if number < _FEW or not unordered else None

    def _is_indexed(self, register: str, name: str) -> bool:
        if name == "state" or name in self._named(register):
            return True
        sql = "SELECT 1 FROM field WHERE register = ? AND name = ? LIMIT 1"
        return bool(self._read(sql, (register, name)))

    def count(self, register: str, state: str | None = None) -> int:
        """Return how many records a register holds, in one state or in all."""
        if state is None:
            sql, values = "SELECT count(*) FROM record WHERE register = ?", [register]
        else:
            sql = "SELECT count(*) FROM field WHERE register = ? AND name = 'state' AND value = ?"
            values = [register, state]
        return int(self._read(sql, values)[0][0])

    def mark(self, name: str) -> str:
        """Return what was last remembered under a name, or an empty text."""
        return self._marks.get(name) or _meta(self._connection, f"mark {name}")

    def set_mark(self, name: str, value: str) -> None:
        """Remember a value for later commands; it may be forgotten at any time, as the index may."""
        self._marks[name] = value
        if self._file and not self.in_memory:
            # A connection of its own, so that what this one reads stays on its snapshot.
            with (
                suppress(sqlite3.DatabaseError),
                closing(sqlite3.connect(str(self._file), timeout=1)) as other,
            ):
                other.execute(_SET, (f"mark {name}", value))
                other.commit()


@lru_cache(maxsize=2048)
def _record(register: str, document: str) -> Record:
    """Return the record that a document holds: in many acts on one key, its other loans are asked for each time."""
    return Record(register, json.loads(document))


def _let_read_while_writing(connection: sqlite3.Connection) -> None:
    """Set the journal to WAL; of several that do so to a new file at once, SQLite turns away all but one."""
    for _ in range(50):
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
            return
        sleep(0.02)
    connection.execute("PRAGMA journal_mode = WAL")


def _remake(connection: sqlite3.Connection, version: str) -> None:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for (name,) in connection.execute(sql).fetchall():
        quoted = name.replace('"', '""')
        connection.execute(f'DROP TABLE "{quoted}"')
    for each in rows.TABLES.split(";"):
        connection.execute(each)
    connection.execute(_SET, ("version", version))
    connection.execute(f"PRAGMA user_version = {_LAYOUT}")


def _meta(connection: sqlite3.Connection, name: str) -> str:
    found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return str(found[0]) if found else ""


def _discard(file: Path) -> None:
    """Delete a damaged file; whoever deletes it first also deletes what SQLite keeps beside it."""
    with suppress(OSError):
        file.unlink()
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)


def _is_damage(error: sqlite3.Error) -> bool:
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _busy(error: sqlite3.Error) -> Busy | None:
    busy = _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return Busy(text("another command is refreshing the index; try again")) if busy else None


def _code(error: sqlite3.Error) -> int:
    """The primary code; extended ones keep it in their low byte."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
