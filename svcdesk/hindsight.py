"""Acts that stand already, judged again by all that is known now, or by what was known when they were entered. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.books import OpenBooks
from svcdesk.clock import later_seconds
from svcdesk.judge import Law
from svcdesk.judge import judge_act
from svcdesk.model import Finding
from svcdesk.model import Step


def judge_in_hindsight(step: Step, books: OpenBooks, law: Law, joined: bool) -> list[Finding]:
    """Judge an act by all that is known today, and where that speaks against it, by what was known then.

    Within the second of its entry the order of acts is not on record: any order will do, also the one in which a desk
    is founded and a script at once enters more people.
    """
    found = judge_act(step, books, law, joined)
    if not any(each.severity == "error" for each in found):
        return found
    for known in _orders(step, books):
        then = judge_act(step, known.changed([step.new]), law, joined)
        if not any(each.severity == "error" for each in then):
            return then
    return found


def _orders(step: Step, books: OpenBooks) -> Iterator[OpenBooks]:
    """Yield the books as they may have stood when an act was entered."""
    second = later_seconds(step.entered, 1)
    yield books.known_at(step.entered)
    yield books.known_at(second)
    named = {step.actor, *(each["staff"] for each in step.act.get("signed", ()) if "staff" in each)}
    yield books.known_at(second).before_others(step.entered, named)


def has_clones(books: OpenBooks) -> bool:
    """Tell whether several clones write a desk: what one knew at a moment cannot be told from the books alone."""
    return len(list(books.of("station"))) > 1
