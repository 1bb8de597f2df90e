"""What the books hold about a person in a period, and which scores it contradicts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from svcdesk.clock import before
from svcdesk.clock import instant
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.periods import first_day
from svcdesk.periods import following
from svcdesk.registers.evaluation_settings import GENERAL
from svcdesk.registers.evaluation_shapes import ALL_OTHERS

PRAISE = "praise"
"""The one kind of the merit feed that speaks for a person; every other speaks against him."""

Row = Mapping[str, Any]


class Contradiction(NamedTuple):
    """A score, and the entry of the evidence that it contradicts."""

    indicator: str
    score: int
    record: str


def bounds(period: str, books: Books) -> tuple[str, str]:
    """Return the moments at which a period begins and ends."""
    return books.wall_time(first_day(period), "00:00"), books.wall_time(first_day(following(period)), "00:00")


def evidence(person: str, period: str, at: str, books: Books) -> list[dict[str, str]]:
    """Return what speaks for or against a person in a period as far as it has come at a moment."""
    merits = books.merits(person, *bounds(period, books))
    found = {(instant(each.at), each.record, each.kind): each for each in merits if not before(at, each.at)}
    return [{"kind": each.kind, "record": each.record, "at": each.at} for _, each in sorted(found.items())]


def answers(person: str, period: str, at: str, books: Books) -> list[dict[str, Any]]:
    """Return what customers said at the follow-up of the cases that a person handled or served, out of 100."""
    worth = books.setting("evaluation.satisfaction", at)
    cases = {
        case.id: case for name in ("owner", "served_by") for case in books.find("complaint", **{name: person})
    }
    asked = (case for _, case in sorted(cases.items()) if _asked_in(case, bounds(period, books), at))
    rated = ((case.id, _worth(case, worth)) for case in asked)
    return [{"complaint": case, "score": score} for case, score in rated if score is not None]


def _asked_in(case: Record, period: tuple[str, str], at: str) -> bool:
    asked = case.last("follow-up")
    if asked is None or case.state == "void":
        return False
    since, until = period
    return not before(asked["at"], since) and before(asked["at"], until) and not before(at, asked["at"])


def _worth(case: Record, worth: Mapping[str, int]) -> int | None:
    if case.get("rating") is not None:
        return min(int(case["rating"]) * worth["rating"], 100)
    return worth[case["satisfied"]] if case.get("satisfied") else None


def contradictions(
    rows: Iterable[Row], listed: Sequence[Row], kinds: Mapping[str, Sequence[str]], limits: Mapping[str, int]
) -> Iterator[Contradiction]:
    """Yield each score without a note of its own that contradicts what is listed, with the first such entry.

    `kinds` are the kinds of fault that speak against a high score, by indicator.
    """
    given = {row.get("indicator", ""): row for row in rows}
    praise = [each for each in listed if each["kind"] == PRAISE]
    for name in kinds:
        row = given.get(name, given.get(""))
        if row is None or row.get("note"):
            continue
        against = _bearing(name, listed, kinds)
        speaks = against if row["score"] >= limits["high"] else [] if against else praise
        if speaks and (speaks is against or row["score"] < limits["low"]):
            yield Contradiction(name, row["score"], speaks[0]["record"])


def _bearing(indicator: str, listed: Sequence[Row], kinds: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return the faults that bear on an indicator."""
    own, named = kinds[indicator], {kind for each in kinds.values() for kind in each}
    faults = [each for each in listed if each["kind"] != PRAISE]
    return [
        each for each in faults if each["kind"] in own or (ALL_OTHERS in own and each["kind"] not in named)
    ]


def indicators(post: str, at: str, books: Books) -> Sequence[Row]:
    """Return what a post is scored by; none where the policy names a set that it does not hold."""
    named = books.setting("evaluation.indicator-set", at).get(post, GENERAL)
    rows: Sequence[Row] = books.setting("evaluation.indicators", at).get(named, ())
    return rows


def bearing_kinds(sheet: Record, books: Books) -> Mapping[str, Sequence[str]]:
    """Return the kinds of fault by indicator, as the policy had them when the evaluation was opened."""
    rows = indicators(sheet.get("post", ""), sheet.opened, books)
    known = {each["indicator"]: each.get("kinds", ()) for each in rows}
    return {each["indicator"]: known.get(each["indicator"], ()) for each in sheet.get("indicators", ())}
