"""Rules of the staff register: who is appointed by whom, whose e-mails they are, who may leave."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.clock import later_seconds
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.staff_terms import in_force
from svcdesk.rules import entered_at
from svcdesk.rules import post_terms
from svcdesk.rules import unknown_code
from svcdesk.rules import unknown_post

KEEPER = "desk-admin"
ADMIN = Who(posts=(KEEPER, "human-resources"))
SEATS = (
    ("concierge-manager", "department-manager"),
    ("deputy-department-manager",),
    ("team-leader",),
)
"""Posts of which a department, or a team of one, has only one holder."""


def keepers(books: Books, at: str) -> Sequence[str]:
    """Return who keeps the desk at `at`."""
    return books.holders_of((KEEPER,), at)


@state_rule(fixed=True)
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
        posts = post_terms(ADMIN.posts, step.at, books)
        yield text("{field}: it needs {posts}", field=Term(name, "field", register="staff"), posts=posts)


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
    """An appointment or a key is seconded by another desk-admin than those who have entered it."""
    authors = _authors(step.old.acts if step.old else (), books) if _seconds(step) else []
    if authors and all(step.actor in each for each in authors):
        yield text("{actor} entered what is seconded; another desk-admin does that", actor=step.actor)


@act_rule(actions=("sign",), fixed=True)
def second_is_waited_for(step: Step, books: Books) -> Iterator[Text]:
    """Nobody seconds a person of whom nothing waits for it."""
    if not _seconds(step) or step.old is None or step.old.signatures("second"):
        return
    # Within the second of an entry the order of acts is not on record.
    if any(_may_wait(act) and entered_at(act) == step.entered for act in step.old.acts):
        return
    if all(each.record != step.new.id for each in books.awaited()):
        yield text("nothing of {person} waits for a second desk-admin", person=step.new.id)


def _seconds(step: Step) -> bool:
    return any(each["line"] == "second" for each in step.act.get("signed", ()))


def _authors(acts: Sequence[Act], books: Books) -> list[set[str]]:
    """Return who has entered what waits to be seconded: the appointments, taken together, and each key.

    What was entered while one alone kept the desk, himself included until that second, did not wait.
    """
    appointed: set[str] = set()
    keys: list[set[str]] = []
    for act in acts:
        if any(each["line"] == "second" for each in act.get("signed", ())):
            appointed.clear()
            keys.clear()
        elif _may_wait(act) and len(keepers(books, later_seconds(entered_at(act), -1))) > 1:
            if "posts" in act.get("sets", {}):
                appointed.add(act["by"])
            else:
                keys.append({act["by"]})
    return [*([appointed] if appointed else []), *keys]


def _may_wait(act: Act) -> bool:
    return "posts" in act.get("sets", {}) or act["action"] in ("add-key", "compromise-key")


@state_rule()
def post_is_known(person: Record, books: Books) -> Iterator[Text]:
    """A person is appointed to a post that the policy knows, in a department that there is."""
    for appointed, at in _appointments(person):
        post, department = appointed.get("post"), appointed.get("department")
        if post is not None:
            yield from unknown_post(post, at, books)
        if department is not None:
            yield from unknown_code(department, at, books)


def _appointments(person: Record) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each appointment of a person as it was first entered, and when that was."""
    before: set[tuple[Any, ...]] = set()
    for act in person.acts:
        sets = act.get("sets", {})
        for each in sets.get("posts") or [sets]:
            term = (each.get("post"), each.get("department"), each.get("from", act["at"]))
            if term not in before:
                yield each, entered_at(act)
            before.add(term)


@act_rule("GK-2.1", actions=("add", "post", "transfer", "sign"))
def a_seat_has_one_holder(step: Step, books: Books) -> Iterator[Text]:
    """A department has one manager and one deputy, and each of its teams one leader."""
    if step.action != "sign":
        yield from _taken(step.new, step.sets, step.entered, books)
        yield from _awaited(step, books)
        return
    for each in step.new.get("posts", ()):
        if in_force(each, step.entered):
            yield from _taken(step.new, each, step.entered, books)


def _awaited(step: Step, books: Books) -> Iterator[Text]:
    """Yield who waits for the second signature on the seat to which a person is appointed."""
    department = step.sets.get("department")
    group = next((posts for posts in SEATS if step.sets.get("post") in posts), ())
    for post in group:
        for other in books.find("staff", post=post, department=department):
            known = [act for act in other.acts if before(entered_at(act), step.entered)]
            gone = any(act["action"] in ("leave", "void") for act in known)
            entered = next((act for act in reversed(known) if "posts" in act.get("sets", {})), None)
            if gone or entered is None or other.id == step.new.id:
                continue
            last = entered["sets"]["posts"][-1]
            same = last["post"] == post and last["department"] == department
            if same and in_force(last, step.entered) and post not in books.posts(other.id, step.entered):
                yield text("{other} waits to be {post} of {department}", other=other.id, **_seat(last))


def _seat(appointed: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(appointed[name]) for name in ("post", "department")}


@state_rule("GK-2.1")
def a_seat_taken_over_has_one_holder(person: Record, books: Books) -> Iterator[Text]:
    """A person taken over from another book has no seat that another holds."""
    for act in person.acts:
        if act["action"] == "import":
            at = entered_at(act)
            for each in person.get("posts", ()):
                if in_force(each, at):
                    yield from _taken(person, each, at, books)


def _came_with(person: Record, other: Record) -> bool:
    """Tell whether two people were taken over by one import, which knows the holders only as they were before."""
    sources = [each.acts[0].get("source", {}).get("import") for each in (person, other)]
    return sources[0] is not None and sources[0] == sources[1] and other.state == "active"


def _taken(person: Record, seat: Mapping[str, Any], at: str, books: Books) -> Iterator[Text]:
    """Yield who else holds, at `at`, the seat to which a person is appointed."""
    for posts in (each for each in SEATS if seat.get("post") in each):
        beside = [
            each.id for post in posts for each in books.find("staff", post=post) if _came_with(person, each)
        ]
        for other in dict.fromkeys((*books.holders_of(posts, at), *beside)):
            record = books.get(other)
            held = record.get("posts", ()) if record and other != person.id else ()
            for each in held:
                same = each["post"] in posts and each["department"] == seat.get("department")
                if same and in_force(each, at):
                    yield text(
                        "{other} is {post} of {department} since {since}; there is one at a time",
                        other=other,
                        post=each["post"],
                        department=each["department"],
                        since=each["from"],
                    )


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


@act_rule(actions=("suspend", "leave", "void", "transfer", "sign"), fixed=True)
def somebody_keeps_the_desk(step: Step, books: Books) -> Iterator[Text]:
    """The only desk-admin neither leaves nor is suspended nor moved away."""
    holders = keepers(books, step.entered)
    stays = any(each["post"] == KEEPER for each in step.new.get("posts", ()) if in_force(each, step.entered))
    if step.action in ("transfer", "sign") and stays:
        return
    if list(holders) == [step.new.id]:
        yield text("nobody but {person} keeps the desk; appoint another desk-admin first", person=step.new.id)


@act_rule(actions=("add", "post", "transfer"), fixed=True)
def keepers_are_appointed_by_a_keeper(step: Step, books: Books) -> Iterator[Text]:
    """A desk-admin is appointed by a desk-admin, never by human resources alone."""
    if step.sets.get("post") == KEEPER and step.actor not in keepers(books, step.entered):
        yield text("{actor} does not keep the desk; a desk-admin appoints another", actor=step.actor)


@act_rule(actions=("leave", "void"))
def leaver_holds_nothing(step: Step, books: Books) -> Iterator[Text]:
    """A leaver holds no key and owns no open case."""
    for hold in books.held_by(step.new.id, step.at):
        yield text("{thing} is still with him ({record})", thing=hold.thing, record=hold.record)
    for case in books.open_cases(step.new.id):
        yield text("{record} is still his", record=case.record)


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
