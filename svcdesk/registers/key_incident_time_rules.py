"""Key incidents in time: who is told by when, what is still to do, what a loss opens."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.declared import Deadline
from svcdesk.declared import Report
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.registers.key_incident_rules import HARMED
from svcdesk.registers.key_incident_rules import NEED_KEY
from svcdesk.registers.key_incident_rules import OUTCOMES
from svcdesk.registers.key_incident_rules import made_good
from svcdesk.registers.key_incident_rules import office
from svcdesk.registers.key_incident_rules import written
from svcdesk.rules import since
from svcdesk.rules import when

OPEN = ("reported", "received", "filed", "settled")

Due = Callable[[Record, Books], str | None]


def _in_office(*offices: str) -> Due:
    """Return when the report of a harmed key has to have reached one of these offices."""

    def due(incident: Record, books: Books) -> str | None:
        mine = incident["kind"] in NEED_KEY and office(incident, books) in offices
        return _minutes(incident, books, "report-minutes") if mine else None

    return due


def _of_kind(kind: str, setting: str) -> Due:
    """Return when an incident of a kind has to have been passed to security."""

    def due(incident: Record, books: Books) -> str | None:
        return _minutes(incident, books, setting) if incident["kind"] == kind else None

    return due


def _minutes(incident: Record, books: Books, setting: str) -> str:
    discovered = incident.get("discovered", incident.opened)
    return later(discovered, books.setting(f"key-incident.{setting}", incident.opened))


def spare_due(incident: Record, books: Books) -> str | None:
    """Return when a spare machine-room key has to have been replaced."""
    missing = incident["kind"] in ("damaged", "lost") and office(incident, books) == "spare-machine-room"
    return _minutes(incident, books, "spare-minutes") if missing else None


def closing_due(incident: Record, books: Books) -> str | None:
    """Return when a settled case has to have been made good and closed."""
    settled = since(incident, "settled", "settle")
    return later(settled, books.setting("key-incident.close-minutes", settled)) if settled else None


def inspection_due(incident: Record, books: Books) -> str | None:
    """Return when the keys of a department are inspected next; None once they have been."""
    if "department" not in incident.data:
        return None
    for other in books.find("key-incident", department=incident["department"]):
        if other.state == "inspected" and before(incident.opened, other.opened):
            return None
    days = books.setting("key-incident.inspection-days", incident.opened)
    return later(incident.opened, days * 24 * 60)


def head(incident: Record, books: Books) -> str:
    """Return the head of the department inspected, or who inspected it last."""
    found = books.find("department", code=incident["department"])
    return str((found and found[0].get("head")) or incident.get("reporter", ""))


def _reporter(incident: Record, books: Books) -> str:
    return str(incident.get("reporter", ""))


def _told(incident: Record, books: Books) -> str:
    return str(incident.get("told", ""))


DEADLINES = (
    Deadline(
        "cs-told-of-sealed-key",
        ("CS3-A6#1", "CS9-1.1.3#1"),
        "A sealed key found opened, damaged or lost is reported to the CS department at once.",
        ("reported",),
        _in_office("sealed"),
        _reporter,
    ),
    Deadline(
        "cs-manager-told",
        ("CS3-B7#2", "CS9-1.2.7#2"),
        "The written report on a unit or room key goes to the CS manager at once.",
        ("reported",),
        _in_office("unit"),
        _reporter,
    ),
    Deadline(
        "property-manager-told",
        ("CS3-C3#3",),
        "The written report on a spare machine-room key goes to the property manager at once.",
        ("reported",),
        _in_office("spare-machine-room"),
        _reporter,
    ),
    Deadline(
        "loss-filed",
        ("CS13-3#3", "CS13-5.1#1"),
        "A lost key is reported to security at once and filed.",
        ("reported", "received"),
        _of_kind("lost", "file-minutes"),
        _told,
    ),
    Deadline(
        "found-key-handed-in",
        ("CS13-7.2#1",),
        "A key found is handed to security at once.",
        ("reported",),
        _of_kind("found", "hand-in-minutes"),
        _reporter,
    ),
    Deadline(
        "spare-replaced",
        ("CS3-C3#2",),
        "A spare machine-room key that is missing is replaced at once.",
        OPEN,
        spare_due,
        _told,
    ),
    Deadline(
        "settled-case-closed",
        (),
        "A case that is settled is made good and closed.",
        ("settled",),
        closing_due,
        _told,
    ),
    Deadline(
        "key-inspection",
        ("CS13-7.1#1",),
        "Managers inspect how their people keep and use keys.",
        ("inspected",),
        inspection_due,
        head,
    ),
)


def open_losses(incidents: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield for each open case of a key: what it opens, its other copies, who has them, what is left to do."""
    for incident in incidents:
        key = books.get(incident.get("key", ""))
        if incident.state not in OPEN or incident["kind"] not in HARMED or key is None:
            continue
        opens = key.get("opens", "")
        copies = [other for other in books.find("key", opens=opens) if opens and other.id != key.id]
        copies = [other for other in copies if other.state == "active"]
        holders = [each for other in copies for each in _holders(other, books, at)]
        yield {
            "id": incident.id,
            "kind": incident["kind"],
            "key": key.id,
            "opens": opens,
            "copies": [other.id for other in copies],
            "holders": list(dict.fromkeys(holders)),
            "todo": list(left_to_do(incident, books, at)),
        }


def _holders(key: Record, books: Books, at: str) -> list[str]:
    """Return who has a key, or the department on whose hook it hangs."""
    holds = books.holds(key.id, at)
    return [each.holder for each in holds if each.holder] or [str(key.get("kept_by") or key["department"])]


def left_to_do(incident: Record, books: Books, at: str) -> Iterator[str]:
    """Yield the actions that an incident needs before it may close."""
    if incident.state == "reported":
        yield "receive"
    if office(incident, books) != "other" and not written(incident):
        yield "account"
    if incident["kind"] == "lost" and not when(incident, "file"):
        yield "file"
    if incident.state != "settled":
        yield "settle"
    ways = {"replaced": "recut", "lock-changed": "lock-change", "recovered": "recover", "waived": "waive"}
    possible = [each for each in OUTCOMES[incident["kind"]] if each in ways]
    good = [each for each in ("replaced", "lock-changed") if made_good(incident, each, at, books)]
    if not good and not when(incident, "recover") and not when(incident, "waive"):
        yield " | ".join(ways[each] for each in possible)
    yield "close"


REPORTS = (
    Report(
        "open-losses",
        "Keys lost or damaged: what they open and what is left to do.",
        (),
        open_losses,
        headings={
            "opens": text("opens"),
            "copies": text("other copies"),
            "holders": text("held by"),
            "todo": text("left to do"),
        },
    ),
)
