"""Handovers: who may do what, counts against the books, questions, what is carried over, what feeds say."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.commands.page import covered_fields
from svcdesk.model import Record
from svcdesk.registers.handover import REGISTER
from svcdesk.registers.handover import abnormal
from svcdesk.registers.handover import merit
from svcdesk.schema import ordered
from tests.conftest import Svcdesk
from tests.duties import act
from tests.duties import at
from tests.duties import duty
from tests.duties import in_force
from tests.duties import refusals
from tests.handovers import CLERK
from tests.handovers import DESK
from tests.handovers import FIRST
from tests.handovers import ITEM
from tests.handovers import MANAGER
from tests.handovers import RELIEF
from tests.handovers import REPORTED
from tests.handovers import SECOND
from tests.handovers import THIRD
from tests.handovers import WATCH
from tests.handovers import accepted
from tests.handovers import book
from tests.handovers import counted
from tests.handovers import opened
from tests.world import World
from tests.world import base


@pytest.mark.parametrize(
    ("by", "incoming", "direction"), [(WATCH, CLERK, "from-security"), (CLERK, WATCH, "to-security")]
)
def test_a_handover_with_security_has_a_direction(by: str, incoming: str, direction: str) -> None:
    assert base().play([book(at("08:00"), by, incoming)]).records[FIRST]["direction"] == direction


@pytest.mark.parametrize(("by", "incoming"), [(CLERK, RELIEF), (WATCH, "S-A0009")])
def test_both_sides_of_security_are_not_the_same(by: str, incoming: str) -> None:
    assert refusals(base(), book(at("08:00"), by, incoming)) == ["security-is-on-one-side"]


def test_department_and_post_are_those_of_the_outgoing_person() -> None:
    record = base().play([opened()]).records[FIRST]
    assert (record["department"], record["post"], record["outgoing"]) == (
        "customer-service",
        "cs-assistant",
        CLERK,
    )
    own = "department-is-that-of-the-outgoing-person"
    assert refusals(base(), opened(department="engineering")) == [own]
    assert refusals(base(), opened(post="cs-lead")) == [own]


def test_post_and_shift_come_from_the_roster() -> None:
    world = base().play([duty(shift="middle", person="S-A0015")])
    record = world.play([opened(at("21:50"), "S-A0015")]).records[FIRST]
    assert (record["post"], record["shift"]) == ("duty-person", "middle")


def test_nobody_acts_for_the_other_side() -> None:
    world = base().play([opened()])
    ask = {"sets": {"questions": ["which lamp?"]}}
    assert refusals(world, act(FIRST, "ask", CLERK, at("14:05"), **ask)) == ["relief-acts-for-itself"]
    assert refusals(world, act(FIRST, "refuse", MANAGER, at("14:05"), reason="no")) == [
        "relief-acts-for-itself"
    ]
    assert refusals(world, accepted(by=MANAGER)) == ["each-side-signs-for-itself", "relief-acts-for-itself"]
    world.play([act(FIRST, "ask", RELIEF, at("14:05"), **ask)])
    answer = {"sets": {"answers": ["the left one"]}}
    late = act(FIRST, "answer", RELIEF, at("14:06"), **answer)
    assert refusals(world, late) == ["outgoing-person-acts-for-himself"]
    assert refusals(world, act(FIRST, "answer", CLERK, at("14:06"), **answer)) == []


def test_there_are_no_more_answers_than_questions() -> None:
    world = base().play([opened(), act(FIRST, "ask", RELIEF, at("14:05"), sets={"questions": ["a?", "b?"]})])
    for answers, rules in ((["a", "b"], []), (["a", "b", "c"], ["answer-has-a-question"])):
        assert refusals(world, act(FIRST, "answer", CLERK, at("14:06"), sets={"answers": answers})) == rules


def test_a_checklist_may_be_that_of_a_post() -> None:
    lists = {"department": ["work surface"], "department cs-assistant": ["till", "safe"]}
    world = in_force(base(), "handover.checklists", lists)
    assert refusals(world, opened()) == ["marked-item-is-on-the-checklist"]
    both = [{"item": each, "mark": "normal"} for each in ("till", "safe")]
    assert refusals(world.copy().play([opened(checks=both)]), accepted()) == []
    assert refusals(world.play([opened(checks=both[:1])]), accepted()) == ["every-item-is-marked"]


def test_an_old_handover_keeps_the_checklist_of_its_opening() -> None:
    world = base().play([opened()])
    sets = {"setting": "handover.checklists", "value": {"department": ["till"]}}
    world.play([{"register": "policy", "action": "set", "by": "S-A0001", "at": at("14:01"), "sets": sets}])
    proposal = next(each.id for each in world.records.values() if each.state == "proposed")
    world.play([act(proposal, "approve", "S-A0001", at("14:02"))])
    assert refusals(world, accepted()) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("handover.checklists", {"lunch": ["table"]}),
        ("handover.checklists", {"duty": "rounds"}),
        ("handover.security-times", {"from-security": "08:00"}),
        ("handover.security-times", {"from-security": "8:00", "to-security": "18:00"}),
        ("handover.security-times", {"from-security": "08:00", "to-security": "24:00"}),
        ("handover.carry-over", "never"),
    ],
)
def test_a_setting_has_a_shape(setting: str, value: Any) -> None:
    sets = {"setting": setting, "value": value}
    entry = {"register": "policy", "action": "set", "by": "S-A0001", "at": at("08:00", 20), "sets": sets}
    assert refusals(base(), entry) == ["value-suits-its-setting"]


def test_work_may_pass_on_without_a_reason_where_the_policy_allows_it() -> None:
    entry = opened(carried=[{"what": "lamp"}])
    assert refusals(base(), entry) == ["carried-item-says-why-who-and-when"]
    assert refusals(in_force(base(), "handover.carry-over", "allow"), entry) == []


def lend(moment: str) -> list[dict[str, Any]]:
    """Lend the key of the pump room to Eng Li."""
    sets = {"key": "K-A0001", "borrower": "S-A0003", "purpose": "work", "due": at("19:00")}
    loan = "KL2611-A0001"
    return [
        {"register": "key-loan", "action": "request", "by": CLERK, "at": moment, "sets": sets},
        act(loan, "approve", "S-A0004", moment),
        act(loan, "issue", CLERK, moment, signed={"borrower": "S-A0003"}),
    ]


@pytest.mark.parametrize(("lent", "expected"), [("14:04", 0), ("14:06", 1)])
def test_a_key_is_expected_as_the_books_say_at_the_minute_of_its_count(lent: str, expected: int) -> None:
    loan, count = lend(at(lent)), counted("K-A0001", 1)
    entries = [opened(), *loan, count] if lent < "14:05" else [opened(), count, *loan]
    told = base().play(entries).records[FIRST]["expected"]
    assert told == [{"what": "K-A0001", "quantity": expected}]


def test_a_second_count_of_a_thing_has_a_reason_and_is_the_one_that_counts() -> None:
    world = base().play([opened(), counted("K-A0001", 0)])
    again = counted("K-A0001", 1, at("14:07"))
    assert refusals(world, again) == ["second-count-has-a-reason"]
    assert refusals(world, counted("K-A0002", 1, at("14:07"))) == []
    sign = act(FIRST, "sign", CLERK, at("14:08"), signed={"outgoing": CLERK})
    world.play([again | {"reason": "it lay under the board"}, sign, accepted()])
    assert [row["found"] for row in world.records[FIRST]["counted"]] == [0, 1]


def test_what_is_written_or_counted_ends_the_signature_of_the_outgoing_person() -> None:
    for entry in (counted("K-A0001", 1), act(FIRST, "write", RELIEF, at("14:05"), sets={"progress": "none"})):
        world = base().play([opened()])
        assert len(world.records[FIRST].signatures("outgoing")) == 1
        assert world.play([entry]).records[FIRST].signatures("outgoing") == ()


def test_who_counts_does_not_see_the_stock_before() -> None:
    record = Record("handover", {"id": FIRST, "state": "open"})
    assert covered_fields(REGISTER, record) == ("stock", "expected")
    assert covered_fields(REGISTER, Record("handover", {"id": FIRST, "state": "counted"})) == ()


def tampered(world: World, **fields: Any) -> list[str]:
    """Return the rules against a handover whose opening act says something else than the books."""
    step = world.step(opened())
    act_ = {**step.act, "sets": {**step.act["sets"], **fields}}
    data = {**step.new.data, **fields, "acts": [act_]}
    forged = Record("handover", ordered("handover", data))
    return [each.rule for each in world.judge(step.__class__(None, act_, forged))]


def test_a_snapshot_that_is_not_what_the_books_say_is_refused() -> None:
    world = base().play(lend(at("13:00")))
    assert tampered(world) == []
    rows = [{"heading": "keys", "book": "key", "count": 2, "amiss": 0}]
    assert tampered(world, snapshot=rows) == ["footprint"]
    assert tampered(world, outgoing=RELIEF) == ["footprint"]
    assert tampered(world, learned=[]) == ["footprint"]


def test_a_snapshot_holds_what_is_out_and_overdue() -> None:
    world = base().play(lend(at("13:00")))
    engineer = {"by": "S-A0003", "incoming": "S-A0004"}
    in_time, late = (opened(at(clock), **engineer) for clock in ("19:00", "19:01"))
    for entry, amiss in ((in_time, []), (late, ["K-A0001"])):
        rows = {each["heading"]: each for each in world.copy().play([entry]).records[FIRST]["snapshot"]}
        assert rows["keys"]["count"] == 1
        assert (rows["keys-out"]["ids"], rows["keys-out"].get("amiss_ids", [])) == (["K-A0001"], amiss)


def test_what_was_entered_in_the_second_of_the_opening_is_not_known_to_it() -> None:
    world = base().play(lend(at("18:00")))
    entry = opened(at("18:00"), by="S-A0003", incoming="S-A0004")
    rows = {each["heading"]: each for each in world.play([entry]).records[FIRST]["snapshot"]}
    assert rows["keys-out"]["count"] == 0


def test_what_is_entered_late_is_learned_on_the_next_handover() -> None:
    late = [each | {"entered": at("15:00")} for each in lend(at("13:00"))]
    world = base().play([opened(), accepted(), *late])
    record = world.play([opened(at("21:50"), RELIEF, incoming=CLERK)]).records[SECOND]
    assert [(each["record"], each["action"]) for each in record["learned"]] == [
        ("KL2611-A0001", "request"),
        ("KL2611-A0001", "issue"),
    ]
    third = world.play([opened(at("23:00"), CLERK)]).records[THIRD]
    assert "learned" not in third.data


def test_an_item_stays_on_every_following_handover_until_it_is_settled() -> None:
    world = base().play([opened(carried=[ITEM]), accepted()])
    second = world.play([opened(at("09:00", 23), RELIEF, incoming=CLERK)]).records[SECOND]
    assert second["pending"] == [
        {
            "handover": FIRST,
            "number": 1,
            "what": ITEM["what"],
            "owner": RELIEF,
            "due": ITEM["due"],
            "days": 1,
        }
    ]
    third = world.copy().play([opened(at("09:00", 25))]).records[THIRD]
    assert [each["days"] for each in third["pending"]] == [3]
    settled = act(
        FIRST, "settle", RELIEF, at("10:00", 23), sets={"settled": [{"number": 1, "result": "new"}]}
    )
    assert "pending" not in world.play([settled, opened(at("09:00", 25))]).records[THIRD].data


def test_an_item_stays_though_a_month_goes_by() -> None:
    world = base().play([opened(carried=[ITEM]), accepted()])
    later = opened("2026-12-29T14:00:00+08:00")
    assert [each["days"] for each in world.play([later]).records[SECOND]["pending"]] == [37]


def test_only_an_open_item_is_settled() -> None:
    world = base().play([opened(carried=[ITEM]), accepted()])
    for number, rules in ((1, []), (2, ["settled-item-is-open"])):
        sets = {"settled": [{"number": number, "result": "new"}]}
        assert refusals(world, act(FIRST, "settle", RELIEF, at("10:00", 23), sets=sets)) == rules
    done = act(FIRST, "settle", RELIEF, at("10:00", 23), sets={"settled": [{"number": 1, "result": "new"}]})
    again = done | {"at": at("11:00", 23)}
    assert refusals(world.play([done]), again) == ["settled-item-is-open"]


def on_duty(world: World, clock: str) -> list[tuple[str, str]]:
    return [(each.person, each.record) for each in world.books.on_duty(at(clock))]


def test_the_outgoing_person_is_on_duty_until_the_relief_has_accepted() -> None:
    world = base().play([duty(shift="early", person=CLERK, post="cs-assistant"), opened(at("14:50"))])
    assert on_duty(world, "14:59") == [(CLERK, "W2611-A0001")]
    assert on_duty(world, "18:00") == [(CLERK, FIRST)]
    world.play([accepted(at("18:30"))])
    assert on_duty(world, "18:29") == [(CLERK, FIRST)]
    assert on_duty(world, "18:30") == []


def test_a_duty_is_not_prolonged_where_the_relief_accepts_in_time() -> None:
    world = base().play([duty(shift="early", person=CLERK, post="cs-assistant"), opened(at("14:50"))])
    world.play([accepted(at("15:00"))])
    assert on_duty(world, "15:00") == []


def test_nobody_comes_on_duty_by_opening_a_handover() -> None:
    assert on_duty(base().play([opened(at("14:50"))]), "18:00") == []


def test_a_handover_is_the_case_of_who_has_to_act() -> None:
    world = base().play([opened()])
    assert [each.record for each in world.books.open_cases(RELIEF)] == [FIRST]
    world.play([act(FIRST, "refuse", RELIEF, at("14:05"), reason="no answer")])
    assert [each.record for each in world.books.open_cases(MANAGER)] == [FIRST]
    assert list(world.books.open_cases(RELIEF)) == []
    world.play([act(FIRST, "decide", MANAGER, at("14:06"), sets={"decision": "take over"}), accepted()])
    assert list(world.books.open_cases(RELIEF)) == []


@pytest.mark.parametrize(
    ("reviewed", "kinds"),
    [
        ("", [(CLERK, "handover-unreviewed")]),
        (at("23:59"), []),
        (at("00:00", 23), [("S-A0014", "handover-reviewed-late")]),
    ],
)
def test_a_handover_that_is_not_reviewed_the_same_day_speaks_of_somebody(
    reviewed: str, kinds: list[tuple[str, str]]
) -> None:
    world = base().play([opened(), accepted()])
    if reviewed:
        world.play([act(FIRST, "review", "S-A0014", reviewed)])
    assert [(each.person, each.kind) for each in merit(world.records[FIRST])] == kinds


def test_a_report_says_when_it_came_in_and_how_to_reach_who_made_it() -> None:
    for report, rules in (
        (REPORTED, []),
        ({**REPORTED, "received": at("07:50")}, []),
        ({**REPORTED, "received": at("07:51")}, ["report-was-received-before"]),
    ):
        assert refusals(base(), book(at("07:50"), reports=[report])) == rules


def test_a_report_is_taken_over_only_by_a_complaint_that_says_so() -> None:
    sets = {"channel": "phone", "subject": "other", "content": REPORTED["content"], "customer": "CU-A0002"}
    other = {"register": "complaint", "action": "open", "by": CLERK, "at": at("08:00"), "sets": sets}
    world = base().play([book(at("07:50"), reports=[REPORTED]), other])
    pairs = {"sets": {"taken_over": [{"report": 1, "complaint": "C2611-A0001"}]}}
    assert refusals(world, act(FIRST, "take-over", CLERK, at("08:01"), **pairs)) == [
        "complaint-is-the-one-reported"
    ]


def test_an_abnormal_item_is_listed_until_a_later_mark_clears_it() -> None:
    stain = [{"item": "work surface", "mark": "abnormal", "remark": "stain"}]
    world = base().play([opened(checks=stain), accepted()])
    listed = abnormal(list(world.records.values())[-1:], world.books, at("20:00"))
    assert [(each["id"], each["item"], each["remark"]) for each in listed] == [
        (FIRST, "work surface", "stain")
    ]
    cleared = world.play([opened(at("21:00"), RELIEF, incoming=CLERK)])
    assert list(abnormal(list(cleared.records.values())[-2:], cleared.books, at("22:00"))) == []


def test_the_front_desk_may_hand_its_book_to_security() -> None:
    assert refusals(base(), book(at("18:00"), DESK, WATCH)) == []


def test_the_list_of_abnormal_items(svcdesk: Svcdesk) -> None:
    svcdesk("init desk --name Desk --timezone Asia/Shanghai")
    assert svcdesk("handover report abnormal --format json", cwd=svcdesk.cwd / "desk").stdout == "[]\n"


def test_what_a_reviewed_handover_says_stays() -> None:
    gone = act(FIRST, "leave", CLERK, at("14:15"))
    world = base().play([opened(), accepted(), gone, act(FIRST, "review", "S-A0014", at("14:20"))])
    assert refusals(world, act(FIRST, "leave", CLERK, at("15:00"))) == ["closed-record-stays"]
    assert refusals(world, act(FIRST, "note", CLERK, at("15:00"), sets={"notes": ["three visits"]})) == []
