"""What is read out of the evaluations: rank lists, grades, summaries, indicators. Pure; each takes one pass."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import before
from svcdesk.clock import instant
from svcdesk.clock import minutes_between
from svcdesk.decimals import from_hundredths
from svcdesk.decimals import hundredths
from svcdesk.decimals import mean
from svcdesk.decimals import rounded
from svcdesk.declared import Report
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.registers.evaluation_evidence import bounds
from svcdesk.registers.evaluation_figures import PUBLISHED
from svcdesk.rules import when
from svcdesk.sanctions import PUNISHMENTS
from svcdesk.sanctions import REWARDS

Row = Mapping[str, Any]
Group = tuple[str, str]

SOLVED = ("resolved", "replied", "followed-up", "closed")
SATISFIED = ("yes",)


def told(evaluations: Iterable[Record]) -> dict[Group, list[Record]]:
    """Return the evaluations whose result has been told, by period and department, the best first."""
    found: dict[Group, list[Record]] = {}
    for each in evaluations:
        if each.state in PUBLISHED:
            found.setdefault((each["period"], each.get("department", "")), []).append(each)
    for group in found.values():
        group.sort(key=lambda each: (-hundredths(each["composite"]), each["person"]))
    return dict(sorted(found.items()))


def ranking(records: Sequence[Record], books: Books, at: str) -> Iterator[Row]:
    """Yield each department's rank list for each period; equal results share a rank."""
    for (period, department), group in told(records).items():
        results = [hundredths(each["composite"]) for each in group]
        for each, result in zip(group, results, strict=True):
            person = books.get(each["person"])
            yield {
                "period": period,
                "department": department,
                "rank": results.index(result) + 1,
                "person": each["person"],
                "name": person["name"] if person else "",
                "composite": each["composite"],
                "grade": each["grade"],
                "id": each.id,
            }


def summary(records: Sequence[Record], books: Books, at: str) -> Iterator[Row]:
    """Yield for each period and department how results and grades are distributed, and what followed."""
    measures = [each for each in books.find("evaluation-measure") if each.state == "carried-out"]
    for (period, department), group in told(records).items():
        grades = [each["grade"] for each in group]
        kinds = list(_taken(measures, bounds(period, books), {each["person"] for each in group}))
        yield {
            "period": period,
            "department": department,
            "people": len(group),
            "mean": from_hundredths(mean([hundredths(each["composite"]) for each in group]) or 0),
            "grade_a": grades.count("A"),
            "grade_b": grades.count("B"),
            "below_b": grades.count("C"),
            "coached": sum("coaching" in each.data for each in group),
            "appeals": sum(each.last("appeal") is not None for each in group),
            "rewards": sum(kind in REWARDS for kind in kinds),
            "punishments": sum(kind in PUNISHMENTS for kind in kinds),
        }


def _taken(measures: Iterable[Record], period: tuple[str, str], people: set[str]) -> Iterator[str]:
    """Yield the kinds of the measures that were carried out for these people in a period."""
    for each in measures:
        at = when(each, "carry-out")
        if at and each.get("person") in people and not before(at, period[0]) and before(at, period[1]):
            yield each["kind"]


def indicators(records: Sequence[Record], books: Books, at: str) -> Iterator[Row]:
    """Yield for each month and owner how the cases received went: the figures behind the achievement scores."""
    groups: dict[Group, list[Record]] = {}
    for case in books.find("complaint"):
        counts = case.state not in ("void", "withdrawn") and case.get("kind", "complaint") == "complaint"
        if counts and case.get("owner") and not before(at, case["received"]):
            groups.setdefault((case["received"][:7], case["owner"]), []).append(case)
    for (month, owner), cases in sorted(groups.items()):
        person = books.get(owner)
        yield {"month": month, "person": owner, "name": person["name"] if person else "", **_rates(cases)}


def _rates(cases: Sequence[Record]) -> Row:
    asked = [case for case in cases if case.get("satisfied")]
    solved = [case for case in cases if case.state in SOLVED]
    minutes = sorted(
        minutes_between(case["received"], case["solved"]) for case in cases if case.get("solved")
    )
    in_time = [case for case in solved if _in_time(case)]
    return {
        "cases": len(cases),
        "satisfaction": _percent(sum(case["satisfied"] in SATISFIED for case in asked), len(asked)),
        "completion": _percent(len(in_time), len(cases)),
        "solving": _percent(len(solved), len(cases)),
        "call_back": _percent(len(asked), len(solved)),
        "hours": _hours(minutes[len(minutes) // 2]) if minutes else "",
    }


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _in_time(case: Record) -> bool:
    return not (case.get("limit") and case.get("solved")) or instant(case["solved"]) <= instant(case["limit"])


def _percent(count: int, whole: int) -> str:
    return str(rounded(100 * count, whole)) if whole else ""


REPORTS = (
    Report(
        "ranking",
        "Rank lists by period and department",
        ("CS14-4+",),
        ranking,
        headings={"rank": text("rank in the department"), "name": text("name")},
    ),
    Report(
        "summary",
        "Results, grades, rewards and punishments by period and department",
        ("GC-l-20", "CS14-4+"),
        summary,
        headings={
            "people": text("people"),
            "mean": text("mean"),
            "grade_a": text("grade A"),
            "grade_b": text("grade B"),
            "below_b": text("below B"),
            "coached": text("coached"),
            "appeals": text("appeals"),
            "rewards": text("rewards"),
            "punishments": text("punishments"),
        },
    ),
    Report(
        "indicators",
        "Satisfaction, completion, problem-solving and call-back rates by month and person",
        ("GK-6.1.1", "GC-g-5.1", "GC-j-5.1"),
        indicators,
        headings={
            "month": text("month"),
            "name": text("name"),
            "cases": text("cases"),
            "satisfaction": text("satisfied, %"),
            "completion": text("done in time, %"),
            "solving": text("solved, %"),
            "call_back": text("called back, %"),
            "hours": text("median, hours"),
        },
    ),
)
