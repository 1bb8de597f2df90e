"""Who is due for evaluation: everybody whose post has another above it, at the end of each month and year. Pure."""

from __future__ import annotations

from svcdesk.declared import Deadline
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.periods import first_day
from svcdesk.periods import following
from svcdesk.periods import period_of
from svcdesk.registers.staff_rules import KEEPER
from svcdesk.rules import HEADS
from svcdesk.rules import next_above
from svcdesk.rules import posts_above


def first_end(person: Record, books: Books, cycle: str) -> str:
    """Return when a person's first period of a cycle that has no evaluation ends."""
    evaluations = books.find("evaluation", person=person.id)
    done = {each["period"] for each in evaluations if each.state != "void"}
    period = period_of(person.opened, cycle)
    while period in done:
        period = following(period)
    return books.wall_time(first_day(following(period)), "00:00")


def answers_for(person: Record, at: str, books: Books) -> str:
    """Return who is above a person; where nobody is, who heads his department or the house, or keeps the desk.

    An empty string for somebody whose post has none above it.
    """
    found, above = next_above(person.id, at, books), _chain(person.id, at, books)
    if found or not above:
        return found
    table, own = books.setting("posts", at), books.departments(person.id, at)
    tops = [each for each in above if not posts_above(table.get(each, {}))]
    heads = (each for each in books.holders_of(HEADS, at) if books.departments(each, at) & own)
    others = (*heads, *books.holders_of(tops, at), *books.holders_of((KEEPER,), at))
    return next((each for each in others if each != person.id), "")


def _chain(person: str, at: str, books: Books) -> set[str]:
    """Return every post above those of a person."""
    table, level, found = books.setting("posts", at), set(books.posts(person, at)), set[str]()
    while level:
        level = {each for post in level for each in posts_above(table.get(post, {}))} - found
        found |= level
    return found


def _deadline(cycle: str, name: str, sentence: str, *clauses: str) -> Deadline:
    """Return the deadline by which a person's evaluation for a cycle is opened; who is above him answers for it."""

    def person_for(person: Record, books: Books) -> str:
        return answers_for(person, first_end(person, books, cycle), books)

    def due(person: Record, books: Books) -> str | None:
        ends = first_end(person, books, cycle)
        reminded = cycle in books.setting("evaluation.reminded", ends)
        return ends if reminded and person_for(person, books) else None

    def told(person: Record, books: Books) -> Text:
        if next_above(person.id, first_end(person, books, cycle), books):
            return text(sentence)
        return text("{sentence} Nobody stands above {person} yet.", sentence=text(sentence), person=person.id)

    return Deadline(name, clauses, sentence, ("active",), due, person_for, told=told)


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
