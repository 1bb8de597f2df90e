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


def approved() -> World:
    return base().play([REQUEST, entry("approve", "10T10:00:00", LEAD)])


def test_who_asks_does_not_approve() -> None:
    world = base().play([{**REQUEST, "by": LEAD}])
    assert refused(world, entry("approve", "10T10:00:00", LEAD)) == {"approver-differs"}


@pytest.mark.parametrize(("at", "rules"), [("17T09:59:59", {"erasure-waits"}), ("17T10:00:00", set())])
def test_days_lie_between_approval_and_erasure(at: str, rules: set[str]) -> None:
    assert refused(approved(), entry("carry-out", at, **GONE)) == rules


def test_nothing_is_erased_before_it_is_approved() -> None:
    assert refused(base().play([REQUEST]), entry("carry-out", "20T09:00:00", **GONE)) == {"transition"}


def test_an_open_case_keeps_its_subject() -> None:
    complaint = {"register": "complaint", "action": "open", "by": CLERK, "at": "2026-11-11T09:00:00+08:00"}
    world = approved().play([{**complaint, "sets": OPENED}])
    assert refused(world, entry("carry-out", "20T09:00:00", **GONE)) == {"nothing-open-is-erased"}
    other = approved().play([{**complaint, "sets": OPENED | {"customer": "CU-A0002"}}])
    assert refused(other, entry("carry-out", "20T09:00:00", **GONE)) == set()


def test_one_erasure_is_under_way_at_a_time() -> None:
    again = entry("request", "10T11:00:00", subject="CU-A0001", basis="once more")
    assert refused(approved(), again) == {"one-erasure-at-a-time"}
    assert refused(approved(), {**again, "sets": {**again["sets"], "subject": "CU-A0002"}}) == set()
    done = approved().play([entry("carry-out", "20T09:00:00", **GONE)])
    assert refused(done, entry("request", "20T10:00:00", subject="CU-A0001", basis="once more")) == set()


def test_what_was_erased_stays_on_the_books() -> None:
    done = approved().play([entry("carry-out", "20T09:00:00", **GONE)])
    void = {**entry("void", "20T10:00:00", LEAD), "reason": "no"}
    assert "what-was-erased-stays-on-the-books" in refused(done, void)


def test_a_subject_is_whatever_has_something_sealed() -> None:
    having = {name for name in schema.names() if schema.sealable(name)}
    assert set(schema.fields("erasure")["subject"].ref) == having
