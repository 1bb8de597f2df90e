"""What falls due of an evaluation: its result, the decision on an appeal, the end of coaching. Pure."""

from __future__ import annotations

from svcdesk.clock import day_later
from svcdesk.clock import later
from svcdesk.decimals import hundredths
from svcdesk.declared import Deadline
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.periods import cycle_of
from svcdesk.periods import first_day
from svcdesk.periods import following
from svcdesk.registers.evaluation_figures import PUBLISHED
from svcdesk.registers.evaluation_hearing_rules import DAY
from svcdesk.registers.evaluation_hearing_rules import appeal_ends
from svcdesk.rules import when


def result_due(evaluation: Record, books: Books) -> str | None:
    """Return when the result has to be told: some days after the period."""
    ends = first_day(following(evaluation["period"]))
    days = int(books.setting("evaluation.finish-days", books.wall_time(ends, "00:00")))
    return books.wall_time(day_later(ends, days), "00:00")


def decision_due(evaluation: Record, books: Books) -> str | None:
    """Return when the appeal has to be decided."""
    appealed = when(evaluation, "appeal")
    if appealed is None:
        return None
    return later(appealed, DAY * int(books.setting("evaluation.decide-days", appealed)))


def coaching_due(evaluation: Record, books: Books) -> str | None:
    """Return when coaching is to have helped; None once a later evaluation meets the standard."""
    until = evaluation.get("coaching_until")
    if until is None:
        return None
    ends = books.wall_time(until, "24:00")
    least = 100 * int(books.setting("evaluation.standard", ends))
    for other in books.find("evaluation", person=evaluation["person"]):
        same = other.state in PUBLISHED and cycle_of(other["period"]) == cycle_of(evaluation["period"])
        if same and other["period"] > evaluation["period"] and hundredths(other["composite"]) >= least:
            return None
    return ends


def _evaluator(evaluation: Record, books: Books) -> str:
    return str(evaluation.get("evaluator") or evaluation.acts[0]["by"])


DEADLINES = (
    Deadline(
        "result",
        ("GK-6.2#1", "GK-6.2#2", "GC-e-21", "GC-j-3.3.3", "GC-u-12.10#1"),
        "The result of a period is told to the person in the days after its end.",
        ("opened", "signed"),
        result_due,
        _evaluator,
    ),
    Deadline(
        "reading",
        (),
        "The person reads the result and signs, in the days in which he may appeal.",
        ("published",),
        appeal_ends,
        lambda evaluation, books: str(evaluation["person"]),
    ),
    Deadline(
        "decision",
        (),
        "An appeal is decided in the days that the policy gives.",
        ("appealed",),
        decision_due,
        lambda evaluation, books: str(evaluation["appeal_to"]),
    ),
    Deadline(
        "coaching",
        ("GC-e-23",),
        "Coaching and training go on until a later evaluation meets the requirement.",
        PUBLISHED,
        coaching_due,
        _evaluator,
    ),
)
