"""What an act is made of, whatever its register: its parts, the reference that it has, the time it is told in. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.books import OpenBooks
from svcdesk.clock import is_told_in
from svcdesk.declared import Action
from svcdesk.model import Finding
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.workflow import ENTRY_ACTS

NEVER_TAKEN_OVER = ("signed", "papers")
ONLY_TAKEN_OVER = ("source", "state")


def own_parts(step: Step, action: Action, books: OpenBooks) -> list[Finding]:
    """Judge an act by itself: it has no parts of another kind of act, and is entered once, in the desk's time."""
    found = [*_parts(step), *_ends(step, action), *_once(step, books)]
    return found if step.action in ENTRY_ACTS else [*found, *_local(step, books)]


def _parts(step: Step) -> Iterator[Finding]:
    for name in NEVER_TAKEN_OVER if step.action in ENTRY_ACTS else ONLY_TAKEN_OVER:
        if name in step.act:
            message = text("{action} has no part {part}", action=step.action, part=name)
            yield Finding("footprint", message, record=step.new.id, field="acts")


def _ends(step: Step, action: Action) -> Iterator[Finding]:
    """An act ends just the signatures that its action ends, or one that another gave could be taken away."""
    if tuple(step.act.get("ends", ())) != action.ends:
        lines = ", ".join(action.ends) or "-"
        message = text("{action} ends the signatures of {lines}", action=action.term, lines=lines)
        yield Finding("footprint", message, record=step.new.id, field="acts")


def _once(step: Step, books: OpenBooks) -> Iterator[Finding]:
    """What another system gave one number is entered once; a row taken over may come again, to its record."""
    ref = step.act.get("ref")
    if ref is None:
        return
    acts = step.old.acts if step.old and step.action not in ENTRY_ACTS else ()
    again = [step.new] if any(act.get("ref") == ref for act in acts) else []
    others = (each for each in books.referred(step.new.register, ref) if each.id != step.new.id)
    for other in (*again, *others):
        message = text("the reference {ref} stands in {record} already", ref=ref, record=other.id)
        yield Finding("ref-once", message, record=step.new.id)


def _local(step: Step, books: OpenBooks) -> Iterator[Finding]:
    """An event is told in the desk's own time, on which its day depends."""
    if not is_told_in(step.at, books.zone):
        message = text("{at} is not told in the time of {zone}", at=step.at, zone=books.zone)
        yield Finding("times", message, record=step.new.id, field="at")
