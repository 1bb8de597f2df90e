"""Duty logs: when they are opened and closed, what they hold, what speaks against the watch."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.registers.duty_log import abnormal
from svcdesk.registers.duty_log import close_due
from svcdesk.registers.duty_log import merit
from svcdesk.registers.duty_log_rules import post_is_covered_meanwhile
from tests.duties import AREA
from tests.duties import DONE
from tests.duties import DUTY
from tests.duties import GUARD
from tests.duties import LEAD
from tests.duties import LOG
from tests.duties import MANAGER
from tests.duties import SUPERVISOR
from tests.duties import act
from tests.duties import at
from tests.duties import duty
from tests.duties import opened
from tests.duties import refusals
from tests.world import World
from tests.world import base

ENTRY = {"when": at("23:00"), "matter": "shutters down", "result": "all shut"}


def watch(*entries: dict[str, Any]) -> World:
    """Return a world in which the first duty is being stood."""
    return base().play([duty(), opened(), *entries])


def enter(row: dict[str, str], moment: str = at("23:10")) -> dict[str, Any]:
    return act(LOG, "enter", AREA, moment, sets={"entries": [row]})


def close(by: str = AREA, moment: str = at("08:00", 23), **sets: str) -> dict[str, Any]:
    return act(LOG, "close", by, moment, sets={**DONE, **sets})


def absence(**row: str) -> dict[str, Any]:
    row = {"from": at("02:30", 23), "until": at("02:50", 23), "reason": "to the pharmacy", **row}
    return act(LOG, "absence", AREA, at("03:00", 23), sets={"absences": [row]})


def test_a_log_takes_down_who_stands_which_duty_and_when_the_watch_began_and_ended() -> None:
    world = base().play([duty(place="L-A0003"), opened(at("21:55")), enter(ENTRY), close()])
    log = world.records[LOG]
    names = ("person", "post", "place", "date", "begun", "ended")
    assert [log[name] for name in names] == [
        AREA,
        "duty-person",
        "L-A0003",
        "2026-11-22",
        at("21:55"),
        at("08:00", 23),
    ]


@pytest.mark.parametrize(
    ("moment", "rules"),
    [
        (at("20:59"), ["log-is-of-a-duty-on-the-roster"]),
        (at("21:00"), []),
        (at("07:59", 23), []),
        (at("08:00", 23), ["log-is-of-a-duty-on-the-roster"]),
    ],
)
def test_a_log_is_opened_from_an_hour_before_the_duty_until_it_ends(moment: str, rules: list[str]) -> None:
    assert refusals(base().play([duty()]), opened(moment)) == rules


def test_a_duty_that_is_only_planned_has_no_log() -> None:
    world = base().play([duty(action="plan")])
    assert refusals(world, opened()) == ["log-is-of-a-duty-on-the-roster"]


def test_a_duty_has_one_log() -> None:
    assert refusals(watch(), opened(at("22:30"))) == ["a-duty-has-one-log"]


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ({"when": at("22:00")}, []),
        ({"when": at("21:59")}, ["entries-lie-within-the-watch"]),
        ({"when": at("23:10")}, []),
        ({"when": at("23:11")}, ["entries-lie-within-the-watch"]),
    ],
)
def test_entries_lie_between_the_beginning_and_the_moment_of_entry(
    row: dict[str, str], rules: list[str]
) -> None:
    assert refusals(watch(), enter({**row, "matter": "a knock"})) == rules


def test_an_absence_does_not_end_before_it_begins() -> None:
    assert refusals(watch(), absence(until=at("02:29", 23))) == ["entries-lie-within-the-watch"]
    assert refusals(watch(), absence(until=at("02:30", 23))) == []


@pytest.mark.parametrize(
    ("by", "rules"), [(AREA, []), (LEAD, []), (MANAGER, []), ("S-A0005", ["log-is-kept-by-the-watch"])]
)
def test_a_lead_may_close_what_the_watch_left_open(by: str, rules: list[str]) -> None:
    assert refusals(watch(enter(ENTRY)), close(by)) == rules


@pytest.mark.parametrize(
    ("moment", "relief", "rules"),
    [
        (at("07:59", 23), "", ["watch-stays-to-the-end"]),
        (at("08:00", 23), "", []),
        (at("07:59", 23), SUPERVISOR, []),
        (at("17:59"), SUPERVISOR, ["watch-stays-to-the-end"]),
        (at("07:59", 23), LEAD, ["watch-stays-to-the-end"]),
        (at("07:59", 23), AREA, ["watch-stays-to-the-end"]),
    ],
)
def test_the_post_is_left_early_only_to_somebody_on_duty(moment: str, relief: str, rules: list[str]) -> None:
    shift, clock = ("full-day", "10:00") if moment == at("17:59") else ("night", "23:00")
    world = base().play([duty(shift=shift), duty(shift="overnight", person=SUPERVISOR)])
    row = {"when": at(clock), "matter": "a knock"}
    world.play([opened(at("09:00" if shift == "full-day" else "22:00")), enter(row, at(clock))])
    assert refusals(world, close(AREA, moment, **({"relief": relief} if relief else {}))) == rules


@pytest.mark.parametrize(("cover", "left"), [({}, 1), ({"covered_by": AREA}, 1), ({"covered_by": GUARD}, 0)])
def test_a_post_that_nobody_held_is_flagged_and_speaks_against_the_watch(
    cover: dict[str, str], left: int
) -> None:
    world = watch(absence(**cover))
    assert len(list(post_is_covered_meanwhile.test(world.records[LOG], world.books))) == left
    assert [each.kind for each in merit(world.records[LOG])] == ["duty-post-left"] * left


def test_time_offline_without_a_special_reason_speaks_against_the_agent() -> None:
    lapses = [{"from": at("23:00")}, {"from": at("23:30"), "reason": "the network was down"}]
    world = watch(act(LOG, "lapse", LEAD, at("23:40"), sets={"lapses": lapses}))
    assert [tuple(each) for each in merit(world.records[LOG])] == [(AREA, "online-lapse", at("23:00"), LOG)]


def test_a_log_left_open_is_due_half_an_hour_after_the_duty() -> None:
    world = watch()
    assert close_due(world.records[LOG], world.books) == at("08:30", 23)


def test_a_log_of_a_missed_duty_is_not_closed() -> None:
    missed = act(DUTY, "miss", LEAD, at("02:00", 23), reason="went home")
    world = watch(enter(ENTRY), missed)
    assert refusals(world, close()) == ["a-duty-whose-log-is-closed-was-stood"]


def test_the_report_lists_what_rounds_found_abnormal_and_lamps_in_the_wrong_state() -> None:
    rounds = [
        {
            "area": "clubhouse",
            "when": at("22:30"),
            "property": "normal",
            "hygiene": "abnormal",
            "remark": "bin",
        },
        {"area": "greenery", "when": at("22:40"), "property": "normal"},
    ]
    lights = [
        {"where": "facade", "when": at("22:45"), "seen": "dark", "wanted": "lit"},
        {"where": "gate", "when": at("22:46"), "seen": "lit", "wanted": "lit"},
    ]
    world = watch(
        act(LOG, "round", AREA, at("23:00"), sets={"rounds": rounds}),
        act(LOG, "lights", AREA, at("23:01"), sets={"lights": lights}),
    )
    found = list(abnormal([world.records[LOG]], world.books, at("09:00", 23)))
    assert [(each["where"], each["abnormal"], each["remark"]) for each in found] == [
        ("clubhouse", ["hygiene"], "bin"),
        ("facade", ["dark"], ""),
    ]
