"""What a desk's policy decides about handovers: checklists, timetable, reviewers, carried-over work. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.declared import Setting
from svcdesk.feeds import Books
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import HEADS

KINDS = ("department", "security", "front-desk", "duty")
WITH_REASON, FREELY = "with-reason", "allow"
SIDES = ("from-security", "to-security")


def checklists_suit(value: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what is wrong with checklists: a list of items for each kind, or for a kind and a post."""
    for name, items in value.items():
        if str(name).partition(" ")[0] not in KINDS:
            yield text("{name} is no kind of handover, nor a kind and a post", name=name)
        elif not isinstance(items, list) or not all(isinstance(each, str) and each for each in items):
            yield text("{name}: a list of items is needed", name=name)


def times_suit(value: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what is wrong with the timetable: a time of day for each direction."""
    for side in SIDES:
        written = str(value.get(side, ""))
        hour, colon, minute = written.partition(":")
        digits = hour.isdigit() and minute.isdigit() and len(hour) == len(minute) == len("08")
        if not colon or not digits or hour > "23" or minute > "59":
            yield text("{side} needs a time of day such as 08:00", side=side)


def carry_over_suits(value: str) -> Iterator[Text]:
    """Yield what is wrong with the policy on carried-over work."""
    if value not in (WITH_REASON, FREELY):
        yield text("{value} is neither with-reason nor allow", value=value)


def checklist(kind: str, post: str, at: str, books: Books) -> Sequence[str]:
    """Return the items to be marked on a handover of a kind: those of its post, else those of all."""
    lists: Mapping[str, Sequence[str]] = books.setting("handover.checklists", at)
    return lists.get(f"{kind} {post}", lists.get(kind, ()))


def item_term(item: str) -> Term:
    """Return an item of a checklist as a sentence names it."""
    return Term(item, "value", "checks.item", "handover")


SETTINGS: dict[str, Setting] = {
    "handover.checklists": Setting(
        {
            "department": ["work surface"],
            "security": ["handover book"],
            "front-desk": ["work surface"],
            "duty": ["rounds", "lighting"],
        },
        "Items that are marked normal or abnormal at a handover, by kind, or by kind and post as in "
        "'department cs-assistant'. The regulations ask for a list and do not give it.",
        ("CS4-2.4",),
        suits=checklists_suit,
    ),
    "handover.security-times": Setting(
        {"from-security": "08:00", "to-security": "18:00"},
        "Times of day, on working days, at which the control room gives the book and gets it.",
        ("CS4-3.1#1", "CS4-3.2"),
        suits=times_suit,
    ),
    "handover.front-desk": Setting(
        ["receptionist"], "Posts of the front desk, whose handovers are written in its own log.", ("CS7-8",)
    ),
    "handover.reviewer": Setting(
        [
            *HEADS,
            "centre-director",
            "cs-lead",
            "cs-supervisor",
            "duty-station-master",
            "floor-assistant",
            "floor-director",
            "general-manager",
            "supervisor",
            "team-leader",
        ],
        "Posts that review handovers: the leads, and those above them.",
        ("CS4-2.3#2", "CS4-4.2#2"),
    ),
    "handover.carry-over": Setting(
        WITH_REASON,
        "Whether unfinished work passes on only with a reason, an owner and a due time (with-reason), or as "
        "it is (allow).",
        ("CS15-2.7#3", "CS15-2.2#2"),
        suits=carry_over_suits,
    ),
    "handover.open-minutes": Setting(
        30,
        "Minutes after the end of a shift by which its handover is opened; the text gives none.",
        ("CS4-2.2", "CS4-4.1"),
        "less",
    ),
    "handover.accept-minutes": Setting(
        60,
        "Minutes after its opening, or after the decision on a refusal, by which a handover is accepted.",
        (),
        "less",
    ),
    "handover.decide-minutes": Setting(
        60, "Minutes in which the superior decides on a refused handover.", ("CS4-1.6#2",), "less"
    ),
    "handover.urgent-minutes": Setting(
        15,
        "Minutes in which both sides report an urgent matter to their managers; the text says at once.",
        ("CS4-3.3",),
        "less",
    ),
}
