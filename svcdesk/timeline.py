"""The books as they were known at earlier moments, by entry time: acts played in the order of entry. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import datetime

from svcdesk.clock import instant
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Register
from svcdesk.tree import References
from svcdesk.tree import Tree
from svcdesk.workflow import advance


class Timeline:
    """Every act of a desk in the order of entry; asked for later and later moments it plays each act once."""

    def __init__(
        self, records: Iterable[Record], registers: Mapping[str, Register], references: References
    ) -> None:
        self._registers = registers
        self._references = references
        self._entries = sorted(_entries(records), key=lambda each: each[:3])
        self._played = 0
        self._known: dict[str, Record] = {}

    def before(self, moment: str) -> Tree:
        """Return the records as the acts entered strictly before a moment leave them."""
        limit = instant(moment)
        if self._played and self._entries[self._played - 1][0] >= limit:
            self._played, self._known = 0, {}
        while self._played < len(self._entries) and self._entries[self._played][0] < limit:
            _entered, record_id, _number, register, act = self._entries[self._played]
            old = self._known.get(record_id)
            self._known[record_id] = advance(self._registers[register], old, act, record_id)
            self._played += 1
        return Tree(self._known.values(), self._references)


Entry = tuple[datetime, str, int, str, Act]


def _entries(records: Iterable[Record]) -> Iterable[Entry]:
    for record in records:
        for number, act in enumerate(record.acts):
            yield instant(act.get("entered", act["at"])), record.id, number, record.register, act
