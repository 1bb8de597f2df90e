"""Departments of the organisation: what they do, under whom, who heads them, with which posts."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.model import Action
from svcdesk.model import Books
from svcdesk.model import Record
from svcdesk.model import Register
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import Who
from svcdesk.model import act_rule
from svcdesk.model import state_rule
from svcdesk.model import text
from svcdesk.rules import entered_at
from svcdesk.rules import rises_to_itself
from svcdesk.rules import unknown_post

ADMIN = Who(posts=("desk-admin", "human-resources", "general-manager"))
DESCRIBED = ("parent", "head", "duties", "level", "posts", "channels")


@state_rule()
def code_is_unique(department: Record, books: Books) -> Iterator[Text]:
    """A code names one department only."""
    if department.state != "active":
        return
    for other in books.find("department", code=department["code"]):
        if other.id != department.id and other.state == "active":
            yield text("{code} is also that of {other}", code=department["code"], other=other.id)


@state_rule()
def no_department_is_above_itself(department: Record, books: Books) -> Iterator[Text]:
    """A department does not stand above itself."""
    if rises_to_itself(department, "parent", books):
        yield text("{parent} stands under {record}", parent=department["parent"], record=department.id)


@state_rule()
def posts_are_known(department: Record, books: Books) -> Iterator[Text]:
    """The posts of a department are posts that the policy knows."""
    entered = [entered_at(act) for act in department.acts if act.get("sets", {}).get("posts")]
    for each in department.get("posts") or ():
        yield from unknown_post(each["post"], entered[-1], books)


@act_rule(actions=("close",))
def closed_department_has_nobody(step: Step, books: Books) -> Iterator[Text]:
    """A department is closed once nobody holds a post in it."""
    for person in books.find("staff"):
        if step.new["code"] in books.departments(person.id, step.entered):
            yield text("{person} still holds a post in it", person=person.id)


REGISTER = Register(
    name="department",
    prefix="D",
    title="Departments",
    area="department",
    dated=False,
    sharded=False,
    columns=("id", "state", "code", "name", "parent"),
    actions=(
        Action("add", "Enter a department.", to="active", needs=("code", "name"), takes=DESCRIBED, may=ADMIN),
        Action(
            "change",
            "Change head, parent, duties, posts or channels.",
            source=("active",),
            takes=("name", *DESCRIBED),
            may=ADMIN,
        ),
        Action("close", "Close a department.", to="closed", source=("active",), may=ADMIN, reason=True),
    ),
    rules=(code_is_unique, no_department_is_above_itself, posts_are_known, closed_department_has_nobody),
    final=("closed",),
    corrects=ADMIN,
)
