"""To whom a complaint may go, and who may have a hand in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.complaint_handling import HEAD_RANK
from svcdesk.registers.complaint_handling import PASSES_ON
from svcdesk.registers.complaint_handling import concerned
from svcdesk.registers.complaint_rules import SEVERITIES
from svcdesk.rules import is_staff
from svcdesk.rules import post_terms

OF_STAFF = ("staff-attitude", "staff-skill")


@act_rule("GC-e-15#2", actions=PASSES_ON)
def owner_works_in_the_department_concerned(step: Step, books: Books) -> Iterator[Text]:
    """A complaint is passed to somebody who works in the department concerned, then and still when it is entered."""
    owner, department = step.new.get("owner"), step.new.get("department")
    gone = [at for at in dict.fromkeys((step.at, step.entered)) if owner and not is_staff(owner, at, books)]
    if gone:
        yield text("{owner} held no post at {at}", owner=owner, at=gone[0])
    elif (
        department
        and step.action == "assign"
        and department not in books.departments(step.new["owner"], step.at)
    ):
        yield text(
            "{owner} works in {departments}, the department concerned is {department}",
            owner=owner,
            departments=", ".join(sorted(books.departments(step.new["owner"], step.at))),
            department=department,
        )


def in_charge(step: Step) -> str:
    """Return who decides the matter by this act: the owner named, or the actor where he settles it."""
    return str(step.new["owner"] if step.action in PASSES_ON else step.actor)


def gravest(step: Step) -> str:
    """Return the graver of the severities before and after an act: it is not lowered to pass a matter on."""
    known = [each.get("severity", SEVERITIES[0]) for each in (step.old, step.new) if each is not None]
    return str(max(known, key=SEVERITIES.index))


def _gives_nobody(step: Step) -> bool:
    """Tell whether an act takes the matter up again and leaves it with its owner."""
    return step.action == "reopen" and "owner" not in step.sets


def _lacks(person: str, posts: tuple[str, ...], at: str, books: Books) -> Iterator[Text]:
    if not books.posts(person, at) & frozenset(posts):
        wanted = post_terms(posts, at, books)
        yield text("{person} holds none of the posts {posts}", person=person, posts=wanted)


@act_rule("GK-2.2.1d", actions=(*PASSES_ON, "settle"))
def major_case_goes_to_the_manager(step: Step, books: Books) -> Iterator[Text]:
    """The department manager deals with major complaints, and says when one is major no longer."""
    if gravest(step) != "major" or _gives_nobody(step):
        return
    posts = tuple(books.setting("complaint.major-owner", step.at))
    lowers = step.new.get("severity") != "major"
    for person in dict.fromkeys((in_charge(step), *([step.actor] if lowers else ()))):
        yield from _lacks(person, posts, step.at, books)


def _no_judge(step: Step, books: Books) -> Iterator[Text]:
    """Say why the one in charge may not decide on a person.

    It is for the station masters; for any head where it is major or goes higher, or where nobody but the
    persons concerned holds such a post.
    """
    person = in_charge(step)
    posts = tuple(books.setting("complaint.staff-owner", step.at))
    free = set(books.holders_of(posts, step.at)) - set(concerned(step))
    higher = step.new.get("severity") == "major" or step.action == "escalate"
    if (higher or not free) and books.rank(person, step.at) >= HEAD_RANK:
        return
    yield from _lacks(person, posts, step.at, books)


def is_about_staff(complaint: Record) -> bool:
    """Tell whether it is a complaint about a colleague, known by name or not."""
    concerns = complaint.get("subject") in OF_STAFF or bool(complaint.get("about"))
    return concerns and complaint.get("kind", "complaint") in ("complaint", "report")


@act_rule("OM-2.7.3-x4#1", actions=(*PASSES_ON, "settle"))
def case_about_staff_goes_to_the_station_master(step: Step, books: Books) -> Iterator[Text]:
    """A complaint about an employee goes to the duty station master; where there is none, to a head."""
    about_staff = is_about_staff(step.new) or (step.old is not None and is_about_staff(step.old))
    if about_staff and step.new.get("subject") != "other-customer" and not _gives_nobody(step):
        yield from _no_judge(step, books)


@act_rule("OM-2.7.3-x5", actions=(*PASSES_ON, "settle", "resolve"))
def station_master_decides_between_customers(step: Step, books: Books) -> Iterator[Text]:
    """A complaint about another customer is decided by the duty station master; where there is none, by a head."""
    if step.new.get("subject") == "other-customer" and not _gives_nobody(step):
        yield from _no_judge(step, books)
