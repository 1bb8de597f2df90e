"""Departments of the organisation: what they do, under whom, who heads them, with which posts."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import entered_at
from svcdesk.rules import rises_to_itself
from svcdesk.rules import unknown_post
from svcdesk.rules import when

ADMIN = Who(posts=("desk-admin", "human-resources", "general-manager"))
NAMING = ("staff", "key", "complaint", "complaint-review", "key-count", "key-incident", "handover")
"""Books whose records name a department by its code."""

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


@act_rule(actions=("close", "void"))
def closed_department_has_nobody(step: Step, books: Books) -> Iterator[Text]:
    """A department is closed or void once nobody holds a post in it, no key is its own, and none is under it."""
    code, at = step.new["code"], step.entered
    for person in books.find("staff"):
        if code in books.departments(person.id, at):
            yield text("{person} still holds a post in it", person=person.id)
    for key in _of_the_code("key", code, at, books):
        if (gone := when(key, "withdraw", "void")) is None or before(at, gone):
            yield text("{key} is still a key of it", key=key.id)
    for other in books.find("department", parent=step.new.id):
        gone = when(other, "close", "void")
        if before(entered_at(other.acts[0]), at) and (gone is None or before(at, gone)):
            yield text("{other} is still under it", other=other.id)


@act_rule(actions=("correct",))
def a_code_in_use_stays(step: Step, books: Books) -> Iterator[Text]:
    """The code of a department is not corrected once other records name the department by it."""
    if step.old is None or step.old["code"] == step.new["code"]:
        return
    for register in NAMING:
        for record in _of_the_code(register, step.old["code"], step.entered, books):
            yield text("{record} names it by the code {code}", record=record.id, code=step.old["code"])
            return


def _of_the_code(register: str, code: str, at: str, books: Books) -> Iterator[Record]:
    """Yield the records of a book that were entered before a moment and name a department."""
    for record in books.find(register):
        named = [record.get(name) for name in ("department", "kept_by")]
        named += [each["department"] for each in record.get("posts", ()) if register == "staff"]
        if code in named and record.state != "void" and before(entered_at(record.acts[0]), at):
            yield record


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
            "Change a department; its head, parent, duties, posts or channels.",
            source=("active",),
            takes=("name", *DESCRIBED),
            may=ADMIN,
        ),
        Action("close", "Close a department.", to="closed", source=("active",), may=ADMIN, reason=True),
    ),
    rules=(
        code_is_unique,
        no_department_is_above_itself,
        posts_are_known,
        closed_department_has_nobody,
        a_code_in_use_stays,
    ),
    final=("closed",),
    corrects=ADMIN,
)
