"""Staff: who works where, in which post, from when, reporting to whom, and which powers are delegated."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import before
from svcdesk.model import Act
from svcdesk.model import Action
from svcdesk.model import Books
from svcdesk.model import Line
from svcdesk.model import Record
from svcdesk.model import Register
from svcdesk.model import Report
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import Who
from svcdesk.model import act_rule
from svcdesk.model import state_rule
from svcdesk.model import text

KEEPER = "desk-admin"
ADMIN = Who(posts=(KEEPER, "human-resources"))
DIRECTION = Who(posts=(KEEPER, "human-resources", "general-manager"), clauses=("GC-j-2.3",))
"""Who keeps the staff register, and the general manager; his deputy only under a delegation."""
SEATS = (
    ("concierge-manager", "department-manager"),
    ("deputy-department-manager",),
    ("team-leader",),
)
"""Posts of which a department, or a team of one, has only one holder."""

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
    return _appointed([_ended(each, at) for each in (old.get("posts", ()) if old else ())], old, sets, at)


def _appointed(
    held: Sequence[Mapping[str, Any]], old: Record | None, sets: Mapping[str, Any], at: str
) -> Mapping[str, Any]:
    if "post" not in sets or "department" not in sets:
        return {}
    begun = _known({"post": sets["post"], "department": sets["department"], "from": at}, sets, until="until")
    return {"posts": [*held, begun], **_emptied(old, sets, "until")}


def lend(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Add the delegation entered to those given."""
    if not {"to", "ends", "range"} <= sets.keys():
        return {}
    grant = _known({"to": sets["to"]}, sets, post="power")
    term = {"from": sets.get("begins") or at, "until": sets["ends"], "range": sets["range"]}
    given = list(old.get("delegations", ())) if old else []
    return {"delegations": [*given, {**grant, **term}], **_emptied(old, sets, "power", "begins")}


def recall(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """End every delegation to the deputy entered."""
    given = old.get("delegations", ()) if old else ()
    return {"delegations": [_ended(each, at) if each["to"] == sets.get("to") else each for each in given]}


def _known(entry: Mapping[str, Any], sets: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Return the entry with each of these columns for which a value was entered."""
    return {**entry, **{name: sets[field] for name, field in names.items() if sets.get(field) is not None}}


def _emptied(old: Record | None, sets: Mapping[str, Any], *names: str) -> dict[str, None]:
    """Take away what an earlier form said and this one does not."""
    return {name: None for name in names if sets.get(name) is None and old and old.get(name) is not None}


def _ended(term: Mapping[str, Any], at: str) -> dict[str, Any]:
    runs_on = "until" not in term or before(at, term["until"])
    return {**term, "until": at} if runs_on else dict(term)


def _in_force(term: Mapping[str, Any], at: str) -> bool:
    return not before(at, term["from"]) and ("until" not in term or before(at, term["until"]))


def keepers(books: Books, at: str) -> Sequence[str]:
    """Return who keeps the desk at `at`."""
    return books.holders_of((KEEPER,), at)


@state_rule()
def email_belongs_to_one_person(person: Record, books: Books) -> Iterator[Text]:
    """An e-mail address belongs to one person only."""
    for address in person.get("emails", ()):
        if address != address.casefold():
            yield text("{address} is written in small letters", address=address)
        for other in books.find("staff", emails=address):
            if other.id != person.id and other.state != "void":
                yield text("{address} is also that of {other}", address=address, other=other.id)


@act_rule(actions=("change",), fixed=True)
def others_change_only_their_own_contact(step: Step, books: Books) -> Iterator[Text]:
    """Who does not keep the staff register changes no more than his own e-mails and phone."""
    if books.posts(step.actor, step.entered) & frozenset(ADMIN.posts):
        return
    if step.actor != step.new.id:
        yield text("{actor} may not change the record of {person}", actor=step.actor, person=step.new.id)
    for name in sorted(step.sets.keys() - {"emails", "phone"}):
        yield text("{field}: it needs {posts}", field=name, posts=" | ".join(ADMIN.posts))


@act_rule(actions=("change", "correct"), fixed=True)
def emails_are_changed_by_their_owner(step: Step, books: Books) -> Iterator[Text]:
    """Once two people keep the desk, nobody but the person himself changes his e-mail addresses."""
    old = step.old.get("emails", []) if step.old else []
    if step.new.get("emails", []) == old or step.actor == step.new.id:
        return
    if len(keepers(books, step.entered)) > 1:
        yield text("{actor} is not {person}, whose e-mails they are", actor=step.actor, person=step.new.id)


@act_rule(actions=("add", "post", "transfer"), fixed=True)
def nobody_appoints_himself(step: Step, books: Books) -> Iterator[Text]:
    """Nobody enters a post for himself, save the first person at the founding."""
    if step.actor == step.new.id and step.old is not None:
        yield text("{actor} enters a post for himself; another has to", actor=step.actor)


@act_rule(actions=("sign",), fixed=True)
def second_is_another(step: Step, books: Books) -> Iterator[Text]:
    """An appointment is seconded by another desk-admin than those who have entered it."""
    if any(each["line"] == "second" for each in step.act.get("signed", ())):
        if step.actor in _authors(step.old.acts if step.old else ()):
            yield text("{actor} entered the appointment; another desk-admin seconds it", actor=step.actor)


def _authors(acts: Sequence[Act]) -> set[str]:
    """Return who has entered appointments since the last were seconded."""
    authors: set[str] = set()
    for act in acts:
        if any(each["line"] == "second" for each in act.get("signed", ())):
            authors.clear()
        elif "posts" in act.get("sets", {}):
            authors.add(act["by"])
    return authors


@act_rule(actions=("add", "post", "transfer"))
def post_is_known(step: Step, books: Books) -> Iterator[Text]:
    """A person is appointed to a post that the policy knows, in a department that there is."""
    post, department = step.sets.get("post"), step.sets.get("department")
    if post is not None and post not in books.setting("posts", step.entered):
        yield text("there is no post {post}", post=post)
    if department is not None and not _departments(department, step, books):
        yield text("there is no department {department}", department=department)


def _departments(code: str, step: Step, books: Books) -> Sequence[Record]:
    """Return the departments of this code that were not closed when the step was taken."""
    found = [each for each in books.find("department", code=code) if each.state != "void"]
    return [each for each in found if not (act := each.last("close")) or before(step.at, act["at"])]


@act_rule("GK-2.1", actions=("add", "post", "transfer"))
def a_seat_has_one_holder(step: Step, books: Books) -> Iterator[Text]:
    """A department has one manager and one deputy, and each of its teams one leader."""
    department = step.sets.get("department")
    for posts in (each for each in SEATS if step.sets.get("post") in each):
        for other in books.holders_of(posts, step.entered):
            person = books.get(other)
            held = person.get("posts", ()) if person and other != step.new.id else ()
            for each in held:
                seat = each["post"] in posts and each["department"] == department
                if seat and _in_force(each, step.entered):
                    yield text(
                        "{other} is {post} of {department} since {since}; there is one at a time",
                        other=other,
                        post=each["post"],
                        department=department,
                        since=each["from"],
                    )


@act_rule("GC-j-3.2.3", actions=("delegate", "recall"), fixed=True)
def powers_are_delegated_by_their_holder(step: Step, books: Books) -> Iterator[Text]:
    """Powers are delegated, and taken back, only by the person whose powers they are."""
    if step.actor != step.new.id:
        yield text("the powers are those of {person}, not of {actor}", person=step.new.id, actor=step.actor)


@act_rule(actions=("delegate",), fixed=True)
def a_delegation_is_of_ones_own_post(step: Step, books: Books) -> Iterator[Text]:
    """A delegation is of a post that one holds oneself, never of keeping the desk, and never of a borrowed one."""
    if step.sets.get("power") is None:
        return
    own = [each["post"] for each in step.new.get("posts", ()) if _in_force(each, step.entered)]
    allowed = sorted({each for each in own if each != KEEPER} & books.posts(step.new.id, step.entered))
    if step.sets["power"] not in allowed:
        yield text(
            "{person} cannot delegate {power}; his own are {posts}",
            person=step.new.id,
            power=step.sets["power"],
            posts=", ".join(allowed) or "-",
        )


@act_rule(actions=("delegate",))
def a_delegation_has_a_deputy_and_an_end(step: Step, books: Books) -> Iterator[Text]:
    """A delegation goes to another active person, begins when it is entered or later, and ends after that."""
    begins, ends, deputy = step.sets.get("begins", step.at), step.sets.get("ends"), step.sets.get("to")
    if deputy == step.new.id or (deputy and not books.posts(deputy, step.entered)):
        yield text("{deputy} cannot be the deputy: another active person is needed", deputy=deputy)
    if before(begins, step.at):
        yield text("{begins} lies before the delegation at {at}", begins=begins, at=step.at)
    if ends and not before(begins, ends):
        yield text("{ends} does not lie after {begins}", ends=ends, begins=begins)


@act_rule(actions=("recall",))
def what_runs_is_recalled(step: Step, books: Books) -> Iterator[Text]:
    """Only a delegation that has not ended is taken back."""
    given = step.old.get("delegations", ()) if step.old else ()
    if not any(each["to"] == step.sets.get("to") and before(step.at, each["until"]) for each in given):
        yield text("{deputy} has no delegation from {person}", deputy=step.sets.get("to"), person=step.new.id)


@act_rule(actions=("suspend", "leave", "void"), fixed=True)
def keepers_do_not_remove_each_other(step: Step, books: Books) -> Iterator[Text]:
    """A desk-admin is suspended or leaves by his own act, or by that of direction or human resources."""
    if step.actor == step.new.id or step.new.id not in keepers(books, step.entered):
        return
    if not books.posts(step.actor, step.entered) & {"general-manager", "human-resources"}:
        yield text(
            "{person} keeps the desk as {actor} does; it needs general-manager | human-resources",
            person=step.new.id,
            actor=step.actor,
        )


@act_rule(actions=("leave", "void"))
def leaver_holds_nothing(step: Step, books: Books) -> Iterator[Text]:
    """A leaver holds no key and owns no open case."""
    for hold in books.held_by(step.new.id, step.at):
        yield text("{thing} is still with him ({record})", thing=hold.thing, record=hold.record)
    for case in books.open_cases(step.new.id):
        yield text("{record} is still his", record=case.record)


@act_rule(actions=("void",))
def void_person_is_mentioned_nowhere(step: Step, books: Books) -> Iterator[Text]:
    """Only a person whom no record mentions is declared void; others leave."""
    for other in books.mentioning(step.new.id):
        if other.state != "void" and other.id != step.new.id:
            yield text("{record} mentions {person}", record=other.id, person=step.new.id)


@state_rule()
def post_shown_is_the_last_entered(person: Record, books: Books) -> Iterator[Text]:
    """Post and department are those of the last appointment; a mistake is set right by a transfer."""
    last = (person.get("posts") or [{}])[-1]
    for name in ("post", "department"):
        if name in last and person.get(name) != last[name]:
            yield text(
                "{field} is {value}, the last appointment says {entered}",
                field=name,
                value=person.get(name),
                entered=last[name],
            )


def roster(records: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield the structure: each person's posts in force, with rank and superior."""
    for record in records:
        for each in record.get("posts", ()):
            if each["post"] in books.posts(record.id, at) and _in_force(each, at):
                yield {
                    "id": record.id,
                    "name": record["name"],
                    "post": each["post"],
                    "department": each["department"],
                    "rank": books.rank_of(each["post"], at),
                    "superior": books.superior(record.id, at),
                }


def pending(records: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield the appointments that wait for the second desk-admin."""
    for record in records:
        entry = record.last("add", "post", "transfer")
        waits = record.state == "active" and entry is not None
        for each in record.get("posts", ())[-1:] if waits else ():
            if _in_force(each, at) and each["post"] not in books.posts(record.id, at):
                assert entry is not None
                yield {"id": record.id, "name": record["name"], **each, "by": entry["by"]}


REGISTER = Register(
    name="staff",
    prefix="S",
    title="Staff",
    area="staff",
    dated=False,
    sharded=False,
    columns=("id", "state", "name", "post", "department"),
    lines=(Line("second", "second desk-admin", Who(posts=(KEEPER,))),),
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
            "Change e-mails, phone, superior, deputy, coach, duties, employment, grade or skills.",
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
    ),
    rules=(
        email_belongs_to_one_person,
        others_change_only_their_own_contact,
        emails_are_changed_by_their_owner,
        nobody_appoints_himself,
        second_is_another,
        post_is_known,
        a_seat_has_one_holder,
        powers_are_delegated_by_their_holder,
        a_delegation_is_of_ones_own_post,
        a_delegation_has_a_deputy_and_an_end,
        what_runs_is_recalled,
        keepers_do_not_remove_each_other,
        leaver_holds_nothing,
        void_person_is_mentioned_nowhere,
        post_shown_is_the_last_entered,
    ),
    reports=(
        Report("structure", "Who holds which post under whom.", (), roster),
        Report("pending", "Appointments that wait for the second desk-admin.", (), pending),
    ),
    corrects=ADMIN,
    computed=("posts", "delegations"),
)
