"""What is read out of the complaint book: numbers, times, patterns, progress. Pure; each takes one pass."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import minutes_between
from svcdesk.declared import Report
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.registers.complaint_clock import UNCLOSED
from svcdesk.registers.complaint_clock import is_late
from svcdesk.registers.complaint_clock import is_waiting
from svcdesk.registers.complaint_clock import solve_due
from svcdesk.registers.complaint_clock import taken_up
from svcdesk.registers.complaint_figures import Tally
from svcdesk.registers.complaint_figures import hours
from svcdesk.registers.complaint_figures import median
from svcdesk.registers.complaint_figures import nearest_rank
from svcdesk.registers.complaint_figures import share

Row = Mapping[str, Any]
Keep = Callable[[Record], bool]
Group = tuple[str, str]
Rows = Callable[[Sequence[Record], Books, str], Iterable[Row]]

NOT_COUNTED = ("withdrawn", "void")

PATTERNS = ("subject", "topic", "product", "pattern", "department", "about", "month", "hour")
"""By what patterns are looked for: type, product, tag, department, staff, time."""

HEADINGS = {
    "month": text("month"),
    "hour": text("hour"),
    "count": text("complaints"),
    "open": text("not closed"),
    "median_h": text("median, hours"),
    "p90_h": text("90th percentile, hours"),
    "late": text("late"),
    "late_percent": text("late, %"),
    "target_percent": text("target, %"),
    "over_target": text("over target"),
    "first_contact": text("first contact"),
    "first_h": text("waited, hours"),
    "impossible": text("impossible"),
    "repeats": text("repeats"),
    "reopened": text("reopened"),
    "waiting": text("waiting"),
}


def is_imported(complaint: Record) -> bool:
    """Tell whether the record was taken over from another book."""
    return bool(complaint.acts[0]["action"] == "import")


def is_complaint(complaint: Record) -> bool:
    """Tell whether it is a complaint or an internal report that stands; praise and suggestions are kept apart."""
    kind = complaint.get("kind", "complaint")
    return kind in ("complaint", "report") and complaint.state not in NOT_COUNTED


def _tallies(
    records: Iterable[Record], books: Books, at: str, keys: Callable[[Record], Iterable[Group]]
) -> dict[Group, Tally]:
    found: dict[Group, Tally] = {}
    for complaint in records:
        late = is_late(complaint, books, at)
        for key in keys(complaint):
            if key not in found:
                found[key] = Tally()
            found[key].add(complaint, late)
    return found


def by_type_channel_month(complaint: Record) -> Iterator[Group]:
    """Yield the groups of the summary that a complaint counts in: all, its type, its channel, its month."""
    yield "", ""
    name = "topic" if complaint.get("topic") else "subject"
    yield from ((each, str(complaint[each])) for each in (name, "channel") if complaint.get(each))
    yield "month", str(complaint["received"])[:7]


def by_pattern(complaint: Record) -> Iterator[Group]:
    """Yield the groups in which patterns are looked for: type, product, staff, time, tag."""
    for name in PATTERNS[:-3]:
        if complaint.get(name):
            yield name, str(complaint[name])
    yield from (("about", person) for person in complaint.get("about", ()))
    yield "month", str(complaint["received"])[:7]
    yield "hour", str(complaint["received"])[11:13]


def summary(keep: Keep) -> Rows:
    """Return the summary of the complaints that `keep` lets in."""

    def rows(records: Sequence[Record], books: Books, at: str) -> Iterator[Row]:
        target = books.setting("complaint.late-target-percent", at)
        kept = (each for each in records if is_complaint(each) and keep(each))
        for (group, value), tally in _ordered(_tallies(kept, books, at, by_type_channel_month)):
            times = sorted(tally.minutes)
            yield {
                **dict.fromkeys(("subject", "topic", "channel", "month"), ""),
                **({group: value} if group else {}),
                "count": tally.count,
                "open": tally.open,
                "median_h": hours(median(times)),
                "p90_h": hours(nearest_rank(times, 90)),
                "late": tally.late,
                "late_percent": share(tally.late, tally.count),
                "target_percent": target,
                "over_target": tally.late * 100 > target * tally.count,
                "first_h": hours(median(sorted(tally.firsts))),
                "impossible": tally.impossible,
            }

    return rows


def _ordered(found: Mapping[Group, Tally]) -> list[tuple[Group, Tally]]:
    """Groups as first met, within each the most frequent first; months and hours in their own order."""
    place = {group: number for number, group in enumerate(dict.fromkeys(group for group, _ in found))}

    def key(item: tuple[Group, Tally]) -> tuple[int, int, str]:
        (group, value), tally = item
        return place[group], 0 if group in ("month", "hour") else -tally.count, value

    return sorted(found.items(), key=key)


def patterns(records: Sequence[Record], books: Books, at: str) -> Iterator[Row]:
    """Yield what occurred more than once, by type, product, staff and time."""
    kept = (each for each in records if is_complaint(each))
    for (group, value), tally in _ordered(_tallies(kept, books, at, by_pattern)):
        if tally.count > 1:
            yield {
                **dict.fromkeys(PATTERNS, ""),
                group: value,
                "count": tally.count,
                "repeats": tally.repeats,
                "reopened": tally.reopened,
                "late": tally.late,
            }


def progress(records: Sequence[Record], books: Books, at: str) -> Iterator[Row]:
    """Yield every complaint that is not closed, with who has it and by when it has to be solved."""
    for each in records:
        if is_complaint(each) and each.state in UNCLOSED:
            yield {
                "id": each.id,
                "state": each.state,
                "received": each["received"],
                "severity": each.get("severity", ""),
                "subject": each.get("topic") or each.get("subject", ""),
                "owner": each.get("owner", ""),
                "limit": each.get("limit", "") if is_imported(each) else solve_due(each, books) or "",
                "waiting": is_waiting(each),
                "late": is_late(each, books, at),
            }


def response(records: Sequence[Record], books: Books, at: str) -> Iterator[Row]:
    """Yield how long each complaint waited until somebody turned to it."""
    for each in records:
        if is_complaint(each) and not is_imported(each):
            first = taken_up(each)
            yield {
                "id": each.id,
                "received": each["received"],
                "severity": each.get("severity", ""),
                "first_contact": first or "",
                "first_h": hours(minutes_between(each["received"], first or at)),
            }


def agents(records: Sequence[Record], books: Books, at: str) -> Iterator[Row]:
    """Yield each complaint with the colleague who had served that customer."""
    for each in records:
        if is_complaint(each) and each.get("served_by"):
            yield {
                "served_by": each["served_by"],
                "id": each.id,
                "received": each["received"],
                "order_number": each.get("order_number", ""),
                "subject": each.get("subject", ""),
                "verified": each.get("verified", ""),
            }


def _report(name: str, title: str, clauses: tuple[str, ...], rows: Rows) -> Report:
    return Report(name, title, clauses, rows, HEADINGS)


REPORTS = (
    _report("summary", "Complaints by type, channel and month.", (), summary(lambda each: True)),
    _report("own", "The same without what was taken over.", (), summary(lambda each: not is_imported(each))),
    _report("imported", "The same of what was taken over.", (), summary(is_imported)),
    _report("patterns", "Patterns by type, product, staff and time.", ("OM-2.7.4#4",), patterns),
    _report("progress", "Complaints that are not closed.", ("GC-g-3.1.4#2",), progress),
    _report("response", "Time until somebody turned to each complaint.", ("OM-2.7.3-1",), response),
    _report("agents", "Complaints by who had served the customer.", ("CS1-4.1#4", "CS2-2.1#4"), agents),
)
