"""Time with zone: stored moments, moments as typed, working time and deadlines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from functools import lru_cache
from typing import Any
from typing import NamedTuple

from svcdesk.calendars import DEFAULT_CALENDARS as DEFAULT_CALENDARS
from svcdesk.calendars import LAST_YEAR
from svcdesk.calendars import WORKING
from svcdesk.calendars import Kind
from svcdesk.calendars import Span
from svcdesk.calendars import Timetable
from svcdesk.calendars import default_calendar as default_calendar
from svcdesk.calendars import read_timetable
from svcdesk.calendars import seconds_at
from svcdesk.calendars import zone_of
from svcdesk.errors import BadInput
from svcdesk.model import text

FIRST_YEAR = 1970
SKEW = timedelta(minutes=5)
"""By how much the clocks of two clones may differ."""

_OFFSET = r"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]"
_STORED = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T(?:[01][0-9]|2[0-3]):[0-9]{{2}}:[0-9]{{2}}{_OFFSET}")
_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1, "今天": 0, "明天": 1, "昨天": -1}
_AHEAD = re.compile(r"\+ ?([0-9]{1,4}) ?([mhd])", re.IGNORECASE)
_TYPED = re.compile(
    r"(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ](?=[0-9])|$)"
    rf"|(?P<word>{'|'.join(_DAYS)})(?: ?(?=[0-9])|$))?"
    r"(?:(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    rf" ?(?P<offset>Z|{_OFFSET})?)?",
    re.IGNORECASE,
)
_NARROW = {0xFF01 + step: 0x21 + step for step in range(94)}


@lru_cache(maxsize=65536)
def instant(value: str) -> datetime:
    """Return a stored time as a moment with its offset; BadInput unless it is ISO 8601 to the second."""
    try:
        if _STORED.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise BadInput(text("{value} is not a time such as 2026-11-22T18:00:00+08:00", value=value))


def stamp(moment: datetime, zone: str) -> str:
    """Return the stored form of a moment in a zone, to the second."""
    if moment.tzinfo is None:
        raise BadInput(text("{value} has no offset", value=moment.isoformat()))
    return moment.astimezone(zone_of(zone)).isoformat(timespec="seconds")


@lru_cache(maxsize=4096)
def is_told_in(value: str, zone: str) -> bool:
    """Tell whether a stored time has the offset of a zone, or one an hour off, as before a change of the law."""
    moment = instant(value)
    here = moment.astimezone(zone_of(zone)).utcoffset()
    told = moment.utcoffset()
    return here is not None and told is not None and abs(here - told) <= timedelta(hours=1)


def later(value: str, minutes: int) -> str:
    """Return the stored time so many elapsed minutes later, at the offset of `value`."""
    return (instant(value) + timedelta(minutes=minutes)).isoformat()


def later_seconds(value: str, seconds: int) -> str:
    """Return the moment so many seconds later, with the same offset."""
    return (instant(value) + timedelta(seconds=seconds)).isoformat()


def before(first: str, second: str) -> bool:
    """Say whether one stored time lies before another, whatever their offsets."""
    return instant(first) < instant(second)


def latest(*values: str) -> str:
    """Return the last of some stored times."""
    return max(values, key=instant)


def minutes_between(start: str, end: str) -> int:
    """Return the whole elapsed minutes from start to end; negative where end lies before start."""
    return _minutes(_seconds(end) - _seconds(start))


def day_of(value: str) -> str:
    """Return the local date of a stored time, as it is stored."""
    return instant(value).date().isoformat()


def days_between(start: str, end: str) -> int:
    """Return the calendar days from one date to another (dates as `2026-11-22`)."""
    return (_date(end) - _date(start)).days


def day_later(day: str, days: int) -> str:
    """Return the date so many calendar days later."""
    try:
        return (_date(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        raise BadInput(text("{value}: there is no such date or time", value=day)) from None


def wall_time(day: str, clock: str, zone: str) -> str:
    """Return the stored moment at which clocks in a zone show `clock` (`00:00` to `24:00`) on a date."""
    try:
        minutes = int(clock[:2]) * 60 + int(clock[3:])
        return stamp(datetime.fromtimestamp(seconds_at(_date(day), minutes, zone_of(zone)), UTC), zone)
    except (ValueError, OverflowError):
        raise BadInput(text("{value}: there is no such date or time", value=f"{day} {clock}")) from None


def read_moment(value: str, zone: str, now: datetime, *, day_end: bool = False) -> str:
    """Return the stored form of a time as people type it; BadInput says what is wrong.

    A date alone means its last second where `day_end` is true, and is refused otherwise.
    """
    typed = " ".join(value.translate(_NARROW).split())
    here = datetime.fromisoformat(stamp(now, zone)).astimezone(zone_of(zone))
    ahead = _AHEAD.fullmatch(typed)
    found = _TYPED.fullmatch(typed)
    try:
        if ahead:
            moment = _ahead(here, int(ahead[1]), ahead[2].lower(), zone)
        elif found and typed:
            moment = _moment(found, here, zone, day_end)
        else:
            raise BadInput(
                text(
                    '"{value}" cannot be read as a time; 2026-11-22 18:00, 18:00, tomorrow 09:00 or +4h can',
                    value=value,
                )
            )
    except (ValueError, OverflowError):
        raise BadInput(text("{value}: there is no such date or time", value=typed)) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadInput(text("{value}: the year has to be 1970 to 2199", value=typed))
    return stamp(moment, zone)


def _moment(found: re.Match[str], here: datetime, zone: str, day_end: bool) -> datetime:
    """Return the moment that a date, a word or a clock time names; ValueError where none exists."""
    day = here.date() + timedelta(days=_DAYS.get((found["word"] or "today").lower(), 0))
    if found["date"]:
        day = date.fromisoformat(found["date"])
    if found["hour"]:
        clock = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        wall = datetime.combine(day, clock)
        if found["offset"]:
            return datetime.fromisoformat(wall.isoformat() + found["offset"].upper())
        return _existing(wall, zone)
    if not day_end:
        raise BadInput(text("{value}: a time of day is needed too, such as 18:00", value=found[0]))
    return datetime.fromtimestamp(seconds_at(day, 24 * 60, zone_of(zone)) - 1, UTC)


def _ahead(here: datetime, count: int, unit: str, zone: str) -> datetime:
    """Return a moment ahead: minutes and hours elapse, days keep the time on the wall."""
    if unit == "d":
        return _existing(here.replace(tzinfo=None, fold=0) + timedelta(days=count), zone)
    return here.astimezone(UTC) + timedelta(minutes=count * (60 if unit == "h" else 1))


def _existing(wall: datetime, zone: str) -> datetime:
    """Return the one moment at which the wall clock of a zone shows this."""
    first, second = (wall.replace(tzinfo=zone_of(zone), fold=fold) for fold in (0, 1))
    shown = wall.isoformat(" ", "minutes")
    if first.timestamp() > second.timestamp():
        raise BadInput(
            text("{value} does not exist in {zone}: the clock is put forward then", value=shown, zone=zone)
        )
    if first.timestamp() < second.timestamp():
        raise BadInput(
            text(
                "{value} comes twice in {zone}; write it with {first} or {second}",
                value=shown,
                zone=zone,
                first=stamp(first, zone)[-6:],
                second=stamp(second, zone)[-6:],
            )
        )
    return first


Stretch = tuple[int, int | None, Kind]
"""A span that may have no end."""


class Segment(NamedTuple):
    """A stretch of a deadline's clock: what it was, and the working minutes counted by its end.

    `end` is None only for a pause that has not ended.
    """

    start: str
    end: str | None
    kind: Kind
    minutes: int


class Calendar(NamedTuple):
    """Working time of a desk: open periods by weekday, holidays, make-up days, closures.

    Periods are wall-clock time of the zone, minutes are elapsed time. Each answer that would need
    a year that is not published is refused with BadInput.
    """

    zone: str
    table: Timetable

    @classmethod
    def read(cls, value: Mapping[str, Any], zone: str) -> Calendar:
        """Return the calendar of a policy value; BadInput says which entry is wrong."""
        return cls(zone, read_timetable(value, zone))

    def is_open(self, moment: str) -> bool:
        """Say whether a stored time lies in an open period (its end excluded)."""
        return next(self.table.course(_seconds(moment)))[2] in WORKING

    def periods(self, day: str) -> list[tuple[datetime, datetime]]:
        """Return the open periods of a date, in order, with the offsets of the zone."""
        return [
            (instant(self._stamp(begin)), instant(self._stamp(end)))
            for begin, end, kind in self.table.spans(_date(day))
            if kind in WORKING
        ]

    def between(self, start: str, end: str) -> int:
        """Return the whole working minutes from start to end; negative where end lies before."""
        first, last = sorted((_seconds(start), _seconds(end)))
        spans = _until(self.table.course(first), last)
        total = sum(finish - begin for begin, finish, kind in spans if kind in WORKING)
        return _minutes(total if _seconds(start) == first else -total)

    def add(self, start: str, minutes: int) -> str:
        """Return the first moment at which so many working minutes have passed since start."""
        spans = self._counted(_seconds(start), minutes, ())
        return self._stamp(max((end for _, end, _ in spans if end), default=_seconds(start)))

    def days(self, start: str, count: int) -> str:
        """Return the end of the count-th working day after the day of start; count from 1."""
        if count < 1:
            raise BadInput(text("{count} working days: at least 1 is needed", count=count))
        day = self.table.day(_seconds(start))
        while count:
            day += timedelta(days=1)
            ends = [end for _, end, kind in self.table.spans(day) if kind in WORKING]
            count -= bool(ends)
        return self._stamp(ends[-1])

    def deadline(self, start: str, minutes: int, pauses: Sequence[tuple[str, str | None]] = ()) -> str | None:
        """Return when so many working minutes have passed outside the pauses.

        Pauses are [start, end), in any order; None as an end is a pause that still lasts, and the
        answer is None where it begins before the minutes have passed.
        """
        ends = [end for _, end, _ in self._counted(_seconds(start), minutes, pauses)]
        due = ends[-1] if ends else _seconds(start)
        return None if due is None else self._stamp(due)

    def explain(
        self, start: str, minutes: int, pauses: Sequence[tuple[str, str | None]] = ()
    ) -> list[Segment]:
        """Return how a deadline comes about: segments from start to deadline without a gap."""
        counted = 0
        segments: list[Segment] = []
        for begin, end, kind in _joined(self._counted(_seconds(start), minutes, pauses)):
            counted += end - begin if end and kind in WORKING else 0
            shown = None if end is None else self._stamp(end)
            segments.append(Segment(self._stamp(begin), shown, kind, _minutes(counted)))
        return segments

    def _counted(
        self, start: int, minutes: int, pauses: Sequence[tuple[str, str | None]]
    ) -> Iterator[Stretch]:
        """Yield what passes until the minutes are counted, or until a pause that still lasts."""
        if minutes < 0:
            raise BadInput(text("{minutes} working minutes: 0 or more are needed", minutes=minutes))
        left = minutes * 60
        for begin, end, kind in self._paused(start, pauses) if left else ():
            stop = end
            if end is not None and kind in WORKING:
                stop = min(end, begin + left)
                left -= stop - begin
            yield begin, stop, kind
            if not left:
                return

    def _paused(self, start: int, pauses: Sequence[tuple[str, str | None]]) -> Iterator[Stretch]:
        """Yield the course from start on, with the pauses laid over it."""
        for begin, end in _merged(pauses):
            if end is not None and end <= start:
                continue
            if start < begin:
                yield from _until(self.table.course(start), begin)
            yield max(start, begin), end, "paused"
            if end is None:
                return
            start = end
        yield from self.table.course(start)

    def _stamp(self, seconds: int) -> str:
        return stamp(datetime.fromtimestamp(seconds, UTC), self.zone)


def _merged(pauses: Sequence[tuple[str, str | None]]) -> list[tuple[int, int | None]]:
    """Return the pauses in order, without overlap; one that ends before it begins is none."""
    merged: list[tuple[int, int | None]] = []
    known = ((_seconds(begin), None if end is None else _seconds(end)) for begin, end in pauses)
    for begin, end in sorted(known, key=lambda pause: pause[0]):
        if end is not None and end <= begin:
            continue
        if not merged or (merged[-1][1] is not None and merged[-1][1] < begin):
            merged.append((begin, end))
        elif merged[-1][1] is not None:
            last = None if end is None else max(end, merged[-1][1])
            merged[-1] = merged[-1][0], last
    return merged


def _until(course: Iterator[Span], last: int) -> Iterator[Span]:
    """Yield a course as far as a moment, and ask for nothing beyond it."""
    for begin, end, kind in course:
        if begin < last:
            yield begin, min(end, last), kind
        if end >= last:
            return


def _joined(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Join neighbours of one kind, such as two days of a holiday."""
    held: Stretch | None = None
    for begin, end, kind in stretches:
        if held and held[2] == kind:
            held = held[0], end, kind
            continue
        if held:
            yield held
        held = begin, end, kind
    if held:
        yield held


def _seconds(value: str) -> int:
    return int(instant(value).timestamp())


def _minutes(seconds: int) -> int:
    """Whole minutes, counted towards 0 on both sides."""
    return seconds // 60 if seconds >= 0 else -(-seconds // 60)


def _date(day: str) -> date:
    """Return a date; BadInput unless it is written as 2026-11-22."""
    try:
        return date.fromisoformat(day if len(day) == len("2026-11-22") else "")
    except ValueError:
        raise BadInput(text("{value} is not a date such as 2026-11-22", value=day)) from None
