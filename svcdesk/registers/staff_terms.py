"""Terms of appointments and delegations: begun, ended, in force. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svcdesk.clock import before
from svcdesk.model import Record


def known(entry: Mapping[str, Any], sets: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Return the entry with each of these columns for which a value was entered."""
    return {**entry, **{name: sets[field] for name, field in names.items() if sets.get(field) is not None}}


def emptied(old: Record | None, sets: Mapping[str, Any], *names: str) -> dict[str, None]:
    """Take away what an earlier form said and this one does not."""
    return {name: None for name in names if sets.get(name) is None and old and old.get(name) is not None}


def ended(term: Mapping[str, Any], at: str) -> dict[str, Any]:
    """Return a term that ends at `at` at the latest."""
    runs_on = "until" not in term or before(at, term["until"])
    return {**term, "until": at} if runs_on else dict(term)


def in_force(term: Mapping[str, Any], at: str) -> bool:
    """Tell whether a term runs at `at`."""
    return not before(at, term["from"]) and ("until" not in term or before(at, term["until"]))
