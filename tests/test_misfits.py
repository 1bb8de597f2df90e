"""What does not fit the schema: told once, at the place as people call it, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from svcdesk import language
from svcdesk.desk import LAW
from svcdesk.judge import judge_shape
from tests.world import World
from tests.world import base

ACT = {"by": "S-A0005", "at": "2026-11-22T14:00:00+08:00"}
OPEN: dict[str, Any] = {
    **ACT,
    "register": "handover",
    "action": "open",
    "sets": {"kind": "department", "incoming": "S-A0006"},
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English again after each test."""
    yield
    language.choose("en", {})


def draw(quantity: object) -> dict[str, Any]:
    sets = {"material": "M-A0001", "place": "L-A0001", "quantity": quantity}
    return {**ACT, "register": "hazmat-draw", "action": "add", "sets": sets}


def told(entry: dict[str, Any], world: World | None = None) -> list[str]:
    """The sentences that the schema has against an entry."""
    step = (world or base()).step(entry)
    return [language.say(each.message) for each in judge_shape(step.new, LAW)]


@pytest.mark.parametrize("quantity", [0, -5])
def test_a_number_too_small_is_told_once_with_the_least_that_is_allowed(quantity: int) -> None:
    assert told(draw(quantity)) == [f"quantity: {quantity} was given, the least that is allowed: 1"]


def test_a_number_that_may_be_is_not_told_of() -> None:
    assert told(draw(1)) == []


def test_an_entry_of_a_table_is_named_as_it_was_typed() -> None:
    world = base()
    step = world.step(OPEN)
    counted = [{"what": "K-A0001", "found": 1}, {"what": "K-A0002", "found": 1}]
    world.records[step.new.id] = step.new
    count = {**ACT, "record": step.new.id, "action": "count"}
    world.records[step.new.id] = world.step({**count, "sets": {"counted": counted}}).new
    wrong = {**count, "sets": {"counted": [{"what": "K-A0001"}]}}
    (found,) = judge_shape(world.step(wrong).new, LAW)
    assert (str(found.message), found.field) == ("counted, entry 1: missing: found", "counted.2")
    language.choose("zh", {})
    assert told(wrong, world) == ["清点第 1 项：缺少实数"]


def test_choices_are_named_as_people_call_them() -> None:
    checks = [{"item": "work surface", "mark": "ok"}]
    wrong = {**OPEN, "sets": {**OPEN["sets"], "checks": checks}}
    needed = '"ok" was given, one of these is needed: normal, abnormal'
    assert told(wrong) == [f"checks, entry 1: mark: {needed}"]
    language.choose("zh", {})
    assert told(wrong) == ['检查项目第 1 项：标记：所填为 "ok"，须为以下之一：正常、异常']
