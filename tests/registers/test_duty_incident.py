"""Incidents: who is told by when, the written report of the next day, what keeps a case open."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.model import Record
from svcdesk.registers.duty_incident import case
from svcdesk.registers.duty_incident import merit
from svcdesk.registers.duty_incident_due import DEADLINES
from tests.duties import AREA
from tests.duties import INCIDENT
from tests.duties import LEAD
from tests.duties import LOG
from tests.duties import MANAGER
from tests.duties import SUPERVISOR
from tests.duties import act
from tests.duties import at
from tests.duties import duty
from tests.duties import in_force
from tests.duties import opened
from tests.duties import refusals
from tests.duties import report
from tests.world import World
from tests.world import base

HANDLE = act(INCIDENT, "handle", AREA, at("23:50"), sets={"measures": "lift stopped"})
WRITE = act(INCIDENT, "write", AREA, at("09:00", 23), sets={"report": "at 23:20 water ran in"})
GENERAL_MANAGER, AFTER_SALES_POST = "S-A0007", "after-sales-agent"


def due(world: World) -> dict[str, str]:
    """Return the deadlines of the incident and when each falls."""
    incident = world.records[INCIDENT]
    found = {
        each.name: each.due(incident, world.books) for each in DEADLINES if incident.state in each.states
    }
    return {name: moment for name, moment in found.items() if moment}


def told(*people: str, moment: str = at("23:31")) -> dict[str, Any]:
    rows = [{"to": each, "when": moment} for each in people]
    return act(INCIDENT, "tell", AREA, at("23:40"), sets={"told": rows})


def test_a_major_event_goes_to_the_superior_at_once_and_in_writing_the_next_day() -> None:
    assert due(base().play([report()])) == {
        "superior-told": at("00:00", 23),
        "written-report": at("18:00", 23),
    }
    assert due(base().play([report("ordinary")])) == {}


def test_the_day_of_the_written_report_follows_that_of_the_event() -> None:
    late = report(moment=at("00:10", 23), occurred=at("23:59"))
    assert due(base().play([late]))["written-report"] == at("18:00", 23)
    assert due(base().play([report(moment=at("00:00", 23))]))["written-report"] == at("18:00", 24)


@pytest.mark.parametrize(("person", "open_still"), [("S-A0005", True), (LEAD, False), (MANAGER, False)])
def test_only_somebody_above_the_reporter_is_a_superior(person: str, open_still: bool) -> None:
    assert ("superior-told" in due(base().play([report(), told(person)]))) == open_still


def test_the_written_report_is_no_longer_due_once_it_is_there() -> None:
    assert "written-report" not in due(base().play([report(), HANDLE, WRITE]))


def test_an_event_hard_to_handle_needs_the_manager_and_the_help_of_departments() -> None:
    world = base().play([report(hard=True), told(LEAD)])
    assert due(world)["manager-told"] == at("00:00", 23)
    world.play([told(MANAGER)])
    assert "manager-told" in due(world)
    rows = [{"department": "engineering", "when": at("23:42")}]
    world.play([act(INCIDENT, "call-help", AREA, at("23:45"), sets={"assistance": rows})])
    assert "manager-told" not in due(world)


@pytest.mark.parametrize(
    ("reporter", "name", "reached"),
    [
        (SUPERVISOR, "general-manager-told", GENERAL_MANAGER),
        (MANAGER, "general-manager-told", GENERAL_MANAGER),
        (AREA, "leader-told", LEAD),
        ("S-A0020", "cs-supervisor-told", SUPERVISOR),
    ],
)
def test_a_problem_in_daily_work_goes_to_whom_the_post_of_the_reporter_asks(
    reporter: str, name: str, reached: str
) -> None:
    sets = {"name": "After Ai", "emails": ["after@example.org"], "post": AFTER_SALES_POST}
    sets["department"] = "customer-service"
    agent = {"register": "staff", "action": "add", "by": "S-A0001", "at": at("08:00", 20), "sets": sets}
    world = base().play([agent, report("ordinary", reporter, kind="work-problem")])
    assert due(world) == {name: at("01:30", 23)}
    assert due(world.play([told(reached)])) == {}


def test_to_whom_a_major_event_goes_is_policy() -> None:
    world = in_force(base(), "duty-incident.major-to", ["general-manager"]).play([report(), told(MANAGER)])
    assert "superior-told" in due(world)
    assert "superior-told" not in due(world.play([told(GENERAL_MANAGER)]))


def test_the_watch_on_whose_log_it_stands_answers_for_it() -> None:
    world = base().play([duty(), opened(), report(by=LEAD, log=LOG)])
    incident = world.records[INCIDENT]
    assert {each.person(incident, world.books) for each in DEADLINES} == {AREA}


@pytest.mark.parametrize(
    ("moment", "rules"),
    [
        (at("23:29"), ["people-are-told-after-the-event"]),
        (at("23:30"), []),
        (at("23:40"), []),
        (at("23:41"), ["people-are-told-after-the-event"]),
    ],
)
def test_people_are_told_between_the_event_and_the_entry(moment: str, rules: list[str]) -> None:
    assert refusals(base().play([report()]), told(LEAD, moment=moment)) == rules


@pytest.mark.parametrize(
    ("occurred", "rules"), [(at("23:30"), []), (at("23:31"), ["event-lies-before-its-report"])]
)
def test_an_event_is_not_reported_before_it_happens(occurred: str, rules: list[str]) -> None:
    assert refusals(base(), report(occurred=occurred)) == rules


@pytest.mark.parametrize(("code", "rules"), [("engineering", []), ("navy", ["help-comes-from-a-department"])])
def test_help_comes_from_departments_that_there_are(code: str, rules: list[str]) -> None:
    rows = [{"department": code, "when": at("23:30")}]
    assert refusals(base(), report(assistance=rows)) == rules


def test_there_is_nothing_to_sign_without_a_report() -> None:
    review = act(INCIDENT, "review", MANAGER, at("09:30", 23))
    assert refusals(base().play([report(), HANDLE]), review) == ["there-is-a-report-to-review"]


def test_a_report_written_anew_is_signed_anew() -> None:
    review = act(INCIDENT, "review", MANAGER, at("09:30", 23))
    again = {**WRITE, "at": at("10:00", 23)}
    world = base().play([report(), HANDLE, WRITE, review, again])
    close = act(INCIDENT, "close", AREA, at("10:30", 23))
    assert refusals(world, close) == ["reviewer-signs"]
    assert refusals(world.play([{**review, "at": at("10:20", 23)}]), close) == []


@pytest.mark.parametrize(("loss", "rules"), [("300", []), ("3", ["what-was-reviewed-stays"])])
def test_what_the_manager_signed_is_not_replaced_at_the_closing(loss: str, rules: list[str]) -> None:
    written = act(INCIDENT, "write", AREA, at("09:00", 23), sets={"report": "water ran in", "loss": "300"})
    review = act(INCIDENT, "review", MANAGER, at("09:30", 23))
    world = base().play([report(), told(SUPERVISOR), HANDLE, written, review])
    close = act(INCIDENT, "close", AREA, at("10:30", 23), sets={"loss": loss, "prevention": "a pump"})
    assert refusals(world, close) == rules


def test_nobody_signs_his_own_report_as_the_one_it_goes_to() -> None:
    world = base().play([report(by=MANAGER), {**WRITE, "by": MANAGER}])
    assert refusals(world, act(INCIDENT, "review", MANAGER, at("09:30", 23))) == ["reviewer-differs"]


def closed(**sets: str) -> Record:
    close = act(INCIDENT, "close", AREA, at("00:30", 23), sets=sets)
    return base().play([report("ordinary"), HANDLE, close]).records[INCIDENT]


def test_an_incident_is_somebodys_case_until_it_is_closed() -> None:
    world = base().play([report()])
    found = case(world.records[INCIDENT])
    assert found is not None
    assert (found.owner, found.opened) == (AREA, at("23:30"))
    assert case(closed()) is None


def test_who_answers_for_a_loss_is_at_fault() -> None:
    assert list(merit(closed())) == []
    assert [each.person for each in merit(closed(loss="300", liable=LEAD))] == [LEAD]
