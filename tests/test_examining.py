"""Samples that can be drawn again, and what an auditor is to look at."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies

from svcdesk.audit.sampling import draw
from tests.conftest import Svcdesk
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git

SUNDAY = "2026-11-22T09:05:00+08:00"
MONDAY = "2026-11-23T{}:00+08:00"
LOAN = "KL2611-A0001"

IDS = strategies.lists(strategies.from_regex(r"[A-Z]{1,2}2611-A[0-9]{4}", fullmatch=True), unique=True)


@given(strategies.text(), IDS, strategies.integers(1, 20))
def test_a_sample_follows_from_seed_and_ids_alone(seed: str, ids: list[str], size: int) -> None:
    seed = seed.encode("utf-8", "replace").decode()
    found = draw(seed, ids, size)
    assert found == draw(seed, reversed([*ids, *ids]), size)
    assert found == draw(seed, ids, size + 1)[:size]
    assert len(found) == min(size, len(ids))


def test_a_sample_is_drawn_by_what_sha256sum_gives() -> None:
    ids = [f"C2611-A{number:04d}" for number in range(1, 101)]
    expected = sorted(ids, key=lambda each: hashlib.sha256(f"7\n{each}".encode()).hexdigest())[:5]
    assert [each.record for each in draw("7", ids, 5)] == expected
    assert [each.record for each in draw("8", ids, 5)] != expected


def test_a_sample_says_how_it_was_drawn(desk: Svcdesk) -> None:
    said = desk("audit sample staff --size 2 --seed 7")
    assert said.stdout.splitlines()[0].split() == [
        "number",
        "record",
        "register",
        "state",
        "time",
        "by",
        "digest",
    ]
    assert len(said.stdout.splitlines()) == 4
    tip = git(desk.cwd, "rev-parse", "main").strip()
    assert said.stderr.startswith(
        f"svcdesk: seed 7: 2 of 5 records at {tip[:12]}, those with the smallest sha256"
    )
    assert f"seed {tip}: 5 of 5 records" in desk("audit sample staff --size 9").stderr


def test_a_sample_goes_over_all_registers_and_into_other_programs(desk: Svcdesk) -> None:
    (first,) = json.loads(desk("audit sample --size 1 --seed 7 --format json").stdout)
    assert first["digest"] == hashlib.sha256(f"7\n{first['record']}".encode()).hexdigest()
    assert (
        desk("audit sample key --size 1 --seed 7 --format csv")
        .stdout.splitlines()[1]
        .startswith("1,K-A0001,")
    )
    desk("audit sample nothing --size 1", 2)
    desk("audit sample --size 0", 2)


def found(desk: Svcdesk, options: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(desk(f"audit anomalies --format json {options}").stdout)
    return rows


def kinds(desk: Svcdesk, options: str = "") -> list[tuple[str, str, str]]:
    return [(each["person"], each["kind"], each["action"]) for each in found(desk, options)]


def test_an_ordinary_day_shows_nothing(desk: Svcdesk) -> None:
    desk(f"key loan approve {LOAN}", as_="head", now=MONDAY.format("10:00"))
    assert found(desk) == []
    assert desk("audit anomalies").stdout.splitlines()[0].startswith("person")


@pytest.mark.parametrize(("now", "clauses"), [(SUNDAY, ["CS13-4.1#1"]), (MONDAY.format("12:30"), [])])
def test_an_approval_when_nobody_works_is_shown_with_its_clause(
    desk: Svcdesk, now: str, clauses: list[str]
) -> None:
    """A break is no reason to ask; a Sunday is."""
    desk(f"key loan approve {LOAN}", as_="head", now=now)
    assert [each["clause"] for each in found(desk)] == clauses


@pytest.mark.parametrize(("hours", "late"), [(1, True), (2, False)])
def test_an_entry_is_late_beyond_the_limit(desk: Svcdesk, hours: int, late: bool) -> None:
    desk(f"{REQUEST} --at '2026-11-23 08:00'", as_="clerk", now=MONDAY.format("10:00"))
    assert kinds(desk, f"--late-hours {hours}") == [("S-A0005", "late", "request")] * late


@pytest.mark.parametrize(
    ("entered", "dated", "backdated"),
    [
        ("14:00", "12:55", True),
        ("14:00", "13:30", False),
        ("12:58", "12:55", False),
        ("14:00", "14:00", False),
    ],
)
def test_a_return_dated_in_time_and_entered_too_late_is_shown(
    desk: Svcdesk, entered: str, dated: str, backdated: bool
) -> None:
    """The loan is due back at 13:00."""
    desk(REQUEST, as_="clerk", now=MONDAY.format("09:00"))
    desk("key loan approve A0002", as_="head", now=MONDAY.format("09:05"))
    desk("key loan issue A0002 --as borrower=S-A0003", as_="clerk", now=MONDAY.format("09:10"))
    line = f"key loan return A0002 --power-off --doors-locked --windows-shut --unit-locked --at '2026-11-23 {dated}'"
    desk(line, as_="clerk", now=MONDAY.format(entered))
    shown = [each for each in found(desk) if each["kind"] == "backdated"]
    assert [(each["record"], each["action"]) for each in shown] == [("KL2611-A0002", "return")] * backdated
    assert all(each["clause"] and "13:00" in each["message"] for each in shown)


def test_corrections_are_shown_where_they_are_many(desk: Svcdesk) -> None:
    for number in range(3):
        desk(f"key correct K-A0001 --hook {20 + number} --reason 'moved {number}'")
    assert kinds(desk) == [("S-A0001", "correction", "correct")] * 3
    assert kinds(desk, "--often 4") == []
    assert [each["message"] for each in found(desk)] == [f"reason: moved {number}" for number in range(3)]
    assert "\x1b" not in desk("audit anomalies").stdout


def test_exceptions_are_shown_to_be_whose_they_are(desk: Svcdesk) -> None:
    commit = git(desk.cwd, "rev-parse", "main").strip()
    desk(f"audit exception propose --commit {commit} --broken history-kept --reason 'clock was wrong'")
    desk("audit exception approve A0001")
    assert kinds(desk) == []
    assert kinds(desk, "--often 1") == [
        ("S-A0001", "exception", "approve"),
        ("S-A0005", "excepted", ""),
    ]
    rows = [line.split("  ") for line in desk("audit anomalies --often 1").stdout.splitlines()]
    (made,) = (row for row in rows if row[0].startswith("S-A0005"))
    assert "approve" not in made


def test_one_asks_for_a_person_a_period_a_register(desk: Svcdesk) -> None:
    for hour in (10, 11):
        desk(f"{REQUEST} --at '2026-11-23 08:00'", as_="clerk", now=MONDAY.format(f"{hour}:00"))
    late = "--late-hours 1"
    assert len(found(desk, late)) == 2
    assert len(found(desk, f"{late} --person S-A0005")) == 2
    assert found(desk, f"{late} --person S-A0004") == []
    assert len(found(desk, f"{late} --since '2026-11-23 10:30'")) == 1
    assert len(found(desk, f"{late} --until '2026-11-23 10:30'")) == 1
    assert found(desk, f"{late} key") == []
    assert "late entry" in desk(f"audit anomalies {late} --format csv").stdout
