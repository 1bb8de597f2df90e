"""The books turned back by entry time: what a snapshot could have known."""

from __future__ import annotations

from tests.world import base

REQUEST = {
    "register": "key-loan",
    "action": "request",
    "by": "S-A0005",
    "at": "2026-11-22T09:00:00+08:00",
    "sets": {"key": "K-A0001", "borrower": "S-A0003", "purpose": "work", "due": "2026-11-22T18:00:00+08:00"},
}
APPROVE = {"record": "KL2611-A0001", "action": "approve", "by": "S-A0004", "at": "2026-11-22T09:05:00+08:00"}


def test_an_act_is_known_from_the_second_after_its_entry() -> None:
    books = base().play([REQUEST, APPROVE]).books
    assert books.known_at("2026-11-22T09:00:00+08:00").get("KL2611-A0001") is None
    requested = books.known_at("2026-11-22T09:00:01+08:00").get("KL2611-A0001")
    assert requested is not None
    assert requested.state == "requested"
    approved = books.known_at("2026-11-22T09:05:01+08:00").get("KL2611-A0001")
    assert approved is not None
    assert approved.state == "approved"


def test_what_was_entered_late_is_known_late() -> None:
    late = APPROVE | {"entered": "2026-11-22T11:00:00+08:00"}
    books = base().play([REQUEST, late]).books
    for moment, state in (
        ("2026-11-22T10:00:00+08:00", "requested"),
        ("2026-11-22T12:00:00+08:00", "approved"),
    ):
        known = books.known_at(moment).get("KL2611-A0001")
        assert known is not None
        assert known.state == state


def test_the_past_can_be_asked_for_in_any_order() -> None:
    books = base().play([REQUEST, APPROVE]).books
    states = []
    for minute in (6, 1, 4):
        known = books.known_at(f"2026-11-22T09:0{minute}:00+08:00").get("KL2611-A0001")
        assert known is not None
        states.append(known.state)
    assert states == ["approved", "requested", "requested"]
