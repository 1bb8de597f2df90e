"""Books that nothing is written into while they are open: what was worked out once stays so. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.holdings import Holdings
from svcdesk.model import Hold


class StillBooks(OpenBooks):
    """The books of a tree that is only read; a key's history is put together once, not for each of its loans."""

    def holds(self, thing: str, at: str | None = None) -> Sequence[Hold]:
        """Return where a thing was at `at` (or ever), oldest first."""
        found = self._holdings(thing)
        return found.holds if at is None else found.at(instant(at))

    def holds_between(self, thing: str, since: str, until: str | None) -> Sequence[Hold]:
        """Return where a thing was at `since` or came to be before `until` (None: ever after), oldest first."""
        return self._holdings(thing).between(instant(since), None if until is None else instant(until))

    @cached_property
    def _kept(self) -> dict[str, Holdings]:
        return {}

    def _holdings(self, thing: str) -> Holdings:
        if thing not in self._kept:
            self._kept[thing] = Holdings(super().holds(thing))
        return self._kept[thing]
