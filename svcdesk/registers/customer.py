"""Customers: the least that keys and complaints need to know about them."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text

KEEPER = Who(rank=35)


@act_rule(actions=("close",))
def who_has_gone_holds_nothing(step: Step, books: Books) -> Iterator[Text]:
    """A customer who has gone holds nothing of the desk's."""
    for hold in books.held_by(step.new.id, step.at):
        yield text("{thing} is still with him ({record})", thing=hold.thing, record=hold.record)


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
            "Change a customer; contact, unit or person in charge.",
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
    rules=(who_has_gone_holds_nothing,),
    final=("closed",),
)
