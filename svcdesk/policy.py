"""The desk's own settings: what each is, its default with its source, and which version binds when. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from svcdesk import binding
from svcdesk.binding import Bindings
from svcdesk.clock import instant
from svcdesk.model import Record
from svcdesk.settings import SETTINGS


class Policy:
    """The versions of every setting, by the moment from which they bind."""

    def __init__(self, records: Iterable[Record]) -> None:
        found: dict[str, list[tuple[datetime, str, Any]]] = {}
        for record in records:
            approved = record.last("approve")
            if record.state != "approved" or approved is None:
                continue
            # Nothing takes effect before it is recorded, whatever date it names.
            recorded = instant(approved.get("entered", approved["at"]))
            start = max(recorded, instant(record.get("starts", approved["at"])))
            found.setdefault(record["setting"], []).append((start, record.id, record["value"]))
        self._versions = {name: sorted(each, key=lambda one: one[:2]) for name, each in found.items()}
        starts = [versions[0][0] for versions in self._versions.values()]
        self._founded = min(starts, default=None)
        # Most settings stand as the founding left them, and each act asks for some ten.
        self._steady = {
            name: versions[0]
            for name, versions in self._versions.items()
            if len(versions) == 1 and versions[0][0] == self._founded
        }
        self._starts = {name: [each[0] for each in versions] for name, versions in self._versions.items()}
        self._bindings: dict[tuple[str, ...], Bindings] = {}

    def value(self, name: str, at: str) -> Any:
        """Return the value of a setting in force at `at`: before any version, its default."""
        version = self._version(name, at)
        return SETTINGS[name].default if version is None else version[2]

    def record(self, name: str, at: str) -> str:
        """Return the id of the policy record whose value is in force at `at`, or an empty string."""
        version = self._version(name, at)
        return "" if version is None else version[1]

    def since(self, name: str, at: str) -> datetime | None:
        """Return the moment from which the value in force at `at` binds; None for a default."""
        version = self._version(name, at)
        return None if version is None else version[0]

    def bindings(self, at: str) -> Bindings:
        """Return how the rules bind at `at`."""
        versions = tuple(self.record(name, at) for name in binding.SETTINGS)
        if versions not in self._bindings:
            self._bindings[versions] = Bindings(*(self.value(name, at) for name in binding.SETTINGS))
        return self._bindings[versions]

    def _version(self, name: str, at: str) -> tuple[datetime, str, Any] | None:
        if name in self._steady:
            return self._steady[name]
        versions = self._versions.get(name)
        if not versions:
            return None
        place = bisect_right(self._starts[name], instant(at))
        # What was there from the founding on holds for all time before; what came later, from then on.
        founding = versions[0][0] == self._founded
        return versions[max(place - 1, 0)] if place or founding else None
