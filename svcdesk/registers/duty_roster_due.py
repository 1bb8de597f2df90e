"""What falls due on a roster: the next day, the reinforcement of a holiday, the log of a duty begun. Pure."""

from __future__ import annotations

from svcdesk.clock import day_later
from svcdesk.clock import later
from svcdesk.declared import Deadline
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.registers.duty_roster_rules import ASSIGNED
from svcdesk.registers.duty_roster_rules import assigned
from svcdesk.registers.duty_roster_rules import speaks_for_its_day

TO_COME = ("published", "swapped")


def maker(duty: Record, books: Books) -> str:
    """Return who put the duty on the roster."""
    return str(duty.acts[0]["by"])


def person(duty: Record, books: Books) -> str:
    """Return who stands it."""
    return str(duty["person"])


def _ahead_of(day: str, setting: str, duty: Record, books: Books) -> str:
    return later(books.wall_time(day, "00:00"), -books.setting(f"duty-roster.{setting}", duty.opened))


def next_day_due(duty: Record, books: Books) -> str | None:
    """Return by when the day after has its duty on the roster; None where it has, or need not."""
    following = day_later(duty["date"], 1)
    if not speaks_for_its_day(duty, books) or assigned(duty["post"], following, books):
        return None
    return _ahead_of(following, "publish-minutes", duty, books)


def is_holiday(day: str, books: Books) -> bool:
    """Tell whether a day is a statutory holiday by the calendar of the policy."""
    calendar = books.setting("calendar", books.wall_time(day, "00:00"))
    return day in calendar.get("years", {}).get(day[:4], {}).get("holidays", ())


def reinforcement_due(duty: Record, books: Books) -> str | None:
    """Return by when a holiday has additional duty; None on other days, and where it has."""
    if not is_holiday(duty["date"], books) or not speaks_for_its_day(duty, books):
        return None
    everybody = books.find("duty-roster", date=duty["date"])
    if any(each.get("reinforcement") and each.state in ASSIGNED for each in everybody):
        return None
    return _ahead_of(duty["date"], "holiday-minutes", duty, books)


def log_due(duty: Record, books: Books) -> str | None:
    """Return by when the log of a duty is opened; None where it is, or need not be."""
    logged = duty["post"] in books.setting("duty-roster.logged-posts", duty.opened)
    if not logged or "begins" not in duty.data:
        return None
    if any(each.state != "void" for each in books.find("duty-log", duty=duty.id)):
        return None
    return later(duty["begins"], books.setting("duty-roster.log-minutes", duty["begins"]))


DEADLINES = (
    Deadline(
        "next-day",
        ("CS15-1.1",),
        "A manager stands duty every day: the next day is on the roster in time.",
        ASSIGNED,
        next_day_due,
        maker,
    ),
    Deadline(
        "reinforcement",
        ("CS15-1.9",),
        "Additional duty is arranged for a statutory holiday.",
        TO_COME,
        reinforcement_due,
        maker,
    ),
    Deadline(
        "log-opened",
        ("CS15-2.7#1",),
        "Every duty is recorded: its log is opened when it begins.",
        TO_COME,
        log_due,
        person,
    ),
)
