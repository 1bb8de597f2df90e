"""Records found by what people call them: name, code or e-mail address, letter case apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from difflib import get_close_matches

from svcdesk.model import Record

CALLED = ("name", "code", "emails")
"""Fields by which people call a record; a register whose records have no name is not searched."""
SHOWN = 3
"""Names near to what was typed that are shown."""


def called(record: Record) -> Iterator[str]:
    """Yield what a record is called, in small letters."""
    for field in CALLED:
        value = record.get(field, ())
        yield from (each.casefold() for each in ([value] if isinstance(value, str) else value))


def named(records: Iterable[Record], name: str) -> list[Record]:
    """Return the records, void ones left out, that are called exactly this."""
    wanted = name.strip().casefold()
    return [each for each in records if each.state != "void" and wanted in called(each)]


def close(word: str, known: Iterable[str]) -> list[str]:
    """Return at most three words that are written nearly like this one."""
    return get_close_matches(word.strip().casefold(), list(known), SHOWN)


def near(records: Iterable[Record], name: str) -> list[str]:
    """Return id and name of at most three records that are called nearly this."""
    wanted = name.strip().casefold()
    if not wanted:
        return []
    known = {each.id: each for each in records if each.state != "void"}
    names: dict[str, str] = {word: each.id for each in known.values() for word in called(each)}
    found = [word for word in names if wanted in word] + close(wanted, names)
    ids = list(dict.fromkeys(names[word] for word in found))[:SHOWN]
    return [f"{each} {known[each]['name']}" for each in ids]
