"""What is wrong with a value of a setting of evaluations: weights that are not 100, names not known. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.periods import CYCLES
from svcdesk.registers.evaluation_formulas import FORMULAS
from svcdesk.registers.evaluation_formulas import FURTHER
from svcdesk.registers.evaluation_formulas import PARTS

WHOLE = 100
GROUPS = ("achievement", "ability", "attitude")
ALL_OTHERS = "*"
"""In an indicator's kinds: every fault that no other indicator of the set names."""


def _is_number(value: Any, least: int = 0, most: int = WHOLE) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _numbers(value: Any, names: Iterable[str]) -> Iterator[Text]:
    """Yield what keeps a mapping from holding just these names, each with a number up to 100."""
    if not isinstance(value, Mapping) or value.keys() != set(names):
        yield text("needs {names} and nothing else", names=tuple(names))
        return
    for name in names:
        if not _is_number(value[name]):
            yield text("{name} has to be 0 to 100; it is {value}", name=name, value=str(value[name]))


def score(value: Any) -> Iterator[Text]:
    """Yield why a value is no score."""
    if not _is_number(value):
        yield text("a score is 0 to 100; it is {value}", value=str(value))


def cycles(value: Any) -> Iterator[Text]:
    """Yield what is wrong with a list of cycles."""
    for each in value:
        if each not in CYCLES:
            yield text("{value} is none of {names}", value=str(each), names=CYCLES)


def indicators(value: Any) -> Iterator[Text]:
    """Yield what is wrong with sets of indicators."""
    if "general" not in value:
        yield text("the set general has to stay")
    for name, rows in value.items():
        yield from _set(name, rows)


def _set(name: str, rows: Any) -> Iterator[Text]:
    if not isinstance(rows, list) or not all(_is_indicator(row) for row in rows):
        yield text("{set}: an indicator has indicator, group, weight and may have kinds", set=name)
        return
    total = sum(row["weight"] for row in rows)
    if total != WHOLE:
        yield text("{set}: the weights come to {total}; they have to come to 100", set=name, total=total)
    named = [row["indicator"] for row in rows]
    for each in sorted({each for each in named if named.count(each) > 1}):
        yield text("{set}: {indicator} is named twice", set=name, indicator=each)


def _is_indicator(row: Any) -> bool:
    return (
        isinstance(row, Mapping)
        and {"indicator", "group", "weight"} <= row.keys() <= {"indicator", "group", "weight", "kinds"}
        and isinstance(row["indicator"], str)
        and row["indicator"] != ""
        and row["group"] in GROUPS
        and _is_number(row["weight"], least=1)
        and isinstance(row.get("kinds", []), list)
        and all(isinstance(each, str) for each in row.get("kinds", []))
    )


def sets_by_post(value: Any) -> Iterator[Text]:
    """Yield which posts are given no name of a set."""
    for post, name in value.items():
        if not isinstance(name, str):
            yield text("{post} needs the name of a set", post=post)


def formula(value: Any) -> Iterator[Text]:
    """Yield what is wrong with the formulas by cycle."""
    if value.keys() != set(CYCLES):
        yield text("needs {names} and nothing else", names=CYCLES)
        return
    for cycle in CYCLES:
        yield from (text("{cycle}: {fault}", cycle=cycle, fault=fault) for fault in _formula(value[cycle]))


def _formula(value: Any) -> Iterator[Text]:
    name = value.get("name") if isinstance(value, Mapping) else None
    if not isinstance(name, str) or name not in FORMULAS:
        yield text("the formula is one of {names}", names=tuple(FORMULAS))
        return
    constants = {each: value[each] for each in value if each != "name"}
    faults = list(_numbers(constants, (*PARTS, *FURTHER[name])))
    yield from faults
    total = 0 if faults else sum(constants[part] for part in PARTS)
    if not faults and total != WHOLE:
        yield text("the weights of the parts come to {total}; they have to come to 100", total=total)
    if not faults and constants["superior"] == 0:
        yield text("the superior's part has to weigh something")


def grades(value: Any) -> Iterator[Text]:
    """Yield what is wrong with the least results of the grades."""
    faults = list(_numbers(value, ("A", "B")))
    yield from faults
    if not faults and value["A"] <= value["B"]:
        yield text("A has to be more than B")


def satisfaction(value: Any) -> Iterator[Text]:
    """Yield what is wrong with the worth of customers' answers."""
    yield from _numbers(value, ("yes", "partly", "no", "rating"))


def contradiction(value: Any) -> Iterator[Text]:
    """Yield what is wrong with the limits of contradiction."""
    yield from _numbers(value, ("high", "low"))
