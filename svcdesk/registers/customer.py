"""Customers: the least that keys and complaints need to know about them."""

from __future__ import annotations

from svcdesk.model import Action
from svcdesk.model import Register
from svcdesk.model import Who

KEEPER = Who(rank=35)

REGISTER = Register(
    name="customer",
    prefix="CU",
    title="Customers",
    area="customer",
    dated=False,
    columns=("id", "state", "name", "kind", "unit"),
    actions=(
        Action(
            "add",
            "Enter a customer.",
            to="active",
            needs=("name", "kind"),
            takes=("contact", "unit", "person_in_charge", "note"),
            may=KEEPER,
        ),
        Action(
            "change",
            "Change contact, unit or person in charge.",
            source=("active",),
            takes=("name", "contact", "unit", "person_in_charge", "note"),
            may=KEEPER,
        ),
        Action(
            "close",
            "Enter that a customer has gone.",
            to="closed",
            source=("active",),
            may=KEEPER,
            reason=True,
        ),
    ),
    final=("closed",),
)
