"""Departments of the organisation and who heads them."""

from __future__ import annotations

from svcdesk.model import Action
from svcdesk.model import Register
from svcdesk.model import Who

ADMIN = Who(posts=("desk-admin", "human-resources", "general-manager"))

REGISTER = Register(
    name="department",
    prefix="D",
    title="Departments",
    area="department",
    dated=False,
    sharded=False,
    columns=("id", "state", "code", "name", "parent"),
    actions=(
        Action(
            "add",
            "Enter a department.",
            to="active",
            needs=("code", "name"),
            takes=("parent", "head", "duties"),
            may=ADMIN,
        ),
        Action(
            "change",
            "Change head, parent or duties.",
            source=("active",),
            takes=("name", "parent", "head", "duties"),
            may=ADMIN,
        ),
        Action("close", "Close a department.", to="closed", source=("active",), may=ADMIN, reason=True),
    ),
    final=("closed",),
    corrects=ADMIN,
)
