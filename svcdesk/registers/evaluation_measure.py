"""Rewards, punishments, appointments and removals (奖罚方案): proposed from above, carried out once approved."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.declared import Action
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import is_above
from svcdesk.rules import signers
from svcdesk.sanctions import PUNISHMENTS
from svcdesk.sanctions import REWARDS

APPROVER = Who(setting="evaluation-measure.approver")


def needs_approval(measure: Record, books: Books) -> bool:
    """A plan is approved unless its kind needs no approval, or an approver has drawn it up himself."""
    if measure["kind"] in books.setting("evaluation-measure.unapproved", measure.opened):
        return False
    approvers = frozenset(books.setting("evaluation-measure.approver", measure.opened))
    return not any(books.posts(each, measure.opened) & approvers for each in signers(measure, "proposer"))


def merit(measure: Record) -> Iterator[Merit]:
    """What was carried out speaks for the person, or against him."""
    done = measure.last("carry-out")
    if done and measure.get("person"):
        if measure["kind"] in REWARDS:
            yield Merit(measure["person"], "praise", done["at"], measure.id)
        elif measure["kind"] in PUNISHMENTS:
            yield Merit(measure["person"], "punishment", done["at"], measure.id)


@state_rule()
def measure_is_for_a_person_or_a_team(measure: Record, books: Books) -> Iterator[Text]:
    """A measure is for one person, or for one department."""
    if ("person" in measure.data) == ("team" in measure.data):
        yield text("either person or team is needed")


@state_rule("GC-j-5.2")
def result_is_the_persons_own(measure: Record, books: Books) -> Iterator[Text]:
    """A measure rests on an evaluation of the same person."""
    result = books.get(measure.get("evaluation", ""))
    if result is not None and result.get("person") != measure.get("person"):
        yield text("{record} evaluates {person}", record=result.id, person=result.get("person", "-"))


@act_rule(actions=("propose",))
def measure_comes_from_above(step: Step, books: Books) -> Iterator[Text]:
    """Rewards and punishments are proposed by somebody above the person."""
    person = step.new.get("person")
    if person and not is_above(step.actor, person, step.at, books):
        yield text("{actor} is not above {person}", actor=step.actor, person=person)


@act_rule("GC-u-7.13", actions=("propose",))
def supervising_gives_no_power_to_punish(step: Step, books: Books) -> Iterator[Text]:
    """Floor directors supervise without administrative power: they propose no punishment."""
    powerless = frozenset(books.setting("evaluation.no-power", step.at))
    if step.new["kind"] in PUNISHMENTS and books.posts(step.actor, step.at) <= powerless:
        yield text("{actor} has no administrative power", actor=step.actor)


REGISTER = Register(
    name="evaluation-measure",
    prefix="EM",
    title="Rewards and punishments",
    area="evaluation",
    book="measure",
    columns=("id", "state", "kind", "person", "team", "evaluation"),
    lines=(
        Line("proposer", "proposer"),
        Line(
            "approver",
            "approver",
            APPROVER,
            differs=("proposer",),
            clauses=("CS8-2.1.5#2",),
            needed=needs_approval,
        ),
    ),
    actions=(
        Action(
            "propose",
            "Propose a reward, a punishment, an appointment or a removal.",
            to="proposed",
            needs=("kind", "grounds"),
            takes=("person", "team", "plan", "amount", "evaluation", "complaint"),
            signs="proposer",
        ),
        Action("approve", "Approve the plan.", to="approved", source=("proposed",), signs="approver"),
        Action("refuse", "Refuse the plan.", to="refused", source=("proposed",), may=APPROVER, reason=True),
        Action(
            "withdraw",
            "Take the plan back.",
            to="withdrawn",
            source=("proposed", "approved"),
            reason=True,
        ),
        Action(
            "carry-out",
            "Enter that the plan has been carried out.",
            to="carried-out",
            source=("proposed", "approved"),
            needs=("done",),
            lines=("approver",),
        ),
    ),
    rules=(
        measure_is_for_a_person_or_a_team,
        result_is_the_persons_own,
        measure_comes_from_above,
        supervising_gives_no_power_to_punish,
    ),
    feeds=Feeds(merit=merit),
    settings={
        "evaluation-measure.approver": Setting(
            ["general-manager"],
            "Posts that approve rewards and punishments before they are carried out.",
            ("CS8-2.1.5#2", "GC-u-6.1#3"),
        ),
        "evaluation-measure.unapproved": Setting(
            ["praise", "criticism", "verbal-warning", "referral"],
            "Kinds of measure that are taken without approval.",
        ),
    },
    final=("refused", "withdrawn", "carried-out"),
)
