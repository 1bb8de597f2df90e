"""Keys: what each opens, where it hangs, who keeps it. Where it is now follows from the custody feed."""

from __future__ import annotations

from svcdesk.model import Action
from svcdesk.model import Register
from svcdesk.model import Who

KEEPER = Who(
    posts=(
        "cs-assistant",
        "key-custodian",
        "cs-manager",
        "security-manager",
        "property-manager",
        "desk-admin",
    )
)

REGISTER = Register(
    name="key",
    prefix="K",
    title="Keys",
    area="key",
    dated=False,
    sharded=False,
    columns=("id", "state", "name", "category", "department", "hook"),
    actions=(
        Action(
            "add",
            "Enter a key.",
            to="active",
            needs=("name", "category", "department"),
            takes=("hook", "opens", "set_kind", "sets", "pieces", "label", "bunch", "custodian"),
            may=KEEPER,
        ),
        Action(
            "change",
            "Change hook, custodian or bunch.",
            source=("active",),
            takes=("hook", "label", "bunch", "custodian"),
            may=KEEPER,
        ),
        Action(
            "withdraw", "Take a key out of use.", to="withdrawn", source=("active",), may=KEEPER, reason=True
        ),
    ),
    final=("withdrawn",),
    corrects=KEEPER,
)
