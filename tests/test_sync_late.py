"""What was away for long before it joined: late, and beyond the policy's limit not let in."""

from __future__ import annotations

import json

from tests.clones import Clones
from tests.clones import clones as clones
from tests.desks import REQUEST
from tests.forging import CLERK
from tests.forging import Forger

WRITTEN = "2026-11-22T10:00:00+08:00"
DAYS_LATER = "2026-11-25T10:00:00+08:00"
MONTHS_LATER = "2027-01-25T10:00:00+08:00"


def part(clones: Clones) -> None:
    """B writes an act and stays away; A goes on."""
    clones["B"](REQUEST, as_="clerk", now=WRITTEN)
    clones["A"](REQUEST, as_="clerk", now=DAYS_LATER)
    clones.sync("A")


def test_what_joins_after_days_is_late_and_let_in(clones: Clones) -> None:
    part(clones)
    late = Forger(clones["B"].cwd).tip
    clones.sync("B", now="2026-11-25T11:00:00+08:00")
    said = json.loads(clones["B"]("audit verify --format json").stdout)
    assert said["verdict"] == "late"
    assert [(each["commit"], each["rule"]) for each in said["commits"]] == [(late, "late-entry")]
    clones["B"]("audit verify --accept consistent", 1)


def test_what_joins_within_a_day_is_not_late(clones: Clones) -> None:
    clones["B"](REQUEST, as_="clerk", now=WRITTEN)
    clones["A"](REQUEST, as_="clerk", now="2026-11-22T12:00:00+08:00")
    clones.sync("A", "B", now="2026-11-23T10:00:00+08:00")
    assert json.loads(clones["B"]("audit verify --format json").stdout)["commits"] == []


def test_what_joins_after_months_is_let_in_only_as_the_policy_says(clones: Clones) -> None:
    part(clones)
    before = Forger(clones["B"].cwd).tip
    said = clones.sync("B", exit_code=4, now=MONTHS_LATER).stderr
    assert "sync.latest-minutes allows 44640 minutes" in said
    assert Forger(clones["B"].cwd).tip == before
    number = clones["A"]("policy set sync.latest-minutes 200000", now=MONTHS_LATER).stdout.split()[0]
    clones["A"](f"policy approve {number}")
    clones.sync("A", "B")
    assert json.loads(clones["B"]("audit verify --format json").stdout)["verdict"] == "late"


def test_an_act_dated_back_shows_when_it_is_merged(clones: Clones) -> None:
    """H8: both dates lie weeks back, on an old parent; the clerk then syncs as if nothing were."""
    part(clones)
    forger = Forger(clones["C"].cwd)
    old = forger.step(
        "KL2611-C0001",
        "request",
        "S-A0005",
        WRITTEN,
        new=True,
        signed=[{"line": "requester", "staff": "S-A0005"}],
        sets={
            "key": "K-A0001",
            "borrower": "S-A0003",
            "purpose": "inspection",
            "due": "2026-11-22T14:00:00+08:00",
        },
    )
    forger.publish(forger.act(old, author=CLERK))
    forger.git("reset", "--quiet", "--hard")
    assert "(late-entry)" in clones["C"]("sync", 4, as_="clerk", now=MONTHS_LATER).stderr


def test_who_is_behind_by_more_than_clocks_may_differ_is_told_so(clones: Clones) -> None:
    clones["A"](REQUEST, as_="clerk", now="2026-11-22T10:20:00+08:00")
    clones["A"]("sync", now="2026-11-22T10:20:00+08:00")
    before = Forger(clones["B"].cwd).tip
    said = clones["B"]("sync", 7, now="2026-11-22T10:14:59+08:00").stderr
    assert "2026-11-22T10:14:59+08:00 here" in said
    assert "origin holds a commit of 2026-11-22T10:20:00+08:00" in said
    assert Forger(clones["B"].cwd).tip == before
    clones["B"]("sync", now="2026-11-22T10:15:00+08:00")
    assert Forger(clones["B"].cwd).tip == Forger(clones["A"].cwd).tip != before
