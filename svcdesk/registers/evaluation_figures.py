"""What the acts of an evaluation take down from the books: evidence, answers, parts, result, grade. Pure."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.decimals import from_hundredths
from svcdesk.decimals import hundredths
from svcdesk.decimals import mean
from svcdesk.decimals import tenths
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.periods import cycle_of
from svcdesk.periods import months_of
from svcdesk.periods import preceding
from svcdesk.registers.evaluation_evidence import answers
from svcdesk.registers.evaluation_evidence import evidence
from svcdesk.registers.evaluation_evidence import indicators
from svcdesk.registers.evaluation_formulas import FORMULAS
from svcdesk.registers.evaluation_formulas import Parts
from svcdesk.registers.evaluation_formulas import part
from svcdesk.rules import next_above

PUBLISHED = ("published", "read", "appealed", "decided", "closed")
"""States in which a result has been told to the person."""

Fields = Mapping[str, Any]


def begin(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Take down the post that a person is evaluated in, by which indicators, by whom, and the evidence."""
    person = books.get(sets.get("person", ""))
    if person is None or person.register != "staff" or not cycle_of(sets.get("period")):
        return {}
    post = _held(person.get("post", ""), books.posts(person.id, at), lambda each: books.rank_of(each, at))
    found = {
        "post": post,
        "department": _held(person.get("department", ""), books.departments(person.id, at), lambda each: 0),
        "evaluator": next_above(person.id, at, books),
        "indicators": _shown(indicators(post, at, books)),
        **_seen(person.id, sets["period"], at, books),
    }
    return {name: value for name, value in found.items() if value}


def _shown(rows: Iterable[Fields]) -> list[dict[str, Any]]:
    """Return indicators as a sheet takes them down; which faults speak against a score stays in the policy."""
    return [{name: row[name] for name in ("indicator", "group", "weight")} for row in rows]


def _held(last: str, held: Iterable[str], order: Callable[[str], int]) -> str:
    """Return the post or department entered last if it is held, else the first of those that are."""
    there = sorted(held)
    return last if last in there or not there else max(there, key=order)


def _seen(person: str, period: str, at: str, books: Books) -> dict[str, Any]:
    return {
        "evidence": evidence(person, period, at, books),
        "answers": answers(person, period, at, books),
    }


def nobody_above(evaluation: Record, books: Books) -> Iterable[Text]:
    """Yield that the first level is missing, and how it is named."""
    if not evaluation.get("evaluator"):
        yield text(
            "nobody stands above {person}, to score and sign first; staff change --superior names somebody",
            person=evaluation["person"],
        )


def look_up(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Take down what the evidence and the customers' answers have become, where they have changed."""
    if old is None:
        return {}
    seen = _seen(old["person"], old["period"], at, books)
    return {name: value for name, value in seen.items() if value != old.get(name, [])}


def conclude(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Take the evidence down for the last time and work out the result."""
    if old is None:
        return {}
    seen = look_up(books, old, sets, at)
    return {**seen, **_result(books, {**old.data, **seen}, at)}


def decide(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Work the result out anew where the decision on an appeal brings other scores."""
    if old is None or not sets.get("superior_scores"):
        return {}
    return _result(books, {**old.data, "superior_scores": sets["superior_scores"]}, at)


def _result(books: Books, sheet: Fields, at: str) -> Fields:
    parts = _parts(books, sheet)
    constants = books.setting("evaluation.formula", at)[cycle_of(sheet["period"])]
    composite = FORMULAS[constants["name"]](parts, constants)
    named = {
        "self_result": parts.self,
        "superior_result": parts.superior,
        "customer_result": parts.customer,
        "months_result": parts.months,
        "composite": composite,
    }
    found: dict[str, Any] = {
        name: from_hundredths(value) for name, value in named.items() if value is not None
    }
    if composite is not None:
        found["grade"] = _grade(composite, books.setting("evaluation.grades", at))
        failures = _failures(books, sheet, composite, at)
        if failures or "failures" in sheet:
            found["failures"] = failures
    return found


def _parts(books: Books, sheet: Fields) -> Parts:
    said = [*sheet.get("answers", ()), *sheet.get("questionnaires", ())]
    months = months_of(sheet["period"])
    return Parts(
        self=part(sheet.get("self_scores", ()), sheet.get("indicators", ())),
        superior=part(sheet.get("superior_scores", ()), sheet.get("indicators", ())),
        customer=mean([100 * int(each["score"]) for each in said]),
        months=mean(_results(books, sheet["person"], months)) if len(months) > 1 else None,
        lost=_lost(books, sheet["person"], months),
    )


def _results(books: Books, person: str, periods: Sequence[str]) -> list[int]:
    """Return the results that have been told for these periods."""
    return [
        hundredths(each["composite"])
        for each in books.find("evaluation", person=person)
        if each["period"] in periods and each.state in PUBLISHED
    ]


def _lost(books: Books, person: str, months: Sequence[str]) -> int:
    """Return the points lost in these months, in tenths."""
    return sum(
        tenths(each["points"])
        for each in books.find("evaluation-points", person=person)
        if each.state == "confirmed" and each["month"] in months
    )


def _grade(composite: int, least: Mapping[str, int]) -> str:
    return next((grade for grade in ("A", "B") if composite >= 100 * least[grade]), "C")


def _failures(books: Books, sheet: Fields, composite: int, at: str) -> int:
    """Count the periods in a row, this one the last, whose result is below the standard."""
    standard = 100 * int(books.setting("evaluation.standard", at))
    count, period, results = 0, sheet["period"], [composite]
    while results and min(results) < standard:
        count, period = count + 1, preceding(period)
        results = _results(books, sheet["person"], (period,))
    return count
