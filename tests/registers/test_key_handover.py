"""Unit key handovers: where each key is through the life of a sheet, and what cannot overlap it."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.registers.key_handover import case
from tests.world import World
from tests.world import base

SHEET = "KH2611-A0001"
OWNER = "CU-A0002"


def at(clock: str) -> str:
    return f"2026-11-22T{clock}:00+08:00"


def prepare(*keys: str) -> dict[str, Any]:
    return {
        "register": "key-handover",
        "action": "prepare",
        "by": "S-A0005",
        "at": at("09:00"),
        "sets": {"unit": "L-A0001", "customer": OWNER, "keys": list(keys)},
        "papers": [{"kind": "move-in-notice", "number": "MN-17"}],
    }


def act(action: str, clock: str, sets: Any = None, **rest: Any) -> dict[str, Any]:
    return {
        "record": SHEET,
        "action": action,
        "by": "S-A0005",
        "at": at(clock),
        **({"sets": sets} if sets else {}),
        **rest,
    }


INSPECT = act("inspect", "09:30", {"inspection": "accepted"}, signed={"customer-inspection": OWNER})
HAND_OVER = act("hand-over", "10:00", {"pieces": 3}, signed={"customer": OWNER})
RELEASE = act("release", "12:00", signed={"customer": OWNER})
TAKE_BACK = act("take-back", "13:00")


def entrust(clock: str = "11:00", key: str = "K-A0002", seal: str = "S-1") -> dict[str, Any]:
    paper = {"kind": "entrustment", "number": "EN-3"}
    return act(
        "entrust",
        clock,
        {"seals": [{"key": key, "seal": seal}]},
        papers=[paper],
        signed={"depositor": OWNER},
    )


def whereabouts(world: World, key: str) -> list[tuple[str, str, str, str | None]]:
    return [
        (hold.status, hold.holder, hold.since[11:16], hold.until and hold.until[11:16])
        for hold in world.books.holds(key)
    ]


def broken(world: World, entry: dict[str, Any]) -> set[str]:
    return {each.rule for each in world.judge(world.step(entry))}


def test_a_key_is_with_the_owner_then_sealed_then_with_the_owner_then_back() -> None:
    world = base().play([prepare("K-A0002", "K-A0003"), INSPECT, HAND_OVER, entrust(), RELEASE, TAKE_BACK])
    assert whereabouts(world, "K-A0002") == [
        ("handed-to-owner", OWNER, "10:00", "11:00"),
        ("sealed", "", "11:00", "12:00"),
        ("handed-to-owner", OWNER, "12:00", "13:00"),
    ]
    assert whereabouts(world, "K-A0003") == [("handed-to-owner", OWNER, "10:00", "13:00")]


def test_a_key_may_be_entrusted_without_a_handover() -> None:
    world = base().play([prepare("K-A0002"), entrust()])
    assert whereabouts(world, "K-A0002") == [("sealed", "", "11:00", None)]


@pytest.mark.parametrize(
    ("entry", "rules"),
    [
        (entrust("11:30", "K-A0003", "S-2"), set()),
        (entrust("11:30", "K-A0003", "S-1"), {"each-key-is-sealed-by-itself"}),
        (entrust("11:30", "K-A0002", "S-2"), {"each-key-is-sealed-by-itself"}),
        (entrust("11:30", "K-A0001", "S-2"), {"each-key-is-sealed-by-itself"}),
    ],
)
def test_each_key_has_a_seal_of_its_own(entry: dict[str, Any], rules: set[str]) -> None:
    world = base().play([prepare("K-A0002", "K-A0003"), INSPECT, HAND_OVER, entrust()])
    assert broken(world, entry) == rules


def test_a_refused_unit_is_inspected_again() -> None:
    refused = act("inspect", "09:20", {"inspection": "refused"}, signed={"customer-inspection": OWNER})
    world = base().play([prepare("K-A0002"), refused])
    assert broken(world, HAND_OVER) == {"unit-was-inspected-together"}
    assert broken(world.play([INSPECT]), HAND_OVER) == set()


@pytest.mark.parametrize(("returned", "rules"), [("10:01", {"key-is-nowhere-else"}), ("10:00", set())])
def test_a_key_that_is_lent_is_not_handed_over(returned: str, rules: set[str]) -> None:
    loan = {"record": "KL2611-A0001", "by": "S-A0005"}
    sets = {"key": "K-A0002", "borrower": "S-A0010", "purpose": "viewing", "due": at("18:00")}
    safe = {"power_off": True, "doors_locked": True, "windows_shut": True, "unit_locked": True}
    world = base().play(
        [
            {"register": "key-loan", "action": "request", "by": "S-A0005", "at": at("08:00"), "sets": sets},
            {**loan, "action": "approve", "at": at("08:10"), "by": "S-A0002"},
            {**loan, "action": "issue", "at": at("08:20"), "signed": {"borrower": "S-A0010"}},
            {**loan, "action": "return", "at": at(returned), "sets": safe},
            prepare("K-A0002"),
            INSPECT,
        ]
    )
    assert broken(world, HAND_OVER) == rules


def test_a_sheet_is_open_until_the_keys_are_handed_over() -> None:
    world = base().play([prepare("K-A0002"), INSPECT])
    found = case(world.records[SHEET])
    assert found is not None
    assert found.owner == "S-A0005"
    assert case(world.play([HAND_OVER]).records[SHEET]) is None


@pytest.mark.parametrize(("pieces", "remark", "rules"), [
    (3, "", set()),
    (2, "", {"pieces-are-those-prepared"}),
    (2, "one is broken", set()),
])  # fmt: skip
def test_other_than_the_pieces_prepared_needs_a_remark(pieces: int, remark: str, rules: set[str]) -> None:
    sheet = prepare("K-A0002")
    world = base().play([sheet | {"sets": sheet["sets"] | {"pieces": 3}}, INSPECT])
    sets = {"pieces": pieces} | ({"remark": remark} if remark else {})
    entry = act("hand-over", "10:00", sets, signed={"customer": OWNER})
    assert {each.rule for each in world.judge(world.step(entry))} == rules
