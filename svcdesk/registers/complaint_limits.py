"""The time limit set for a complaint: ahead, not too far, and moved back only for a reason. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.feeds import Books
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.complaint_clock import solve_due
from svcdesk.registers.complaint_handling import PASSES_ON
from svcdesk.registers.complaint_routing import gravest


@act_rule("GC-g-3.1.3", actions=PASSES_ON)
def limit_lies_ahead(step: Step, books: Books) -> Iterator[Text]:
    """The time limit set for a complaint lies after the moment at which it is set."""
    if "limit" in step.sets and not before(step.at, step.new["limit"]):
        yield text("limit {limit} does not lie after {at}", limit=step.new["limit"], at=step.at)


@act_rule("GC-g-3.1.3", actions=PASSES_ON)
def limit_is_within_reach(step: Step, books: Books) -> Iterator[Text]:
    """The time limit set for a complaint is no longer than the policy lets it be for its severity."""
    if "limit" not in step.sets:
        return
    table = books.setting("complaint.longest-limits", step.at)
    severity = gravest(step)
    entry = table.get(severity, table["ordinary"])
    minutes = int(entry["minutes"])
    latest = books.working_time(step.at, minutes) if entry["clock"] == "working" else later(step.at, minutes)
    if before(latest, step.new["limit"]):
        yield text(
            "limit {limit}; {severity}: {minutes} minutes from {at} is {latest}",
            limit=step.new["limit"],
            severity=severity,
            minutes=minutes,
            at=step.at,
            latest=latest,
        )


@act_rule("GC-g-3.1.3", actions=PASSES_ON)
def later_limit_has_a_reason(step: Step, books: Books) -> Iterator[Text]:
    """A time limit is put off only for a reason: passing a complaint on does not begin it anew."""
    if step.old is None or not step.old.get("limit") or "limit" not in step.sets or step.act.get("reason"):
        return
    due = solve_due(step.old, books) or step.old["limit"]
    if before(due, step.new["limit"]):
        yield text(
            "limit {limit} lies after the one in force, {due}; a reason is needed",
            limit=step.new["limit"],
            due=due,
        )


LIMIT_RULES = (limit_lies_ahead, limit_is_within_reach, later_limit_has_a_reason)
