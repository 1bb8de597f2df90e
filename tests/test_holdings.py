"""Where a thing was: the quick answer is the plain one."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from svcdesk.feeds import Hold
from svcdesk.holdings import Holdings

START = datetime(2026, 11, 1, tzinfo=UTC)


def moment(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def hold(since: int, length: int | None) -> Hold:
    until = None if length is None else moment(since + length).isoformat()
    return Hold("K-A0001", "S-A0001", "on-loan", moment(since).isoformat(), until, "KL2611-A0001")


LENGTHS = st.one_of(st.none(), st.integers(0, 6))
HOLDS = st.lists(st.builds(hold, st.integers(0, 12), LENGTHS)).map(
    lambda holds: sorted(holds, key=lambda each: each.since)
)
HOURS = st.integers(-1, 20).map(moment)


def begins(each: Hold) -> datetime:
    return datetime.fromisoformat(each.since)


def ends(each: Hold) -> datetime:
    return datetime.fromisoformat(each.until) if each.until else datetime.max.replace(tzinfo=UTC)


@given(HOLDS, HOURS)
def test_a_hold_covers_its_beginning_and_not_its_end(holds: list[Hold], at: datetime) -> None:
    assert Holdings(holds).at(at) == [each for each in holds if begins(each) <= at < ends(each)]


@given(HOLDS, HOURS, st.one_of(st.none(), HOURS))
def test_between_takes_what_lasts_and_what_begins_before_the_end(
    holds: list[Hold], start: datetime, end: datetime | None
) -> None:
    wanted = [
        each
        for each in holds
        if ends(each) > start and (end is None or begins(each) < end or begins(each) <= start)
    ]
    assert Holdings(holds).between(start, end) == wanted
