"""Records that change, laid over those of a source that stands still. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from heapq import merge

from svcdesk.feeds import Source
from svcdesk.growing import GrowingTree
from svcdesk.model import Record
from svcdesk.tree import References


class Layered:
    """A source below, and above it the records that have been put or removed since."""

    def __init__(self, below: Source, references: References) -> None:
        self._below = below
        self._above = GrowingTree(references)
        self._touched: set[str] = set()

    def put(self, record: Record) -> None:
        """Let a record take the place of what had its id."""
        self._touched.add(record.id)
        self._above.put(record)

    def remove(self, record_id: str) -> None:
        """Take a record out, if it is there."""
        self._touched.add(record_id)
        self._above.remove(record_id)

    def get(self, record: str) -> Record | None:
        """Return the record with this id."""
        return self._above.get(record) if record in self._touched else self._below.get(record)

    def of(self, register: str) -> Iterator[Record]:
        """Return every record of a register in the order of ids."""
        return merge(self._untouched(self._below.of(register)), self._above.of(register), key=_id)

    def where(self, register: str, name: str, value: str) -> Sequence[Record]:
        """Return the records whose field `name` is, or whose list `name` holds, this value."""
        below = self._untouched(self._below.where(register, name, value))
        return sorted([*below, *self._above.where(register, name, value)], key=_id)

    def mentioning(self, record: str) -> Sequence[Record]:
        """Return the records one of whose top-level fields refers to this id."""
        below = self._untouched(self._below.mentioning(record))
        return sorted([*below, *self._above.mentioning(record)], key=_id)

    def _untouched(self, records: Iterable[Record]) -> Iterator[Record]:
        return (each for each in records if each.id not in self._touched)


def _id(record: Record) -> str:
    return record.id
