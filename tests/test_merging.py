"""Acts of another clone replayed in memory: what stands, what is held back, and in which kind of conflict."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

import pytest

from svcdesk import schema
from svcdesk.desk import LAW
from svcdesk.disputes import conflict_of
from svcdesk.errors import NeedsAttention
from svcdesk.ids import make_id
from svcdesk.merging import Ground
from svcdesk.merging import Joined
from svcdesk.merging import Local
from svcdesk.merging import join
from svcdesk.tree import Tree
from tests.hazmat import CLERK
from tests.hazmat import CLERK2
from tests.hazmat import COUNT
from tests.hazmat import MANAGER
from tests.hazmat import act
from tests.hazmat import at
from tests.hazmat import counted
from tests.hazmat import drawn
from tests.hazmat import refusals
from tests.hazmat import signed
from tests.hazmat import stocked
from tests.hazmat import used
from tests.world import MONTH
from tests.world import ZONE
from tests.world import World
from tests.world import base
from tests.world import ordered

Entry = Mapping[str, Any]


class Clone(World):
    """A world that numbers under B."""

    def _next(self, register: Any) -> str:
        taken = [each for each in self.records if each.startswith(make_id(register, MONTH, "B", 1)[:-4])]
        return make_id(register, MONTH, "B", len(taken) + 1)


def joined(world: World, published: Iterable[Entry], local: Iterable[Entry]) -> Joined:
    """Let two clones of a world act apart, and join the second's acts to the first's."""
    first, second = world.copy().play(published), Clone(world.records.values())
    since = {
        record.id: len(world.records[record.id].acts) if record.id in world.records else 0
        for record in first.records.values()
        if world.records.get(record.id) is not record
    }
    commits = []
    for number, entry in enumerate(local):
        change = second.change(second.step(entry))
        commits.append(Local(f"{number:040}", "act", change.steps))
        second.play([entry])
    source = Tree(first.records.values(), schema.references)
    return join(Ground(source, since, at("20:00"), ZONE, LAW, ordered), commits)


def kinds(found: Joined) -> list[tuple[str, list[str]]]:
    return [(each.kind, [step.action for _commit, step in each.held]) for each in found.disputes]


def renumbered(entries: list[Entry]) -> list[Entry]:
    """Return entries on a record that the second clone opens."""
    return [
        {**each, **({"record": each["record"].replace("-A", "-B")} if "record" in each else {})}
        for each in entries
    ]


def test_two_clean_slips_overdraw_a_stock() -> None:
    found = joined(stocked(), used(1500), renumbered(used(700, "10:10")))
    assert kinds(found) == [("overdrawn", ["issue"])]
    assert list(found.disputes[0].things) == ["M-A0001"]
    assert [each.state for each in found.records] == ["approved"]


def test_two_slips_that_the_stock_covers_stand() -> None:
    found = joined(stocked(), used(1500), renumbered(used(500, "10:10")))
    assert kinds(found) == []
    assert [each.state for each in found.records] == ["issued"]


PRAISE = {
    "register": "complaint",
    "action": "open",
    "by": "S-A0005",
    "at": at("09:30"),
    "sets": {
        "channel": "phone",
        "kind": "praise",
        "subject": "other",
        "content": "thanks",
        "complainant": "Ms Zhao",
        "contact": "555-0100",
    },
}


def test_one_complaint_closed_twice_with_different_results() -> None:
    case = base().play([PRAISE])
    ends = [act("C2611-A0001", "acknowledge", "S-A0005", "10:00"), act("C2611-A0001", "withdraw", "S-A0005", "10:05")]
    ends[1]["reason"] = "a mistake"
    assert kinds(joined(case, ends[:1], ends[1:])) == [("outcome", ["withdraw"])]
    assert kinds(joined(case, ends[1:], ends[:1])) == [("outcome", ["acknowledge"])]


def test_a_slip_that_a_signed_count_did_not_know_of_stands_beside_it() -> None:
    """Both were right by what was known where they were entered; the next count shows the difference."""
    count = [counted(2000, "11:00"), signed("11:05")]
    found = joined(stocked(), count, renumbered(used(700, "10:10")))
    assert kinds(found) == []


def test_a_line_that_both_sides_filled_stands_and_one_of_them_releases_it() -> None:
    world = stocked(counted(2000, "11:00"))
    found = joined(world, [signed("11:05")], [signed("11:06", by=MANAGER)])
    assert kinds(found) == []
    world.play([signed("11:05")])
    world.records |= {each.id: each for each in found.records}
    world.play([signed("12:00", "release", MANAGER)])
    assert refusals(world, signed("12:01", "release", CLERK2)) == ["release-is-for-those-who-signed"]
    world.play([signed("12:02", "release", CLERK), act(COUNT, "void", MANAGER, "12:30", reason="wrong tin")])


def test_what_a_draw_took_down_of_its_own_books_stands() -> None:
    """The place held more by then, but not by what the other clone knew: its figure stands as taken down."""
    found = joined(stocked(), [drawn(100, "10:00")], [drawn(200, "10:05")])
    assert kinds(found) == []
    assert [each["stock"] for each in found.records] == [2000]


def test_a_number_that_both_sides_gave_is_named() -> None:
    other = World(base().records.values())
    step = other.step(PRAISE)
    local = Local("0" * 40, "act", (step,))
    source = Tree(base().play([{**PRAISE, "at": at("09:31")}]).records.values(), schema.references)
    ground = Ground(source, {"C2611-A0001": 0}, at("20:00"), ZONE, LAW, ordered)
    with pytest.raises(NeedsAttention, match="the letter A was claimed by two clones"):
        join(ground, [local])


def test_a_conflict_record_fits_its_schema_and_the_law() -> None:
    world = stocked()
    found = joined(world, used(1500), renumbered(used(700, "10:10")))
    books = world.play(used(1500)).books.changed(found.records)
    record = ordered(conflict_of(found.disputes[0], books, {}, 1, "S-A0002", at("21:00")))
    assert record.id == "X2611-X0001"
    assert schema.validate("conflict", record.data) == []
