"""Incidents (突发事件): what happened on a watch, who was told, the written report on a major event (书面报告)."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.declared import Action
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Case
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.registers.duty_incident_due import DEADLINES
from svcdesk.registers.duty_incident_due import OPEN
from svcdesk.registers.duty_incident_rules import RULES
from svcdesk.registers.duty_incident_rules import is_reported
from svcdesk.registers.duty_incident_rules import reporter
from svcdesk.rules import when


def moment(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """An event happened when it is reported, unless the form says otherwise."""
    return {} if "occurred" in sets else {"occurred": at}


def case(incident: Record) -> Case | None:
    """An incident is the case of who handles it, or reported it, until it is closed."""
    if incident.state not in OPEN:
        return None
    return Case(incident.id, incident.get("handler") or reporter(incident), incident.opened, None)


def merit(incident: Record) -> Iterator[Merit]:
    """A loss that a person answers for speaks against him."""
    closed = when(incident, "close")
    if closed and incident.get("liable"):
        yield Merit(incident["liable"], "fault", closed, incident.id)


REGISTER = Register(
    name="duty-incident",
    prefix="WI",
    title="Incidents",
    area="duty",
    book="incident",
    columns=("id", "state", "grade", "kind", "occurred", "place", "what"),
    lines=(
        Line("author", "author of the report"),
        Line(
            "reviewer",
            "CS manager",
            Who(setting="duty-incident.hard-to"),
            differs=("author",),
            clauses=("CS15-1.6+",),
            needed=is_reported,
        ),
    ),
    actions=(
        Action(
            "report",
            "Report a sudden event.",
            to="reported",
            needs=("grade", "what"),
            takes=("kind", "occurred", "place", "log", "hard", "persons", "told", "assistance"),
            completes=moment,
        ),
        Action("tell", "Enter who was told.", source=OPEN, needs=("told",), adds=("told",)),
        Action(
            "call-help",
            "Enter which departments were asked to help.",
            source=OPEN,
            needs=("assistance",),
            adds=("assistance",),
        ),
        Action(
            "regrade",
            "Grade an event anew.",
            source=OPEN,
            needs=("grade",),
            takes=("hard", "kind"),
            reason=True,
        ),
        Action(
            "handle",
            "Enter what was done.",
            to="handled",
            source=OPEN,
            needs=("measures",),
            takes=("handler", "persons"),
        ),
        Action(
            "write",
            "Write the report on a major event.",
            source=OPEN,
            needs=("report",),
            takes=("prevention", "loss"),
            signs="author",
            ends=("author", "reviewer"),
        ),
        Action("review", "Sign the written report, as CS manager.", source=OPEN, signs="reviewer"),
        Action(
            "close",
            "Close the case.",
            to="closed",
            source=("handled",),
            takes=("prevention", "loss", "liable"),
            lines=("reviewer",),
        ),
    ),
    rules=RULES,
    deadlines=DEADLINES,
    feeds=Feeds(case=case, merit=merit),
    settings={
        "duty-incident.major-to": Setting(
            ["superior"],
            "Who is told of a major event at once: posts, or superior for anybody above who reports it.",
            ("CS15-2.3#2",),
        ),
        "duty-incident.hard-to": Setting(
            ["cs-manager"],
            "Posts that are told of a major event hard to handle, and that the written report goes to.",
            ("CS15-1.6#2", "CS15-1.6#3"),
        ),
        "duty-incident.problem-to": Setting(
            {
                "after-sales-agent": ["cs-supervisor"],
                "cs-manager": ["general-manager"],
                "cs-supervisor": ["general-manager"],
            },
            "Who is told of abnormal problems in daily work, by the post of who reports them; "
            "the direct leader where the post is not named.",
            ("CS1-1.3#2", "CS8-2.1.7#2", "CS8-2.3.7", "CS1-3.6#2"),
        ),
        "duty-incident.report-minutes": Setting(
            30,
            "Minutes in which a major event is reported upwards; the text says at once.",
            ("CS15-1.6#2", "CS15-2.3#2"),
            "less",
        ),
        "duty-incident.problem-minutes": Setting(
            120,
            "Minutes in which an abnormal problem in daily work is reported; the text says promptly.",
            ("CS1-1.3#2", "CS8-2.1.7#2"),
            "less",
        ),
        "duty-incident.report-time": Setting(
            "18:00",
            "Time of day by which the written report is there, the day after the event; the text names the day.",
            ("CS15-1.6#3",),
        ),
    },
    final=("closed",),
    computed=("occurred",),
)
