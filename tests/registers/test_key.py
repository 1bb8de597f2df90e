"""Keys: what is held against the custody plan, and when a key may be taken out of use."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.registers.key import stock_take
from tests.world import World
from tests.world import base


def at(clock: str) -> str:
    return f"2026-11-22T{clock}:00+08:00"


def add(name: str, hook: str, **sets: Any) -> dict[str, Any]:
    fields = {"name": name, "hook": hook, "category": "material-storeroom", "department": "reception"}
    return {"register": "key", "action": "add", "by": "S-A0005", "at": at("08:00"), "sets": fields | sets}


def rows(world: World, category: str, kind: str = "working") -> list[tuple[object, ...]]:
    keys = [each for each in world.records.values() if each.register == "key"]
    return [
        (row["department"], row["planned"], row["held"], row["difference"])
        for row in stock_take(keys, world.books, at("12:00"))
        if row["category"] == category and row["set_kind"] == kind and row["opens"] == ""
    ]


@pytest.mark.parametrize(("sets", "difference"), [(1, -1), (2, 0), (3, 1)])
def test_reception_holds_two_sets_of_a_storeroom(sets: int, difference: int) -> None:
    world = base().play([add("Store", "M1", sets=sets)])
    assert rows(world, "material-storeroom") == [("reception", 2, sets, difference)]


def test_a_set_counts_where_it_is_kept() -> None:
    world = base().play([add("Store", "M1", sets=2, department="engineering", kept_by="reception")])
    assert rows(world, "material-storeroom") == [("reception", 2, 2, 0)]


def test_a_door_that_no_key_opens_is_not_in_the_plan() -> None:
    assert rows(base(), "material-storeroom") == []


def test_a_withdrawn_key_is_not_held() -> None:
    world = base().play([add("Store", "M1", sets=2), add("Store, spare", "M2", sets=1)])
    world.play([act("withdraw", "K-A0007", "11:00")])
    assert rows(world, "material-storeroom") == [("reception", 2, 1, -1)]


def act(action: str, record: str, clock: str, by: str = "S-A0005", **rest: Any) -> dict[str, Any]:
    reason = {"reason": "worn"} if action == "withdraw" else {}
    return {"record": record, "action": action, "by": by, "at": at(clock), **reason, **rest}


def test_a_key_that_is_out_is_not_withdrawn() -> None:
    fields = {"key": "K-A0001", "borrower": "S-A0003", "purpose": "pump", "due": at("18:00")}
    loan = "KL2611-A0001"
    world = base().play(
        [
            {"register": "key-loan", "action": "request", "by": "S-A0005", "at": at("09:00"), "sets": fields},
            act("approve", loan, "09:05", by="S-A0004"),
            act("issue", loan, "09:10", signed={"borrower": "S-A0003"}),
        ]
    )
    entry = act("withdraw", "K-A0001", "10:00")
    assert {each.rule for each in world.judge(world.step(entry))} == {"withdrawn-key-is-not-with-anybody"}
    world.play([act("return", loan, "10:00")])
    assert world.judge(world.step(entry)) == []


def test_a_withdrawn_key_frees_its_slot() -> None:
    world = base().play([add("Store", "M1"), act("withdraw", "K-A0007", "11:00")])
    assert world.judge(world.step(add("Store, new", "M1"))) == []


@pytest.mark.parametrize(("by", "rules"), [("S-A0005", {"correct-right"}), ("S-A0002", set())])
def test_heads_correct_what_an_assistants_right_to_lend_rests_on(by: str, rules: set[str]) -> None:
    sets = {"category": "vacant-unit", "department": "customer-service"}
    step = base().step({**act("correct", "K-A0001", "09:00", by, reason="wrong"), "sets": sets})
    assert {each.rule for each in base().judge(step)} == rules
