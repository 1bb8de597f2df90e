"""Where a thing was, found without looking through all that ever became of it. Pure."""

from __future__ import annotations

from bisect import bisect_left
from bisect import bisect_right
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from itertools import accumulate

from svcdesk.clock import instant
from svcdesk.feeds import Hold

ENDLESS = datetime.max.replace(tzinfo=UTC)


class Holdings:
    """The holds of one thing or person in the order of their beginnings."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        self.holds = holds
        self._since = [instant(each.since) for each in holds]
        self._until = [ENDLESS if each.until is None else instant(each.until) for each in holds]
        self._latest = list(accumulate(self._until, max))

    def at(self, moment: datetime) -> list[Hold]:
        """Return the holds that cover a moment, in order."""
        return self._lasting(moment, bisect_right(self._since, moment))

    def between(self, start: datetime, end: datetime | None) -> list[Hold]:
        """Return the holds that cover `start` or begin after it and before `end`, in order."""
        covering = bisect_right(self._since, start)
        return self._lasting(start, max(covering, bisect_left(self._since, end or ENDLESS)))

    def _lasting(self, moment: datetime, stop: int) -> list[Hold]:
        """Return those of the first `stop` holds that end after a moment."""
        return [self.holds[place] for place in reversed(list(self._places(moment, stop)))]

    def _places(self, moment: datetime, stop: int) -> Iterator[int]:
        place = stop - 1
        while place >= 0 and self._latest[place] > moment:
            if self._until[place] > moment:
                yield place
            place -= 1
