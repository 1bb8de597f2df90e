"""Books that nothing is written into while they are open: what was worked out once stays so. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from functools import cached_property
from itertools import accumulate

from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.model import Hold

ENDLESS = datetime.max.replace(tzinfo=UTC)


class Holdings:
    """The holds of one thing or person in the order of their beginnings."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        self.holds = holds
        self._since = [instant(each.since) for each in holds]
        self._until = [ENDLESS if each.until is None else instant(each.until) for each in holds]
        self._latest = list(accumulate(self._until, max))

    def at(self, moment: datetime) -> list[Hold]:
        """Return the holds that cover a moment, in order; those that ended long before cost nothing."""
        return [self.holds[place] for place in reversed(list(self._places(moment)))]

    def _places(self, moment: datetime) -> Iterator[int]:
        place = bisect_right(self._since, moment) - 1
        while place >= 0 and self._latest[place] > moment:
            if self._until[place] > moment:
                yield place
            place -= 1


class StillBooks(OpenBooks):
    """The books of a tree that is only read; a key's history is put together once, not for each of its loans."""

    def holds(self, thing: str, at: str | None = None) -> Sequence[Hold]:
        """Return where a thing was at `at` (or ever), oldest first."""
        found = self._holdings(thing)
        return found.holds if at is None else found.at(instant(at))

    @cached_property
    def _kept(self) -> dict[str, Holdings]:
        return {}

    def _holdings(self, thing: str) -> Holdings:
        if thing not in self._kept:
            self._kept[thing] = Holdings(super().holds(thing))
        return self._kept[thing]
