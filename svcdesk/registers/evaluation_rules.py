"""The rules of scoring and signing: who scores whom, by what, and what a result leads to. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import instant
from svcdesk.decimals import hundredths
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.periods import cycle_of
from svcdesk.periods import first_day
from svcdesk.periods import following
from svcdesk.periods import period_of
from svcdesk.registers.evaluation_evidence import bearing_kinds
from svcdesk.registers.evaluation_evidence import bounds
from svcdesk.registers.evaluation_evidence import contradictions
from svcdesk.registers.evaluation_formulas import part
from svcdesk.rules import entered_at
from svcdesk.rules import is_above
from svcdesk.rules import value_at
from svcdesk.rules import when
from svcdesk.sanctions import NONE
from svcdesk.sanctions import severity

SCORES = ("self_scores", "superior_scores")
ENTERED = (*SCORES, "questionnaires")
PARTS = (
    ("self_result", text("the person enters it with score --self")),
    ("superior_result", text("the superior enters it with score --superior")),
    ("customer_result", text("no case was followed up in the period; score --questionnaire enters it")),
)
"""Parts of a result, and how each comes about."""


def _field(name: str) -> Term:
    return Term(name, "field", register="evaluation")


def _indicator(name: str) -> Term:
    return Term(name, "value", "indicators.indicator", "evaluation")


def last_scored(evaluation: Record, name: str) -> str:
    """Return who last entered a part's scores, or an empty string."""
    acts = (act for act in reversed(evaluation.acts) if name in act.get("sets", {}))
    return next((str(act["by"]) for act in acts), "")


@act_rule(actions=("open",))
def one_evaluation_per_period(step: Step, books: Books) -> Iterator[Text]:
    """A person is evaluated once for a period."""
    for other in books.find("evaluation", person=step.new["person"]):
        if other["period"] == step.new["period"] and other.id < step.new.id and other.state != "void":
            yield text("{period} is evaluated already: {record}", period=other["period"], record=other.id)


@act_rule("GK-6.2#3", actions=("open",))
def cycle_is_kept_here(step: Step, books: Books) -> Iterator[Text]:
    """People are evaluated for the cycles of the desk."""
    cycles = books.setting("evaluation.cycles", step.at)
    if cycle_of(step.new["period"]) not in cycles:
        period = step.new["period"]
        yield text("{period}: the desk evaluates for each {cycles}", period=period, cycles=tuple(cycles))


@act_rule(actions=("open",))
def period_has_begun(step: Step, books: Books) -> Iterator[Text]:
    """A period is evaluated once it has begun."""
    since, _until = bounds(step.new["period"], books)
    if before(step.at, since):
        yield text("{period} begins at {since}", period=step.new["period"], since=since)


@act_rule(actions=("open",))
def post_has_indicators(step: Step, books: Books) -> Iterator[Text]:
    """The policy has a set of indicators for the person's post."""
    if "post" not in step.new.data:
        yield text("{person} was not on the books before {at}", person=step.new["person"], at=step.entered)
    elif not step.new.get("indicators"):
        yield text("there are no indicators for {post}", post=step.new["post"])


@act_rule(actions=("open",))
def person_held_a_post_then(step: Step, books: Books) -> Iterator[Text]:
    """A person is evaluated for a period in which he held a post, or for the last one before the desk began."""
    person, period = books.get(step.new["person"]), step.new["period"]
    terms = value_at(person, "posts", step.entered) if person else None
    if person is None or not terms:
        return
    since, until = bounds(period, books)
    held = [each for each in terms if before(each["from"], until) and before(since, each.get("until", until))]
    left = when(person, "leave")
    began = min((entered_at(each.acts[0]) for each in books.find("staff")), key=instant)
    if following(period) != period_of(began, cycle_of(period)) and (
        not held or (left is not None and before(left, since))
    ):
        yield text("{person} held no post in {period}", person=person.id, period=period)


@act_rule(actions=("score",))
def nobody_evaluates_himself(step: Step, books: Books) -> Iterator[Text]:
    """The person enters the self part and nothing else; the others enter everything else."""
    own = step.actor == step.new["person"]
    for name in (each for each in ENTERED if each in step.sets):
        if own and name != "self_scores":
            yield text("{actor} cannot evaluate himself", actor=step.actor)
        elif not own and name == "self_scores":
            yield text("the self part is entered by {person}", person=step.new["person"])


@act_rule(actions=("score",))
def superior_part_comes_from_above(step: Step, books: Books) -> Iterator[Text]:
    """The superior's part is scored by somebody above the person."""
    person = step.new["person"]
    by_another = "superior_scores" in step.sets and step.actor != person
    if by_another and not is_above(step.actor, person, step.at, books):
        yield text("{actor} is not above {person}", actor=step.actor, person=person)


@act_rule(actions=("score",))
def something_is_entered(step: Step, books: Books) -> Iterator[Text]:
    """A score brings the scores of a part, or questionnaires."""
    if not step.sets.keys() & set(ENTERED):
        yield text("no scores are given; --self, --superior or --questionnaire brings them")


@act_rule(actions=("score", "decide"))
def every_indicator_is_scored_once(step: Step, books: Books) -> Iterator[Text]:
    """A part has one score for every indicator of the post, and for no other."""
    indicators = step.new.get("indicators", [])
    known = [each["indicator"] for each in indicators]
    for name in (each for each in SCORES if each in step.sets):
        rows = step.sets[name]
        named = [row.get("indicator", "") for row in rows]
        for each in dict.fromkeys(named):
            if each and each not in known:
                yield text(
                    "{indicator} is none of {known}", indicator=each, known=tuple(map(_indicator, known))
                )
            elif named.count(each) > 1:
                yield text("{indicator} is scored twice", indicator=_indicator(each or "-"))
        if part(rows, indicators) is None:
            missing = tuple(_indicator(each) for each in known if each not in named)
            yield text("no score for {missing}", missing=missing)


@act_rule(actions=("score", "sign", "decide"))
def score_against_the_evidence_has_a_note(step: Step, books: Books) -> Iterator[Text]:
    """A score that contradicts the evidence listed has a note that says why."""
    sheet, limits = step.new, books.setting("evaluation.contradiction", step.at)
    noted = _noted(sheet, step.actor)
    kinds, listed = bearing_kinds(sheet, books), sheet.get("evidence", ())
    for name in SCORES if step.action == "score" else SCORES[1:]:
        rows = sheet.get(name, ()) if step.action == "sign" else step.sets.get(name, ())
        for each in contradictions(rows, listed, kinds, limits):
            if each.indicator not in noted:
                yield text(
                    "{indicator} {score} contradicts {record}; a note is needed that says why",
                    indicator=_indicator(each.indicator),
                    score=each.score,
                    record=each.record,
                )


def _noted(sheet: Record, person: str) -> set[str]:
    """Return the indicators that a person has written a note about."""
    written = (act["sets"].get("notes", ()) for act in sheet.acts if act["by"] == person and "sets" in act)
    return {note.get("indicator", "") for notes in written for note in notes}


@act_rule("GK-6.3.4", actions=("sign",))
def result_has_all_three_parts(step: Step, books: Books) -> Iterator[Text]:
    """The result is composed of the self, the superior's and the customers' part; none may be missing."""
    for name, how in PARTS:
        if name not in step.new.data:
            yield text("{part} is missing; {how}", part=_field(name), how=how)


@act_rule(actions=("sign",))
def superior_has_scored(step: Step, books: Books) -> Iterator[Text]:
    """The one who scored the superior's part signs it."""
    scorer = last_scored(step.new, "superior_scores")
    if not scorer:
        yield text("the superior's part has no scores; score --superior enters them")
    elif step.actor != scorer:
        yield text("the superior's part was scored by {scorer}", scorer=scorer)


@act_rule(actions=("sign",))
def period_is_nearly_over(step: Step, books: Books) -> Iterator[Text]:
    """A period is evaluated at its end; that of somebody who has left, at once."""
    person, days = step.new["person"], int(books.setting("evaluation.earliest-days", step.at))
    earliest = books.wall_time(day_later(first_day(following(step.new["period"])), -days), "00:00")
    if before(step.at, earliest) and books.posts(person, step.at):
        yield text("{period} can be signed from {earliest}", period=step.new["period"], earliest=earliest)


@act_rule("SQ-staff-2.2#2", actions=("sign", "decide"))
def low_result_gets_coaching(step: Step, books: Books) -> Iterator[Text]:
    """Who is below the standard gets coaching and training."""
    yield from _coached(step, "composite", int(books.setting("evaluation.standard", step.at)))


@act_rule("GC-e-23", actions=("sign", "decide"))
def low_satisfaction_gets_training(step: Step, books: Books) -> Iterator[Text]:
    """Where customers are little satisfied, training and coaching go on until the requirement is met."""
    least = int(books.setting("evaluation.satisfaction-standard", step.at))
    yield from _coached(step, "customer_result", least)


def _coached(step: Step, name: str, least: int) -> Iterator[Text]:
    result = step.new.get(name)
    if result is None or hundredths(result) >= 100 * least:
        return
    until = step.new.get("coaching_until", "")
    if until and until <= day_of(step.at):
        yield text("coaching until {until} cannot help any more", until=until)
    elif not until or "coaching" not in step.new.data:
        yield text(
            "{result} is less than {least}; coaching and the day by which it is to help are needed",
            result=result,
            least=least,
        )


@act_rule("SQ-staff-2.2#3", actions=("sign", "decide"))
def repeated_failure_leads_to_action(step: Step, books: Books) -> Iterator[Text]:
    """Who is below the standard several times in a row faces action, up to the end of the contract."""
    most = int(books.setting("evaluation.failures", step.at))
    count = step.new.get("failures", 0)
    person, measure = step.new["person"], step.new.get("measure", "")
    if most and count >= most and severity(measure, person, step.entered, books) == NONE:
        yield text(
            "{count} periods in a row below the standard; from {most} on a measure against {person} is needed",
            count=count,
            most=most,
            person=person,
        )


@act_rule(actions=("correct",))
def evaluation_is_not_corrected(step: Step, books: Books) -> Iterator[Text]:
    """An evaluation is not corrected: until it is signed scores are entered anew; then a note or an appeal says it."""
    if step.old is not None and step.old.state == "opened":
        yield text(
            "what score enters anew takes the place of what was there; a wrong person or period is voided"
        )
    else:
        yield text("{record} is signed; a note or an appeal says what is wrong", record=step.new.id)
