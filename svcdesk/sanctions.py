"""What is taken against a person: the kinds of measure in their order, and how severe one is. Pure."""

from __future__ import annotations

from svcdesk.clock import instant
from svcdesk.feeds import Books
from svcdesk.rules import entered_at
from svcdesk.rules import value_at

PUNISHMENTS = (
    "criticism",
    "verbal-warning",
    "sanction",
    "severe-sanction",
    "demotion",
    "removal",
    "dismissal",
)
"""Kinds of measure that are taken against a person, the mildest first."""

REWARDS = ("praise", "title", "reward", "promotion")
"""Kinds of measure that are taken for a person."""

NONE = -1
"""What is less severe than any punishment."""

ENDED = ("refuse", "withdraw", "void")


def severity(measure: str, person: str, entered: str, books: Books) -> int:
    """Return how severe a measure against a person is by what was entered up to a moment.

    NONE where there is no such punishment, it is about somebody else, or it was refused or withdrawn.
    """
    record, limit = books.get(measure), instant(entered)
    if record is None or record.register != "evaluation-measure":
        return NONE
    ended = (act for act in record.acts if act["action"] in ENDED)
    if any(instant(entered_at(act)) <= limit for act in ended):
        return NONE
    kind = value_at(record, "kind", entered)
    same = value_at(record, "person", entered) == person
    return PUNISHMENTS.index(kind) if same and kind in PUNISHMENTS else NONE
