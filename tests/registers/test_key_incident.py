"""Key incidents, replacement keys and lock changes: conditions of keys, deadlines, what is left to do."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.registers.key_incident import REGISTER
from svcdesk.registers.key_incident import case
from svcdesk.registers.key_incident import merit
from svcdesk.registers.key_incident_time_rules import open_losses
from tests.world import World
from tests.world import base

LOSS, FOUND, RECUT, CHANGE = "KI2611-A0001", "KI2611-A0002", "KR2611-A0001", "KX2611-A0001"


def at(clock: str, day: int = 22) -> str:
    return f"2026-11-{day:02d}T{clock}:00+08:00"


def new(register: str, action: str, by: str, clock: str, **sets: Any) -> dict[str, Any]:
    return {"register": register, "action": action, "by": by, "at": at(clock), "sets": sets}


def act(record: str, action: str, by: str, clock: str, **sets: Any) -> dict[str, Any]:
    return {"record": record, "action": action, "by": by, "at": at(clock), "sets": sets}


def report(kind: str, key: str, told: str, clock: str = "09:10", **sets: Any) -> dict[str, Any]:
    known = {"kind": kind, "key": key, "discovered": at("09:00"), "reporter": "S-A0005", "told": told}
    return new("key-incident", "report", "S-A0005", clock, **{**known, **sets})


SETTLED = [
    report("lost", "K-A0002", "S-A0002"),
    act(LOSS, "receive", "S-A0002", "09:20"),
    act(LOSS, "file", "S-A0009", "09:30", precautions="guard posted"),
    act(LOSS, "account", "S-A0005", "09:40", narrative="left in the lift"),
    act(LOSS, "settle", "S-A0002", "10:00", disposal="cut anew", liable="S-A0005", loss="80.00"),
]
CUT = [
    new("key-recut", "record", "S-A0005", "10:10", key="K-A0002", cause="lost", quantity=1, incident=LOSS),
    act(RECUT, "authorise", "S-A0002", "10:20"),
    act(RECUT, "order", "S-A0002", "10:30", engineer="S-A0003"),
    new("key", "add", "S-A0005", "10:35", name="0801 new", category="vacant-unit",
        department="customer-service", hook="801n"),
    act(RECUT, "cut", "S-A0003", "10:40", new_keys=["K-A0007"]),
    act(RECUT, "deliver", "S-A0005", "10:50"),
]  # fmt: skip


def statuses(world: World, key: str, clock: str) -> list[str]:
    return [hold.status for hold in world.books.holds(key, at(clock))]


def refusals(world: World, entry: dict[str, Any]) -> set[str]:
    return {each.rule for each in world.judge(world.step(entry)) if each.severity == "error"}


def due(name: str, world: World, record: str = LOSS) -> str | None:
    deadline = next(each for each in REGISTER.deadlines if each.name == name)
    return deadline.due(world.records[record], world.books)


def test_a_lost_key_is_lost_from_its_discovery_until_the_case_is_closed() -> None:
    world = base().play([*SETTLED, *CUT, act(LOSS, "close", "S-A0002", "11:00", outcome="replaced")])
    assert statuses(world, "K-A0002", "08:59") == []
    assert statuses(world, "K-A0002", "09:00") == ["lost"]
    assert statuses(world, "K-A0002", "10:50") == ["lost", "replaced"]
    assert statuses(world, "K-A0002", "11:00") == ["replaced"]
    assert statuses(world, "K-A0007", "10:45") == ["in-custody"]
    assert statuses(world, "K-A0007", "10:50") == []


def test_a_lost_key_that_is_waived_stays_lost() -> None:
    waive = act(LOSS, "waive", "S-A0009", "10:30", waiver="the door is walled up")
    world = base().play([*SETTLED, waive, act(LOSS, "close", "S-A0002", "11:00", outcome="waived")])
    assert statuses(world, "K-A0002", "23:00") == ["lost"]


def test_a_lost_key_that_is_handed_in_is_recovered() -> None:
    found = [
        report("found", "K-A0002", "S-A0008", "10:05", finder="a visitor", finder_staff="S-A0011"),
        act(FOUND, "hand-in", "S-A0008", "10:10"),
    ]
    recover = act(LOSS, "recover", "S-A0008", "10:20", found_in=FOUND)
    assert refusals(base().play([*SETTLED, found[0]]), recover) == {"recovered-key-was-handed-in"}
    world = base().play([*SETTLED, *found, recover])
    assert statuses(world, "K-A0002", "10:15") == ["lost", "in-custody"]
    assert statuses(world, "K-A0002", "10:20") == ["in-custody"]
    world.play(
        [
            act(LOSS, "close", "S-A0002", "11:00", outcome="recovered"),
            act(FOUND, "reward", "S-A0012", "11:00", reward="commended"),
            act(FOUND, "close", "S-A0008", "11:10", outcome="returned"),
        ]
    )
    assert statuses(world, "K-A0002", "11:10") == []
    assert [(each.person, each.kind) for each in merit(world.records[FOUND])] == [("S-A0011", "praise")]


@pytest.mark.parametrize(("key", "told", "name"), [
    ("K-A0004", "S-A0005", "cs-told-of-sealed-key"),
    ("K-A0003", "S-A0002", "cs-manager-told"),
])  # fmt: skip
def test_a_report_has_to_arrive_within_minutes(key: str, told: str, name: str) -> None:
    world = base().play([report("damaged", key, told)])
    assert due(name, world) == at("09:30")
    others = {"cs-told-of-sealed-key", "cs-manager-told", "property-manager-told"} - {name}
    assert {due(each, world) for each in others} == {None}


def test_a_missing_spare_is_due_until_it_is_replaced() -> None:
    spare = new("key", "add", "S-A0005", "08:00", name="Spare", category="machine-room", hook="SP1",
                department="administration", set_kind="spare")  # fmt: skip
    world = base().play([spare, report("lost", "K-A0007", "S-A0012")])
    assert due("property-manager-told", world) == at("09:30")
    assert due("spare-replaced", world) == at("09:00", 23)
    assert due("loss-filed", world) == at("09:30")


def inspect(clock: str, department: str = "engineering") -> dict[str, Any]:
    fields = {"department": department, "reporter": "S-A0004", "findings": "in order"}
    return new("key-incident", "inspect", "S-A0004", clock, **fields)


def test_the_next_inspection_is_due_after_thirty_days_unless_one_has_been() -> None:
    world = base().play([inspect("09:00"), inspect("09:30", "reception")])
    assert due("key-inspection", world) == "2026-12-22T09:00:00+08:00"
    world.play([inspect("10:00")])
    assert due("key-inspection", world) is None


def test_only_managers_inspect() -> None:
    assert refusals(base(), inspect("09:00") | {"by": "S-A0003"}) == {"inspect-right"}
    assert refusals(base(), inspect("09:00") | {"by": "S-A0014"}) == set()


@pytest.mark.parametrize("action", ["receive", "file", "settle"])
def test_a_found_key_is_handed_in_and_nothing_else(action: str) -> None:
    world = base().play([report("found", "K-A0002", "S-A0008")])
    entry = act(LOSS, action, "S-A0008", "09:30", **({"precautions": "none"} if action == "file" else {}))
    assert refusals(world, entry) & {"steps-fit-the-kind", "transition"}


def test_a_report_that_names_no_key_or_comes_before_the_discovery_is_refused() -> None:
    nameless = report("lost", "K-A0002", "S-A0008")
    del nameless["sets"]["key"]
    assert refusals(base(), nameless) == {"report-says-which-key-or-lock"}
    early = report("lost", "K-A0002", "S-A0002", "08:59")
    assert refusals(base(), early) == {"report-says-which-key-or-lock"}
    assert refusals(base(), report("lost", "K-A0002", "S-A0002", "09:00")) == set()


def test_the_report_of_losses_says_what_is_left_to_do() -> None:
    world = base().play([report("lost", "K-A0004", "S-A0005")])
    other = new("key", "add", "S-A0005", "08:00", name="0802 working", category="occupied-unit",
                department="customer-service", hook="802w", opens="L-A0002")  # fmt: skip
    world.play([other])
    (row,) = open_losses([world.records[LOSS]], world.books, at("10:00"))
    assert (row["opens"], row["copies"]) == ("L-A0002", ["K-A0007"])
    assert row["todo"][:4] == ["receive", "account", "file", "settle"]
    done = base().play([*SETTLED, *CUT])
    (row,) = open_losses([done.records[LOSS]], done.books, at("10:55"))
    assert row["todo"] == ["close"]


def test_an_incident_is_the_case_of_who_was_told_until_it_is_closed() -> None:
    world = base().play(SETTLED)
    owned = case(world.records[LOSS])
    assert owned is not None
    assert owned.owner == "S-A0002"
    assert [each.record for each in world.books.open_cases("S-A0002")] == [LOSS]
    assert [(each.person, each.kind) for each in merit(world.records[LOSS])] == [("S-A0005", "key-lost")]
    world.play([*CUT, act(LOSS, "close", "S-A0002", "11:00", outcome="replaced")])
    assert case(world.records[LOSS]) is None


def changes() -> list[dict[str, Any]]:
    """Return the entries by which the lock of unit 0802 is changed, up to the delivery of its new key."""
    why = {"cause": "lock-damaged", "explanation": "turns through"}
    apply = new("key-lock-change", "apply", "S-A0005", "10:00", place="L-A0002", **why)
    lock = {"category": "occupied-unit", "department": "security", "opens": "L-A0002"}
    return [
        apply | {"papers": [{"kind": "written-application", "number": "A-1"}]},
        act(CHANGE, "approve", "S-A0009", "10:10"),
        act(CHANGE, "order", "S-A0009", "10:20", engineer="S-A0003"),
        new("key", "add", "S-A0009", "10:30", name="0802 new", hook="N1", **lock),
        act(CHANGE, "replace", "S-A0003", "11:00"),
        act(CHANGE, "deliver", "S-A0009", "11:10", new_keys=["K-A0007"]),
    ]


def changed() -> World:
    return base().play(changes())


def test_the_old_keys_of_a_lock_are_taken_from_the_books_and_are_replaced() -> None:
    world = changed()
    assert world.records[CHANGE]["old_keys"] == ["K-A0004"]
    assert statuses(world, "K-A0004", "10:59") == []
    assert statuses(world, "K-A0004", "11:00") == ["replaced"]


def test_new_keys_stay_with_security_until_they_are_redistributed() -> None:
    world = changed()
    assert [hold.holder for hold in world.books.holds("K-A0007", at("11:20"))] == ["S-A0009"]
    rows = [{"key": "K-A0007", "department": "security", "emergency": True}]
    world.play([act(CHANGE, "redistribute", "S-A0008", "11:30", distribution=rows)])
    assert world.books.holds("K-A0007", at("11:30")) == []


@pytest.mark.parametrize("rows", [
    [{"key": "K-A0007", "department": "security", "emergency": True}] * 2,
    [{"key": each, "department": "security", "emergency": True} for each in ("K-A0007", "K-A0001")],
])  # fmt: skip
def test_each_new_key_and_no_other_is_redistributed(rows: list[dict[str, Any]]) -> None:
    entry = act(CHANGE, "redistribute", "S-A0008", "11:30", distribution=rows)
    assert refusals(changed(), entry) == {"every-new-key-is-redistributed"}


def test_only_engineering_is_told_to_cut_or_change() -> None:
    cut = act(RECUT, "order", "S-A0002", "12:00", engineer="S-A0010")
    assert refusals(base().play([*SETTLED, *CUT[:2]]), cut) == {"engineering-cuts-it"}
    change = act(CHANGE, "order", "S-A0009", "12:00", engineer="S-A0010")
    assert refusals(base().play(changes()[:2]), change) == {"engineering-changes-it"}


def test_a_lost_key_is_cut_anew_only_by_its_own_loss_record() -> None:
    other = CUT[0] | {"sets": {**CUT[0]["sets"], "key": "K-A0003"}}
    world = base().play([*SETTLED, other, CUT[1]])
    assert refusals(world, CUT[2]) == {"cut-only-after-the-loss-record"}


def test_a_settled_case_is_closed_within_a_week() -> None:
    assert due("settled-case-closed", base().play(SETTLED)) == at("10:00", 29)
