"""What must hold of a roster: who may stand what, one duty at a time, no day left out, no silent change. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.clock import day_later
from svcdesk.clock import minutes_between
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import post_terms
from svcdesk.rules import unknown_post
from svcdesk.rules import when

TO_STAND = ("planned", "published", "swapped", "stood")
"""States in which a person is meant to stand the duty, or has."""

ASSIGNED = ("published", "swapped", "stood", "missed")
"""States in which a duty was assigned on the published roster."""

YEARS = ("1970", "2199")
"""The first and the last year for which a roster is kept."""

LOOK_AHEAD = 31
"""Days between two published duties beyond which the roster is taken to have begun anew."""

LONGEST = 2
"""Days before and after a duty on which another may begin that meets it."""


def assigned(post: str, day: str, books: Books) -> list[Record]:
    """Return the duties of a post that are on the published roster of a day, in the order of ids."""
    found = books.find("duty-roster", date=day)
    own = [each for each in found if each["post"] == post and each.state in ASSIGNED]
    return sorted(own, key=lambda each: each.id)


def speaks_for_its_day(duty: Record, books: Books) -> bool:
    """Tell whether it is the first duty of its post and day, of a post that is stood every day."""
    daily = duty["post"] in books.setting("duty-roster.daily-posts", duty.opened)
    return daily and [each.id for each in assigned(duty["post"], duty["date"], books)][:1] == [duty.id]


def duties_near(duty: Record, books: Books) -> Iterator[Record]:
    """Yield the other duties that its person is to stand around those days."""
    if duty.state not in TO_STAND or "begins" not in duty.data:
        return
    for days in range(-LONGEST, LONGEST + 1):
        for other in books.find("duty-roster", date=day_later(duty["date"], days)):
            mine = other["person"] == duty["person"] and other.id != duty.id
            if mine and other.state in TO_STAND and "begins" in other.data:
                yield other


@act_rule(actions=("plan", "add"))
def shift_is_one_of_the_policy(step: Step, books: Books) -> Iterator[Text]:
    """A duty is on a shift that the policy knows, on a day that can be reckoned with."""
    known = books.setting("duty-roster.shifts", step.entered)
    if not YEARS[0] <= step.new["date"][:4] <= YEARS[1]:
        yield text("no roster is kept for {date}", date=step.new["date"])
    elif "begins" not in step.sets:
        yield text(
            "there is no shift {shift}; there are {shifts}",
            shift=step.new["shift"],
            shifts=tuple(Term(each, "value", "shift", "duty-roster") for each in known),
        )


@act_rule(actions=("plan", "add"))
def duty_is_in_a_post_of_the_policy(step: Step, books: Books) -> Iterator[Text]:
    """A duty is stood in a post that the policy knows."""
    yield from unknown_post(step.new["post"], step.at, books)


@act_rule("CS15-1.1", "CS15-2.6#1", actions=("plan", "add", "swap"))
def duty_is_stood_by_who_may_stand_it(step: Step, books: Books) -> Iterator[Text]:
    """A manager stands the duty: somebody who holds the post, or one that the policy lets stand it."""
    person, post = step.new["person"], step.new["post"]
    wanted = books.setting("duty-roster.eligible", step.at).get(post, [post])
    if post in books.setting("posts", step.at) and not books.posts(person, step.at) & set(wanted):
        yield text(
            "{person} may not stand {post}; it needs {posts}",
            person=person,
            post=post_terms([post], step.at, books),
            posts=post_terms(wanted, step.at, books),
        )


@state_rule()
def nobody_stands_two_duties_at_once(duty: Record, books: Books) -> Iterator[Text]:
    """A person stands one duty at a time."""
    for other in duties_near(duty, books):
        if before(other["begins"], duty["ends"]) and before(duty["begins"], other["ends"]):
            yield text(
                "{person} stands {other} from {begins} to {ends}",
                person=duty["person"],
                other=other.id,
                begins=other["begins"],
                ends=other["ends"],
            )


@state_rule(only_flags="a duty at short notice is better than none")
def people_rest_between_duties(duty: Record, books: Books) -> Iterator[Text]:
    """A person rests between two duties."""
    needed = books.setting("duty-roster.rest-minutes", duty.opened)
    for other in duties_near(duty, books):
        rest = minutes_between(other["ends"], duty["begins"])
        if 0 <= rest < needed:
            yield text(
                "{person} has {rest} minutes of rest since {other}, {needed} are needed",
                person=duty["person"],
                rest=rest,
                other=other.id,
                needed=needed,
            )


@state_rule("CS15-1.1", only_flags="a day is left out only once a later one is on the roster")
def no_day_is_left_out(duty: Record, books: Books) -> Iterator[Text]:
    """A manager stands duty every day: between the first and the last day of a roster none is left out."""
    if duty.state not in ASSIGNED or "begins" not in duty.data or not speaks_for_its_day(duty, books):
        return
    first = day_later(duty["date"], 1)
    for ahead in range(LOOK_AHEAD):
        if assigned(duty["post"], day_later(first, ahead), books):
            if ahead:
                yield text(
                    "nobody stands {post} from {first} to {last}",
                    post=duty["post"],
                    first=first,
                    last=day_later(first, ahead - 1),
                )
            return


@act_rule("GC-a-4#3", actions=("swap",))
def person_changes_by_an_approved_swap(step: Step, books: Books) -> Iterator[Text]:
    """Nobody stands in for another but by a swap that was agreed and approved."""
    swap = books.get(step.new["swap"])
    wanted = _substitution(swap, step) if swap and swap.register == "duty-swap" else None
    if wanted is None:
        yield text("{swap} is no approved swap of {duty}", swap=step.new["swap"], duty=step.new.id)
    elif wanted != (step.new["instead_of"], step.new["person"]):
        yield text(
            "by {swap} {other} stands it for {person}",
            swap=step.new["swap"],
            person=wanted[0],
            other=wanted[1],
        )
    elif step.old is not None and step.old["person"] != step.new["instead_of"]:
        yield text("{person} stands it, not {other}", person=step.old["person"], other=step.new["instead_of"])


def _substitution(swap: Record, step: Step) -> tuple[str, str] | None:
    """Return who is replaced by whom on this duty, by a swap that was in force; None where there is none."""
    done = when(swap, "approve", "settle")
    if done is None or before(step.at, done) or "person" not in swap.data:
        return None
    pair = swap["person"], swap["substitute"]
    return {swap["duty"]: pair, swap.get("other"): pair[::-1]}.get(step.new.id)


@act_rule("GC-a-4#3", actions=("correct",))
def a_duty_is_not_rewritten(step: Step, books: Books) -> Iterator[Text]:
    """Who stands a duty, and when, is never corrected: it is swapped, or cancelled and entered anew."""
    for name in ("date", "shift", "post", "person", "instead_of", "swap", "log"):
        if name in step.sets:
            yield text("{field}: swap the duty, or cancel it and enter it anew", field=name)


@act_rule(actions=("cancel",))
def duty_is_cancelled_beforehand(step: Step, books: Books) -> Iterator[Text]:
    """A duty is cancelled before it begins."""
    if "begins" in step.new.data and not before(step.at, step.new["begins"]):
        yield text("it began at {begins}; it was stood, or missed for a reason", begins=step.new["begins"])


@act_rule(actions=("stand", "miss"))
def outcome_follows_the_beginning(step: Step, books: Books) -> Iterator[Text]:
    """A duty is stood or missed once it has begun."""
    if step.sets.get("log") is None and before(step.at, step.new.get("begins", step.at)):
        yield text("it begins only at {begins}", begins=step.new["begins"])


@act_rule(actions=("stand",))
def log_is_that_of_the_duty(step: Step, books: Books) -> Iterator[Text]:
    """The log that shows a duty stood is its own."""
    log = books.get(step.sets.get("log", ""))
    if log is not None and log.get("duty") != step.new.id:
        yield text("{log} is of {duty}", log=log.id, duty=log.get("duty"))


RULES = (
    shift_is_one_of_the_policy,
    duty_is_in_a_post_of_the_policy,
    duty_is_stood_by_who_may_stand_it,
    nobody_stands_two_duties_at_once,
    people_rest_between_duties,
    no_day_is_left_out,
    person_changes_by_an_approved_swap,
    a_duty_is_not_rewritten,
    duty_is_cancelled_beforehand,
    outcome_follows_the_beginning,
    log_is_that_of_the_duty,
)
