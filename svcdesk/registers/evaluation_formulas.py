"""The formulas by which an evaluation's result comes about; their constants are the policy's. Pure.

Every figure is a whole number of hundredths, rounded half up.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from svcdesk.decimals import rounded

PARTS = ("self", "superior", "customer")
"""The three parts of a result, as a formula's constants name their weights."""


class Parts(NamedTuple):
    """What a formula is given: the parts in hundredths, None where missing, and points lost in tenths."""

    self: int | None
    superior: int | None
    customer: int | None
    months: int | None = None
    """The mean of the results of the period's months."""
    lost: int = 0


Constants = Mapping[str, Any]
Formula = Callable[[Parts, Constants], int | None]


def weighted_parts(parts: Parts, constants: Constants) -> int | None:
    """Weigh the parts that there are by their own weights; there is no result without the superior's."""
    if parts.superior is None:
        return None
    there = [(int(constants[name]), value) for name in PARTS if (value := getattr(parts, name)) is not None]
    return rounded(sum(weight * value for weight, value in there), sum(weight for weight, _ in there))


def parts_less_points(parts: Parts, constants: Constants) -> int | None:
    """Take off so much for each point lost under the ten-point system."""
    found = weighted_parts(parts, constants)
    return None if found is None else max(found - 10 * parts.lost * int(constants["per_point"]), 0)


def parts_and_months(parts: Parts, constants: Constants) -> int | None:
    """Let the results of the period's months make up a share, in percent, where there are any."""
    found, share = weighted_parts(parts, constants), int(constants["months"])
    if found is None or parts.months is None:
        return found
    return rounded(found * (100 - share) + parts.months * share, 100)


FORMULAS: Mapping[str, Formula] = {
    "parts-and-months": parts_and_months,
    "parts-less-points": parts_less_points,
    "weighted-parts": weighted_parts,
}
"""The formulas that a policy may name."""

FURTHER = {"parts-and-months": ("months",), "parts-less-points": ("per_point",), "weighted-parts": ()}
"""formula: the constants that it needs besides the weights of the parts."""


def part(rows: Iterable[Mapping[str, Any]], indicators: Sequence[Mapping[str, Any]]) -> int | None:
    """Return a part's result by the indicators' weights; None without scores for every indicator.

    A row without an indicator counts for each that has no row of its own.
    """
    given = {row.get("indicator", ""): int(row["score"]) for row in rows}
    scores = [given.get(each["indicator"], given.get("")) for each in indicators]
    if not scores or None in scores:
        return None
    weights = [int(each["weight"]) for each in indicators]
    total = sum(weight * score for weight, score in zip(weights, scores, strict=True) if score is not None)
    return rounded(100 * total, sum(weights))
