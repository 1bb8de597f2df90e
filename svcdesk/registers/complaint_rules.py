"""What must hold when a complaint is taken in, passed on, solved, answered and closed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from svcdesk.clock import before
from svcdesk.clock import minutes_between
from svcdesk.model import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import act_rule
from svcdesk.model import state_rule
from svcdesk.model import text
from svcdesk.registers.complaint_clock import is_reachable
from svcdesk.registers.complaint_clock import is_waiting
from svcdesk.rules import is_staff
from svcdesk.rules import when

SEVERITIES = ("ordinary", "urgent", "complex", "major")
"""From the least to the gravest: whoever may decide on one may decide on those before it."""

HEAD_RANK = 70
"""The rank of a supervisor or head (annex c)."""

OF_STAFF = ("staff-attitude", "staff-skill")


@act_rule("GC-e-15#1", actions=("open",))
def complaint_is_entered_on_receipt(step: Step, books: Books) -> Iterator[Text]:
    """A complaint is recorded as soon as it is received; who enters it later says why."""
    minutes = minutes_between(step.at, step.entered)
    limit = books.setting("complaint.entry-minutes", step.at)
    if minutes > limit and not step.act.get("reason"):
        yield text(
            "entered {minutes} minutes after receipt, the limit is {limit}; a reason is needed",
            minutes=minutes,
            limit=limit,
        )


@act_rule("GC-g-3.1.2", actions=("open",))
def complainant_can_be_reached(step: Step, books: Books) -> Iterator[Text]:
    """Contact details are entered with a complaint, unless the complainant stays unknown."""
    new = step.new
    known = books.get(new["customer"]) if new.get("customer") else None
    reached = new.get("contact") or new.get("reported_by") or (known and known.get("contact"))
    if new["reporter"] != "anonymous" and not reached:
        yield text("no contact of the complainant; open needs contact, or the reporter anonymous")


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


@act_rule("OM-2.7.3-4#3", "OM-2.7.3-P3", actions=("resolve", "settle"))
def root_cause_is_found(step: Step, books: Books) -> Iterator[Text]:
    """A complaint is solved only once its root cause has been found, so that measures can follow from it."""
    if not step.new.get("root_cause"):
        yield text("no root cause; {action} needs root_cause", action=step.action)


@act_rule("OM-2.7.2#1", actions=("settle", "resolve"))
def handler_is_empowered(step: Step, books: Books) -> Iterator[Text]:
    """Only who is on the delegation list settles a complaint on the spot or grants compensation, within its range."""
    amount = Decimal(step.new.get("compensation", "0"))
    if step.action == "resolve" and "compensation" not in step.sets:
        return
    severity = step.new.get("severity", "ordinary") if step.action == "settle" else SEVERITIES[0]
    table = books.setting("complaint.delegation", step.at)
    ranges = [table[post] for post in sorted(books.posts(step.actor, step.at)) if post in table]
    if not ranges:
        yield text("{actor} is not on the delegation list", actor=step.actor)
    elif not any(_within(each, severity, amount) for each in ranges):
        yield text(
            "severity {severity}, compensation {amount}; {actor} may decide up to {range}",
            severity=severity,
            amount=str(amount),
            actor=step.actor,
            range=" | ".join(f"{each['severity']} {each.get('compensation', '∞')}" for each in ranges),
        )


def _within(granted: dict[str, Any], severity: str, amount: Decimal) -> bool:
    most = granted.get("compensation")
    grave = SEVERITIES.index(severity) <= SEVERITIES.index(granted["severity"])
    return grave and (most is None or amount <= most)


@act_rule("OM-2.7.3-7", actions=("settle",))
def escalated_case_is_investigated(step: Step, books: Books) -> Iterator[Text]:
    """An escalated matter is investigated, never settled on the spot."""
    at = when(step.new, "escalate")
    if at:
        yield text("escalated at {at}; investigate and resolve are needed", at=at)


@act_rule(actions=("pause", "resume"))
def clock_stands_still_once(step: Step, books: Books) -> Iterator[Text]:
    """The clock stands still only while we wait for the customer."""
    waiting = step.old is not None and is_waiting(step.old)
    if step.action == "pause" and waiting:
        yield text("the clock stands still already; resume comes first")
    if step.action == "resume" and not waiting:
        yield text("the clock is running; there is nothing to resume")


@act_rule("SQ-sup-1.2#3", "GC-e-17#1", "GC-e-16#2", actions=("close",))
def outcome_is_told_before_closing(step: Step, books: Books) -> Iterator[Text]:
    """The outcome is told to the complainant before the case is closed."""
    if _untold(step):
        yield text("the complainant has not been told; reply comes first")


def _untold(step: Step) -> bool:
    return step.old is not None and step.old.state == "resolved" and is_reachable(step.new)


@act_rule("GC-g-3.1.5", actions=("close",))
def follow_up_comes_before_closing(step: Step, books: Books) -> Iterator[Text]:
    """A case is closed only after a follow-up call has shown that the problem is thoroughly solved."""
    if step.old is None or _untold(step) or not is_reachable(step.new):
        return
    if step.old.state != "followed-up":
        yield text("no follow-up call since the reply; follow-up comes first")
    elif step.new.get("satisfied") == "no":
        yield text("the complainant is not satisfied; reopen comes first")


@act_rule("OM-2.7.2#2", actions=("close",))
def delegate_reports_before_closing(step: Step, books: Books) -> Iterator[Text]:
    """Who settled a complaint on the spot has reported it to the head before it is closed."""
    if owes_report(step.new):
        yield text("settled at {at} and not reported; tell-head comes first", at=when(step.new, "settle"))


def owes_report(complaint: Record) -> bool:
    """Tell whether a case settled on the spot by delegated power is still to be reported."""
    settled, told = when(complaint, "settle"), when(complaint, "tell-head")
    return settled is not None and (told is None or before(told, settled))


@act_rule("GC-q-7.3", actions=("acknowledge",))
def complaint_is_not_just_acknowledged(step: Step, books: Books) -> Iterator[Text]:
    """Only praise and suggestions are closed with an acknowledgement."""
    if step.new.get("kind") not in ("praise", "suggestion"):
        yield text("{record} is a {kind}; it has to be solved", record=step.new.id, kind=step.new.get("kind"))


@state_rule("OM-2.7.4#2")
def repeats_form_no_loop(complaint: Record, books: Books) -> Iterator[Text]:
    """A complaint repeats an earlier one, never itself or one that repeats it."""
    seen = {complaint.id}
    link = complaint.get("repeat_of")
    while link:
        if link in seen:
            yield text("{record} is among those that it repeats", record=link)
            return
        seen.add(link)
        earlier = books.get(link)
        link = earlier.get("repeat_of") if earlier else None


@state_rule(only_flags="books taken over from elsewhere hold such rows, and none may be lost")
def times_follow_receipt(complaint: Record, books: Books) -> Iterator[Text]:
    """A complaint is solved and closed after it was received."""
    for name in ("solved", "closed"):
        if complaint.get(name) and before(complaint[name], complaint["received"]):
            yield text(
                "{field} {time} lies before received {received}",
                field=name,
                time=complaint[name],
                received=complaint["received"],
            )
