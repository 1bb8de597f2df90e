"""What the reports count, and how they make figures of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from math import ceil

from svcdesk.clock import before
from svcdesk.clock import minutes_between
from svcdesk.model import Record
from svcdesk.registers.complaint_clock import UNCLOSED
from svcdesk.registers.complaint_clock import taken_up


@dataclass(slots=True)
class Tally:
    """What is counted of a group; times in minutes."""

    count: int = 0
    open: int = 0
    late: int = 0
    repeats: int = 0
    reopened: int = 0
    impossible: int = 0
    minutes: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)

    def add(self, complaint: Record, late: bool) -> None:
        """Count one complaint; one that was closed before it was received counts, but not its time."""
        self.count += 1
        self.late += late
        self.open += complaint.state in UNCLOSED
        self.repeats += "repeat_of" in complaint.data
        self.reopened += complaint.last("reopen") is not None
        received, closed = complaint["received"], complaint.get("closed")
        if closed and before(closed, received):
            self.impossible += 1
        elif closed:
            self.minutes.append(minutes_between(received, closed))
        first = taken_up(complaint)
        if first and not before(first, received):
            self.firsts.append(minutes_between(received, first))


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """Return the smallest of the sorted values that at least so many percent do not exceed; None of none."""
    return values[max(ceil(len(values) * percent / 100), 1) - 1] if values else None


def median(values: Sequence[int]) -> int | None:
    """Return the middle of the sorted values, of two middles the half-way, rounded down; None of none."""
    if not values:
        return None
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) // 2


def hours(minutes: int | None) -> str:
    """Return minutes as hours and minutes; nothing where there are none."""
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02}"


def share(part: int, whole: int) -> int:
    """Return a share in percent, rounded half up."""
    return (200 * part + whole) // (2 * whole) if whole else 0
