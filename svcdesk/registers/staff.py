"""Staff: who works where, in which post, from when, reporting to whom, and which powers are delegated."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Who
from svcdesk.feeds import Awaited
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.registers import staff_keys
from svcdesk.registers.staff_delegations import a_delegation_has_a_deputy_and_an_end
from svcdesk.registers.staff_delegations import a_delegation_is_of_ones_own_post
from svcdesk.registers.staff_delegations import lend
from svcdesk.registers.staff_delegations import powers_are_delegated_by_their_holder
from svcdesk.registers.staff_delegations import recall
from svcdesk.registers.staff_delegations import what_runs_is_recalled
from svcdesk.registers.staff_evaluations import DEADLINES
from svcdesk.registers.staff_rules import ADMIN
from svcdesk.registers.staff_rules import KEEPER
from svcdesk.registers.staff_rules import a_seat_has_one_holder
from svcdesk.registers.staff_rules import a_seat_taken_over_has_one_holder
from svcdesk.registers.staff_rules import email_belongs_to_one_person
from svcdesk.registers.staff_rules import emails_are_changed_by_their_owner
from svcdesk.registers.staff_rules import keepers_are_appointed_by_a_keeper
from svcdesk.registers.staff_rules import keepers_do_not_remove_each_other
from svcdesk.registers.staff_rules import leaver_holds_nothing
from svcdesk.registers.staff_rules import nobody_appoints_himself
from svcdesk.registers.staff_rules import others_change_only_their_own_contact
from svcdesk.registers.staff_rules import post_is_known
from svcdesk.registers.staff_rules import post_shown_is_the_last_entered
from svcdesk.registers.staff_rules import second_is_another
from svcdesk.registers.staff_rules import second_is_waited_for
from svcdesk.registers.staff_rules import somebody_keeps_the_desk
from svcdesk.registers.staff_terms import emptied
from svcdesk.registers.staff_terms import ended
from svcdesk.registers.staff_terms import in_force
from svcdesk.registers.staff_terms import known
from svcdesk.sshkeys import fingerprint

DIRECTION = Who(posts=(KEEPER, "human-resources", "general-manager"), clauses=("GC-j-2.3",))
"""Who keeps the staff register, and the general manager; his deputy only under a delegation."""


PERSONAL = (
    "superior",
    "deputy",
    "coach",
    "in_charge_of",
    "duties",
    "entered_service",
    "employment",
    "regular_since",
    "grade",
    "skills",
)


def appoint(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Add the post entered to those held."""
    return _appointed(list(old.get("posts", ())) if old else [], old, sets, at)


def move(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """End every post held and begin the one entered."""
    return _appointed([ended(each, at) for each in (old.get("posts", ()) if old else ())], old, sets, at)


def _appointed(
    held: Sequence[Mapping[str, Any]], old: Record | None, sets: Mapping[str, Any], at: str
) -> Mapping[str, Any]:
    if "post" not in sets or "department" not in sets:
        return {}
    begun = known({"post": sets["post"], "department": sets["department"], "from": at}, sets, until="until")
    return {"posts": [*held, begun], **emptied(old, sets, "until")}


def roster(records: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield the structure: each person's posts in force, with rank and superior."""
    for record in records:
        for each in record.get("posts", ()):
            if each["post"] in books.posts(record.id, at) and in_force(each, at):
                yield {
                    "id": record.id,
                    "name": record["name"],
                    "post": each["post"],
                    "department": each["department"],
                    "rank": books.rank_of(each["post"], at),
                    "superior": books.superior(record.id, at),
                }


def awaited(books: Books) -> Iterator[Awaited]:
    """Yield the appointments and keys that count only once another desk-admin has seconded them."""
    yield from books.awaited()


def pending(records: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield the appointments and keys that wait for the second desk-admin."""
    for record in records:
        entry = record.last("add", "post", "transfer", "import")
        waits = record.state == "active" and entry is not None
        for each in record.get("posts", ())[-1:] if waits else ():
            if in_force(each, at) and each["post"] not in books.posts(record.id, at):
                assert entry is not None
                yield {"id": record.id, "name": record["name"], **each, "by": entry["by"]}
        for key in staff_keys.awaited(record, books):
            entered = next(act for act in record.acts if act.get("sets", {}).get("key") == key)
            yield {
                "id": record.id,
                "name": record["name"],
                "key": fingerprint(key),
                "from": entered["at"],
                "by": entered["by"],
            }


REGISTER = Register(
    name="staff",
    prefix="S",
    title="Staff",
    area="staff",
    dated=False,
    sharded=False,
    columns=("id", "state", "name", "post", "department"),
    lines=(Line("second", "second desk-admin", Who(posts=(KEEPER,)), awaits=awaited),),
    actions=(
        Action(
            "add",
            "Enter a person.",
            to="active",
            needs=("name", "post", "department"),
            takes=("until", "emails", "phone", *PERSONAL),
            may=ADMIN,
            completes=appoint,
        ),
        Action(
            "change",
            "Change a person; e-mails, phone, superior, deputy, coach, duties, employment, grade or skills.",
            source=("active", "suspended"),
            takes=("name", "emails", "phone", *PERSONAL),
        ),
        Action(
            "post",
            "Give a person one more post.",
            source=("active",),
            needs=("post", "department"),
            takes=("until",),
            may=ADMIN,
            ends=("second",),
            completes=appoint,
        ),
        Action(
            "transfer",
            "Move a person to another post.",
            source=("active",),
            needs=("post", "department"),
            may=ADMIN,
            ends=("second",),
            completes=move,
        ),
        Action(
            "delegate",
            "Delegate one's own powers to a deputy for a time.",
            source=("active",),
            needs=("to", "ends", "range"),
            takes=("power", "begins"),
            clauses=("OM-2.4.2-3#7",),
            completes=lend,
        ),
        Action(
            "recall",
            "Take back the powers delegated to a deputy.",
            source=("active", "suspended"),
            needs=("to",),
            completes=recall,
        ),
        Action(
            "suspend", "Suspend a person.", to="suspended", source=("active",), may=DIRECTION, reason=True
        ),
        Action("reinstate", "End a suspension.", to="active", source=("suspended",), may=DIRECTION),
        Action(
            "leave",
            "Enter that a person has left.",
            to="left",
            source=("active", "suspended"),
            may=DIRECTION,
            reason=True,
        ),
        *staff_keys.ACTIONS,
    ),
    rules=(
        email_belongs_to_one_person,
        others_change_only_their_own_contact,
        emails_are_changed_by_their_owner,
        nobody_appoints_himself,
        second_is_another,
        second_is_waited_for,
        post_is_known,
        a_seat_has_one_holder,
        a_seat_taken_over_has_one_holder,
        powers_are_delegated_by_their_holder,
        a_delegation_is_of_ones_own_post,
        a_delegation_has_a_deputy_and_an_end,
        what_runs_is_recalled,
        keepers_do_not_remove_each_other,
        somebody_keeps_the_desk,
        keepers_are_appointed_by_a_keeper,
        leaver_holds_nothing,
        post_shown_is_the_last_entered,
        *staff_keys.RULES,
    ),
    deadlines=DEADLINES,
    reports=(
        Report("structure", "Who holds which post under whom.", (), roster),
        Report("pending", "Appointments and keys that wait for the second desk-admin.", (), pending),
    ),
    corrects=ADMIN,
    computed=("posts", "delegations", "keys", "ended_keys"),
    presents=staff_keys.without_ended,
    by_key=staff_keys.is_about_keys,
)
