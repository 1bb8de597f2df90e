"""Disposals of hazardous materials: what is expired, spoilt or left over, seen to by two people."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Register
from svcdesk.feeds import Movement
from svcdesk.ledger_rules import FIRST
from svcdesk.ledger_rules import LEAD
from svcdesk.ledger_rules import SECOND
from svcdesk.ledger_rules import confirmation_due
from svcdesk.ledger_rules import lot_of
from svcdesk.ledger_rules import second_of
from svcdesk.ledger_rules import second_person_confirms
from svcdesk.ledger_rules import slip_rules
from svcdesk.model import Record


def ledger(disposal: Record) -> Iterator[Movement]:
    """A disposal takes away what was disposed of."""
    if "quantity" in disposal.data:
        yield Movement(
            disposal["material"],
            disposal["place"],
            lot_of(disposal),
            -disposal["quantity"],
            disposal.opened,
            disposal.id,
        )


REGISTER = Register(
    name="hazmat-dispose",
    prefix="HX",
    title="Disposals of hazardous materials",
    area="hazmat",
    book="dispose",
    columns=("id", "state", "material", "place", "lot", "quantity", "method"),
    lines=(FIRST, SECOND),
    actions=(
        Action(
            "add",
            "Enter what was disposed of.",
            to="disposed",
            needs=("material", "place", "quantity", "method"),
            takes=("lot", "remark"),
            may=LEAD,
            signs="first",
            lines=("second",),
        ),
        Action("confirm", "Confirm a disposal as the second person.", to="confirmed", source=("disposed",)),
    ),
    rules=(second_person_confirms, *slip_rules(ledger)),
    deadlines=(
        Deadline(
            "disposal-confirmed",
            (),
            "The second person confirms what both disposed of.",
            ("disposed",),
            confirmation_due,
            second_of,
        ),
    ),
    feeds=Feeds(ledger=ledger),
    final=("confirmed",),
)
