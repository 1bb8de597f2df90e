"""Key incidents: seals opened, keys damaged, lost or found, locks damaged, and inspections of key keeping."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.declared import Action
from svcdesk.declared import Feeds
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Case
from svcdesk.feeds import Hold
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.registers.key_incident_rules import RULES
from svcdesk.registers.key_incident_time_rules import DEADLINES
from svcdesk.registers.key_incident_time_rules import OPEN
from svcdesk.registers.key_incident_time_rules import REPORTS
from svcdesk.rules import HEADS
from svcdesk.rules import KEY_DESK
from svcdesk.rules import SECURITY
from svcdesk.rules import when

GUARDS = Who(posts=SECURITY, clauses=("CS13-5.1#1",))
FINDS = Who(posts=SECURITY, clauses=("CS13-7.2#2",))
DISPOSERS = Who(setting="key-incident.disposer", clauses=("CS3-A6#2", "CS9-1.1.3#2"))
INSPECTORS = Who(rank=60, clauses=("CS13-7.1#1",))

STATUS = {"lost": "lost", "damaged": "damaged", "seal-opened": "seal-broken"}
"""kind: what the custody feed says of the key meanwhile."""


def inspection(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """An inspection is entered as one."""
    return {"kind": "inspection"}


def custody(incident: Record) -> Iterator[Hold]:
    """A key is lost, damaged or unsealed from the discovery until it is recovered or made good.

    A loss that security has waived never ends by itself; a key handed in is with who took it in.
    """
    status = STATUS.get(incident["kind"])
    if status and incident.get("key"):
        waived = incident.get("outcome") == "waived"
        until = when(incident, "recover") or (None if waived else when(incident, "close"))
        since = incident.get("discovered", incident.opened)
        yield Hold(incident["key"], "", status, since, until, incident.id)
    taken_in = incident.last("hand-in")
    if taken_in and incident.get("key"):
        yield Hold(
            incident["key"],
            taken_in["by"],
            "in-custody",
            taken_in["at"],
            when(incident, "close"),
            incident.id,
        )


def case(incident: Record) -> Case | None:
    """An incident is the case of who was told of it, until it is closed."""
    if incident.state not in (*OPEN, "handed-in") or "told" not in incident.data:
        return None
    return Case(incident.id, incident["told"], incident.opened, None)


def merit(incident: Record) -> Iterator[Merit]:
    """A person who is liable is at fault; a finder who is rewarded is praised."""
    answers = incident.last("settle", "inspect")
    if answers and incident.get("liable"):
        kind = "key-lost" if incident["kind"] == "lost" else "fault"
        yield Merit(incident["liable"], kind, answers["at"], incident.id)
    rewarded = when(incident, "reward")
    if rewarded and incident.get("finder_staff"):
        yield Merit(incident["finder_staff"], "praise", rewarded, incident.id)


REGISTER = Register(
    name="key-incident",
    prefix="KI",
    title="Key incidents",
    area="key",
    book="incident",
    columns=("id", "state", "kind", "key", "discovered", "reporter", "told"),
    actions=(
        Action(
            "report",
            "Report an incident with a key or lock.",
            to="reported",
            needs=("kind", "discovered", "reporter", "told"),
            takes=("key", "place", "narrative", "finder", "finder_staff"),
        ),
        Action(
            "receive",
            "Confirm that the report has arrived.",
            to="received",
            source=("reported",),
            takes=("told",),
        ),
        Action(
            "account",
            "Write the reporter's full account.",
            source=("reported", "received", "filed"),
            needs=("narrative",),
            clauses=("CS3-A6#2", "CS9-1.1.3#2"),
        ),
        Action(
            "file",
            "File the case with security, with the precautions taken.",
            to="filed",
            source=("reported", "received"),
            needs=("precautions",),
            takes=("file_number",),
            may=GUARDS,
            clauses=("CS13-5.1#2",),
        ),
        Action(
            "settle",
            "Dispose of the case.",
            to="settled",
            source=("received", "filed"),
            needs=("disposal",),
            takes=("loss", "liable", "concealed", "sanction"),
            may=DISPOSERS,
            clauses=("CS3-A6#2", "CS9-1.1.3#2"),
        ),
        Action(
            "waive",
            "Do without a replacement or a new lock, for a reason that security gives.",
            source=("received", "filed", "settled"),
            needs=("waiver",),
            may=GUARDS,
        ),
        Action(
            "recover",
            "Enter that a lost key has been found again.",
            source=OPEN,
            needs=("found_in",),
            may=GUARDS,
        ),
        Action(
            "hand-in",
            "Take a found key in.",
            to="handed-in",
            source=("reported",),
            takes=("key", "place", "finder", "finder_staff"),
            may=FINDS,
        ),
        Action(
            "reward",
            "Commend or reward the finder.",
            source=("handed-in",),
            needs=("reward",),
            may=Who(posts=HEADS),
        ),
        Action(
            "close",
            "Close a case that has been made good.",
            to="closed",
            source=("settled", "handed-in"),
            needs=("outcome",),
            may=Who(setting="key-incident.closer"),
        ),
        Action(
            "inspect",
            "Enter an inspection of how keys are kept and used.",
            to="inspected",
            needs=("department", "reporter", "findings"),
            takes=("violation", "stopped", "liable", "sanction", "key", "place"),
            may=INSPECTORS,
            completes=inspection,
        ),
    ),
    rules=RULES,
    deadlines=DEADLINES,
    reports=REPORTS,
    feeds=Feeds(custody=custody, case=case, merit=merit),
    settings={
        "key-incident.addressees": Setting(
            {
                "sealed": [*KEY_DESK, "cs-manager"],
                "unit": ["cs-manager"],
                "spare-machine-room": ["property-manager"],
                "other": list(SECURITY),
            },
            "Posts to which an incident is reported: sealed unit keys, other unit and room keys,"
            " spare machine-room keys, all other keys and locks.",
            ("CS3-A6#1", "CS3-B7#2", "CS3-C3#3", "CS13-3#3"),
        ),
        "key-incident.disposer": Setting(
            [*KEY_DESK, "cs-manager", "property-manager", "security-manager"],
            "Posts that dispose of a key incident.",
            ("CS3-A6#2",),
        ),
        "key-incident.closer": Setting(
            [*KEY_DESK, *SECURITY, "cs-manager", "property-manager"], "Posts that close a key incident."
        ),
        "key-incident.report-minutes": Setting(
            30,
            "Minutes in which the report of a damaged or lost key has to have arrived.",
            ("CS3-A6#1",),
            "less",
        ),
        "key-incident.file-minutes": Setting(
            30, "Minutes in which a lost key has to be filed with security.", ("CS13-5.1#1",), "less"
        ),
        "key-incident.hand-in-minutes": Setting(
            60, "Minutes in which a found key has to be handed to security.", ("CS13-7.2#1",), "less"
        ),
        "key-incident.spare-minutes": Setting(
            1440,
            "Minutes in which a missing spare machine-room key has to be replaced.",
            ("CS3-C3#2",),
            "less",
        ),
        "key-incident.close-minutes": Setting(
            10080, "Minutes after its settlement in which a case is made good and closed.", (), "less"
        ),
        "key-incident.inspection-days": Setting(
            30, "Days after which a department's keys are inspected again.", ("CS13-7.1#1",), "less"
        ),
    },
    final=("closed", "inspected"),
)
