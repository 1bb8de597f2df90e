"""Where every key is: with whom, since when and by which record, or on its hook. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import text


def whereabouts(keys: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield a row for each key in use and each thing that the custody feeds say of it at a moment."""
    for key in keys:
        if key.state != "active":
            continue
        known = {"id": key.id, "name": key["name"], "hook": key.get("hook", "")}
        holds = books.holds(key.id, at)
        if not holds:
            yield known | {"status": "on-hook", "holder": "", "held_by": "", "since": "", "record": ""}
        for hold in holds:
            person = books.get(hold.holder) if hold.holder else None
            yield known | {
                "status": hold.status,
                "holder": hold.holder,
                "held_by": person["name"] if person else "",
                "since": hold.since,
                "record": hold.record,
            }


HEADINGS = {
    "status": text("status"),
    "holder": text("holder"),
    "held_by": text("holder's name"),
    "since": text("since"),
    "record": text("record"),
}
