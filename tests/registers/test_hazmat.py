"""Hazardous materials: what is drawn where, who hands it out, what is in date, what is due."""

from __future__ import annotations

import pytest

from svcdesk.clock import later
from svcdesk.desk import LAW
from svcdesk.judge import judge_state
from svcdesk.registers import REGISTERS
from tests.hazmat import CLEANER
from tests.hazmat import CLERK
from tests.hazmat import COUNT
from tests.hazmat import DRAW
from tests.hazmat import LEAD
from tests.hazmat import MANAGER
from tests.hazmat import MATERIAL
from tests.hazmat import OTHER_LEAD
from tests.hazmat import STOCK
from tests.hazmat import USE
from tests.hazmat import act
from tests.hazmat import at
from tests.hazmat import balance
from tests.hazmat import counted
from tests.hazmat import disposed
from tests.hazmat import drawn
from tests.hazmat import due
from tests.hazmat import errors
from tests.hazmat import refusals
from tests.hazmat import signed
from tests.hazmat import slip
from tests.hazmat import stocked
from tests.hazmat import used
from tests.world import World
from tests.world import base


def test_the_five_are_controlled_whatever_is_entered() -> None:
    names = ("鼠药", "敌敌畏", "灭螂药", "酒精", "稀料", "bleach")
    sets = {"unit": "g", "ghs": ["acute-toxicity"], "controlled": False}
    entries = [
        {"register": "hazmat-material", "action": "add", "by": LEAD, "at": at("08:00")}
        | {"sets": sets | {"name": name}}
        for name in names
    ]
    found = base().play(entries).books.find("hazmat-material")
    assert [(each["substance"], each["controlled"]) for each in found] == [
        ("rat-poison", True),
        ("dichlorvos", True),
        ("cockroach-killer", True),
        ("alcohol", True),
        ("thinner", True),
        ("other", False),
    ]


@pytest.mark.parametrize(("quantity", "rules"), [(3000, []), (3001, ["no-more-lies-there-than-may"])])
def test_no_more_is_drawn_than_may_lie_there(quantity: int, rules: list[str]) -> None:
    assert refusals(stocked(), drawn(quantity, "10:00")) == rules


@pytest.mark.parametrize(
    ("consumed", "rules"), [(200, []), (199, ["everything-issued-is-accounted-for"]), (None, None)]
)
def test_a_use_of_which_nothing_is_left_is_closed(consumed: int | None, rules: list[str] | None) -> None:
    sets = {} if consumed is None else {"consumed": consumed}
    found = refusals(stocked(*used(200)), act(USE, "close", LEAD, "16:00", sets=sets))
    assert found == (["everything-issued-is-accounted-for"] if rules is None else rules)


@pytest.mark.parametrize("held", [True, False])
def test_dual_control_is_a_setting(held: bool) -> None:
    more = {"post": "cleaning-lead", "department": "cleaning"}
    lead_too = act(OTHER_LEAD, "post", "S-A0001", "08:00", sets=more)
    policy = [
        {"register": "policy", "action": "set", "by": "S-A0001", "at": at("08:00")}
        | {"sets": {"setting": "hazmat-use.dual-control", "value": held}},
    ]
    world = stocked(lead_too, *policy)
    record = next(each for each in reversed(world.records.values()) if each.register == "policy")
    world.play([act(record.id, "approve", "S-A0001", "09:00")])
    request, approve, issue = used(200)
    world.play([request, approve | {"by": OTHER_LEAD}])
    found = refusals(world, issue | {"by": OTHER_LEAD, "signed": {"key-holder": OTHER_LEAD}})
    assert found == (["another-person-opens-the-locker"] if held else [])


def test_nobody_approves_what_he_uses() -> None:
    request, approve, _issue = used(200)
    request["sets"]["user"] = LEAD
    assert refusals(stocked(request), approve) == ["nobody-approves-his-own-use"]
    assert refusals(stocked(request), approve | {"by": OTHER_LEAD}) == []


@pytest.mark.parametrize(("expires", "rules"), [("2026-11-22", []), ("2026-11-21", ["goods-are-in-date"])])
def test_an_expired_lot_is_not_drawn(expires: str, rules: list[str]) -> None:
    lots = {"lots": [{"lot": "L1", "expires": expires}]}
    world = stocked(act(MATERIAL, "lot", LEAD, "09:10", sets=lots))
    assert refusals(world, drawn(10, "10:00", lot="L1")) == rules
    assert refusals(world, drawn(10, "10:00", lot="L2")) == ["goods-are-in-date"]


@pytest.mark.parametrize(("expires", "rules"), [("2026-11-22", []), ("2026-11-21", ["goods-are-in-date"])])
def test_nothing_is_handed_out_on_an_expired_sheet(expires: str, rules: list[str]) -> None:
    sheet = act(MATERIAL, "change", LEAD, "09:10", sets={"sheet": "SDS-7", "sheet_expires": expires})
    world = stocked(sheet, *used(200)[:2])
    assert refusals(world, used(200)[2]) == rules
    assert due(world, "hazmat-material", "sheet-renewed", MATERIAL) == f"{expires}T23:59:59+08:00"


def test_what_expires_later_was_in_date_when_it_was_drawn() -> None:
    lots = {"lots": [{"lot": "L1", "expires": "2026-11-30"}]}
    world = stocked(act(MATERIAL, "lot", LEAD, "09:10", sets=lots), drawn(10, "10:00", lot="L1"))
    world.play([act(MATERIAL, "lot", LEAD, "11:00", sets={"lots": [{"lot": "L1", "expires": "2026-11-01"}]})])
    assert errors(world) == []
    assert due(world, "hazmat-material", "lot-expires", MATERIAL) == "2026-11-01T23:59:59+08:00"
    world.play([disposed(10, "12:00", lot="L1")])
    assert due(world, "hazmat-material", "lot-expires", MATERIAL) is None


def incompatible(world: World, *pairs: tuple[str, list[str]]) -> World:
    for number, (name, others) in enumerate(pairs):
        sets = {"name": name, "unit": "ml", "ghs": ["flammable-liquid"], "incompatible": others}
        given = {"register": "hazmat-material", "action": "add", "by": LEAD, "sets": sets}
        world.play([given | {"at": at(f"09:3{number}")}])
    return world


@pytest.mark.parametrize(("others", "rules"), [([MATERIAL], ["nothing-incompatible-lies-there"]), ([], [])])
def test_what_does_not_go_together_is_not_drawn_into_one_place(others: list[str], rules: list[str]) -> None:
    world = incompatible(stocked(), ("酒精", others))
    assert refusals(world, drawn(10, "10:00", material="M-A0002")) == rules


def test_what_lies_together_against_the_rules_is_a_warning() -> None:
    world = incompatible(stocked(), ("酒精", [])).play([drawn(10, "10:00", material="M-A0002")])
    change = {"incompatible": ["M-A0002"], "maximum": 1999}
    world.play([act(MATERIAL, "change", LEAD, "11:00", sets=change)])
    found = judge_state(world.records[MATERIAL], world.books, LAW)
    assert [(each.rule, each.severity) for each in found] == [
        ("no-place-holds-too-much", "warning"),
        ("incompatible-materials-lie-apart", "warning"),
    ]


def test_who_counted_approves_and_hands_out_nothing_that_day() -> None:
    request, approve, issue = used(200, "13:00")
    world = stocked(counted(2000, "12:00"), signed("12:05", by=LEAD), request)
    assert refusals(world, approve) == ["who-counted-that-day-hands-nothing-out"]
    assert refusals(world, approve | {"at": at("09:00", 23)}) == []
    early = stocked(request | {"at": at("10:00")}, approve | {"at": at("10:05")}, counted(2000, "12:00"))
    early.play([signed("12:05", by=LEAD)])
    assert refusals(early, issue) == ["who-counted-that-day-hands-nothing-out"]
    assert refusals(early, issue | {"at": at("09:00", 23)}) == []


def test_another_lead_approves_as_well_and_hands_out_or_refuses() -> None:
    request, approve, issue = used(200)
    world, second = stocked(request, approve), {"by": MANAGER, "at": at("11:00")}
    assert refusals(world, issue | second) == ["approver-hands-it-out"]
    assert refusals(world, approve | {"at": at("11:00")}) == ["approver-signs"]
    assert refusals(world, act(USE, "refuse", MANAGER, "11:00", reason="traps will do")) == []
    world.play([approve | second, issue | second])
    assert balance(world) == 1800


@pytest.mark.parametrize(("quantity", "told"), [(2000, []), (2001, ["L-A0004 holds 2000 of M-A0001"])])
def test_it_is_said_that_more_is_asked_for_than_there_is(quantity: int, told: list[str]) -> None:
    register = REGISTERS["hazmat-use"]
    world = stocked(*used(quantity)[:2])
    for name in ("request", "approve"):
        action = register.action(name)
        assert action is not None
        assert action.remarks is not None
        said = [str(each).partition(" by the books")[0] for each in action.remarks(world.records[USE], world.books)]
        assert said == told


@pytest.mark.parametrize(
    ("clock", "ends"), [("10:00", at("18:00")), ("17:59", at("18:00")), ("18:00", at("08:00", 23))]
)
def test_a_remainder_is_due_by_the_end_of_the_shift(clock: str, ends: str) -> None:
    world = stocked(*used(200, clock))
    assert due(world, "hazmat-use", "remainder-back", USE) == ends


@pytest.mark.parametrize(("clock", "on_duty"), [("17:59", False), ("23:30", True)])
def test_who_is_on_the_roster_brings_it_back_by_the_end_of_his_duty(clock: str, on_duty: bool) -> None:
    area_manager = "S-A0015"
    sets = {"date": "2026-11-22", "shift": "night", "person": area_manager, "post": "duty-person"}
    duty = {"register": "duty-roster", "action": "add", "by": MANAGER, "at": at("09:00", 20), "sets": sets}
    request, *rest = used(200, clock)
    request["sets"]["user"] = area_manager
    world = base().play([duty, *STOCK, request, *rest])
    until = [each.until for each in world.books.on_duty(at(clock))]
    assert len(until) == on_duty
    assert due(world, "hazmat-use", "remainder-back", USE) == (until[0] if on_duty else at("18:00"))


@pytest.mark.parametrize(("clock", "faults"), [("23:59", 0), ("24:00", 1), ("8:00", 1), (8, 1)])
def test_a_shift_ends_at_a_time_of_day(clock: object, faults: int) -> None:
    found = list(base().books.misfits("hazmat-use.shift-ends", [clock], at("08:00")))
    assert len(found) == faults


def test_counts_are_due() -> None:
    world = stocked()
    month = 30 * 1440
    assert due(world, "hazmat-draw", "first-count", DRAW) == later(at("09:00"), month)
    world.play([drawn(1, "09:30"), counted(2001, "12:00")])
    assert due(world, "hazmat-draw", "first-count", DRAW) is None
    assert due(world, "hazmat-draw", "first-count", "HD2611-A0002") is None
    assert due(world, "hazmat-count", "count-signed", COUNT) == at("20:00")
    world.play([signed("12:05")])
    assert due(world, "hazmat-count", "count-signed", COUNT) is None
    assert due(world, "hazmat-count", "next-count", COUNT) == later(at("12:00"), month)
    world.play([disposed(2001, "13:00")])
    assert due(world, "hazmat-count", "next-count", COUNT) is None


@pytest.mark.parametrize(("by", "rules"), [(CLEANER, []), (CLERK, ["second-person-confirms"])])
def test_the_second_person_confirms(by: str, rules: list[str]) -> None:
    world = stocked(disposed(10, "10:00"))
    assert refusals(world, act(DRAW, "confirm", by, "11:00")) == rules
    assert refusals(world, act("HX2611-A0001", "confirm", by, "11:00")) == rules


def test_two_people_draw_and_dispose() -> None:
    world = stocked()
    for slip_of in (drawn, disposed):
        assert refusals(world, slip_of(10, "10:00") | {"signed": {}}) == ["second-signs"]
        assert "second-differs" in refusals(world, slip_of(10, "10:00") | {"signed": {"second": LEAD}})


def test_an_abnormal_event_reaches_lead_and_supervisor() -> None:
    sets = {"happened": at("09:55"), "what": "tin found open"}
    incident = "HI2611-A0001"
    world = stocked(slip("hazmat-incident", "report", CLEANER, "10:00", **sets))
    assert due(world, "hazmat-incident", "lead-told", incident) == at("10:25")
    assert due(world, "hazmat-incident", "supervisor-told", incident) == at("10:55")
    world.play([signed("10:10", "lead", LEAD, incident), signed("10:20", "supervisor", OTHER_LEAD, incident)])
    assert due(world, "hazmat-incident", "lead-told", incident) is None
    assert refusals(world, act(incident, "close", LEAD, "11:00", sets={"measures": "tin replaced"})) == []
