"""The rules of the ten-point table: what each event costs, on what it rests, and who decides. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import day_of
from svcdesk.clock import instant
from svcdesk.decimals import from_tenths
from svcdesk.decimals import tenths
from svcdesk.feeds import Books
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.evaluation_points_table import cost
from svcdesk.rules import entered_at
from svcdesk.rules import is_above
from svcdesk.rules import value_at


def _misfit(step: Step, books: Books, *codes: str) -> Iterator[Text]:
    """Yield what an event of these codes costs by the table, where something else is entered."""
    event, at = step.new, step.at
    if event["code"] not in codes or "occurrence" not in event.data:
        return
    row = books.setting("evaluation-points.table", at)[event["code"]]
    wanted = cost(row, event["occurrence"], books.setting("evaluation-points.steps", at))
    given = event.get("points", "0")
    if wanted is not None and tenths(given) != wanted:
        yield text(
            "{points} points; the table says {wanted} for number {count} in {month}",
            points=given,
            wanted=from_tenths(wanted),
            count=event["occurrence"],
            month=event["month"],
        )


def _steps(step: Step, books: Books) -> list[int]:
    """Return at which counts the table takes a step for the event's code."""
    row = books.setting("evaluation-points.table", step.at)[step.new["code"]]
    return [int(each["count"]) for each in row.get("steps", ())]


@act_rule("CS1-5.1#2", "CS2-2.3.1#2", actions=("confirm",))
def forgotten_sign_in_is_a_swap_day(step: Step, books: Books) -> Iterator[Text]:
    """A forgotten signature in the attendance book is booked as a swap day and costs no points."""
    yield from _misfit(step, books, "forgot-sign-in")
    if step.new["code"] == "forgot-sign-in" and not step.new.get("swap_day"):
        yield text("the day is not booked as a swap day")


@act_rule("CS1-5.2#1", "CS2-2.3.2#1", actions=("confirm",))
def lateness_costs_half_a_point(step: Step, books: Books) -> Iterator[Text]:
    """Each lateness costs half a point."""
    yield from _misfit(step, books, "late")


@act_rule("CS1-5.2#2", "CS2-2.3.2#2", actions=("confirm",))
def more_than_half_an_hour_is_absence(step: Step, books: Books) -> Iterator[Text]:
    """Who is more than thirty minutes late is absent, which costs two points each."""
    most, minutes = int(books.setting("evaluation-points.late-minutes", step.at)), step.new.get("minutes")
    yield from _misfit(step, books, "absence")
    if step.new["code"] == "late" and minutes is None:
        yield text("the minutes are needed; more than {most} are absence", most=most)
    elif step.new["code"] == "late" and minutes > most:
        yield text("{minutes} minutes late; more than {most} are absence", minutes=minutes, most=most)


@act_rule("CS1-5.2#4", "CS2-2.3.2#4", actions=("confirm",))
def resting_unasked_is_absenteeism(step: Step, books: Books) -> Iterator[Text]:
    """Resting without asking is absenteeism, which costs five points each."""
    yield from _misfit(step, books, "unasked-rest")


@act_rule("CS1-5.2#6", "CS2-2.3.2#6", actions=("confirm",))
def leave_beyond_the_swap_days_is_absence(step: Step, books: Books) -> Iterator[Text]:
    """Each leave beyond four swap days in the month is deducted as an absence."""
    yield from _misfit(step, books, "leave")


@act_rule("CS1-5.3#2", "CS2-2.3.3#2", actions=("confirm",))
def leaving_the_post_is_absenteeism(step: Step, books: Books) -> Iterator[Text]:
    """Leaving one's post without an arranged swap is treated as absenteeism."""
    yield from _misfit(step, books, "left-post")


@act_rule("CS1-5.4#2", "CS2-2.3.4#2", actions=("confirm",))
def third_time_not_online_costs_five(step: Step, books: Books) -> Iterator[Text]:
    """Not logged in online three times in the month without special reason costs five points."""
    yield from _misfit(step, books, "not-online")


@act_rule("CS1-5.5#2", "CS2-2.3.5#2", actions=("confirm",))
def third_missed_call_costs_five(step: Step, books: Books) -> Iterator[Text]:
    """Three complaints in the month about missed calls or messages cost five points."""
    if step.new["code"] == "missed-call" and not _is_later_step(step, books):
        yield from _misfit(step, books, "missed-call")


@act_rule("CS1-5.5#3", "CS2-2.3.5#3", actions=("confirm",))
def fifth_missed_call_costs_ten(step: Step, books: Books) -> Iterator[Text]:
    """Five complaints in the month about missed calls or messages cost ten points."""
    if step.new["code"] == "missed-call" and _is_later_step(step, books):
        yield from _misfit(step, books, "missed-call")


def _is_later_step(step: Step, books: Books) -> bool:
    """Tell whether the event is at or past the second step of its code."""
    later = _steps(step, books)[1:]
    return bool(later and step.new.get("occurrence", 0) >= later[0])


@act_rule("CS1-5.6#1", "CS2-2.3.6#1", actions=("confirm",))
def bad_attitude_costs_a_point(step: Step, books: Books) -> Iterator[Text]:
    """A complaint about bad attitude that harms the image costs one point each."""
    if step.new["code"] == "bad-attitude" and step.new.get("occurrence") not in _steps(step, books):
        yield from _misfit(step, books, "bad-attitude")


@act_rule("CS1-5.6#2", "CS2-2.3.6#2", actions=("confirm",))
def third_bad_attitude_costs_five(step: Step, books: Books) -> Iterator[Text]:
    """Three complaints about bad attitude in the month cost five points."""
    if step.new["code"] == "bad-attitude" and step.new.get("occurrence") in _steps(step, books)[:1]:
        yield from _misfit(step, books, "bad-attitude")


@act_rule("CS1-5.6#3", "CS2-2.3.6#3", actions=("confirm",))
def fifth_bad_attitude_costs_ten(step: Step, books: Books) -> Iterator[Text]:
    """Five complaints about bad attitude in the month cost ten points."""
    if step.new["code"] == "bad-attitude" and step.new.get("occurrence") in _steps(step, books)[1:]:
        yield from _misfit(step, books, "bad-attitude")


@act_rule("CS1-5.7#2", "CS2-2.3.7#2", actions=("confirm",))
def unfinished_work_costs_half_to_one(step: Step, books: Books) -> Iterator[Text]:
    """Work left unfinished without good reason is criticised, or costs half a point to one point by choice."""
    if step.new["code"] != "work-unfinished":
        return
    row = books.setting("evaluation-points.table", step.at)["work-unfinished"]
    given = tenths(step.new.get("points", "0"))
    if given == 0 and not step.new.get("criticism"):
        yield text("neither points nor a criticism")
    elif given and not tenths(row["from"]) <= given <= tenths(row["to"]):
        yield text(
            "{points} points; {least} to {most} may be taken",
            points=step.new["points"],
            least=row["from"],
            most=row["to"],
        )


@act_rule("CS8-3.3#2", actions=("confirm",))
def missed_call_penalty_rests_on_verified_complaints(step: Step, books: Books) -> Iterator[Text]:
    """Unanswered calls are penalised under the rules where customers' complaints about them are verified."""
    if step.new["code"] != "missed-call":
        return
    case = books.get(step.new.get("complaint", ""))
    if case is None:
        yield text("the complaint is needed")
    elif not value_at(case, "verified", step.entered):
        yield text("{complaint} is not verified", complaint=case.id)


@act_rule("GC-u-7.13", actions=("confirm", "waive"))
def supervising_gives_no_power_to_deduct(step: Step, books: Books) -> Iterator[Text]:
    """Floor directors supervise without administrative power: they deduct no points."""
    powerless = frozenset(books.setting("evaluation.no-power", step.at))
    if books.posts(step.actor, step.at) <= powerless:
        yield text("{actor} has no administrative power", actor=step.actor)


@act_rule(actions=("confirm", "waive"))
def points_are_decided_from_above(step: Step, books: Books) -> Iterator[Text]:
    """Points are deducted, or waived, by somebody above the person."""
    person = step.new["person"]
    if not is_above(step.actor, person, step.at, books):
        yield text("{actor} is not above {person}", actor=step.actor, person=person)


@act_rule(actions=("propose",))
def event_is_past(step: Step, books: Books) -> Iterator[Text]:
    """An event is entered on its day or later."""
    if step.new["date"] > day_of(step.at):
        yield text("{date} is still to come", date=step.new["date"])


@act_rule(actions=("propose",))
def complaint_is_charged_once(step: Step, books: Books) -> Iterator[Text]:
    """A complaint is charged to a person once."""
    for other in books.find("evaluation-points", person=step.new["person"]):
        same = "complaint" in step.new.data and other.get("complaint") == step.new["complaint"]
        if same and other.id < step.new.id and other.state != "void":
            yield text("{record} charges it already", record=other.id)


@act_rule(actions=("confirm",))
def events_are_confirmed_one_after_the_other(step: Step, books: Books) -> Iterator[Text]:
    """A person's events of a month are confirmed one after the other, so that each has its number."""
    for other in books.find("evaluation-points", person=step.new["person"]):
        act = other.first("confirm")
        if act and other.id != step.new.id and other["month"] == step.new["month"] and _at_once(act, step):
            yield text("{record} was confirmed in the same second; confirm this one again", record=other.id)


def _at_once(act: Act, step: Step) -> bool:
    return instant(entered_at(act)) == instant(step.entered)


@act_rule(actions=("confirm",))
def closed_month_takes_no_more(step: Step, books: Books) -> Iterator[Text]:
    """Once a person's month is closed, nothing more is deducted in it."""
    for sheet in _closed_months(step, books):
        yield text("{month} is closed by {record}", month=sheet["month"], record=sheet.id)


@act_rule(actions=("void",))
def what_a_closed_month_counts_stands(step: Step, books: Books) -> Iterator[Text]:
    """An event that a closed month counts is not voided before the month is."""
    for sheet in _closed_months(step, books):
        if any(each["record"] == step.new.id for each in sheet.get("events", ())):
            yield text("{record} counts it; that has to be voided first", record=sheet.id)


def _closed_months(step: Step, books: Books) -> Iterator[Record]:
    """Yield the closed sheet of the event's month as of the entry of an act."""
    limit = instant(step.entered)
    for sheet in books.find("evaluation-month", person=step.new["person"]):
        ended = sheet.first("void")
        stands = ended is None or instant(entered_at(ended)) > limit
        if sheet["month"] == step.new["month"] and stands and instant(entered_at(sheet.acts[0])) <= limit:
            yield sheet


@act_rule(actions=("correct",))
def what_is_decided_stands(step: Step, books: Books) -> Iterator[Text]:
    """An event that is confirmed or waived is not corrected; one that is wrong is voided and entered anew."""
    if step.old is not None and step.old.state != "proposed":
        yield text("{record} is decided; a wrong one is voided and entered anew", record=step.new.id)
