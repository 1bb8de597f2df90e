"""What an auditor asks about first: entries late or backdated, approvals off duty, much excepted or corrected. Pure.

None of it is forbidden, or it would have been refused; it is what the rules let pass and people should look at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from svcdesk.books import OpenBooks
from svcdesk.clock import before
from svcdesk.clock import day_of
from svcdesk.clock import instant
from svcdesk.clock import minutes_between
from svcdesk.declared import Deadline
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.errors import BadInput
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.workflow import replay

KINDS = {
    "backdated": text("backdated"),
    "late": text("late entry"),
    "off-duty": text("approval off duty"),
    "exception": text("exception"),
    "excepted": text("stands by exception"),
    "correction": text("correction"),
    "void": text("voiding"),
}
REPEATED = ("exception", "excepted", "correction", "void")
"""Kinds that say something only where one person has many of them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on an entry is late, in minutes, and how many corrections of one person are many."""

    late: int
    often: int


class Anomaly(NamedTuple):
    """Something about one act, and who is to be asked; `action` is empty where the act is somebody else's."""

    person: str
    kind: str
    record: str
    action: str
    at: str
    entered: str
    clauses: tuple[str, ...]
    message: Text


def anomalies(
    records: Iterable[Record],
    books: OpenBooks,
    limits: Limits,
    author: Callable[[str], str],
    since: str = "",
    until: str = "",
) -> list[Anomaly]:
    """Return what stands out among acts entered in a period, person by person; `author` names that of a commit."""
    found = [
        each
        for record in records
        for each in _of(record, books, limits, author)
        if not (since and before(each.entered, since)) and not (until and before(until, each.entered))
    ]
    count = Counter((each.person, each.kind) for each in found)
    order = list(KINDS)
    return sorted(
        (
            each
            for each in found
            if each.kind not in REPEATED or count[each.person, each.kind] >= limits.often
        ),
        key=lambda each: (each.person, order.index(each.kind), instant(each.entered), each.record),
    )


def _of(record: Record, books: OpenBooks, limits: Limits, author: Callable[[str], str]) -> Iterator[Anomaly]:
    register = books.register(record.register)
    for step in replay(register, record.id, record.acts):
        yield from _timing(step, register, books, limits)
        yield from _off_duty(step, register, books)
        yield from _repeated(step, author)


def _timing(step: Step, register: Register, books: OpenBooks, limits: Limits) -> Iterator[Anomaly]:
    if not before(step.at, step.entered) or step.action == "import":
        return
    waited = minutes_between(step.at, step.entered)
    if waited > limits.late:
        message = text(
            "entered {hours} h after it happened; the limit is {limit} h",
            hours=waited // 60,
            limit=limits.late // 60,
        )
        yield _anomaly("late", step, step.actor, message)
    for deadline, due in _met(step, register, books):
        message = text(
            "dated before {due}, entered after it: {sentence}", due=due, sentence=text(deadline.sentence)
        )
        yield _anomaly("backdated", step, step.actor, message, deadline.clauses)


def _met(step: Step, register: Register, books: OpenBooks) -> Iterator[tuple[Deadline, str]]:
    """Yield the deadlines that an act has met by its date, and missed by its entry."""
    for deadline in register.deadlines:
        due = _due(deadline, step.old, books)
        if (
            due
            and not before(due, step.at)
            and before(due, step.entered)
            and _due(deadline, step.new, books) != due
        ):
            yield deadline, due


def _due(deadline: Deadline, record: Record | None, books: OpenBooks) -> str | None:
    if record is None or record.state not in deadline.states:
        return None
    try:
        return deadline.due(record, books)
    except BadInput:
        return None  # its calendar ends before


def _off_duty(step: Step, register: Register, books: OpenBooks) -> Iterator[Anomaly]:
    """Yield the approvals of what somebody else entered, given by one's own act when one was not at work."""
    if step.actor == step.new.acts[0]["by"]:
        return
    for signed in step.act.get("signed", ()):
        line = register.line(signed["line"])
        if line is None or signed.get("staff") != step.actor or not _approves(line, register):
            continue
        if not _at_work(step.actor, step.at, books):
            message = text("signed {line} outside working hours, and not on duty", line=line.term)
            yield _anomaly("off-duty", step, step.actor, message, line.clauses or line.who.clauses)


def _approves(line: Line, register: Register) -> bool:
    """Tell whether a line is for some posts only, and something waits for it."""
    restricted = line.who.posts or line.who.rank or line.who.setting
    awaited = line.name == "approver" or any(line.name in each.lines for each in register.actions)
    return bool(restricted) and awaited


def _at_work(person: str, at: str, books: OpenBooks) -> bool:
    """Tell whether the desk was open, its breaks included, or the person stood duty."""
    try:
        periods = books.calendar(at).periods(day_of(at))
    except BadInput:
        return True  # nothing is published of that year, so nothing can be said
    open_now = bool(periods) and periods[0][0] <= instant(at) <= periods[-1][1]
    return open_now or person in {each.person for each in books.on_duty(at)}


def _repeated(step: Step, author: Callable[[str], str]) -> Iterator[Anomaly]:
    reason = step.act.get("reason", "-")
    if step.action in ("correct", "void"):
        kind = "correction" if step.action == "correct" else "void"
        yield _anomaly(kind, step, step.actor, text("reason: {reason}", reason=reason))
    elif step.new.register == "audit-exception" and step.action == "approve":
        commit = step.new["commit"]
        broken = step.new["broken"]
        message = text("let {commit} stand ({broken})", commit=commit[:12], broken=broken)
        yield _anomaly("exception", step, step.actor, message)
        # Who made the commit has approved nothing: the act that is named is another's.
        message = text(
            "made {commit}, which stands by {record} ({broken})",
            commit=commit[:12],
            record=step.new.id,
            broken=broken,
        )
        yield _anomaly("excepted", step, author(commit), message)._replace(action="")


def _anomaly(kind: str, step: Step, person: str, message: Text, clauses: tuple[str, ...] = ()) -> Anomaly:
    return Anomaly(person, kind, step.new.id, step.action, step.at, step.entered, clauses, message)
