"""What falls due on an incident: who has to be told by when, and the written report of the next day. Pure."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import later
from svcdesk.declared import Deadline
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.duty_incident_rules import SUPERIOR
from svcdesk.registers.duty_incident_rules import has_reached
from svcdesk.registers.duty_incident_rules import is_major
from svcdesk.registers.duty_incident_rules import reporter

OPEN = ("reported", "handled")

Due = Callable[[Record, Books], str | None]


def watch(incident: Record, books: Books) -> str:
    """Return who answers for it: the watch on whose log it stands, or who reported it."""
    log = books.get(incident.get("log", ""))
    return str(log.get("person") or reporter(incident)) if log else reporter(incident)


def _minutes(incident: Record, books: Books, name: str) -> str:
    return later(incident["occurred"], books.setting(f"duty-incident.{name}-minutes", incident["occurred"]))


def superior_due(incident: Record, books: Books) -> str | None:
    """Return by when the next superior is told of a major event; None once he is."""
    wanted = books.setting("duty-incident.major-to", incident["occurred"])
    if not is_major(incident) or has_reached(incident, wanted, books):
        return None
    return _minutes(incident, books, "report")


def help_due(incident: Record, books: Books) -> str | None:
    """Return by when, of a major event hard to handle, the CS manager is told and departments are asked."""
    wanted = books.setting("duty-incident.hard-to", incident["occurred"])
    if not is_major(incident) or not incident.get("hard"):
        return None
    if has_reached(incident, wanted, books) and incident.get("assistance"):
        return None
    return _minutes(incident, books, "report")


def report_due(incident: Record, books: Books) -> str | None:
    """Return by when the written report on a major event is there: the day after it."""
    if not is_major(incident) or "report" in incident.data:
        return None
    clock = books.setting("duty-incident.report-time", incident["occurred"])
    return books.wall_time(day_later(day_of(incident["occurred"]), 1), clock)


def report_steps(incident: Record, books: Books) -> Iterator[Text]:
    """Say how the moment of the written report comes about."""
    yield text(
        "it happened on {day}; the report is due the next day at {clock}",
        day=day_of(incident["occurred"]),
        clock=books.setting("duty-incident.report-time", incident["occurred"]),
    )


def problem_posts(incident: Record, books: Books) -> list[str]:
    """Return who is told of an abnormal problem in daily work, by the post of who reports it."""
    table = books.setting("duty-incident.problem-to", incident["occurred"])
    held = books.posts(reporter(incident), incident.opened)
    named = [post for each in sorted(held) for post in table.get(each, ())]
    return named or [SUPERIOR]


def _problem_to(*posts: str) -> Due:
    """Return when one of these posts has to have been told of an abnormal problem in daily work."""

    def due(incident: Record, books: Books) -> str | None:
        wanted = problem_posts(incident, books)
        mine = incident.get("kind") == "work-problem" and set(wanted) & set(posts)
        if not mine or has_reached(incident, wanted, books):
            return None
        return _minutes(incident, books, "problem")

    return due


DEADLINES = (
    Deadline(
        "superior-told",
        ("CS15-2.3#2",),
        "A major event is reported to the next superior at once.",
        OPEN,
        superior_due,
        watch,
    ),
    Deadline(
        "manager-told",
        ("CS15-1.6#2",),
        "A major event that is hard to handle is reported to the CS manager, and departments are asked to help.",
        OPEN,
        help_due,
        watch,
    ),
    Deadline(
        "written-report",
        ("CS15-1.6#3",),
        "The written report on a major event goes to the CS manager the next day.",
        OPEN,
        report_due,
        watch,
        report_steps,
    ),
    Deadline(
        "general-manager-told",
        ("CS1-1.3#2", "CS2-1.1.3#2"),
        "An abnormal problem in daily work is reported promptly to the general manager.",
        OPEN,
        _problem_to("general-manager"),
        watch,
    ),
    Deadline(
        "leader-told",
        ("CS8-2.1.7#2",),
        "An abnormal problem is reported promptly to the direct leader.",
        OPEN,
        _problem_to(SUPERIOR),
        watch,
    ),
    Deadline(
        "cs-supervisor-told",
        ("CS8-2.3.7", "CS1-3.6#2", "CS2-1.3.6#2"),
        "After-sales reports an abnormal matter promptly to the CS supervisor.",
        OPEN,
        _problem_to("cs-supervisor"),
        watch,
    ),
)
