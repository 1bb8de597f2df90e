"""Records in memory as a source for the books. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from svcdesk.model import Record

References = Callable[[str, Mapping[str, Any]], Iterable[tuple[str, str, tuple[str, ...]]]]

LEARNED = "learned-on"
"""A name by which a source finds records as by a field: the days on which acts were entered that were late."""


def learned_on(record: Record) -> list[str]:
    """Return the days on which something was entered that had happened before."""
    return list(dict.fromkeys(str(act["entered"])[:10] for act in record.acts if "entered" in act))


REF = "ref"
"""A name by which a source finds records as by a field: what another system calls one of their acts."""


def held(record: Record, name: str) -> list[str]:
    """Return the texts that a field is, or that its list holds."""
    if name == LEARNED:
        return learned_on(record)
    if name == REF:
        return [str(act[REF]) for act in record.acts if REF in act]
    value = record.get(name)
    entries = value if isinstance(value, list) else (value,)
    return [each for each in entries if isinstance(each, str)]


class Tree:
    """Every record of a desk at one moment, found by id, register, field or reference."""

    def __init__(self, records: Iterable[Record], references: References) -> None:
        self._references = references
        self.records = {record.id: record for record in sorted(records, key=lambda each: each.id)}
        self._by_field: dict[tuple[str, str], dict[str, list[Record]]] = {}

    @cached_property
    def _registers(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for record in self.records.values():
            found[record.register].append(record)
        return found

    @cached_property
    def _mentioned(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for record in self.records.values():
            for wanted in dict.fromkeys(each[1] for each in self._references(record.register, record.data)):
                found[wanted].append(record)
        return found

    def get(self, record: str) -> Record | None:
        """Return the record with this id."""
        return self.records.get(record)

    def of(self, register: str) -> Iterator[Record]:
        """Return every record of a register in the order of ids."""
        return iter(self._registers.get(register, ()))

    def where(self, register: str, name: str, value: str) -> Sequence[Record]:
        """Return the records whose field `name` is, or whose list `name` holds, this value."""
        if (register, name) not in self._by_field:
            found: dict[str, list[Record]] = defaultdict(list)
            for record in self.of(register):
                for each in held(record, name):
                    found[each].append(record)
            self._by_field[register, name] = found
        return self._by_field[register, name].get(value, ())

    def mentioning(self, record: str) -> Sequence[Record]:
        """Return the records one of whose top-level fields refers to this id."""
        return self._mentioned.get(record, ())
