"""The duty roster (值班表): who stands which post on which shift of which day, and whether it was stood."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import day_later
from svcdesk.declared import Action
from svcdesk.declared import Feeds
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Duty
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.registers.duty_roster_due import DEADLINES
from svcdesk.registers.duty_roster_rules import RULES
from svcdesk.registers.duty_roster_rules import YEARS
from svcdesk.registers.duty_roster_settings import SETTINGS
from svcdesk.rules import when

MAKER = Who(setting="duty-roster.maker")
LEAD = Who(rank=60, clauses=("CS15-2.1",))
FORM = ("date", "shift", "person", "post")
REST = ("place", "section", "reinforcement", "note")


def times(books: Books, old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Take down when a duty begins and ends, by the shifts of the policy on its day."""
    day = sets.get("date", "")
    if not YEARS[0] <= day[:4] <= YEARS[1]:
        return {}
    shift = books.setting("duty-roster.shifts", books.wall_time(day, "00:00")).get(sets.get("shift"))
    if shift is None:
        return {}
    last = day if shift["from"] < shift["to"] else day_later(day, 1)
    return {"begins": books.wall_time(day, shift["from"]), "ends": books.wall_time(last, shift["to"])}


def duty(record: Record) -> Iterator[Duty]:
    """Who is on the published roster stands the post, unless it was missed."""
    if record.state in ("published", "swapped", "stood") and "begins" in record.data:
        place = record.get("place", "")
        yield Duty(record["person"], record["post"], place, record["begins"], record["ends"], record.id)


def merit(record: Record) -> Iterator[Merit]:
    """A duty that was missed speaks against the person."""
    missed = when(record, "miss")
    if missed and record.state == "missed":
        yield Merit(record["person"], "duty-missed", record.get("begins", missed), record.id)


def on_duty(records: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield who is on duty at a moment."""
    for each in books.on_duty(at):
        staff, entry = books.get(each.person), books.get(each.record)
        yield {
            "id": each.record,
            "post": each.post,
            "shift": entry.get("shift") if entry else "",
            "person": each.person,
            "name": staff["name"] if staff else "",
            "place": each.place,
            "begins": each.since,
            "ends": each.until,
        }


REGISTER = Register(
    name="duty-roster",
    prefix="W",
    title="Duty roster",
    area="duty",
    book="roster",
    columns=("id", "state", "date", "shift", "post", "person", "place"),
    actions=(
        Action(
            "plan",
            "Plan a duty; it counts once it is published.",
            to="planned",
            needs=FORM,
            takes=REST,
            may=MAKER,
            gathers=times,
        ),
        Action(
            "add",
            "Put a duty on the published roster.",
            to="published",
            needs=FORM,
            takes=REST,
            may=MAKER,
            gathers=times,
        ),
        Action("publish", "Publish a planned duty.", to="published", source=("planned",), may=MAKER),
        Action(
            "swap",
            "Enter who stands it by an approved swap; approving the swap does so.",
            to="swapped",
            source=("published", "swapped"),
            needs=("swap", "person", "instead_of"),
        ),
        Action(
            "stand",
            "Enter that a duty was stood; closing its log does so.",
            to="stood",
            source=("published", "swapped"),
            takes=("log",),
        ),
        Action(
            "miss",
            "Enter that a duty was not stood.",
            to="missed",
            source=("published", "swapped"),
            may=LEAD,
            reason=True,
        ),
        Action(
            "cancel",
            "Take a duty off the roster before it begins.",
            to="cancelled",
            source=("planned", "published", "swapped"),
            may=MAKER,
            reason=True,
        ),
    ),
    rules=RULES,
    deadlines=DEADLINES,
    reports=(Report("on-duty", "Who is on duty.", (), on_duty, headings={"name": text("name")}),),
    feeds=Feeds(duty=duty, merit=merit),
    settings=SETTINGS,
    final=("stood", "missed", "cancelled"),
    computed=("begins", "ends"),
)
