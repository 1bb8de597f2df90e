"""The fields of a complaint that follow from what a form was filled in with. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from svcdesk.model import Record

CUSTOMER_ID = re.compile(r"CU-[A-Z]{1,2}[0-9]{4,}")

Fields = Mapping[str, Any]


def enter(old: Record | None, sets: Fields, at: str) -> Fields:
    """Give the time of receipt and what goes without saying: kind, severity, who the reporter is."""
    name = sets.get("complainant", "")
    customer = sets.get("customer") or (name if CUSTOMER_ID.fullmatch(name) else None)
    known = customer or name or sets.get("contact")
    reporter = "staff" if sets.get("reported_by") else "customer" if known else "anonymous"
    return {
        "kind": sets.get("kind", "complaint"),
        "received": at,
        "reporter": sets.get("reporter", reporter),
        **({"customer": customer} if customer else {}),
        "severity": sets.get("severity", "ordinary"),
    }


def solve(old: Record | None, sets: Fields, at: str) -> Fields:
    """Give the time of the solution; nothing is waited for any more."""
    waiting = {"waiting_for": None} if old and old.get("waiting_for") else {}
    return {"solved": at, **waiting}


def resume(old: Record | None, sets: Fields, at: str) -> Fields:
    """Take away what was waited for."""
    return {"waiting_for": None}


def promise(old: Record | None, sets: Fields, at: str) -> Fields:
    """Make the promised time the limit where none has been set."""
    if sets.get("limit") or (old and old.get("limit")) or not sets.get("promised"):
        return {}
    return {"limit": sets["promised"]}


def end(old: Record | None, sets: Fields, at: str) -> Fields:
    """Give the time of closing; nothing is waited for any more."""
    waiting = {"waiting_for": None} if old and old.get("waiting_for") else {}
    return {"closed": at, **waiting}


def begin_again(old: Record | None, sets: Fields, at: str) -> Fields:
    """Take the times of solution and closing away; they stay in the acts."""
    return {name: None for name in ("solved", "closed", "satisfied") if old and old.get(name)}
