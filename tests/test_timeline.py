"""The books turned back by entry time: what a snapshot could have known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk import schema
from svcdesk.clock import instant
from svcdesk.model import Record
from svcdesk.registers import REGISTERS
from svcdesk.timeline import Timeline
from svcdesk.tree import Tree
from svcdesk.workflow import replay
from tests.world import World
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


def busy_day() -> World:
    """Six loans of two keys, every second one returned, some of it entered an hour late."""
    world = base()
    for number in range(6):
        hour, loan = 8 + number, f"KL2611-A{number + 1:04d}"
        late = {"entered": f"2026-11-22T{hour + 1:02d}:30:00+08:00"} if number % 3 == 1 else {}
        request = REQUEST | {"at": f"2026-11-22T{hour:02d}:00:00+08:00"}
        approve = APPROVE | {"record": loan, "at": f"2026-11-22T{hour:02d}:05:00+08:00"}
        world.play([request, approve | late])
    return world


WORLD = busy_day()
MOMENTS = st.integers(0, 9 * 60).map(lambda each: f"2026-11-22T{8 + each // 60:02d}:{each % 60:02d}:00+08:00")


def known(moment: str) -> dict[str, Record]:
    """Fold every record anew from what was entered before a moment."""
    limit, found = instant(moment), {}
    for record in WORLD.records.values():
        acts = [act for act in record.acts if instant(act.get("entered", act["at"])) < limit]
        if acts:
            found[record.id] = replay(REGISTERS[record.register], record.id, acts)[-1].new
    return found


@settings(max_examples=40)
@given(st.lists(MOMENTS, min_size=1, max_size=6))
def test_a_timeline_answers_like_a_tree_folded_anew(moments: list[str]) -> None:
    timeline = Timeline(WORLD.records.values(), REGISTERS, schema.references)
    for moment in moments:
        played, folded = timeline.before(moment), Tree(known(moment).values(), schema.references)
        for register in ("key-loan", "key", "staff"):
            assert list(played.of(register)) == list(folded.of(register))
        for state in ("requested", "approved"):
            assert played.where("key-loan", "state", state) == list(folded.where("key-loan", "state", state))
        assert list(played.mentioning("K-A0001")) == list(folded.mentioning("K-A0001"))
        days = [
            played.where("key-loan", "learned-on", "2026-11-22"),
            folded.where("key-loan", "learned-on", "2026-11-22"),
        ]
        assert list(days[0]) == list(days[1])
