"""Places: buildings, floors, units, rooms."""

from __future__ import annotations

from svcdesk.model import Action
from svcdesk.model import Register
from svcdesk.model import Who

KEEPER = Who(rank=40)
ADMIN = Who(posts=("desk-admin", "cs-manager", "property-manager", "cs-assistant"))

REGISTER = Register(
    name="place",
    prefix="L",
    title="Places",
    area="place",
    dated=False,
    columns=("id", "state", "kind", "name", "within"),
    actions=(
        Action(
            "add", "Enter a place.", to="active", needs=("kind", "name"), takes=("within", "note"), may=ADMIN
        ),
        Action(
            "change",
            "Change a place's name or note.",
            source=("active",),
            takes=("name", "within", "note"),
            may=ADMIN,
        ),
        Action("close", "Take a place out of use.", to="closed", source=("active",), may=ADMIN, reason=True),
    ),
    final=("closed",),
    corrects=ADMIN,
)
