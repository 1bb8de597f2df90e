"""Who may have a hand in a complaint: nobody whom it is about, and nobody whom it does not concern. Pure."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.feeds import Books
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text

HEAD_RANK = 70
"""The rank of a supervisor or head (annex c)."""

PASSES_ON = ("assign", "escalate", "reopen")
"""Acts that say who has the matter in hand."""


def concerned(step: Step) -> Collection[str]:
    """Return who is complained about, before an act or after it: taking a name out clears nobody by itself."""
    forms = [each for each in (step.old, step.new) if each is not None and each.get("kind") != "praise"]
    return list(dict.fromkeys(person for each in forms for person in each.get("about", ())))


@act_rule(
    "GC-d-7#2",
    "OM-2.7.3-x4#2",
    actions=(
        "contact",
        "assign",
        "pause",
        "resume",
        "escalate",
        "investigate",
        "settle",
        "resolve",
        "reply",
        "follow-up",
        "close",
        "reopen",
        "acknowledge",
        "withdraw",
        "link",
        "discipline",
        "discuss",
        "correct",
        "void",
    ),
)
def nobody_handles_a_case_about_himself(step: Step, books: Books) -> Iterator[Text]:
    """Who is complained about neither handles, changes nor closes the case, nor is it given to him."""
    given = step.sets.get("owner") if step.action in PASSES_ON else None
    for person in dict.fromkeys((step.actor, given)):
        if person in concerned(step):
            yield text("{person} is the one complained about", person=person)


@act_rule("OM-2.7.3-5#1", actions=("escalate",))
def escalation_goes_upwards(step: Step, books: Books) -> Iterator[Text]:
    """What lies beyond one's duty goes to somebody of higher rank."""
    own, other = books.rank(step.actor, step.at), books.rank(step.new["owner"], step.at)
    if other <= own:
        yield text(
            "{owner} has rank {other}, above {own} is needed", owner=step.new["owner"], other=other, own=own
        )


def _handles(step: Step, books: Books) -> bool:
    """Tell whether the actor has the matter in hand: its owner, who handles complaints, or a head."""
    if step.actor == step.new.get("owner") or books.rank(step.actor, step.at) >= HEAD_RANK:
        return True
    return bool(books.posts(step.actor, step.at) & frozenset(books.setting("complaint.handler", step.at)))


@act_rule("GC-g-3.1.4#1", actions=("investigate", "resolve", "settle", "pause", "resume"))
def responsible_department_handles(step: Step, books: Books) -> Iterator[Text]:
    """The owner, somebody above him in his department or who handles complaints investigates and solves the case."""
    owner = step.new.get("owner")
    if step.action == "settle" and owner is None:
        return  # whoever may settle it on the spot is on the delegation list
    if _handles(step, books) or (owner and _is_above(step.actor, owner, step.at, books)):
        return
    if owner is None:
        yield text("{actor} does not handle complaints; assign comes first", actor=step.actor)
    else:
        yield text("{actor} does not answer for the case of {owner}", actor=step.actor, owner=owner)


def _is_above(person: str, owner: str, at: str, books: Books) -> bool:
    together = books.departments(person, at) & books.departments(owner, at)
    return bool(together) and books.rank(person, at) > books.rank(owner, at)


@act_rule("GC-g-3.1.4#1", actions=("reply",))
def outcome_is_told_by_who_handles_the_case(step: Step, books: Books) -> Iterator[Text]:
    """The outcome is told by the owner, by who handles complaints, or by a head."""
    if not _handles(step, books):
        yield text("{actor} neither owns the case nor handles complaints", actor=step.actor)


HANDLING_RULES = (
    nobody_handles_a_case_about_himself,
    escalation_goes_upwards,
    responsible_department_handles,
    outcome_is_told_by_who_handles_the_case,
)
