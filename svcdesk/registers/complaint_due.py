"""What falls due on a complaint, when, and who answers for it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.clock import later
from svcdesk.declared import Deadline
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.complaint_clock import OPEN
from svcdesk.registers.complaint_clock import UNCLOSED
from svcdesk.registers.complaint_clock import pauses
from svcdesk.registers.complaint_clock import promised
from svcdesk.registers.complaint_clock import put_off
from svcdesk.registers.complaint_clock import solve_due
from svcdesk.registers.complaint_clock import solve_steps
from svcdesk.registers.complaint_clock import taken_up
from svcdesk.registers.complaint_clock import working_steps
from svcdesk.registers.complaint_rules import owes_report
from svcdesk.rules import when

SOLVES = ("resolve", "settle")


def _needs_solving(complaint: Record) -> bool:
    return complaint.get("kind", "complaint") in ("complaint", "report")


def _minutes(name: str, complaint: Record, books: Books) -> int:
    return int(books.setting(f"complaint.{name}-minutes", complaint["received"]))


def _owner(complaint: Record, books: Books) -> str:
    """Who has it in hand, else who wrote it down."""
    return str(complaint.get("owner") or complaint.acts[0]["by"])


def _superior(complaint: Record, books: Books) -> str:
    return books.superior(_owner(complaint, books), complaint.acts[-1]["at"]) or _owner(complaint, books)


def _settler(complaint: Record, books: Books) -> str:
    act = complaint.last("settle")
    return str(act["by"]) if act else _owner(complaint, books)


def _contact_minutes(complaint: Record, books: Books) -> int:
    table = books.setting("complaint.contact-minutes", complaint["received"])
    return int(table.get(complaint.get("severity", "ordinary"), table["ordinary"]))


def contact_due(complaint: Record, books: Books) -> str | None:
    """Return when somebody has to have turned to it, unless somebody has."""
    if taken_up(complaint):
        return None
    return later(complaint["received"], _contact_minutes(complaint, books))


def contact_steps(complaint: Record, books: Books) -> Iterator[Text]:
    """Say how the moment of the first contact comes about."""
    yield text(
        "{severity}: {minutes} minutes from {at}",
        severity=complaint.get("severity", "ordinary"),
        minutes=_contact_minutes(complaint, books),
        at=complaint["received"],
    )


def route_due(complaint: Record, books: Books) -> str | None:
    """Return when it has to have been passed to the department concerned."""
    return later(complaint["received"], _minutes("route", complaint, books))


def verify_due(complaint: Record, books: Books) -> str | None:
    """Return when the department has to have verified it, counted from when it got it."""
    got = when(complaint, "assign", "escalate")
    return books.due_after(got, _minutes("verify", complaint, books), pauses(complaint)) if got else None


def verify_steps(complaint: Record, books: Books) -> Iterator[Text]:
    """Say how the moment of verification comes about."""
    got = when(complaint, "assign", "escalate")
    yield from working_steps(got, _minutes("verify", complaint, books), pauses(complaint), books)


def clear_since(complaint: Record) -> str | None:
    """Return since when facts and cause are clear."""
    act = next((each for each in complaint.acts if "root_cause" in each.get("sets", {})), None)
    return None if act is None else str(act["at"])


def act_due(complaint: Record, books: Books) -> str | None:
    """Return when something has to have been done, once facts and cause are clear."""
    clear = clear_since(complaint)
    return books.due_after(clear, _minutes("act", complaint, books), pauses(complaint)) if clear else None


def act_steps(complaint: Record, books: Books) -> Iterator[Text]:
    """Say how the moment for acting comes about."""
    minutes = _minutes("act", complaint, books)
    yield from working_steps(clear_since(complaint), minutes, pauses(complaint), books)


def reply_due(complaint: Record, books: Books) -> str | None:
    """Return when the complainant has to have been told the outcome."""
    solved = when(complaint, *SOLVES)
    return books.due_after(solved, _minutes("reply", complaint, books)) if solved else None


def reply_steps(complaint: Record, books: Books) -> Iterator[Text]:
    """Say how the moment of the reply comes about."""
    yield from working_steps(when(complaint, *SOLVES), _minutes("reply", complaint, books), (), books)


def follow_up_due(complaint: Record, books: Books) -> str | None:
    """Return when the follow-up call has to have been made."""
    told = when(complaint, "reply")
    return books.due_after(told, _minutes("follow-up", complaint, books)) if told else None


def follow_up_steps(complaint: Record, books: Books) -> Iterator[Text]:
    """Say how the moment of the follow-up call comes about."""
    yield from working_steps(when(complaint, "reply"), _minutes("follow-up", complaint, books), (), books)


def report_due(complaint: Record, books: Books) -> str | None:
    """Return when a case settled on the spot has to have been reported to the head."""
    settled = when(complaint, "settle")
    if settled is None or not owes_report(complaint):
        return None
    return later(settled, _minutes("after-report", complaint, books))


def escalate_due(complaint: Record, books: Books) -> str | None:
    """Return when an overdue case has to have been taken to somebody above."""
    due = solve_due(complaint, books) if _needs_solving(complaint) else None
    if due is None or when(complaint, "escalate"):
        return None
    return put_off(later(due, _minutes("escalate-after", complaint, books)), due, pauses(complaint))


DEADLINES = (
    Deadline(
        "first-contact",
        ("GC-k-17", "SQ-sup-1.2#2", "GC-b-4.1#3"),
        "Somebody turns to the complaint at once.",
        ("registered", "assigned"),
        contact_due,
        _owner,
        contact_steps,
    ),
    Deadline(
        "route",
        ("GC-e-15#2",),
        "The complaint is passed to the department concerned.",
        ("registered",),
        route_due,
        _owner,
    ),
    Deadline(
        "verify",
        ("GC-e-16#1", "GC-q-6.3", "SQ-sup-1.2#2"),
        "The department concerned verifies the complaint promptly.",
        ("assigned",),
        verify_due,
        _owner,
        verify_steps,
    ),
    Deadline(
        "act",
        ("OM-2.7.3-6",),
        "Once facts and cause are clear, somebody acts at once.",
        ("investigating",),
        act_due,
        _owner,
        act_steps,
    ),
    Deadline(
        "solve",
        ("GC-g-3.1.4#1", "GC-s-3.2.2#2", "GC-b-4.1#3", "GC-q-6.3", "GC-k-17", "SQ-sup-1.2#2"),
        "The complaint is solved within its limit.",
        OPEN,
        lambda complaint, books: solve_due(complaint, books) if _needs_solving(complaint) else None,
        _owner,
        solve_steps,
    ),
    Deadline(
        "escalate",
        ("GC-g-3.1.4#1",),
        "A case that is overdue is taken to somebody above.",
        OPEN,
        escalate_due,
        _superior,
        solve_steps,
    ),
    Deadline(
        "reply",
        ("GC-k-18", "GC-g-3.1.4#1", "GC-s-3.2.2#2"),
        "The complainant is told the outcome.",
        ("resolved",),
        reply_due,
        _owner,
        reply_steps,
    ),
    Deadline(
        "promise",
        ("OM-2.7.3-8",),
        "What was promised to the complainant is kept.",
        UNCLOSED,
        lambda complaint, books: promised(complaint),
        _owner,
    ),
    Deadline(
        "follow-up",
        ("GC-g-3.1.5", "GC-e-17#2"),
        "A follow-up call asks whether the problem is thoroughly solved.",
        ("replied",),
        follow_up_due,
        _owner,
        follow_up_steps,
    ),
    Deadline(
        "after-report",
        ("OM-2.7.2#2",),
        "Who settled a complaint by delegated power reports it to the head.",
        ("resolved", "replied", "followed-up"),
        report_due,
        _settler,
    ),
)
