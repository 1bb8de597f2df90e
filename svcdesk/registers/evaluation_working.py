"""How the result of an evaluation came about: parts, weights, what was left out and why, the formula. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.decimals import from_hundredths
from svcdesk.decimals import hundredths
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.periods import cycle_of
from svcdesk.registers.evaluation_formulas import PARTS
from svcdesk.registers.evaluation_formulas import Parts
from svcdesk.registers.evaluation_formulas import weighted_parts

TITLES = {
    "self": text("the self part"),
    "superior": text("the superior's part"),
    "customer": text("the customers' part"),
}
MISSING = {
    "self": text("the person entered no scores"),
    "superior": text("the superior entered no scores"),
    "customer": text("no customer was asked in the period, and no questionnaire was entered"),
}
"""part: why it is left out where there is none."""


def result_steps(evaluation: Record, books: Books) -> Iterator[Text]:
    """Yield how the result came about, by the figures taken down and the formula in force at that time."""
    acts = [act for act in evaluation.acts if "composite" in act.get("sets", {})]
    at = str(acts[-1]["at"]) if acts else evaluation.opened
    constants = books.setting("evaluation.formula", at)[cycle_of(evaluation["period"])]
    yield text(
        "evaluation.formula in force at {at}: {constants}",
        at=at,
        constants=", ".join(f"{name} {value}".removeprefix("name ") for name, value in constants.items()),
    )
    found = {name: hundredths(each) for name in PARTS if (each := evaluation.get(f"{name}_result"))}
    weighed = weighted_parts(Parts(found.get("self"), found.get("superior"), found.get("customer")), constants)
    yield from _parts(found, constants)
    if weighed is not None:
        yield text(
            "({products}) / {weights} = {value}",
            products=" + ".join(f"{from_hundredths(value)} × {constants[name]}" for name, value in found.items()),
            weights=sum(int(constants[name]) for name in found),
            value=from_hundredths(weighed),
        )
        yield from _further(evaluation, weighed, constants)
    grades = books.setting("evaluation.grades", at)
    yield text("grade A from {a}, B from {b}", a=grades["A"], b=grades["B"])


def _parts(found: Mapping[str, int], constants: Mapping[str, Any]) -> Iterator[Text]:
    """Yield each part with its weight, or why it is left out."""
    for name in PARTS:
        part, weight = TITLES[name], constants[name]
        if name in found:
            value = from_hundredths(found[name])
            yield text("{part}: {value}, weight {weight}", part=part, value=value, weight=weight)
        else:
            yield text(
                "{part}: left out with its weight of {weight}; {why}", part=part, weight=weight, why=MISSING[name]
            )


def _further(evaluation: Record, weighed: int, constants: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what the formula makes of the parts besides weighing them."""
    result, months = evaluation["composite"], evaluation.get("months_result")
    if constants["name"] == "parts-less-points":
        yield text(
            "less {lost} for points lost, {each} for each: {result}",
            lost=from_hundredths(weighed - hundredths(result)),
            each=constants["per_point"],
            result=result,
        )
    elif constants["name"] == "parts-and-months" and months is None:
        yield text("no result of its months has been told: they are left out")
    elif constants["name"] == "parts-and-months":
        yield text(
            "the mean of its months, {months}, makes up {share} of 100: {result}",
            months=months,
            share=constants["months"],
            result=result,
        )
