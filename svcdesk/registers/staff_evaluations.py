"""Who is due for evaluation: everybody who has a superior, at the end of each month and year. Pure."""

from __future__ import annotations

from svcdesk.declared import Deadline
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.periods import first_day
from svcdesk.periods import following
from svcdesk.periods import period_of
from svcdesk.rules import next_above


def first_end(person: Record, books: Books, cycle: str) -> str:
    """Return when a person's first period of a cycle that has no evaluation ends."""
    evaluations = books.find("evaluation", person=person.id)
    done = {each["period"] for each in evaluations if each.state != "void"}
    period = period_of(person.opened, cycle)
    while period in done:
        period = following(period)
    return books.wall_time(first_day(following(period)), "00:00")


def _deadline(cycle: str, name: str, sentence: str, *clauses: str) -> Deadline:
    """Return the deadline by which a person's evaluation for a cycle is opened; his superior answers for it."""

    def superior(person: Record, books: Books) -> str:
        return next_above(person.id, first_end(person, books, cycle), books)

    def due(person: Record, books: Books) -> str | None:
        ends = first_end(person, books, cycle)
        reminded = cycle in books.setting("evaluation.reminded", ends)
        return ends if reminded and superior(person, books) else None

    return Deadline(name, clauses, sentence, ("active",), due, superior)


DEADLINES = (
    _deadline(
        "month",
        "monthly-evaluation",
        "Everybody is evaluated at the end of each month.",
        "GK-6.2#1",
        "GC-e-21",
        "GC-j-3.3.3",
        "GC-u-12.10#1",
    ),
    _deadline(
        "quarter", "quarterly-evaluation", "Everybody is evaluated at the end of each quarter.", "GC-e-21"
    ),
    _deadline(
        "year",
        "annual-evaluation",
        "Everybody is evaluated at the end of each year.",
        "GK-6.2#2",
        "GC-e-21",
    ),
)
