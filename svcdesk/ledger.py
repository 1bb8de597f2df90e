"""Accounts: what there was of a material at one place and lot at any instant. Pure."""

from __future__ import annotations

from bisect import bisect_left
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate

from svcdesk.clock import instant
from svcdesk.feeds import Movement


class Account:
    """The movements of one material at one place and lot, in the order of time; those of one instant are one."""

    def __init__(self, movements: Iterable[Movement]) -> None:
        together: dict[datetime, list[Movement]] = {}
        for each in sorted(movements, key=lambda each: instant(each.at)):
            together.setdefault(instant(each.at), []).append(each)
        self._times = list(together)
        self._stamps = [moved[0].at for moved in together.values()]
        self._sums = list(accumulate(sum(each.quantity for each in moved) for moved in together.values()))
        self._short = [place for place, total in enumerate(self._sums) if total < 0]

    def balance(self, at: str) -> int:
        """Return what there was at `at`, its movements included."""
        return self._sum(bisect_right(self._times, instant(at)))

    def before(self, at: str) -> int:
        """Return what there was right before `at`."""
        return self._sum(bisect_left(self._times, instant(at)))

    def shortage(self, since: str) -> tuple[str, int] | None:
        """Return the first instant from `since` on at which there was less than nothing, and how much."""
        first = bisect_left(self._times, instant(since))
        place = next((each for each in self._short if each >= first), None)
        return None if place is None else (self._stamps[place], self._sums[place])

    def _sum(self, count: int) -> int:
        return self._sums[count - 1] if count else 0
