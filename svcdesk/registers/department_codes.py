"""Departments as other books name them: by code, and only those that there were at the time of the entry. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.clock import before
from svcdesk.model import Act
from svcdesk.model import Books
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text


def entered_at(act: Act) -> str:
    """Return when an act was entered."""
    return str(act.get("entered", act["at"]))


def unknown_code(code: str, at: str, books: Books) -> Iterator[Text]:
    """Yield that no department has a code, where none that was not closed by then does."""
    found = [each for each in books.find("department", code=code) if each.state != "void"]
    if not any((act := each.last("close")) is None or before(at, act["at"]) for each in found):
        yield text("there is no department {department}", department=code)


def unknown_departments(record: Record, books: Books, *names: str) -> Iterator[Text]:
    """Yield what is wrong with the departments that these fields name, each as of its last entry."""
    for name in names:
        acts = [act for act in record.acts if act.get("sets", {}).get(name)]
        if acts and record.get(name):
            yield from unknown_code(record[name], entered_at(acts[-1]), books)
