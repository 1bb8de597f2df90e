"""Departments, places, customers and settings: the rules of what all other books refer to."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.departments import DEPARTMENTS
from svcdesk.departments import MORE
from svcdesk.posts import POSTS
from svcdesk.settings import PROFILES
from tests.world import World
from tests.world import base

ADMIN, CLERK = "S-A0001", "S-A0005"


def entry(target: str, action: str, minute: int, by: str = ADMIN, **rest: Any) -> dict[str, Any]:
    """An act on a record, or the first of a register."""
    own = {name: rest.pop(name) for name in ("reason",) if name in rest}
    where = {"record": target} if "-" in target else {"register": target}
    return {
        **where,
        "action": action,
        "by": by,
        "at": f"2026-11-22T09:{minute:02}:00+08:00",
        "sets": rest,
        **own,
    }


def refused(world: World, step: dict[str, Any]) -> set[str]:
    return {each.rule for each in world.judge(world.step(step)) if each.severity == "error"}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_departments_of_a_profile_have_codes_of_their_own_and_known_posts(profile: str) -> None:
    departments = (*DEPARTMENTS, *MORE[profile])
    assert len({each.code for each in departments}) == len(departments)
    assert {post for each in departments for post in each.posts} <= POSTS.keys()
    assert [each.id for each in base(profile).books.of("department")][-1] == f"D-A{len(departments):04}"


def test_a_code_names_one_department_until_it_is_closed() -> None:
    again = entry("department", "add", 2, code="leasing", name="Leasing too")
    assert refused(base(), again) == {"code-is-unique"}
    world = base().play(
        [
            entry("S-A0010", "leave", 0, reason="gone"),
            entry("D-A0004", "close", 1, reason="let to others"),
        ]
    )
    assert refused(world, again) == set()


def test_a_department_with_people_is_not_closed() -> None:
    close = entry("D-A0004", "close", 1, reason="let to others")
    assert refused(base(), close) == {"closed-department-has-nobody"}


def test_departments_do_not_go_round_in_a_circle() -> None:
    world = base().play([entry("D-A0002", "change", 1, parent="D-A0001")])
    assert refused(world, entry("D-A0001", "change", 2, parent="D-A0002")) == {
        "no-department-is-above-itself"
    }
    assert refused(world, entry("D-A0003", "change", 2, parent="D-A0003")) == {
        "no-department-is-above-itself"
    }
    assert refused(world, entry("D-A0003", "change", 2, parent="D-A0002")) == set()


def test_posts_of_a_department_are_known() -> None:
    change = entry("D-A0001", "change", 1, posts=[{"post": "boss", "persons": 2}])
    assert refused(base(), change) == {"posts-are-known"}
    change["sets"]["posts"] = [{"post": "cs-lead", "persons": 2}]
    assert refused(base(), change) == set()


def test_places_do_not_lie_within_each_other() -> None:
    world = base().play([entry("L-A0001", "change", 1, within="L-A0003")])
    assert refused(world, entry("L-A0003", "change", 2, within="L-A0001")) == {"no-place-lies-within-itself"}
    assert refused(world, entry("L-A0002", "change", 2, within="L-A0001")) == set()


def test_a_cleaner_enters_no_customer() -> None:
    add = entry("customer", "add", 1, "S-A0011", name="Mr Cai", kind="owner")
    assert refused(base(), add) == {"add-right"}
    assert refused(base(), {**add, "by": CLERK}) == set()


def test_settings_are_set_anew_not_corrected() -> None:
    proposed = entry("policy", "set", 1, setting="key-loan.longest-minutes", value=60)
    world = base()
    record = world.step(proposed).new.id
    world.play([proposed])
    correct = entry(record, "correct", 2, value=90, reason="typo")
    assert refused(world, correct) == {"a-setting-is-set-anew"}
    assert refused(world, entry(record, "void", 2, reason="typo")) == set()
    world.play([entry(record, "approve", 2)])
    assert refused(world, entry(record, "void", 3, reason="typo")) == {"a-setting-is-set-anew"}


def test_two_keepers_set_and_approve_by_turns() -> None:
    proposed = entry("policy", "set", 1, setting="key-loan.longest-minutes", value=60)
    alone = base()
    record = alone.step(proposed).new.id
    assert refused(alone.play([proposed]), entry(record, "approve", 2)) == set()
    second = entry("staff", "add", 0, name="Second Se", post="desk-admin", department="administration")
    two = base().play([second, proposed])
    assert refused(two, entry(record, "approve", 2)) == {"second-admin-approves"}
    two.play([entry(record, "approve", 2, "S-A0020")])
    assert two.books.setting("key-loan.longest-minutes", "2026-11-22T09:01:59+08:00") == 1440
    assert two.books.setting("key-loan.longest-minutes", "2026-11-22T09:02:00+08:00") == 60


def test_a_department_with_people_keys_or_others_under_it_is_neither_closed_nor_void() -> None:
    void = entry("D-A0004", "void", 3, reason="entered twice")
    assert refused(base(), void) == {"closed-department-has-nobody"}
    bare = base().play([entry("S-A0010", "leave", 0, reason="gone")])
    assert refused(bare, void) == set()
    key = entry(
        "key", "add", 1, CLERK, name="Show flat", category="vacant-unit", department="leasing", hook="9"
    )
    keyed = bare.copy().play([key])
    assert (
        refused(keyed, void)
        == refused(keyed, {**void, "action": "close"})
        == {"closed-department-has-nobody"}
    )
    keyed.play([entry("K-A0007", "withdraw", 2, CLERK, reason="worn")])
    assert refused(keyed, void) == set()
    under = bare.copy().play([entry("department", "add", 1, code="show", name="Show", parent="D-A0004")])
    assert refused(under, {**void, "action": "close"}) == {"closed-department-has-nobody"}


def test_a_code_that_records_name_is_not_corrected() -> None:
    world = base().play([entry("department", "add", 1, code="show", name="Show")])
    fresh = [each.id for each in world.books.of("department")][-1]
    correct = entry(fresh, "correct", 4, code="shows", reason="typo")
    assert refused(world, correct) == set()
    world.play([entry("staff", "add", 2, name="Show Shu", post="cs-lead", department="show")])
    assert refused(world, correct) == {"a-code-in-use-stays"}
    assert refused(world, entry(fresh, "correct", 4, name="Shows", reason="typo")) == set()
