"""Places: buildings, floors, units, rooms."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import state_rule
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import rises_to_itself

ADMIN = Who(posts=("desk-admin", "cs-manager", "property-manager", "cs-assistant"))


@state_rule()
def no_place_lies_within_itself(place: Record, books: Books) -> Iterator[Text]:
    """A place does not lie within itself."""
    if rises_to_itself(place, "within", books):
        yield text("{within} lies within {record}", within=place["within"], record=place.id)


REGISTER = Register(
    name="place",
    prefix="L",
    title="Places",
    area="place",
    dated=False,
    columns=("id", "state", "kind", "name", "within"),
    actions=(
        Action(
            "add",
            "Enter a place.",
            to="active",
            needs=("kind", "name"),
            takes=("within", "separate", "locked", "note"),
            may=ADMIN,
        ),
        Action(
            "change",
            "Change a place; its name, whereabouts, lock or note.",
            source=("active",),
            takes=("name", "within", "separate", "locked", "note"),
            may=ADMIN,
        ),
        Action("close", "Take a place out of use.", to="closed", source=("active",), may=ADMIN, reason=True),
    ),
    rules=(no_place_lies_within_itself,),
    final=("closed",),
    corrects=ADMIN,
)
