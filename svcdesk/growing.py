"""Records that take each other's place act by act, found as in a tree that stands still. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from svcdesk.model import Record
from svcdesk.tree import References
from svcdesk.tree import held

Found = dict[str, Record]
"""id: record."""


class GrowingTree:
    """The records of a desk while its acts are played; what was once looked up is kept up with each act."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._records: Found = {}
        self._registers: dict[str, Found] = defaultdict(dict)
        self._by_field: dict[str, dict[str, dict[str, Found]]] = defaultdict(dict)
        self._mentioned: dict[str, Found] = defaultdict(dict)

    def put(self, record: Record) -> None:
        """Let a record take the place of what had its id."""
        self.remove(record.id)
        self._records[record.id] = record
        self._registers[record.register][record.id] = record
        for name, values in self._by_field[record.register].items():
            for value in held(record, name):
                values.setdefault(value, {})[record.id] = record
        for target in self._targets(record):
            self._mentioned[target][record.id] = record

    def remove(self, record_id: str) -> None:
        """Take a record out, if it is there."""
        record = self._records.pop(record_id, None)
        if record is None:
            return
        del self._registers[record.register][record_id]
        for name, values in self._by_field[record.register].items():
            for value in held(record, name):
                values[value].pop(record_id, None)
        for target in self._targets(record):
            self._mentioned[target].pop(record_id, None)

    def _targets(self, record: Record) -> Iterable[str]:
        return dict.fromkeys(each[1] for each in self._references(record.register, record.data))

    def get(self, record: str) -> Record | None:
        """Return the record with this id."""
        return self._records.get(record)

    def of(self, register: str) -> Iterator[Record]:
        """Return every record of a register in the order of ids."""
        return iter(_ordered(self._registers[register]))

    def where(self, register: str, name: str, value: str) -> Sequence[Record]:
        """Return the records whose field `name` is, or whose list `name` holds, this value."""
        known = self._by_field[register]
        if name not in known:
            found: dict[str, Found] = {}
            for record in self._registers[register].values():
                for each in held(record, name):
                    found.setdefault(each, {})[record.id] = record
            known[name] = found
        return _ordered(known[name].get(value, {}))

    def mentioning(self, record: str) -> Sequence[Record]:
        """Return the records one of whose top-level fields refers to this id."""
        return _ordered(self._mentioned.get(record, {}))


def _ordered(found: Mapping[str, Record]) -> list[Record]:
    return [found[each] for each in sorted(found)]
