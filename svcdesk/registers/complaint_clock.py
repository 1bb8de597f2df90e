"""The clocks of a complaint: when it was taken up, when it has to be solved, and why then. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.clock import latest
from svcdesk.clock import minutes_between
from svcdesk.feeds import Books
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import when

Pause = tuple[str, str | None]

OPEN = ("registered", "assigned", "investigating", "reopened")
"""States in which the matter is not solved yet."""

UNCLOSED = (*OPEN, "resolved", "replied", "followed-up")

ENDS_A_PAUSE = ("resume", "resolve", "settle", "acknowledge", "withdraw")
TAKES_UP = ("contact", "investigate", "settle", "escalate", "reply", "acknowledge")
"""Acts by which somebody turns to the matter or to the complainant; passing it on is none."""


def pauses(complaint: Record) -> list[Pause]:
    """Return when the clock stood still, waiting for the customer; None as an end: it still does."""
    found: list[Pause] = []
    for act in complaint.acts:
        waiting = bool(found) and found[-1][1] is None
        if act["action"] == "pause" and not waiting:
            found.append((act["at"], None))
        elif act["action"] in ENDS_A_PAUSE and waiting:
            found[-1] = found[-1][0], act["at"]
    return found


def is_waiting(complaint: Record) -> bool:
    """Tell whether the clock stands still."""
    return any(end is None for _, end in pauses(complaint))


def put_off(due: str, start: str, stops: Sequence[Pause]) -> str | None:
    """Return a moment put off by the pauses between `start` and it; None while one of them lasts."""
    for begin, end in stops:
        if end is not None and not before(start, end):
            continue
        if not before(begin, due):
            break
        if end is None:
            return None
        due = later(due, minutes_between(latest(begin, start), end))
    return due


def limit_act(complaint: Record) -> Act | None:
    """Return the act that set the limit in force."""
    return next((act for act in reversed(complaint.acts) if "limit" in act.get("sets", {})), None)


def class_limit(complaint: Record, books: Books) -> tuple[int, str]:
    """Return minutes and kind of clock that the policy gives for the complaint's severity."""
    table = books.setting("complaint.limits", complaint["received"])
    entry = table.get(complaint.get("severity", "ordinary"), table["ordinary"])
    return int(entry["minutes"]), str(entry["clock"])


def solve_due(complaint: Record, books: Books) -> str | None:
    """Return when it has to be solved: by the limit set for it, else by that of its class."""
    act = limit_act(complaint)
    if act is not None and complaint.get("limit"):
        return put_off(complaint["limit"], act["at"], pauses(complaint))
    minutes, clock = class_limit(complaint, books)
    start = complaint["received"]
    if clock == "working":
        return books.due_after(start, minutes, pauses(complaint))
    return put_off(later(start, minutes), start, pauses(complaint))


def solve_steps(complaint: Record, books: Books) -> Iterator[Text]:
    """Say how the moment by which it has to be solved comes about."""
    act = limit_act(complaint)
    start = complaint["received"]
    if act is not None and complaint.get("limit"):
        start = act["at"]
        yield text("limit {limit}, set by {by} at {at}", limit=complaint["limit"], by=act["by"], at=act["at"])
    else:
        minutes, clock = class_limit(complaint, books)
        severity = complaint.get("severity", "ordinary")
        if clock == "working":
            yield from books.clock_steps(start, minutes, pauses(complaint))
            return
        yield text("{severity}: {minutes} minutes from {at}", severity=severity, minutes=minutes, at=start)
    for begin, end in pauses(complaint):
        if end is None:
            yield text("the clock stands still since {start}", start=begin)
        elif before(start, end):
            yield text("the clock stood still from {start} to {end}", start=latest(begin, start), end=end)


def working_steps(start: str | None, minutes: int, stops: Sequence[Pause], books: Books) -> Iterable[Text]:
    """Say how a moment so many working minutes after `start` comes about; nothing without a start."""
    return books.clock_steps(start, minutes, stops) if start else ()


def taken_up(complaint: Record) -> str | None:
    """Return when somebody first turned to it, or None."""
    act = complaint.first(*TAKES_UP)
    return None if act is None else str(act["at"])


def solved_at(complaint: Record) -> str | None:
    """Return when it was solved, or closed where nobody wrote down, or not rightly, when it was solved."""
    done: str | None = complaint.get("solved")
    if done is None or before(done, complaint["received"]):
        done = complaint.get("closed") or done
    return done


def is_late(complaint: Record, books: Books, at: str) -> bool:
    """Tell whether it was solved after it had to be, or is unsolved at `at` though it should be solved.

    The row of another book was judged by that book's calendar: it counts against the limit written with
    it, else by elapsed time.
    """
    done = solved_at(complaint) or (at if complaint.state in OPEN else None)
    if done is None:
        return False
    if complaint.acts[0]["action"] == "import" and not complaint.get("limit"):
        due: str | None = later(complaint["received"], class_limit(complaint, books)[0])
    else:
        due = solve_due(complaint, books)
    return due is not None and before(due, done)


def promised(complaint: Record) -> str | None:
    """Return by when the customer was promised to hear from us, until he has."""
    act = next((each for each in reversed(complaint.acts) if "promised" in each.get("sets", {})), None)
    heard = when(complaint, "contact", "reply")
    if act is None or not complaint.get("promised") or (heard and before(act["at"], heard)):
        return None
    return str(complaint["promised"])


def is_reachable(complaint: Record) -> bool:
    """Tell whether there is somebody to answer: only who gave neither name nor contact cannot be reached."""
    return complaint.get("reporter") != "anonymous" or bool(complaint.get("contact"))
