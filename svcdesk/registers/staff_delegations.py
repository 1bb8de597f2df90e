"""Powers delegated to a deputy for a time, by the person whose powers they are."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.staff_rules import KEEPER
from svcdesk.registers.staff_terms import emptied
from svcdesk.registers.staff_terms import ended
from svcdesk.registers.staff_terms import in_force
from svcdesk.registers.staff_terms import known


def lend(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Add the delegation entered to those given."""
    if not {"to", "ends", "range"} <= sets.keys():
        return {}
    grant = known({"to": sets["to"]}, sets, post="power")
    term = {"from": sets.get("begins") or at, "until": sets["ends"], "range": sets["range"]}
    given = list(old.get("delegations", ())) if old else []
    return {"delegations": [*given, {**grant, **term}], **emptied(old, sets, "power", "begins")}


def recall(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """End every delegation to the deputy entered."""
    given = old.get("delegations", ()) if old else ()
    return {"delegations": [ended(each, at) if each["to"] == sets.get("to") else each for each in given]}


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
    own = [each["post"] for each in step.new.get("posts", ()) if in_force(each, step.entered)]
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
