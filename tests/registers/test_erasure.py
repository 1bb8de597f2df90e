"""Erasures: two people, nothing open, the days between; and what a subject may be."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk import schema
from tests.registers.test_master_data import CLERK
from tests.registers.test_master_data import refused
from tests.world import World
from tests.world import base

LEAD = "S-A0002"
CASE = "ER2611-A0001"
GONE = {"keys": 1, "digest": "0" * 64}
OPENED = {"channel": "phone", "subject": "product", "customer": "CU-A0001", "contact": "1", "content": "x"}


def entry(action: str, at: str, by: str = CLERK, record: str = CASE, **sets: Any) -> dict[str, Any]:
    where = {"register": "erasure"} if action == "request" else {"record": record}
    return {**where, "action": action, "by": by, "at": f"2026-11-{at}+08:00", "sets": sets}


REQUEST = entry("request", "10T09:00:00", subject="CU-A0001", basis="letter 7")


SEALED = f"sealed:v1:CU-A0001:{'0' * 16}:CU-A0001/contact:{'A' * 64}"


def known() -> World:
    """A world in which something is sealed about the first customer, and nothing about the second."""
    change = {"record": "CU-A0001", "action": "change", "by": CLERK, "at": "2026-11-09T09:00:00+08:00"}
    return base().play([{**change, "sets": {"contact": SEALED}}])


def approved() -> World:
    return known().play([REQUEST, entry("approve", "10T10:00:00", LEAD)])


def test_an_erasure_is_of_something_that_is_sealed() -> None:
    assert refused(known(), REQUEST) == set()
    assert refused(base(), REQUEST) == {"something-is-sealed"}
    other = {**REQUEST, "sets": {**REQUEST["sets"], "subject": "CU-A0002"}}
    assert refused(known(), other) == {"something-is-sealed"}
    correct = {**entry("correct", "10T11:00:00", LEAD, subject="CU-A0002"), "reason": "another"}
    assert refused(known().play([REQUEST]), correct) == {"something-is-sealed"}


def test_a_record_about_a_subject_may_be_what_is_sealed() -> None:
    complaint = {"register": "complaint", "action": "open", "by": CLERK, "at": "2026-11-09T09:00:00+08:00"}
    words = f"sealed:v1:CU-A0002:{'0' * 16}:C2611-A0001/content:{'A' * 64}"
    opened = {**OPENED, "customer": "CU-A0002", "content": words}
    world = base().play([{**complaint, "sets": opened}])
    request = {**REQUEST, "sets": {**REQUEST["sets"], "subject": "CU-A0002"}}
    assert refused(world, request) == set()
    assert refused(world, REQUEST) == {"something-is-sealed"}


@pytest.mark.parametrize(("keys", "rules"), [(0, {"a-key-is-destroyed"}), (1, set())])
def test_an_erasure_destroys_a_key(keys: int, rules: set[str]) -> None:
    assert refused(approved(), entry("carry-out", "20T09:00:00", **GONE | {"keys": keys})) == rules


def test_who_asks_does_not_approve() -> None:
    world = known().play([{**REQUEST, "by": LEAD}])
    assert refused(world, entry("approve", "10T10:00:00", LEAD)) == {"approver-differs"}


@pytest.mark.parametrize(("at", "rules"), [("17T09:59:59", {"erasure-waits"}), ("17T10:00:00", set())])
def test_days_lie_between_approval_and_erasure(at: str, rules: set[str]) -> None:
    assert refused(approved(), entry("carry-out", at, **GONE)) == rules


def test_nothing_is_erased_before_it_is_approved() -> None:
    assert refused(known().play([REQUEST]), entry("carry-out", "20T09:00:00", **GONE)) == {"transition"}


def test_an_open_case_keeps_its_subject() -> None:
    complaint = {"register": "complaint", "action": "open", "by": CLERK, "at": "2026-11-11T09:00:00+08:00"}
    world = approved().play([{**complaint, "sets": OPENED}])
    assert refused(world, entry("carry-out", "20T09:00:00", **GONE)) == {"nothing-open-is-erased"}
    other = approved().play([{**complaint, "sets": OPENED | {"customer": "CU-A0002"}}])
    assert refused(other, entry("carry-out", "20T09:00:00", **GONE)) == set()


def test_a_case_is_not_erased_while_it_is_open() -> None:
    complaint = {"register": "complaint", "action": "open", "by": CLERK, "at": "2026-11-09T09:00:00+08:00"}
    own = {name: value for name, value in OPENED.items() if name != "customer"}
    words = f"sealed:v1:C2611-A0001:{'0' * 16}:C2611-A0001/content:{'A' * 64}"
    world = base().play([{**complaint, "sets": own | {"complainant": "Zhao", "content": words}}])
    request = {**REQUEST, "sets": {**REQUEST["sets"], "subject": "C2611-A0001"}}
    world = world.play([request, entry("approve", "10T10:00:00", LEAD)])
    said = [str(each.message) for each in world.judge(world.step(entry("carry-out", "20T09:00:00", **GONE)))]
    assert said == ["C2611-A0001 is open"]


def test_one_erasure_is_under_way_at_a_time() -> None:
    again = entry("request", "10T11:00:00", subject="CU-A0001", basis="once more")
    assert refused(approved(), again) == {"one-erasure-at-a-time"}
    done = approved().play([entry("carry-out", "20T09:00:00", **GONE)])
    assert refused(done, entry("request", "20T10:00:00", subject="CU-A0001", basis="once more")) == set()


def test_what_was_erased_stays_on_the_books() -> None:
    done = approved().play([entry("carry-out", "20T09:00:00", **GONE)])
    void = {**entry("void", "20T10:00:00", LEAD), "reason": "no"}
    assert "what-was-erased-stays-on-the-books" in refused(done, void)


def test_a_subject_is_whatever_has_something_sealed() -> None:
    having = {name for name in schema.names() if schema.sealable(name)}
    assert set(schema.fields("erasure")["subject"].ref) == having
