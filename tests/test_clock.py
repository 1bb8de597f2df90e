"""Time: what is stored, what people type, working calendars, deadlines that stand still."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk import clock
from svcdesk.clock import Calendar
from svcdesk.clock import default_calendar
from svcdesk.clock import wall_time
from svcdesk.errors import BadInput

SHANGHAI = "Asia/Shanghai"
BERLIN = "Europe/Berlin"
ANGELES = "America/Los_Angeles"
NOW = datetime(2026, 11, 22, 2, 0, 11, 999, tzinfo=UTC)
NIGHTS = ["00:00-06:00", "22:00-24:00"]
OFFICE = Calendar.read(default_calendar(SHANGHAI), SHANGHAI)


def policy(*periods: str, **days: list[str]) -> dict[str, object]:
    """Policy value of a desk that is open every day, in 2026 only."""
    hours = {name: list(periods) for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    return {"hours": hours, "years": {"2026": days}}


CALENDARS = [
    OFFICE,
    Calendar.read(policy(*NIGHTS), BERLIN),
    Calendar.read(policy("01:15-02:30", "02:45-03:15", "12:00-24:00"), ANGELES),
    Calendar.read(policy("00:00-24:00", closures=["2026-03-29"]), BERLIN),
    Calendar.read({"always": True, "years": {}}, ANGELES),
]


@st.composite
def starts(draw: st.DrawFn) -> str:
    """Moments of 2026 to the second, near the changes of the clock as often as elsewhere."""
    day = draw(st.sampled_from(["02-10", "03-08", "03-29", "10-25", "11-01"]))
    midnight = clock.instant(f"2026-{day}T00:00:00+00:00")
    return clock.stamp(midnight + timedelta(seconds=draw(st.integers(0, 2 * 86400))), SHANGHAI)


calendars = st.sampled_from(CALENDARS)
minutes = st.integers(0, 3000)


# Stored times


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T18:00:00",
        "2026-11-22T18:00+08:00",
        "2026-11-22T18:00:00Z",
        "2026-11-22T18:00:00.5+08:00",
        "2026-02-30T18:00:00+08:00",
        "2026-11-22T24:00:00+08:00",
        "2026-11-22T18:00:00+99:00",
        "2026-11-22T18:00:00+08:00\n",
        "２026-11-22T18:00:00+08:00",
        "",
    ],
)
def test_stored_time_is_strict(value):
    with pytest.raises(BadInput, match="is not a time such as"):
        clock.instant(value)


@given(st.integers(2 * 365 * 86400, 229 * 365 * 86400), st.sampled_from([SHANGHAI, BERLIN, ANGELES]))
def test_stamp_reads_back(seconds, zone):
    moment = datetime.fromtimestamp(seconds, UTC)
    assert clock.instant(clock.stamp(moment + timedelta(microseconds=7), zone)) == moment


def test_stamp_needs_an_offset():
    with pytest.raises(BadInput, match="has no offset"):
        clock.stamp(datetime(2026, 1, 1), SHANGHAI)  # noqa: DTZ001


def test_stored_times_compare_as_moments():
    berlin, shanghai = "2026-11-22T11:00:00+01:00", "2026-11-22T18:00:00+08:00"
    assert not clock.before(berlin, shanghai)
    assert not clock.before(shanghai, berlin)
    assert clock.before(shanghai, "2026-11-22T18:00:01+08:00")
    assert clock.latest("2026-11-22T17:59:59+08:00", berlin) == berlin
    assert clock.minutes_between(berlin, "2026-11-22T18:59:59+08:00") == 59
    assert clock.minutes_between("2026-11-22T18:59:59+08:00", berlin) == -59
    assert clock.later("2026-11-22T23:30:00+08:00", 45) == "2026-11-23T00:15:00+08:00"
    assert clock.day_of("2026-11-23T00:15:00+08:00") == "2026-11-23"


def test_dates():
    assert clock.days_between("2026-02-28", "2026-03-01") == 1
    assert clock.day_later("2026-12-31", 1) == "2027-01-01"
    with pytest.raises(BadInput, match="is not a date such as"):
        clock.days_between("20260228", "2026-03-01")


# Typed moments


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2026-11-22T18:00:00+08:00", "2026-11-22T18:00:00+08:00"),
        ("2026-11-22T18:00+01:00", "2026-11-23T01:00:00+08:00"),
        ("2026-11-22T10:00Z", "2026-11-22T18:00:00+08:00"),
        ("2026-11-22 18:00", "2026-11-22T18:00:00+08:00"),
        ("2026-11-22T18:00", "2026-11-22T18:00:00+08:00"),
        ("18:00", "2026-11-22T18:00:00+08:00"),
        (" 9:05:07 ", "2026-11-22T09:05:07+08:00"),
        ("+4h", "2026-11-22T14:00:11+08:00"),
        ("+30m", "2026-11-22T10:30:11+08:00"),
        ("+2d", "2026-11-24T10:00:11+08:00"),
        ("tomorrow 09:00", "2026-11-23T09:00:00+08:00"),
        ("Today 18:00", "2026-11-22T18:00:00+08:00"),
        ("yesterday 22:00", "2026-11-21T22:00:00+08:00"),
        ("明天０９：００", "2026-11-23T09:00:00+08:00"),
        ("２０２６－１１－２２　１８：００", "2026-11-22T18:00:00+08:00"),
    ],
)
def test_typed_moment(typed, stored):
    assert clock.read_moment(typed, SHANGHAI, NOW) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-11-22", "2026-11-22: a time of day is needed too, such as 18:00"),
        ("tomorrow", "tomorrow: a time of day is needed too, such as 18:00"),
        ("2026-02-29 10:00", "2026-02-29 10:00: there is no such date or time"),
        ("24:00", "24:00: there is no such date or time"),
        ("18:60", "18:60: there is no such date or time"),
        ("0206-11-22 18:00", "0206-11-22 18:00: the year has to be 1970 to 2199"),
        ("2200-01-01 00:00", "2200-01-01 00:00: the year has to be 1970 to 2199"),
    ],
)
def test_moment_that_is_none(typed, sentence):
    with pytest.raises(BadInput) as caught:
        clock.read_moment(typed, SHANGHAI, NOW)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "typed", ["", "soon", "2026-11-22T", "18", "-4h", "+4w", "+08:00", "11/22 18:00", "①8:00"]
)
def test_unreadable_moment(typed):
    with pytest.raises(BadInput, match="cannot be read as a time"):
        clock.read_moment(typed, SHANGHAI, NOW)


def test_date_as_the_end_of_its_day():
    assert clock.read_moment("2026-11-22", SHANGHAI, NOW, day_end=True) == "2026-11-22T23:59:59+08:00"
    assert clock.read_moment("18:00", SHANGHAI, NOW, day_end=True) == "2026-11-22T18:00:00+08:00"
    # In Santiago the last hour of this day comes twice; the day ends after the second.
    assert clock.read_moment("2026-04-04", "America/Santiago", NOW, day_end=True)[-14:] == "23:59:59-04:00"


def test_moment_that_the_clock_skips():
    with pytest.raises(BadInput, match="2026-03-29 02:30 does not exist in Europe/Berlin"):
        clock.read_moment("2026-03-29 02:30", BERLIN, NOW)
    assert clock.read_moment("2026-03-29 01:59", BERLIN, NOW) == "2026-03-29T01:59:00+01:00"
    assert clock.read_moment("2026-03-29 03:00", BERLIN, NOW) == "2026-03-29T03:00:00+02:00"


def test_moment_that_comes_twice():
    with pytest.raises(BadInput, match=r"comes twice in Europe/Berlin; write it with \+02:00 or \+01:00"):
        clock.read_moment("2026-10-25 02:30", BERLIN, NOW)
    assert clock.read_moment("2026-10-25 02:30+01:00", BERLIN, NOW) == "2026-10-25T02:30:00+01:00"


def test_days_ahead_keep_the_wall_clock_and_hours_elapse():
    eve = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)
    assert clock.read_moment("+1d", BERLIN, eve) == "2026-03-29T12:00:00+02:00"
    assert clock.read_moment("+24h", BERLIN, eve) == "2026-03-29T13:00:00+02:00"


def test_unknown_zone():
    for name in ("Mars/Base", "../etc", ""):
        with pytest.raises(BadInput, match="is not a time zone"):
            clock.read_moment("18:00", name, NOW)


# Calendars


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-02-13T08:29:59+08:00", False),
        ("2026-02-13T08:30:00+08:00", True),
        ("2026-02-13T12:00:00+08:00", False),
        ("2026-02-13T18:00:00+08:00", False),
        ("2026-02-14T10:00:00+08:00", True),
        ("2026-02-16T10:00:00+08:00", False),
        ("2026-02-13T02:00:00+01:00", True),
    ],
)
def test_open_hours(moment, answer):
    assert OFFICE.is_open(moment) is answer


def test_working_time_steps_over_lunch_night_and_holiday():
    assert OFFICE.add("2026-02-13T11:30:00+08:00", 30) == "2026-02-13T12:00:00+08:00"
    assert OFFICE.add("2026-02-13T11:30:00+08:00", 31) == "2026-02-13T13:31:00+08:00"
    assert OFFICE.add("2026-02-14T17:00:00+08:00", 61) == "2026-02-24T08:31:00+08:00"
    assert OFFICE.between("2026-02-14T17:00:00+08:00", "2026-02-24T08:31:00+08:00") == 61
    assert OFFICE.between("2026-02-24T08:31:00+08:00", "2026-02-14T17:00:00+08:00") == -61


def test_days_end_with_the_last_period_of_a_working_day():
    assert OFFICE.days("2026-02-13T17:00:00+08:00", 1) == "2026-02-14T18:00:00+08:00"
    assert OFFICE.days("2026-02-13T17:00:00+08:00", 2) == "2026-02-24T18:00:00+08:00"
    with pytest.raises(BadInput, match="at least 1 is needed"):
        OFFICE.days("2026-02-13T17:00:00+08:00", 0)


def test_nothing_is_computed_outside_the_published_years():
    last = "2026-12-31T17:00:00+08:00"
    assert OFFICE.add(last, 60) == "2026-12-31T18:00:00+08:00"
    with pytest.raises(BadInput) as caught:
        OFFICE.add(last, 61)
    assert str(caught.value) == (
        "the working calendar is published for 2025, 2026, not for 2027; "
        "the policy setting calendar needs years.2027"
    )
    with pytest.raises(BadInput, match=r"years\.2024"):
        OFFICE.between("2024-12-31T23:59:59+08:00", last)
    with pytest.raises(BadInput, match=r"years\.2027"):
        OFFICE.days(last, 1)
    with pytest.raises(BadInput, match=r"years\.2027"):
        OFFICE.is_open("2027-01-01T00:00:00+08:00")


def test_last_minute_of_the_last_year_counts():
    night = Calendar.read(policy("00:00-24:00"), SHANGHAI)
    assert night.add("2026-12-31T23:00:00+08:00", 60) == "2027-01-01T00:00:00+08:00"
    assert night.between("2026-12-31T23:00:00+08:00", "2027-01-01T00:00:00+08:00") == 60


def test_always_open_has_no_published_years_but_an_end():
    always = Calendar.read({"always": True, "years": {}}, SHANGHAI)
    assert always.add("2026-12-31T23:00:00+08:00", 61) == "2027-01-01T00:01:00+08:00"
    with pytest.raises(BadInput, match="beyond the year 2199"):
        always.add("2199-12-31T23:00:00+08:00", 61)


def test_minutes_elapse_across_a_change_of_the_clock():
    night = Calendar.read(policy(*NIGHTS), BERLIN)
    assert night.between("2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00") == 7 * 60
    assert night.between("2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00") == 9 * 60
    assert night.add("2026-03-28T22:00:00+01:00", 300) == "2026-03-29T04:00:00+02:00"


def test_period_edges_that_the_clock_skips_or_repeats():
    los_angeles = Calendar.read(policy("01:15-02:30", "02:45-03:15"), ANGELES)
    spring = [(begin.isoformat(), end.isoformat()) for begin, end in los_angeles.periods("2026-03-08")]
    assert spring == [
        ("2026-03-08T01:15:00-08:00", "2026-03-08T03:00:00-07:00"),
        ("2026-03-08T03:00:00-07:00", "2026-03-08T03:15:00-07:00"),
    ]
    autumn = los_angeles.periods("2026-11-01")[0]
    assert autumn[0].isoformat() == "2026-11-01T01:15:00-07:00"
    assert autumn[1] - autumn[0] == timedelta(minutes=135)


def test_make_up_day_takes_the_hours_of_the_weekday_named():
    value = policy("09:00-10:00", workdays=["2026-01-04", "2026-01-10 tue"])
    value["hours"] |= {"sat": [], "sun": [], "tue": ["11:00-12:00"]}
    calendar = Calendar.read(value, SHANGHAI)
    assert calendar.periods("2026-01-04")[0][0].hour == 9
    assert calendar.periods("2026-01-10")[0][0].hour == 11
    assert calendar.periods("2026-01-11") == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"hours": {"mon": []}}, "tue is missing"),
        ({"hours": None}, "hours has to be a mapping"),
        ({"hours": policy()["hours"]}, "no day is open"),
        ({"hours": policy("08:30-08:30")["hours"]}, "ends before it begins"),
        ({"hours": policy("08:30-12:00", "11:59-13:00")["hours"]}, "or overlaps"),
        ({"hours": policy("8:30-12:00")["hours"]}, "is not a period"),
        ({"hours": policy("08:30-24:01")["hours"]}, "is not a period"),
        ({"hours": {**policy("08:30-12:00")["hours"], "mon": "08:30-12:00"}}, "list of texts"),
        ({"always": "yes"}, "true or false"),
        ({"always": True}, "either years or always"),
        ({"years": {}}, "either years or always"),
        ({"years": {"26": {}}}, "is not a year"),
        ({"years": {2026: {}}}, "is not a year"),
        ({"years": {"2026": {"holiday": []}}}, "holiday is not one of"),
        ({"years": {"2026": {"holidays": ["2026-02-29"]}}}, "is not a day"),
        ({"years": {"2026": {"holidays": ["2026-01-01 mon"]}}}, "is not a day"),
        ({"years": {"2026": {"holidays": ["2025-01-01"]}}}, "in another year"),
        ({"years": {"2026": {"closures": ["2026-01-01", "2026-01-01"]}}}, "stands there twice"),
        (
            {"years": {"2026": {"holidays": ["2026-01-04"], "workdays": ["2026-01-04"]}}},
            "both a holiday and a workday",
        ),
        ({"open": []}, "open is not one of"),
    ],
)
def test_calendar_is_read_strictly(change, sentence):
    with pytest.raises(BadInput, match=sentence):
        Calendar.read(policy("08:30-12:00") | change, SHANGHAI)


def test_make_up_day_needs_hours():
    value = policy("09:00-10:00", workdays=["2026-01-04 sun"])
    value["hours"] |= {"sun": []}
    with pytest.raises(BadInput, match="takes the hours of sun, which has none"):
        Calendar.read(value, SHANGHAI)


@pytest.mark.parametrize(("year", "holidays", "workdays"), [("2025", 28, 5), ("2026", 33, 6)])
def test_shipped_chinese_calendar(year, holidays, workdays):
    published = default_calendar(SHANGHAI)["years"][year]
    assert len(published["holidays"]) == holidays
    assert len(published["workdays"]) == workdays
    for day in published["workdays"]:
        assert datetime.fromisoformat(day).weekday() >= 5
        assert OFFICE.periods(day)


def test_shipped_calendar_of_other_zones():
    value = default_calendar(BERLIN)
    assert Calendar.read(value, BERLIN).days("2026-12-24T12:00:00+01:00", 1) == "2026-12-25T18:00:00+01:00"
    value["years"].clear()
    assert list(default_calendar(BERLIN)["years"]) == ["2025", "2026", "2027"]


# Deadlines


def test_clock_stands_still_while_paused():
    start = "2026-11-23T09:00:00+08:00"
    paused = ("2026-11-23T10:00:00+08:00", "2026-11-23T11:00:00+08:00")
    assert OFFICE.deadline(start, 90, [paused]) == "2026-11-23T11:30:00+08:00"
    assert OFFICE.deadline(start, 60, [paused]) == "2026-11-23T10:00:00+08:00"
    overlapping = ("2026-11-23T08:00:00+08:00", "2026-11-23T10:30:00+08:00")
    assert OFFICE.deadline(start, 30, [paused, overlapping]) == "2026-11-23T11:30:00+08:00"
    lunch = ("2026-11-23T12:00:00+08:00", "2026-11-23T13:30:00+08:00")
    assert OFFICE.deadline(start, 300, [lunch]) == OFFICE.add(start, 300)


def test_pause_that_lasts_leaves_no_deadline_unless_it_was_reached():
    start = "2026-11-23T09:00:00+08:00"
    lasting = ("2026-11-23T10:00:00+08:00", None)
    assert OFFICE.deadline(start, 61, [lasting]) is None
    assert OFFICE.deadline(start, 60, [lasting]) == "2026-11-23T10:00:00+08:00"
    assert OFFICE.deadline(start, 1, [("2026-11-20T10:00:00+08:00", None)]) is None
    ended = ("2026-11-23T10:30:00+08:00", "2026-11-23T10:45:00+08:00")
    assert OFFICE.deadline(start, 61, [ended, lasting]) is None


def test_explanation_names_every_stretch():
    pauses = [("2026-02-14T09:00:00+08:00", "2026-02-14T10:00:00+08:00")]
    told = [
        (each.kind, each.end, each.minutes)
        for each in OFFICE.explain("2026-02-13T17:00:00+08:00", 600, pauses)
    ]
    assert told == [
        ("open", "2026-02-13T18:00:00+08:00", 60),
        ("closed", "2026-02-14T08:30:00+08:00", 60),
        ("make-up", "2026-02-14T09:00:00+08:00", 90),
        ("paused", "2026-02-14T10:00:00+08:00", 90),
        ("make-up", "2026-02-14T12:00:00+08:00", 210),
        ("closed", "2026-02-14T13:30:00+08:00", 210),
        ("make-up", "2026-02-14T18:00:00+08:00", 480),
        ("closed", "2026-02-15T00:00:00+08:00", 480),
        ("holiday", "2026-02-24T00:00:00+08:00", 480),
        ("closed", "2026-02-24T08:30:00+08:00", 480),
        ("open", "2026-02-24T10:30:00+08:00", 600),
    ]


def test_explanation_ends_with_the_pause_that_lasts():
    told = OFFICE.explain("2026-11-23T09:00:00+08:00", 90, [("2026-11-23T10:00:00+08:00", None)])
    assert [(each.kind, each.end, each.minutes) for each in told] == [
        ("open", "2026-11-23T10:00:00+08:00", 60),
        ("paused", None, 60),
    ]


def test_closure_closes_and_minutes_are_not_negative():
    closed = Calendar.read(policy("09:00-10:00", closures=["2026-05-06"]), SHANGHAI)
    told = closed.explain("2026-05-05T09:30:00+08:00", 60)
    assert [each.kind for each in told] == ["open", "closed", "closure", "closed", "open"]
    with pytest.raises(BadInput, match="0 or more are needed"):
        closed.add("2026-05-05T09:30:00+08:00", -1)


@given(calendars, starts(), minutes)
def test_adding_and_measuring_are_inverse(calendar, start, count):
    assert calendar.between(start, calendar.add(start, count)) == count


@given(calendars, starts(), minutes, minutes)
def test_adding_is_monotonic_and_can_be_done_in_steps(calendar, start, first, second):
    middle = calendar.add(start, first)
    end = calendar.add(start, first + second)
    assert not clock.before(end, middle)
    assert clock.instant(calendar.add(middle, second)) == clock.instant(end)


@given(calendars, starts(), minutes)
def test_deadline_without_pauses_is_added_time(calendar, start, count):
    assert calendar.deadline(start, count) == calendar.add(start, count)


@given(calendars, starts(), st.integers(1, 2000), st.data())
def test_pause_shifts_a_deadline_by_its_working_minutes(calendar, start, count, data):
    begun = data.draw(st.integers(0, count - 1))
    lasted = data.draw(st.integers(0, 1000))
    pause = (calendar.add(start, begun), calendar.add(start, begun + lasted))
    assert calendar.deadline(start, count, [pause]) == calendar.add(start, count + lasted)


@given(calendars, starts(), st.integers(1, 2000), st.lists(st.tuples(starts(), starts()), max_size=3))
def test_segments_add_up(calendar, start, count, pauses):
    told = calendar.explain(start, count, pauses)
    assert clock.instant(told[0].start) == clock.instant(start)
    assert told[-1].end == calendar.deadline(start, count, pauses)
    assert told[-1].minutes == count
    assert all(left.end == right.start and left.kind != right.kind for left, right in pairwise(told))
    worked = [each for each in told if each.kind in ("open", "make-up")]
    seconds = sum((clock.instant(each.end) - clock.instant(each.start)).total_seconds() for each in worked)
    assert seconds == count * 60


@given(calendars, starts())
def test_open_is_what_the_periods_say(calendar, moment):
    local = clock.stamp(clock.instant(moment), calendar.zone)
    here = clock.instant(moment)
    inside = any(begin <= here < end for begin, end in calendar.periods(clock.day_of(local)))
    assert calendar.is_open(moment) is inside


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-03-30"])
def test_working_minutes_are_those_that_the_wall_clock_shows(day):
    calendar = Calendar.read(policy("00:30-02:15", "02:45-09:00", "22:00-24:00"), BERLIN)
    start = clock.read_moment(f"{day} 00:00", BERLIN, NOW)
    walls = [(clock.instant(start) + timedelta(minutes=n)).astimezone(ZoneInfo(BERLIN)) for n in range(1500)]
    shown = [f"{each:%H:%M}" for each in walls]
    open_minutes = [
        "00:30" <= each < "02:15" or "02:45" <= each < "09:00" or each >= "22:00" for each in shown
    ]
    assert calendar.between(start, clock.later(start, 1500)) == sum(open_minutes)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "moment"),
    [
        ("2026-11-22", "08:00", "Asia/Shanghai", "2026-11-22T08:00:00+08:00"),
        ("2026-11-22", "24:00", "Asia/Shanghai", "2026-11-23T00:00:00+08:00"),
        ("2026-10-25", "00:30", "Europe/Berlin", "2026-10-25T00:30:00+02:00"),
        ("2026-10-25", "22:00", "Europe/Berlin", "2026-10-25T22:00:00+01:00"),
    ],
)
def test_the_wall_shows_a_time_of_day_at_one_moment(day: str, clock: str, zone: str, moment: str) -> None:
    assert wall_time(day, clock, zone) == moment
