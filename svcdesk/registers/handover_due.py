"""What falls due about handovers: the next one, its acceptance, decision and review, carried-over work. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.clock import before
from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import instant
from svcdesk.clock import later
from svcdesk.declared import Deadline
from svcdesk.declared import Owed
from svcdesk.declared import Watch
from svcdesk.feeds import Books
from svcdesk.feeds import Duty
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.handover_snapshot import NAME
from svcdesk.registers.handover_snapshot import is_rostered
from svcdesk.registers.handover_snapshot import unsettled
from svcdesk.rules import when

LIVE = ("open", "counted", "decided")
ACCEPTED = ("accepted", "reviewed")
FORGOTTEN_AFTER = 7
"""Days after which a shift without a handover is no longer asked for."""
AFTER_SHIFT = 720
"""Minutes after the end of a shift in which a handover still is that of the shift."""
SEARCHED = 31
"""Days in which the next working day is looked for."""


def accept_due(handover: Record, books: Books) -> str:
    """Return by when it is accepted, from its opening or the decision on a refusal."""
    since = when(handover, "decide") or handover.opened
    return later(since, books.setting("handover.accept-minutes", since))


def decide_due(handover: Record, books: Books) -> str | None:
    """Return by when the superior has decided on a refusal."""
    refused = when(handover, "refuse")
    return later(refused, books.setting("handover.decide-minutes", refused)) if refused else None


def review_due(handover: Record, books: Books) -> str | None:
    """Return the end of the day on which it was accepted: by then a lead has reviewed it."""
    accepted = when(handover, "accept")
    return books.wall_time(day_of(accepted), "24:00") if accepted else None


def review_steps(handover: Record, books: Books) -> Iterator[Text]:
    """Say how the end of the day comes about."""
    yield text("accepted at {at}; a lead reviews it the same day", at=when(handover, "accept") or "-")


def urgent_due(handover: Record, books: Books) -> str | None:
    """Return by when both sides have told their managers of an urgent matter; None where they have."""
    entered = _urgent_since(handover)
    if entered is None or not _silent(handover, entered):
        return None
    return later(entered, books.setting("handover.urgent-minutes", entered))


def _urgent_since(handover: Record) -> str | None:
    """Return when an urgent matter was entered last."""
    acts = [act for act in handover.acts if act.get("sets", {}).get("urgent")]
    return str(acts[-1]["at"]) if acts else None


def _silent(handover: Record, since: str) -> list[str]:
    """Return who of the two has told nobody since a matter was entered."""
    spoken = {act["by"] for act in handover.acts if act["action"] == "tell" and not before(act["at"], since)}
    return [each for each in (handover["outgoing"], handover["incoming"]) if each not in spoken]


def carried_due(handover: Record, books: Books) -> str | None:
    """Return when the first open item that was carried over has to be done."""
    return min((item["due"] for _, item in _dated(handover)), key=instant, default=None)


def _dated(handover: Record) -> list[tuple[int, dict[str, str]]]:
    return [(number, dict(item)) for number, item in unsettled(handover) if item.get("due")]


def turn_due(handover: Record, books: Books) -> tuple[str, str] | None:
    """Return direction and moment of the next turn of the book after this one; None where it was made."""
    if handover["kind"] != "security" or _followed(handover, books):
        return None
    times = books.setting("handover.security-times", handover.opened)
    side = "from-security" if handover["direction"] == "to-security" else "to-security"
    for ahead in range(SEARCHED):
        day = day_later(handover["date"], ahead)
        moment = books.wall_time(day, times[side])
        if before(handover.opened, moment) and _is_working_day(day, books):
            return side, moment
    return None


def _is_working_day(day: str, books: Books) -> bool:
    return day_of(books.working_time(books.wall_time(day, "00:00"), 1)) == day


def _followed(handover: Record, books: Books) -> bool:
    return any(
        other.state != "void" and other["kind"] == "security" and before(handover.opened, other.opened)
        for ahead in range(SEARCHED)
        for other in books.find(NAME, date=day_later(handover["date"], ahead))
    )


def from_security_due(handover: Record, books: Books) -> str | None:
    """Return when the office takes the book over from the control room, if that is the next turn."""
    turn = turn_due(handover, books)
    return turn[1] if turn and turn[0] == "from-security" else None


def to_security_due(handover: Record, books: Books) -> str | None:
    """Return when the office gives the book to the control room, if that is the next turn."""
    turn = turn_due(handover, books)
    return turn[1] if turn and turn[0] == "to-security" else None


def turn_steps(handover: Record, books: Books) -> Iterator[Text]:
    """Say how the next turn of the book comes about."""
    times = books.setting("handover.security-times", handover.opened)
    yield text(
        "working days: from security at {from_security}, to security at {to_security}",
        from_security=times["from-security"],
        to_security=times["to-security"],
    )


def shifts_owed(books: Books, until: str) -> Iterator[Owed]:
    """Yield the shifts of the roster that ended without a handover."""
    last = day_of(until)
    for duty in books.duties(day_later(last, -FORGOTTEN_AFTER), last):
        if is_rostered(duty, books) and not _handed_over(duty, books):
            due = later(duty.until, books.setting("handover.open-minutes", duty.until))
            if not before(until, due):
                yield Owed(duty.record, due, duty.person)


def _handed_over(duty: Duty, books: Books) -> bool:
    return any(
        each.state != "void"
        and not before(each.opened, duty.since)
        and not before(later(duty.until, AFTER_SHIFT), each.opened)
        for each in books.find(NAME, outgoing=duty.person)
    )


def incoming(handover: Record, books: Books) -> str:
    """Return the relief."""
    return str(handover["incoming"])


def superior(handover: Record, books: Books) -> str:
    """Return who decides on the refusal."""
    return str(handover.get("superior", ""))


def lead(handover: Record, books: Books) -> str:
    """Return who reviews: the lowest reviewer of either department who is neither of the two."""
    at = handover.acts[-1]["at"]
    sides = (handover["outgoing"], handover["incoming"])
    reviewers = books.holders_of(books.setting("handover.reviewer", at), at)
    found = [each for each in reviewers if each not in sides]
    ours = books.departments(handover["incoming"], at) | {handover["department"]}
    near = [each for each in found if books.departments(each, at) & ours]
    return min(near, key=lambda each: (books.rank(each, at), each), default="") or superior_of_outgoing(
        handover, books
    )


def superior_of_outgoing(handover: Record, books: Books) -> str:
    """Return the superior of the outgoing person, for want of a lead."""
    return books.superior(handover["outgoing"], handover.acts[-1]["at"])


def silent_one(handover: Record, books: Books) -> str:
    """Return who has still to tell his manager."""
    entered = _urgent_since(handover)
    return next(iter(_silent(handover, entered)), "") if entered else ""


def owner(handover: Record, books: Books) -> str:
    """Return who is to finish the first open item."""
    first = min(_dated(handover), key=lambda each: instant(each[1]["due"]), default=(0, {}))[1]
    return first.get("owner") or str(handover["incoming"])


def next_to_turn(handover: Record, books: Books) -> str:
    """Return who holds the book."""
    return str(handover["incoming"] if handover.state in ACCEPTED else handover["outgoing"])


DEADLINES = (
    Deadline("accept", (), "A handover that was opened is checked and accepted.", LIVE, accept_due, incoming),
    Deadline(
        "decide",
        ("CS4-1.6#2",),
        "The superior decides on a refused handover.",
        ("refused",),
        decide_due,
        superior,
    ),
    Deadline(
        "review",
        ("CS4-2.3#2", "CS4-4.2#2"),
        "A lead reviews every handover the same day.",
        ("accepted",),
        review_due,
        lead,
        review_steps,
    ),
    Deadline(
        "urgent",
        ("CS4-3.3",),
        "Both sides report an urgent matter to their managers at once.",
        (*LIVE, "refused", *ACCEPTED),
        urgent_due,
        silent_one,
    ),
    Deadline(
        "carried-over",
        ("CS15-2.2#2",),
        "Carried-over work is done by its time.",
        (*LIVE, "refused", *ACCEPTED),
        carried_due,
        owner,
    ),
    Deadline(
        "from-security",
        ("CS4-3.1#1",),
        "On every working day the night's work is taken over from the control room.",
        (*LIVE, "refused", *ACCEPTED),
        from_security_due,
        next_to_turn,
        turn_steps,
    ),
    Deadline(
        "to-security",
        ("CS4-3.2",),
        "On every working day the book goes to the control room.",
        (*LIVE, "refused", *ACCEPTED),
        to_security_due,
        next_to_turn,
        turn_steps,
    ),
)

WATCHES = (
    Watch(
        "shift-without-handover",
        ("CS4-2.2", "CS4-4.1"),
        "Every shift of every day has its handover, by a named person.",
        shifts_owed,
    ),
)
