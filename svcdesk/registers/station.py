"""Stations: the letters under which clones number their records, each claimed once."""

from __future__ import annotations

from svcdesk.model import Action
from svcdesk.model import Register
from svcdesk.model import Who

REGISTER = Register(
    name="station",
    prefix="ST",
    title="Stations",
    area="station",
    dated=False,
    sharded=False,
    columns=("id", "state", "letter", "note"),
    actions=(
        Action("claim", "Claim a letter for this clone.", to="claimed", needs=("letter",), takes=("note",)),
        Action(
            "retire",
            "Retire a letter for good.",
            to="retired",
            source=("claimed",),
            may=Who(posts=("desk-admin",)),
        ),
    ),
    corrects=Who(posts=("desk-admin",)),
)
