"""The books as they were known at earlier moments, by entry time: acts played in the order of entry. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from typing import NamedTuple

from svcdesk.clock import instant
from svcdesk.declared import Register
from svcdesk.growing import GrowingTree
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.tree import References
from svcdesk.workflow import advance

ORGANISATION = ("policy", "staff")
"""Registers whose acts change who may do what, and by which settings."""


class Entry(NamedTuple):
    """An act with its place in the order of entry."""

    entered: datetime
    record: str
    number: int
    register: str
    act: Act


class Timeline:
    """Every act of a desk in the order of entry; to come to a moment it plays, or takes back, what lies between."""

    def __init__(
        self, records: Iterable[Record], registers: Mapping[str, Register], references: References
    ) -> None:
        self._registers = registers
        self._entries = sorted(_entries(records), key=lambda each: each[:3])
        self._replaced: list[Record | None] = []
        self._known = GrowingTree(references)
        self.organised = 0
        """How many acts on staff and policy have been played."""

    def before(self, moment: str) -> GrowingTree:
        """Return the records as the acts entered strictly before a moment leave them, until asked again."""
        limit = instant(moment)
        while self._replaced and self._entries[len(self._replaced) - 1].entered >= limit:
            self._take_back()
        while len(self._replaced) < len(self._entries) and self._entries[len(self._replaced)].entered < limit:
            self._play()
        return self._known

    def _play(self) -> None:
        entry = self._entries[len(self._replaced)]
        old = self._known.get(entry.record)
        self._known.put(advance(self._registers[entry.register], old, entry.act, entry.record))
        self._replaced.append(old)
        self.organised += entry.register in ORGANISATION

    def _take_back(self) -> None:
        old = self._replaced.pop()
        entry = self._entries[len(self._replaced)]
        if old is None:
            self._known.remove(entry.record)
        else:
            self._known.put(old)
        self.organised -= entry.register in ORGANISATION


def _entries(records: Iterable[Record]) -> Iterable[Entry]:
    """Yield every act; one that another clone entered earlier was known no earlier than those it follows."""
    for record in records:
        latest = datetime.min.replace(tzinfo=UTC)
        for number, act in enumerate(record.acts):
            latest = max(latest, instant(act.get("entered", act["at"])))
            yield Entry(latest, record.id, number, record.register, act)
