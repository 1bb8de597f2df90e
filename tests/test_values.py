"""Values of settings: each of its setting's own kind, naming only what there is."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.calendars import default_calendar
from svcdesk.posts import post_table
from svcdesk.settings import SETTINGS
from svcdesk.values import misfits
from tests.world import ZONE
from tests.world import base

POSTS = post_table()
KEY = "A" * 43 + "="
SEALING = {"readers": {"customer": ["cs-lead"], "restricted": ["cs-manager"]}, "recipients": {"S-A0001": KEY}}
KEEPER = {"desk-admin": {"title": "Keeper", "rank": 0}}


def faults(name: str, value: Any) -> list[str]:
    return [str(each) for each in misfits(name, value, POSTS, ZONE)]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_default_suits_its_setting(name: str) -> None:
    assert faults(name, SETTINGS[name].default) == []


@pytest.mark.parametrize("finders", [{}, {"finders": {}}, {"finders": {"restricted": ["cs-lead"]}}])
def test_who_finds_may_be_named(finders: dict[str, Any]) -> None:
    assert faults("sealing", {**SEALING, **finders}) == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("nonesuch", 1, "there is no setting nonesuch"),
        ("key-loan.longest-minutes", "60", "key-loan.longest-minutes is a whole number; 60 is none"),
        ("key-loan.longest-minutes", True, "key-loan.longest-minutes is a whole number; True is none"),
        (
            "sync.late-minutes",
            2_500_001,
            "sync.late-minutes cannot be more than 2500000; it is 2500001",
        ),
        ("key-loan.longest-minutes", -1, "key-loan.longest-minutes cannot be less than 0; it is -1"),
        ("key-loan.issuer", "cs-manager", "key-loan.issuer is a list; cs-manager is none"),
        ("key-loan.issuer", ["nobody"], "key-loan.issuer: there is no post nobody"),
        ("key-loan.issuer", [1], "key-loan.issuer: 1 is not a text"),
        ("posts", {}, "posts: desk-admin has to stay, with rank 0"),
        (
            "posts",
            {**KEEPER, "x": {"rank": 1}},
            "posts: x needs title and rank, and may have superior and duties",
        ),
        (
            "posts",
            {**KEEPER, "x": {"title": "X", "rank": -1}},
            "posts: x needs title and rank, and may have superior and duties",
        ),
        (
            "posts",
            {**KEEPER, "x": {"title": "X", "rank": 1, "superior": "y"}},
            "posts: x: there is no post y",
        ),
        (
            "sealing",
            {**SEALING, "writers": {}},
            "sealing needs readers and recipients, may have finders, and nothing else",
        ),
        (
            "sealing",
            {**SEALING, "finders": {"staff": ["cs-lead"]}},
            "sealing: finders are named for customer, restricted, or for none of them",
        ),
        (
            "sealing",
            {**SEALING, "finders": ["cs-lead"]},
            "sealing: finders are named for customer, restricted, or for none of them",
        ),
        ("sealing", {**SEALING, "finders": {"customer": []}}, "sealing: customer needs a list of posts"),
        ("sealing", {**SEALING, "finders": {"customer": ["nobody"]}}, "sealing: there is no post nobody"),
        ("rules", {"loan-is-short": "never"}, "rules: loan-is-short: never is none of refuse, warn, off"),
        ("rules", {"nonesuch": "off"}, "rules: there is no rule nonesuch"),
        (
            "rules",
            {"one-holder-per-key": "off"},
            "rules: one-holder-per-key always refuses and cannot be off",
        ),
        (
            "rules",
            {"second-admin-approves": "warn"},
            "rules: second-admin-approves always refuses and cannot be warn",
        ),
        ("calendar", {"hours": {}}, "calendar: hours: mon is missing; a closed day is []"),
    ],
)
def test_what_does_not_suit(name: str, value: Any, fault: str) -> None:
    assert faults(name, value) == [fault]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("key-loan.longest-minutes", 0),
        ("key-loan.approver", []),
        ("key-loan.issuer", ["cs-manager", "cs-lead"]),
        ("rules", {"loan-is-short": "off", "one-holder-per-key": "refuse"}),
        ("posts", {**KEEPER, "x": {"title": "X", "rank": 1, "superior": ["desk-admin"], "duties": "all"}}),
        ("calendar", default_calendar("Europe/Berlin")),
    ],
)
def test_what_suits(name: str, value: Any) -> None:
    assert faults(name, value) == []


@pytest.mark.parametrize(
    ("sets", "rules"),
    [
        ({"setting": "key-loan.longest-minutes", "value": 60}, set()),
        ({"setting": "key-loan.longest-minutes", "value": "soon"}, {"value-suits-its-setting"}),
    ],
)
def test_the_judge_holds_a_value_to_its_setting(sets: dict[str, Any], rules: set[str]) -> None:
    world = base()
    step = world.step(
        {
            "register": "policy",
            "action": "set",
            "by": "S-A0001",
            "at": "2026-11-22T09:00:00+08:00",
            "sets": sets,
        }
    )
    assert {each.rule for each in world.judge(step)} == rules
