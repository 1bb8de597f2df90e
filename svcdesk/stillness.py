"""Books that nothing is written into while they are open: what was worked out once stays so. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.holdings import Holdings
from svcdesk.ledger import Account
from svcdesk.model import Hold
from svcdesk.model import Movement


class StillBooks(OpenBooks):
    """The books of a tree that is only read; histories of keys and materials are put together once."""

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

    def movements(self, material: str) -> Sequence[Movement]:
        """Return what came and went of a material, in the order of event times."""
        if material not in self._moved:
            self._moved[material] = super().movements(material)
        return self._moved[material]

    def account(self, material: str, place: str, lot: str) -> Account:
        """Return what came and went of a material at one place and lot as an account."""
        key = material, place, lot
        if key not in self._accounts:
            self._accounts[key] = super().account(material, place, lot)
        return self._accounts[key]

    @cached_property
    def _moved(self) -> dict[str, Sequence[Movement]]:
        return {}

    @cached_property
    def _accounts(self) -> dict[tuple[str, str, str], Account]:
        return {}
