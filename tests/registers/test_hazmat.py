"""Hazardous materials: the ledger at every instant, counts that close it, what is in date, what is due."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk import yamlio
from svcdesk.clock import later
from svcdesk.desk import LAW
from svcdesk.judge import judge_act
from svcdesk.judge import judge_open
from svcdesk.judge import judge_state
from svcdesk.model import Deadline
from svcdesk.registers import REGISTERS
from svcdesk.workflow import replay
from tests.world import CASES
from tests.world import World
from tests.world import base

STOCK: list[dict[str, Any]] = yamlio.load(
    (CASES / "hazmat-use" / "none-handed-out-by-the-approver.yaml").read_bytes()
)["given"][:5]
"""A cleaning lead, a locker with her key, a material, and 2000 g of it drawn at 09:00."""
MATERIAL, LOCKER, DRAW, USE, COUNT = "M-A0001", "L-A0004", "HD2611-A0001", "HU2611-A0001", "HC2611-A0001"
LEAD, OTHER_LEAD, CLERK, CLERK2, MANAGER, CLEANER = (
    "S-A0014",
    "S-A0019",
    "S-A0005",
    "S-A0006",
    "S-A0002",
    "S-A0011",
)


def at(clock: str, day: int = 22) -> str:
    return f"2026-11-{day:02}T{clock}:00+08:00"


def slip(register: str, action: str, by: str, clock: str, **sets: Any) -> dict[str, Any]:
    fields = {"material": MATERIAL, "place": LOCKER, **sets}
    return {"register": register, "action": action, "by": by, "at": at(clock), "sets": fields}


def act(record: str, action: str, by: str, clock: str, **rest: Any) -> dict[str, Any]:
    return {"record": record, "action": action, "by": by, "at": at(clock), **rest}


def drawn(quantity: int, clock: str, **sets: Any) -> dict[str, Any]:
    second = {"signed": {"second": CLEANER}}
    return slip("hazmat-draw", "add", LEAD, clock, quantity=quantity, **sets) | second


def disposed(quantity: int, clock: str, **sets: Any) -> dict[str, Any]:
    given = slip("hazmat-dispose", "add", LEAD, clock, quantity=quantity, method="waste firm", **sets)
    return given | {"signed": {"second": CLEANER}}


def counted(quantity: int, clock: str, **sets: Any) -> dict[str, Any]:
    return slip("hazmat-count", "add", CLERK, clock, quantity=quantity, **sets)


def signed(clock: str, line: str = "counter", by: str = CLERK2, record: str = COUNT) -> dict[str, Any]:
    return act(record, "sign", by, clock, signed={line: by})


def used(quantity: int, clock: str = "10:00", record: str = USE) -> list[dict[str, Any]]:
    asked = slip("hazmat-use", "request", CLEANER, clock, quantity=quantity, user=CLEANER, purpose="rats")
    return [
        asked,
        act(record, "approve", LEAD, clock),
        act(record, "issue", LEAD, clock, signed={"key-holder": "S-A0020"}),
    ]


def stocked(*entries: dict[str, Any]) -> World:
    return base().play([*STOCK, *entries])


def refusals(world: World, entry: dict[str, Any]) -> list[str]:
    found = world.judge(world.step(entry))
    return sorted({each.rule for each in found if each.severity == "error"})


def balance(world: World, clock: str = "23:00") -> int:
    return world.books.balance(MATERIAL, LOCKER, "", at(clock))


def due(world: World, register: str, name: str, record: str) -> str | None:
    deadline: Deadline = next(each for each in REGISTERS[register].deadlines if each.name == name)
    return deadline.due(world.records[record], world.books)


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


@pytest.mark.parametrize(("quantity", "rules"), [(3000, []), (3001, ["place-is-one-of-the-materials-own"])])
def test_no_more_is_drawn_than_may_lie_there(quantity: int, rules: list[str]) -> None:
    assert refusals(stocked(), drawn(quantity, "10:00")) == rules


@pytest.mark.parametrize(("quantity", "rules"), [(2000, []), (2001, ["balance-is-never-negative"])])
def test_no_more_goes_than_there_is(quantity: int, rules: list[str]) -> None:
    assert refusals(stocked(), disposed(quantity, "10:00")) == rules


@pytest.mark.parametrize(("clock", "rules"), [("09:59", ["balance-is-never-negative"]), ("11:00", [])])
def test_a_late_slip_leaves_no_later_balance_negative(clock: str, rules: list[str]) -> None:
    world = stocked(disposed(1500, "10:00"), drawn(1000, "10:30"))
    assert refusals(world, disposed(600, clock) | {"entered": at("12:00")}) == rules


def test_a_draw_that_was_used_is_not_void() -> None:
    world = stocked(*used(200))
    gone = act(DRAW, "void", MANAGER, "11:00", reason="entered twice")
    assert refusals(world, gone) == ["balance-is-never-negative"]
    assert refusals(stocked(), gone) == []


def test_a_correction_counts_as_a_slip() -> None:
    world = stocked(*used(200))
    lower = act(DRAW, "correct", MANAGER, "11:00", reason="misread", sets={"quantity": 199})
    assert refusals(world, lower) == ["balance-is-never-negative"]
    assert refusals(world, lower | {"sets": {"quantity": 200}}) == []


@pytest.mark.parametrize(("returned", "consumed", "left"), [(50, 150, 1850), (0, 200, 1800), (200, 0, 2000)])
def test_what_comes_back_is_in_the_ledger(returned: int, consumed: int, left: int) -> None:
    sets = {"returned": returned, "consumed": consumed}
    world = stocked(*used(200), act(USE, "return", LEAD, "16:00", sets=sets))
    assert (balance(world, "15:59"), balance(world)) == (1800, left)


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


CLOSED = ["signed-count-closes-what-lies-before"]


@pytest.mark.parametrize(
    ("clock", "agrees", "differs"), [("11:59", CLOSED, CLOSED), ("12:00", [], CLOSED), ("12:01", [], [])]
)
def test_a_signed_count_closes_what_lies_before(clock: str, agrees: list[str], differs: list[str]) -> None:
    late = drawn(300, clock) | {"entered": at("13:00")}
    assert refusals(stocked(counted(2000, "12:00")), late) == []
    assert refusals(stocked(counted(2000, "12:00"), signed("12:05")), late) == agrees
    assert refusals(stocked(counted(1990, "12:00"), signed("12:05")), late) == differs


def test_a_count_is_voided_by_both_signers() -> None:
    world = stocked(counted(2000, "12:00"), signed("12:05"))
    void = act(COUNT, "void", MANAGER, "14:00", reason="wrong tin")
    assert refusals(world, void) == ["both-signers-release-a-count"]
    world.play([signed("13:00", "release", CLERK)])
    assert refusals(world, void) == ["both-signers-release-a-count"]
    world.play([signed("13:01", "release", CLERK2), void, drawn(300, "11:00") | {"entered": at("15:00")}])
    assert balance(world) == 2300
    assert errors(world) == []


def test_an_unsigned_count_is_corrected_and_a_signed_one_is_not() -> None:
    world = stocked(counted(2000, "12:00"))
    better = act(COUNT, "correct", MANAGER, "12:30", reason="misread", sets={"quantity": 1990})
    assert refusals(world, better) == []
    assert refusals(world.play([signed("12:05")]), better) == ["signed-count-is-not-corrected"]


def test_the_counter_has_handed_nothing_out_that_day() -> None:
    world = stocked(*used(200), counted(1800, "12:00"))
    assert refusals(world, signed("12:05", by=LEAD)) == ["counter-handed-nothing-out-that-day"]
    assert refusals(world, signed("12:05", by=OTHER_LEAD)) == []


def test_who_counted_hands_nothing_out_that_day() -> None:
    world = stocked(counted(2000, "12:00"), signed("12:05", by=LEAD), *used(200, "13:00")[:2])
    issue = used(200, "13:00")[2]
    assert refusals(world, issue) == ["who-counted-that-day-hands-nothing-out"]
    assert refusals(world, issue | {"at": at("09:00", 23)}) == []


def test_a_difference_is_closed_with_both_signatures_and_a_reason() -> None:
    world = stocked(counted(1990, "12:00"))
    close = act(COUNT, "close", LEAD, "13:00", reason="spilt")
    assert open_rules(world) == ["difference-is-signed-and-closed"]
    assert refusals(world, close) == ["counter-signs"]
    world.play([signed("12:05")])
    assert refusals(world, close | {"reason": ""}) == ["difference-has-a-reason"]
    world.play([close])
    assert (world.records[COUNT]["expected"], world.records[COUNT]["difference"]) == (2000, -10)
    assert (balance(world, "11:59"), balance(world, "12:00")) == (2000, 1990)
    assert open_rules(world) == []


def test_the_first_count_is_the_opening_balance() -> None:
    close = act(COUNT, "close", LEAD, "13:00")
    world = base().play([*STOCK[:4], counted(700, "12:00"), signed("12:05"), close])
    assert (balance(world, "11:59"), balance(world)) == (0, 700)
    assert errors(world) == []


def test_a_forged_difference_is_found() -> None:
    world = stocked(counted(1990, "12:00"), signed("12:05"), act(COUNT, "close", LEAD, "13:00", reason="x"))
    record = world.records[COUNT]
    forged = [*record.acts[:2], {**record.acts[2], "sets": {"expected": 2000, "difference": -100}}]
    world.records[COUNT] = replay(REGISTERS["hazmat-count"], COUNT, forged)[-1].new
    assert {"footprint", "closed-count-says-what-the-books-say"} <= {each.rule for each in errors(world)}


def test_a_slip_slid_in_before_a_count_is_found() -> None:
    world = stocked(drawn(300, "11:00"), counted(2300, "12:00"), signed("12:05"))
    del world.records["HD2611-A0002"]
    assert open_rules(world) == ["difference-is-signed-and-closed"]


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


def errors(world: World) -> list[Any]:
    """What a check would hold against the records as errors, counts with an open difference left aside."""
    return [
        finding
        for record in world.records.values()
        for found in (
            *(judge_act(step, world.books, LAW) for step in steps_of(world, record.id)),
            judge_state(record, world.books, LAW),
        )
        for finding in found
        if finding.severity == "error"
    ]


def steps_of(world: World, record: str) -> list[Any]:
    found = world.records[record]
    return (
        replay(REGISTERS[found.register], record, found.acts) if found.register.startswith("hazmat") else []
    )


def open_rules(world: World) -> list[str]:
    return [finding.rule for each in world.records.values() for finding in judge_open(each, world.books, LAW)]


KINDS = st.sampled_from(("draw", "use", "back", "dispose", "count", "correct", "void"))
DEEDS = st.lists(st.tuples(KINDS, st.integers(-3, 9), st.integers(0, 40)), max_size=14)


def deed(world: World, kind: str, size: int, number: int) -> list[dict[str, Any]]:
    """The entries of one deed, most of them legal."""
    records = [each for each in world.records.values() if each.register.startswith("hazmat-")]
    quantity = max(size, 1)
    if kind == "draw":
        return [drawn(quantity, "00:00")]
    if kind == "dispose":
        return [disposed(quantity, "00:00")]
    if kind == "use":
        uses = sum(each.register == "hazmat-use" for each in records)
        return used(quantity, "00:00", f"HU2611-A{uses + 1:04}")
    if kind == "back":
        out = [each for each in records if each.state == "issued"]
        sets = {"returned": 1, "consumed": out[0]["issued"] - 1} if out else {}
        return [act(out[0].id, "return", LEAD, "00:00", sets=sets)] if out else []
    if kind == "correct":
        slips = [each.id for each in records if each.register in ("hazmat-draw", "hazmat-dispose")]
        entry = {"reason": "misread", "sets": {"quantity": quantity}}
        return [act(slips[number % len(slips)], "correct", MANAGER, "00:00", **entry)] if slips else []
    if kind == "void":
        live = [each for each in records if each.state != "void" and each.register != "hazmat-material"]
        chosen = live[number % len(live)].id if live else ""
        releases = [signed("00:00", "release", each, chosen) for each in (CLERK, CLERK2)]
        void = act(chosen, "void", MANAGER, "00:00", reason="wrong")
        return [*(releases if chosen.startswith("HC") else ()), void] if live else []
    counts = sum(each.register == "hazmat-count" for each in records)
    name = f"HC2611-A{counts + 1:04}"
    close = act(name, "close", LEAD, "00:00", reason="spilt")
    return [counted(max(balance(world) + min(size, 1), 0), "00:00"), signed("00:00", record=name), close]


@settings(max_examples=40)
@given(DEEDS)
def test_whatever_is_accepted_leaves_a_sound_ledger(deeds: list[tuple[str, int, int]]) -> None:
    world = base().play(STOCK[:4])
    clock = at("12:00")
    for kind, size, number in deeds:
        for entry in deed(world, kind, size, number):
            clock = later(clock, 1)
            last = (
                world.records[entry["record"]].acts[-1]["at"] if entry.get("record") in world.records else ""
            )
            late = entry | {"at": max(later(clock, -(number % 8)), last), "entered": clock}
            step = world.step(late)
            if any(each.severity == "error" for each in world.judge(step)):
                break
            world.records[step.new.id] = step.new
    assert errors(world) == []
    moved = world.books.movements(MATERIAL)
    assert balance(world) == sum(each.quantity for each in moved)
    assert all(world.books.balance(MATERIAL, LOCKER, "", each.at) >= 0 for each in moved)
