"""Shift counts: what the books expect, when the next turn is due, what the report shows."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.registers import key_count
from svcdesk.registers.key_count_rules import differences
from svcdesk.registers.key_count_rules import keys_back_due
from svcdesk.registers.key_count_rules import relief_due
from svcdesk.registers.key_count_rules import report_due
from svcdesk.workflow import replay
from tests.world import World
from tests.world import base

SHEET = "KC2611-A0001"


def at(clock: str, day: int = 22) -> str:
    return f"2026-11-{day:02d}T{clock}:00+08:00"


def opened(shift: str, direction: str, clock: str = "08:30", day: int = 22) -> dict[str, Any]:
    department = "reception" if shift == "front-desk" else "customer-service"
    sets = {"shift": shift, "direction": direction, "department": department, "place": "L-A0003"}
    return {
        "register": "key-count",
        "action": "open",
        "by": "S-A0015",
        "at": at(clock, day),
        "sets": sets,
    }


def act(record: str, action: str, by: str, clock: str, **rest: Any) -> dict[str, Any]:
    return {"record": record, "action": action, "by": by, "at": at(clock), **rest}


def counted(number: int, clock: str = "09:30", record: str = SHEET) -> dict[str, Any]:
    return act(record, "count", "S-A0015", clock, sets={"counted": number})


def lent(until: str = "") -> list[dict[str, Any]]:
    """Return the entries by which a unit's key goes out at 09:10 and, if told so, comes back."""
    loan = "KL2611-A0001"
    sets = {"key": "K-A0002", "borrower": "S-A0003", "purpose": "leak", "due": at("18:00")}
    entries = [
        {"register": "key-loan", "action": "request", "by": "S-A0005", "at": at("09:00"), "sets": sets},
        act(loan, "approve", "S-A0004", "09:05"),
        act(loan, "issue", "S-A0005", "09:10", signed={"borrower": "S-A0003"}),
    ]
    checks = {"power_off": True, "doors_locked": True, "windows_shut": True, "unit_locked": True}
    return entries + ([act(loan, "return", "S-A0005", until, sets=checks)] if until else [])


def expected(world: World) -> int:
    return int(world.records[SHEET]["expected"])


def test_an_open_sheet_does_not_tell_what_is_expected() -> None:
    world = base().play([opened("board", "return")])
    assert "expected" not in world.records[SHEET].data
    assert "expected" in key_count.REGISTER.blind


@pytest.mark.parametrize(("back", "sets"), [("", 2), ("09:30", 3), ("09:31", 2)])
def test_a_key_on_loan_is_not_expected_until_the_minute_it_is_back(back: str, sets: int) -> None:
    entries = [*lent(back), opened("board", "return")]
    late = counted(3) | {"entered": at("10:00")}
    assert expected(base().play([*entries, late])) == sets


def test_what_is_entered_after_the_count_does_not_change_it() -> None:
    world = base().play([opened("board", "return"), counted(2)])
    late = [each | {"entered": at("11:00")} for each in lent()]
    world.play(late)
    assert expected(world) == 3


def test_a_lost_key_is_not_expected() -> None:
    sets = {
        "kind": "lost",
        "key": "K-A0002",
        "discovered": at("09:00"),
        "reporter": "S-A0005",
        "told": "S-A0002",
    }
    lost = {"register": "key-incident", "action": "report", "by": "S-A0005", "at": at("09:05"), "sets": sets}
    assert expected(base().play([lost, opened("board", "return"), counted(2)])) == 2


def test_a_recount_keeps_the_first_count_and_ends_signatures() -> None:
    again = act(SHEET, "recount", "S-A0015", "09:40", sets={"counted": 3}, reason="one lay under the board")
    first = counted(2) | {"signed": {"receiver": "S-A0015"}}
    sheet = base().play([opened("board", "return"), first, again]).records[SHEET]
    assert [each["sets"]["counted"] for each in sheet.acts[1:]] == [2, 3]
    assert sheet.signatures() == ()


def closed(direction: str, shift: str = "early") -> World:
    count = {"front-desk": 1, "board": 3}.get(shift, 0)
    signed = {"giver": "S-A0008", "receiver": "S-A0015"}
    return base().play(
        [
            opened(shift, direction),
            counted(count),
            act(SHEET, "close", "S-A0015", "09:35", signed=signed),
        ]
    )


def test_area_keys_are_due_back_at_the_end_of_the_middle_shift() -> None:
    world = closed("collect")
    assert keys_back_due(world.records[SHEET], world.books) == at("22:00")
    world.play([opened("middle", "return", "21:50")])
    assert keys_back_due(world.records[SHEET], world.books) is None


def test_keys_put_back_are_not_due() -> None:
    world = closed("return", "middle")
    assert keys_back_due(world.records[SHEET], world.books) is None


def test_front_desk_keys_change_hands_within_a_day() -> None:
    world = closed("relief", "front-desk")
    assert relief_due(world.records[SHEET], world.books) == at("08:30", 23)
    world.play([opened("front-desk", "relief", "08:00", 23)])
    assert relief_due(world.records[SHEET], world.books) is None


def test_the_report_names_what_differs() -> None:
    world = base().play([opened("board", "return"), counted(2)])
    (row,) = differences([world.records[SHEET]], world.books, at("10:00"))
    assert (row["id"], row["counted"], row["expected"]) == (SHEET, 2, 3)
    agreed = closed("return", "middle")
    assert not list(differences([agreed.records[SHEET]], agreed.books, at("10:00")))


def test_the_judge_has_nothing_against_a_closed_sheet_when_older_acts_come_in_late() -> None:
    world = closed("return", "board")
    world.play([each | {"entered": at("11:00")} for each in lent()])
    steps = replay(key_count.REGISTER, SHEET, world.records[SHEET].acts)
    assert [each.action for each in steps] == ["open", "count", "close"]
    assert [finding for each in steps for finding in world.judge(each)] == []


def test_a_missing_key_is_reported_after_the_count() -> None:
    closing = act(
        SHEET,
        "close",
        "S-A0015",
        "09:40",
        sets={"explanation": "not on its hook", "missing": ["K-A0002"]},
        signed={"giver": ["S-A0005"]},
    )
    signed = act(SHEET, "sign", "S-A0005", "09:35", signed={"giver": "S-A0005"})
    other = act(SHEET, "sign", "S-A0006", "09:36", signed={"receiver": "S-A0006"})
    closing.pop("signed")
    world = base().play([opened("board", "relief"), counted(2), signed, other, closing])
    assert report_due(world.records[SHEET], world.books) == at("10:10")
    told = {
        "kind": "lost",
        "key": "K-A0002",
        "discovered": at("09:30"),
        "reporter": "S-A0005",
        "told": "S-A0002",
    }
    world.play(
        [{"register": "key-incident", "action": "report", "by": "S-A0005", "at": at("09:50"), "sets": told}]
    )
    assert report_due(world.records[SHEET], world.books) is None
