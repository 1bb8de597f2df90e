"""To whom a complaint may go, and who may have a hand in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.clock import before
from svcdesk.model import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import act_rule
from svcdesk.model import text
from svcdesk.rules import is_staff

HEAD_RANK = 70
"""The rank of a supervisor or head (annex c)."""

OF_STAFF = ("staff-attitude", "staff-skill")


@act_rule("GC-e-15#2", actions=("assign", "escalate"))
def owner_works_in_the_department_concerned(step: Step, books: Books) -> Iterator[Text]:
    """A complaint is passed to somebody who works in the department concerned."""
    owner, department = step.new["owner"], step.new.get("department")
    if not is_staff(owner, step.at, books):
        yield text("{owner} held no post at {at}", owner=owner, at=step.at)
    elif department and step.action == "assign" and department not in books.departments(owner, step.at):
        yield text(
            "{owner} works in {departments}, the department concerned is {department}",
            owner=owner,
            departments=", ".join(sorted(books.departments(owner, step.at))),
            department=department,
        )


@act_rule("GC-g-3.1.3", actions=("assign", "escalate", "reopen"))
def limit_lies_ahead(step: Step, books: Books) -> Iterator[Text]:
    """The time limit set for a complaint lies after the moment at which it is set."""
    if "limit" in step.sets and not before(step.at, step.new["limit"]):
        yield text("limit {limit} does not lie after {at}", limit=step.new["limit"], at=step.at)


def in_charge(step: Step) -> str:
    """Return who decides the matter by this act: the owner named, or the actor where he settles it."""
    return str(step.new["owner"] if step.action in ("assign", "escalate") else step.actor)


def _lacks(person: str, posts: tuple[str, ...], at: str, books: Books) -> Iterator[Text]:
    if not books.posts(person, at) & frozenset(posts):
        yield text("{person} holds none of the posts {posts}", person=person, posts=" | ".join(posts))


@act_rule("GK-2.2.1d", actions=("assign", "escalate", "settle"))
def major_case_goes_to_the_manager(step: Step, books: Books) -> Iterator[Text]:
    """The department manager deals with major complaints."""
    if step.new.get("severity") == "major":
        posts = tuple(books.setting("complaint.major-owner", step.at))
        yield from _lacks(in_charge(step), posts, step.at, books)


def _no_judge(step: Step, books: Books) -> Iterator[Text]:
    """Say why the one in charge may not decide on a person.

    It is for the station masters; for any head where it is major or goes higher, or where nobody but the
    persons concerned holds such a post.
    """
    person = in_charge(step)
    posts = tuple(books.setting("complaint.staff-owner", step.at))
    free = set(books.holders_of(posts, step.at)) - set(step.new.get("about", ()))
    higher = step.new.get("severity") == "major" or step.action == "escalate"
    if (higher or not free) and books.rank(person, step.at) >= HEAD_RANK:
        return
    yield from _lacks(person, posts, step.at, books)


def is_about_staff(complaint: Record) -> bool:
    """Tell whether it is a complaint about a colleague, known by name or not."""
    concerns = complaint.get("subject") in OF_STAFF or bool(complaint.get("about"))
    return concerns and complaint.get("kind", "complaint") in ("complaint", "report")


@act_rule("OM-2.7.3-x4#1", actions=("assign", "escalate", "settle"))
def case_about_staff_goes_to_the_station_master(step: Step, books: Books) -> Iterator[Text]:
    """A complaint about an employee goes to the duty station master; where there is none, to a head."""
    if is_about_staff(step.new) and step.new.get("subject") != "other-customer":
        yield from _no_judge(step, books)


@act_rule("OM-2.7.3-x5", actions=("assign", "escalate", "settle", "resolve"))
def station_master_decides_between_customers(step: Step, books: Books) -> Iterator[Text]:
    """A complaint about another customer is decided by the duty station master; where there is none, by a head."""
    if step.new.get("subject") == "other-customer":
        yield from _no_judge(step, books)


@act_rule(
    "GC-d-7#2",
    "OM-2.7.3-x4#2",
    actions=(
        "assign",
        "escalate",
        "investigate",
        "settle",
        "resolve",
        "reply",
        "follow-up",
        "close",
        "acknowledge",
        "withdraw",
        "discipline",
    ),
)
def nobody_handles_a_case_about_himself(step: Step, books: Books) -> Iterator[Text]:
    """Who is complained about neither handles, investigates nor closes the case, nor is it given to him."""
    people = [step.actor, *([step.new["owner"]] if step.action in ("assign", "escalate") else ())]
    concerned = step.new.get("about", ()) if step.new.get("kind") != "praise" else ()
    for person in dict.fromkeys(people):
        if person in concerned:
            yield text("{person} is the one complained about", person=person)


@act_rule("OM-2.7.3-5#1", actions=("escalate",))
def escalation_goes_upwards(step: Step, books: Books) -> Iterator[Text]:
    """What lies beyond one's duty goes to somebody of higher rank."""
    own, other = books.rank(step.actor, step.at), books.rank(step.new["owner"], step.at)
    if other <= own:
        yield text(
            "{owner} has rank {other}, above {own} is needed", owner=step.new["owner"], other=other, own=own
        )


@act_rule("GC-g-3.1.4#1", actions=("investigate", "resolve", "settle", "pause", "resume"))
def responsible_department_handles(step: Step, books: Books) -> Iterator[Text]:
    """The owner, his department or who handles complaints investigates and solves the case."""
    owner = step.new.get("owner")
    handlers = frozenset(books.setting("complaint.handler", step.at))
    if owner is None or step.actor == owner or books.posts(step.actor, step.at) & handlers:
        return
    if not books.departments(step.actor, step.at) & books.departments(owner, step.at):
        yield text("{actor} does not work in the department of {owner}", actor=step.actor, owner=owner)
