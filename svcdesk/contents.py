"""What the rows of a sheet bring to the books, in one figure: what two people sign is what is taken over.

The figure is the same when an import is proposed and when it is carried out: the numbers that new records get, and
the moment of entry, are left out of it. So is what stands sealed, which is sealed anew each time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from svcdesk import schema
from svcdesk.model import Step
from svcdesk.sealable import Place
from svcdesk.sealable import replaced
from svcdesk.sealed import parse

FIELD = "contents"
"""The field of an import that holds the figure."""


def contents(rows: Iterable[Step]) -> str:
    """Return the SHA-256 over what these rows bring."""
    brought = sorted(json.dumps(_brought(each), sort_keys=True) for each in rows)
    return hashlib.sha256("\n".join(brought).encode("ascii")).hexdigest()


def _brought(row: Step) -> list[Any]:
    """Return what one row brings: by its number, to a record that there is or to a new one."""
    act, register = row.act, row.new.register
    told = str(act["at"]) if "entered" in act else ""
    sets = replaced(schema.sealable(register), row.sets, _clear)
    number = act.get("source", {}).get("row")
    return [number, row.old.id if row.old else "", act.get("ref"), act.get("state"), told, _undated(sets, row.entered)]


def _clear(place: Place) -> str:
    return "" if parse(place.value) else place.value


def _undated(value: Any, entered: str) -> Any:
    """Return a value without the moment of entry, from which a sheet's terms begin that name no other."""
    if isinstance(value, dict):
        return {name: _undated(each, entered) for name, each in value.items()}
    if isinstance(value, list):
        return [_undated(each, entered) for each in value]
    return "" if value == entered else value
