"""Acts that stand already, judged again by all that is known now, or by what was known when they were entered. Pure."""

from __future__ import annotations

from svcdesk.books import OpenBooks
from svcdesk.clock import later_seconds
from svcdesk.judge import Law
from svcdesk.judge import judge_act
from svcdesk.model import Finding
from svcdesk.model import Step


def judge_in_hindsight(step: Step, books: OpenBooks, law: Law, joined: bool) -> list[Finding]:
    """Judge an act by all that is known today, and where that speaks against it, by what was known then.

    Within the second of its entry the order of acts is not on record: either order will do.
    """
    found = judge_act(step, books, law, joined)
    if not any(each.severity == "error" for each in found):
        return found
    second = later_seconds(step.entered, 1)
    for moment in (step.entered, second):
        then = judge_act(step, books.known_at(moment).changed([step.new]), law, joined)
        if not any(each.severity == "error" for each in then):
            return then
    return found


def has_clones(books: OpenBooks) -> bool:
    """Tell whether several clones write a desk: what one knew at a moment cannot be told from the books alone."""
    return len(list(books.of("station"))) > 1
