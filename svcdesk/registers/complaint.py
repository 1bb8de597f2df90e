"""Complaints (投诉): from receipt through limit, investigation, remedy, reply and follow-up to patterns."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.clock import before
from svcdesk.declared import Feeds
from svcdesk.declared import Register
from svcdesk.feeds import Case
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.registers import complaint_routing as routing
from svcdesk.registers import complaint_rules as rules
from svcdesk.registers.complaint_actions import ACTIONS
from svcdesk.registers.complaint_clock import OPEN
from svcdesk.registers.complaint_clock import UNCLOSED
from svcdesk.registers.complaint_clock import pauses
from svcdesk.registers.complaint_clock import put_off
from svcdesk.registers.complaint_due import DEADLINES
from svcdesk.registers.complaint_handling import HANDLING_RULES
from svcdesk.registers.complaint_limits import LIMIT_RULES
from svcdesk.registers.complaint_reports import REPORTS
from svcdesk.registers.complaint_settings import SETTINGS


def case(complaint: Record) -> Case | None:
    """What is not closed is the case of its owner, of who wrote it down until it has one."""
    if complaint.state not in UNCLOSED:
        return None
    owner = str(complaint.get("owner") or complaint.acts[0]["by"])
    return Case(complaint.id, owner, complaint["received"], complaint.get("limit"))


def merit(complaint: Record) -> Iterator[Merit]:
    """Praise, and a complaint found true, speak of the persons named; lateness and reopening of the owner."""
    kind, received = complaint.get("kind"), complaint["received"]
    for person in complaint.get("about", ()):
        if kind == "praise":
            yield Merit(person, "praise", received, complaint.id)
        elif complaint.get("verified") and kind in ("complaint", "report"):
            yield Merit(person, f"complaint-{complaint.get('subject', 'other')}", received, complaint.id)
    yield from _owners_part(complaint)


def _owners_part(complaint: Record) -> Iterator[Merit]:
    """Walk through the acts with the owner and the limit that were in force at each."""
    owner, limit, since = "", "", ""
    for act in complaint.acts:
        sets = act.get("sets", {})
        owner = sets.get("owner") or owner
        if sets.get("limit"):
            limit, since = sets["limit"], act["at"]
        if act["action"] in ("resolve", "settle") and owner and limit:
            due = put_off(limit, since, pauses(complaint))
            if due is not None and before(due, act["at"]):
                yield Merit(owner, "complaint-late", act["at"], complaint.id)
        elif act["action"] == "reopen" and owner:
            yield Merit(owner, "complaint-reopened", act["at"], complaint.id)
    due = put_off(limit, since, pauses(complaint)) if complaint.state in OPEN and owner and limit else None
    if due is not None:
        yield Merit(owner, "complaint-late", due, complaint.id)


REGISTER = Register(
    name="complaint",
    prefix="C",
    title="Complaints",
    area="complaint",
    columns=("id", "state", "received", "channel", "subject", "severity", "owner", "limit"),
    actions=ACTIONS,
    rules=(
        rules.complaint_is_entered_on_receipt,
        rules.handover_says_that_it_was_taken_over,
        rules.complainant_can_be_reached,
        routing.owner_works_in_the_department_concerned,
        *LIMIT_RULES,
        routing.major_case_goes_to_the_manager,
        routing.case_about_staff_goes_to_the_station_master,
        routing.station_master_decides_between_customers,
        *HANDLING_RULES,
        rules.root_cause_is_found,
        rules.handler_is_empowered,
        rules.escalated_case_is_investigated,
        rules.clock_stands_still_once,
        rules.outcome_is_told_before_closing,
        rules.follow_up_comes_before_closing,
        rules.delegate_reports_before_closing,
        rules.complaint_is_not_just_acknowledged,
        rules.repeats_form_no_loop,
        rules.times_follow_receipt,
    ),
    deadlines=DEADLINES,
    reports=REPORTS,
    feeds=Feeds(case=case, merit=merit),
    settings=SETTINGS,
    final=("closed", "withdrawn"),
    computed=("received", "solved", "closed"),
)
