"""Staff: who works where, in which post, from when, reporting to whom."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.model import Action
from svcdesk.model import Books
from svcdesk.model import Line
from svcdesk.model import Record
from svcdesk.model import Register
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import Who
from svcdesk.model import act_rule
from svcdesk.model import state_rule
from svcdesk.model import text

ADMIN = Who(posts=("desk-admin", "human-resources"))


def appoint(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Add the post entered to those held."""
    if "post" not in sets or "department" not in sets:
        return {}
    held = list(old.get("posts", ())) if old else []
    until = {"until": sets["until"]} if "until" in sets else {}
    return {"posts": [*held, {"post": sets["post"], "department": sets["department"], "from": at, **until}]}


def move(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """End every post held and begin the one entered."""
    held = [
        each if "until" in each else {**each, "until": at} for each in (old.get("posts", ()) if old else ())
    ]
    return {"posts": [*held, {"post": sets.get("post"), "department": sets.get("department"), "from": at}]}


@state_rule()
def email_belongs_to_one_person(person: Record, books: Books) -> Iterator[Text]:
    """An e-mail address belongs to one person only."""
    for address in person.get("emails", ()):
        for other in books.find("staff", emails=address):
            if other.id != person.id and other.state != "void":
                yield text("{address} is also that of {other}", address=address, other=other.id)


@act_rule(actions=("leave",))
def leaver_holds_nothing(step: Step, books: Books) -> Iterator[Text]:
    """A leaver holds no key and owns no open case."""
    for hold in books.held_by(step.new.id, step.at):
        yield text("{thing} is still with him ({record})", thing=hold.thing, record=hold.record)
    for case in books.open_cases(step.new.id):
        yield text("{record} is still his", record=case.record)


REGISTER = Register(
    name="staff",
    prefix="S",
    title="Staff",
    area="staff",
    dated=False,
    sharded=False,
    columns=("id", "state", "name", "post", "department"),
    lines=(Line("second", "second desk-admin", Who(posts=("desk-admin",))),),
    actions=(
        Action(
            "add",
            "Enter a person.",
            to="active",
            needs=("name", "post", "department"),
            takes=("emails", "phone", "superior", "deputy", "coach", "entered_service", "grade", "skills"),
            may=ADMIN,
            completes=appoint,
        ),
        Action(
            "post",
            "Give a person one more post.",
            source=("active",),
            needs=("post", "department"),
            takes=("until",),
            may=ADMIN,
            completes=appoint,
        ),
        Action(
            "transfer",
            "Move a person to another post.",
            source=("active",),
            needs=("post", "department"),
            may=ADMIN,
            completes=move,
        ),
        Action("suspend", "Suspend a person.", to="suspended", source=("active",), may=ADMIN, reason=True),
        Action("reinstate", "End a suspension.", to="active", source=("suspended",), may=ADMIN),
        Action(
            "leave",
            "Enter that a person has left.",
            to="left",
            source=("active", "suspended"),
            may=ADMIN,
            reason=True,
        ),
    ),
    rules=(email_belongs_to_one_person, leaver_holds_nothing),
    corrects=ADMIN,
    computed=("posts",),
)
