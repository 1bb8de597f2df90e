"""Duty swaps (调班): who stands in for whom, arranged beforehand between the two and approved."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import Touch
from svcdesk.model import text
from svcdesk.rules import post_terms
from svcdesk.rules import signers

APPROVER = "duty-swap.approver"


def replaced(books: Books, old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Take down who was to stand the duty by the roster."""
    duty = books.get(sets.get("duty", ""))
    return {"person": duty["person"]} if duty is not None and "person" in duty.data else {}


def both_duties(swap: Record, books: Books) -> list[Record]:
    """Return the duties that change persons."""
    found = (books.get(swap[name]) for name in ("duty", "other") if swap.get(name))
    return [each for each in found if each is not None and each.register == "duty-roster"]


def changes(books: Books, swap: Record) -> Iterator[Touch]:
    """The substitute stands the duty; the other duty, where there is one, is stood in return."""
    pair = {"instead_of": swap.get("person"), "person": swap["substitute"]}
    turned = {"instead_of": swap["substitute"], "person": swap.get("person")}
    for name, persons in (("duty", pair), ("other", turned)):
        if swap.get(name):
            yield Touch(swap[name], "swap", {"swap": swap.id, **persons})


def needs_approval(swap: Record, books: Books) -> bool:
    """A swap is approved where the policy names approvers."""
    return bool(books.setting(APPROVER, swap.opened))


@act_rule("CS15-1.8#1", "CS1-5.3#1", "CS2-2.3.3#1", actions=("request", "agree", "approve", "settle"))
def swap_is_arranged_beforehand(step: Step, books: Books) -> Iterator[Text]:
    """A swap is arranged before either duty begins."""
    for duty in both_duties(step.new, books):
        if "begins" in duty.data and not before(step.at, duty["begins"]):
            yield text("{duty} began at {begins}", duty=duty.id, begins=duty["begins"])


@act_rule(actions=("request",))
def swap_is_asked_for_by_who_stands_the_duty(step: Step, books: Books) -> Iterator[Text]:
    """Who cannot stand the duty asks for the swap, and the other duty is the substitute's."""
    person = step.new.get("person")
    if person is None:
        yield text("{duty} was on no roster before {at}", duty=step.new["duty"], at=step.entered)
    for signer in signers(step.new, "requester") if person else ():
        if signer != person:
            yield text(
                "{signer} asks; {person} stands {duty}", signer=signer, person=person, duty=step.new["duty"]
            )
    if step.new["substitute"] == person:
        yield text("{person} cannot stand in for himself", person=person)


@act_rule("GC-a-4#3", actions=("agree",))
def substitute_agrees_himself(step: Step, books: Books) -> Iterator[Text]:
    """Nobody is swapped without his own consent: the substitute signs."""
    for signer in signers(step.new, "colleague"):
        if signer != step.new["substitute"]:
            yield text(
                "{signer} signs; the substitute is {substitute}",
                signer=signer,
                substitute=step.new["substitute"],
            )


@act_rule("GC-a-4#3", "CS15-1.8#2", actions=("settle",))
def swap_without_approval_needs_a_policy(step: Step, books: Books) -> Iterator[Text]:
    """A swap is put in force without approval only where the policy asks for none."""
    if needs_approval(step.new, books):
        posts = post_terms(books.setting(APPROVER, step.new.opened), step.at, books)
        yield text("a swap is approved by {posts}", posts=posts)


@act_rule("GC-a-4#3", actions=("correct",))
def a_swap_is_not_rewritten(step: Step, books: Books) -> Iterator[Text]:
    """What a swap changes is never corrected: it is withdrawn and asked for anew."""
    for name in ("duty", "substitute", "other"):
        if name in step.sets:
            yield text("{field}: withdraw it and ask anew, or swap the duty once more", field=name)


@state_rule()
def swap_in_force_stands_in_the_roster(swap: Record, books: Books) -> Iterator[Text]:
    """A swap in force is entered on every duty that it changes."""
    if swap.state != "approved" or swap.last("approve", "settle") is None:
        return
    for duty in both_duties(swap, books):
        if not any(act.get("sets", {}).get("swap") == swap.id for act in duty.acts):
            yield text("{duty} does not have it", duty=duty.id)


REGISTER = Register(
    name="duty-swap",
    prefix="WS",
    title="Duty swaps",
    area="duty",
    book="swap",
    columns=("id", "state", "duty", "person", "substitute", "other", "cause"),
    lines=(
        Line("requester", "who cannot stand the duty", assurance="attested"),
        Line("colleague", "substitute", clauses=("GC-a-4#3",)),
        Line(
            "approver",
            "approver",
            Who(setting=APPROVER),
            differs=("requester", "colleague"),
            clauses=("CS15-1.8#2",),
            needed=needs_approval,
        ),
    ),
    actions=(
        Action(
            "request",
            "Ask for a swap of a duty.",
            to="requested",
            needs=("duty", "substitute", "cause"),
            takes=("other",),
            signs="requester",
            clauses=("CS15-1.8#1",),
            gathers=replaced,
        ),
        Action("agree", "Agree to stand in.", to="agreed", source=("requested",), signs="colleague"),
        Action(
            "approve",
            "Approve a swap; the roster changes with it.",
            to="approved",
            source=("agreed",),
            signs="approver",
            lines=("colleague",),
            touches=changes,
        ),
        Action(
            "settle",
            "Put a swap in force where the policy asks for no approval; the roster changes with it.",
            to="approved",
            source=("agreed",),
            lines=("colleague",),
            touches=changes,
        ),
        Action(
            "refuse",
            "Refuse a swap.",
            to="refused",
            source=("requested", "agreed"),
            may=Who(setting=APPROVER),
            reason=True,
        ),
        Action(
            "withdraw",
            "Take a request for a swap back.",
            to="withdrawn",
            source=("requested", "agreed"),
            reason=True,
        ),
    ),
    rules=(
        swap_is_arranged_beforehand,
        swap_is_asked_for_by_who_stands_the_duty,
        substitute_agrees_himself,
        swap_without_approval_needs_a_policy,
        swap_in_force_stands_in_the_roster,
        a_swap_is_not_rewritten,
    ),
    settings={
        APPROVER: Setting(
            ["cs-manager"],
            "Posts that approve a duty swap; none means that colleagues arrange it among themselves.",
            ("CS15-1.8#2", "GC-a-4#3"),
        ),
    },
    final=("approved", "refused", "withdrawn"),
    computed=("person",),
)
