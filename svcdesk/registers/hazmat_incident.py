"""Incidents with hazardous materials: what was abnormal is reported to lead and supervisor."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Case
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import signers

LEADS = Who(setting="hazmat.leads", clauses=("CS11-5.0",))
SUPERVISORS = Who(setting="hazmat.supervisors", clauses=("CS11-5.0",))


@act_rule(actions=("report",))
def incident_is_reported_after_it_happened(step: Step, books: Books) -> Iterator[Text]:
    """An incident is reported after it happened."""
    if before(step.at, step.new["happened"]):
        yield text("it happened at {happened}, after {at}", happened=step.new["happened"], at=step.at)


def told_by(line: str) -> Callable[[Record, Books], str | None]:
    """Return when the lead or the supervisor has to have signed that he was told."""

    def due(incident: Record, books: Books) -> str | None:
        if signers(incident, line):
            return None
        happened = str(incident["happened"])
        return later(happened, books.setting(f"hazmat-incident.{line}-minutes", incident.opened))

    return due


def reporter(incident: Record, books: Books) -> str:
    """Return who reported it."""
    return str(incident.acts[0]["by"])


def case(incident: Record) -> Case | None:
    """An incident is the case of the lead who was told, or of the reporter, until it is closed."""
    if incident.state != "reported":
        return None
    owner = next(iter(signers(incident, "lead")), str(incident.acts[0]["by"]))
    return Case(incident.id, owner, incident.opened, None)


REGISTER = Register(
    name="hazmat-incident",
    prefix="HI",
    title="Incidents with hazardous materials",
    area="hazmat",
    book="incident",
    columns=("id", "state", "material", "place", "happened", "what"),
    lines=(
        Line("lead", "lead, told of it", LEADS, clauses=("CS11-5.0",)),
        Line("supervisor", "supervisor, told of it", SUPERVISORS, differs=("lead",), clauses=("CS11-5.0",)),
    ),
    actions=(
        Action(
            "report",
            "Report something abnormal.",
            to="reported",
            needs=("material", "happened", "what"),
            takes=("place", "use", "measures"),
        ),
        Action(
            "close",
            "Close an incident of which lead and supervisor know, with what was done.",
            to="closed",
            source=("reported",),
            needs=("measures",),
            may=Who(setting="hazmat.leads"),
            lines=("lead", "supervisor"),
        ),
    ),
    rules=(incident_is_reported_after_it_happened,),
    deadlines=(
        Deadline(
            "lead-told",
            ("CS11-5.0",),
            "What is abnormal is reported to the lead at once.",
            ("reported",),
            told_by("lead"),
            reporter,
        ),
        Deadline(
            "supervisor-told",
            ("CS11-5.0",),
            "What is abnormal is passed on to the supervisor at once.",
            ("reported",),
            told_by("supervisor"),
            reporter,
        ),
    ),
    feeds=Feeds(case=case),
    settings={
        "hazmat-incident.lead-minutes": Setting(
            30, "Minutes in which the lead has to know of an abnormal event.", ("CS11-5.0",), "less"
        ),
        "hazmat-incident.supervisor-minutes": Setting(
            60, "Minutes in which the supervisor has to know of an abnormal event.", ("CS11-5.0",), "less"
        ),
    },
    final=("closed",),
)
