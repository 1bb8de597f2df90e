"""Where a thing is, by the custody feed: worked out when it is asked for, never stored."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.commands.wording import word
from svcdesk.desk import Desk
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import Record
from svcdesk.model import text

COLUMN = "where"
WORDS = {
    "on-loan": text("on loan to {holder} since {since} ({record})"),
    "unsealed": text("unsealed, with {holder} since {since} ({record})"),
    "handed-to-owner": text("handed to {holder} since {since} ({record})"),
    "in-custody": text("taken in by {holder} since {since} ({record})"),
    "sealed": text("sealed since {since} ({record})"),
    "seal-broken": text("seal broken since {since} ({record})"),
    "damaged": text("damaged since {since} ({record})"),
    "lost": text("lost since {since} ({record})"),
    "replaced": text("replaced since {since} ({record})"),
}
"""status: how it is said."""


def where(desk: Desk, record: Record) -> str:
    """Return where a thing is now, or on which hook it hangs; empty for what nobody keeps."""
    found = [each for each in desk.books.holds(record.id) if each.until is None]
    words = [
        _(
            WORDS.get(each.status, text("with {holder} since {since} ({record})")).template,
            holder=_holder(desk, each.holder),
            since=each.since,
            record=each.record,
        )
        for each in found
    ]
    if not words and "hook" in record.data and record.state == "active":
        words = [say(text("on its hook {hook}", hook=record["hook"]))]
    return _(", ").join(words)


def _holder(desk: Desk, holder: str) -> str:
    found = desk.index.get(holder) if holder else None
    return (
        f"{holder} {word(desk, found.register, 'name', found.get('name', ''))}".strip() if found else holder
    )


def where_line(desk: Desk, record: Record) -> Iterator[str]:
    """Yield the line of a page that says where a thing is; nothing for a record as it was earlier."""
    words = where(desk, record) if desk.index.get(record.id) == record else ""
    if words:
        yield "  " + _("Where: {place}", place=words) + "\n"
