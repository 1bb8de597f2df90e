"""How a result comes about: periods, decimals, formulas, evidence as it was known, settings that fit."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk import decimals
from svcdesk import periods
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.registers import evaluation_formulas as formulas
from svcdesk.registers.evaluation import REGISTER
from svcdesk.registers.evaluation_due import coaching_due
from svcdesk.registers.evaluation_due import decision_due
from svcdesk.registers.evaluation_due import result_due
from svcdesk.registers.evaluation_formulas import Parts
from svcdesk.registers.evaluation_hearing_rules import appeal_ends
from svcdesk.registers.evaluation_settings import INDICATORS
from svcdesk.registers.staff import REGISTER as STAFF
from svcdesk.rules import next_above
from svcdesk.workflow import replay
from tests.evaluations import CLERK
from tests.evaluations import MANAGER
from tests.evaluations import act
from tests.evaluations import at
from tests.evaluations import new
from tests.evaluations import scored
from tests.evaluations import told
from tests.world import World
from tests.world import base
from tests.world import ordered

SHEET = "E2611-A0001"
ROOT = Path(__file__).parents[2]
WEIGHTS = {"self": 20, "superior": 50, "customer": 30}
COACHED = {"coaching": "a week beside the lead", "coaching_until": "2026-12-20"}


@given(st.integers(2000, 2199), st.integers(1, 12), st.sampled_from(periods.CYCLES))
def test_periods_follow_one_another(year: int, month: int, cycle: str) -> None:
    period = periods.period_of(f"{year}-{month:02}-15", cycle)
    assert periods.cycle_of(period) == cycle
    assert f"{year}-{month:02}" in periods.months_of(period)
    assert periods.preceding(periods.following(period)) == period
    assert periods.first_day(period) <= f"{year}-{month:02}-15" < periods.first_day(periods.following(period))


@pytest.mark.parametrize(
    "written", ["2026-13", "2026-00", "2026-Q5", "26-11", "2026-1", "2026-11\n", "", 2026]
)
def test_what_is_no_period(written: object) -> None:
    assert periods.cycle_of(written) == ""


@pytest.mark.parametrize(("values", "mean"), [([], None), ([1, 2], 2), ([1, 1, 2], 1), ([100, 99, 99], 99)])
def test_a_mean_is_rounded_half_up(values: list[int], mean: int | None) -> None:
    assert decimals.mean(values) == mean


@given(st.integers(0, 99_999))
def test_decimals_are_read_as_they_are_written(value: int) -> None:
    assert decimals.hundredths(decimals.from_hundredths(value)) == value
    assert decimals.tenths(decimals.from_tenths(value)) == value
    assert decimals.in_tenths(decimals.from_tenths(value))


@pytest.mark.parametrize("value", ["", ".5", "5.", "0.55", "-1", "1e1", "٣", 5, None])
def test_what_is_not_in_tenths(value: object) -> None:
    assert not decimals.in_tenths(value)


@pytest.mark.parametrize(
    ("parts", "result"),
    [
        (Parts(8000, 6000, 9000), 7300),
        (Parts(None, 6000, 9000), 7125),
        (Parts(8000, 6000, None), 6571),
        (Parts(None, 6000, None), 6000),
        (Parts(8000, None, 9000), None),
    ],
)
def test_parts_weigh_by_what_there_is(parts: Parts, result: int | None) -> None:
    assert formulas.weighted_parts(parts, WEIGHTS) == result


def test_further_formulas() -> None:
    parts = Parts(8000, 6000, 9000, months=8301, lost=15)
    assert formulas.parts_less_points(parts, {**WEIGHTS, "per_point": 2}) == 7000
    assert formulas.parts_less_points(parts, {**WEIGHTS, "per_point": 100}) == 0
    assert formulas.parts_and_months(parts, {**WEIGHTS, "months": 50}) == 7801
    assert formulas.parts_and_months(parts._replace(months=None), {**WEIGHTS, "months": 50}) == 7300


@given(st.lists(st.integers(0, 100), min_size=11, max_size=11))
def test_a_part_lies_between_its_scores(scores: list[int]) -> None:
    rows = [
        {"indicator": each["indicator"], "score": score}
        for each, score in zip(INDICATORS["general"], scores, strict=True)
    ]
    found = formulas.part(rows, INDICATORS["general"])
    assert found is not None
    assert 100 * min(scores) <= found <= 100 * max(scores)
    assert formulas.part(rows[1:], INDICATORS["general"]) is None
    assert formulas.part([*rows[1:], {"score": scores[0]}], INDICATORS["general"]) == found


def misfits(name: str, value: Any) -> list[str]:
    return [str(each) for each in base().books.misfits(f"evaluation.{name}", value, at())]


def rows(*weights: int, **more: Any) -> dict[str, Any]:
    return {
        "general": [
            {"indicator": f"i{number}", "group": "ability", "weight": weight, **more}
            for number, weight in enumerate(weights)
        ]
    }


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("indicators", rows(60, 40), []),
        ("indicators", rows(60, 39), ["general: the weights come to 99; they have to come to 100"]),
        ("indicators", rows(60, 41), ["general: the weights come to 101; they have to come to 100"]),
        ("indicators", {"service": rows(100)["general"]}, ["the set general has to stay"]),
        ("indicators", rows(100, kinds=[["praise"]]), ["an indicator has indicator, group, weight"]),
        ("indicators", rows(100, 0), ["an indicator has indicator, group, weight"]),
        ("formula", {"month": {"name": "weighted-parts", **WEIGHTS}}, ["and nothing else"]),
        ("grades", {"A": 60, "B": 60}, ["A has to be more than B"]),
        ("grades", {"A": 61, "B": 60}, []),
        ("standard", 101, ["a score is 0 to 100; it is 101"]),
        ("cycles", ["month", "week"], ["week is none of"]),
        ("contradiction", {"high": 90}, ["and nothing else"]),
    ],
)
def test_settings_that_do_not_fit_are_told(name: str, value: Any, told: list[str]) -> None:
    said = misfits(name, value)
    assert len(said) == len(told)
    assert all(part in whole for part, whole in zip(told, said, strict=True))


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ({"name": "weighted-parts", **WEIGHTS}, ""),
        ({"name": "weighted-parts", **WEIGHTS, "self": 21}, "month: the weights of the parts come to 101"),
        ({"name": "weighted-parts", "self": 70, "superior": 0, "customer": 30}, "has to weigh something"),
        ({"name": "exec"}, "month: the formula is one of"),
        ({"name": "parts-less-points", **WEIGHTS}, "and nothing else"),
    ],
)
def test_a_formula_has_its_constants_and_its_parts_come_to_100(formula: dict[str, Any], told: str) -> None:
    value = REGISTER.settings["evaluation.formula"].default | {"month": formula}
    said = misfits("formula", value)
    assert bool(said) == bool(told)
    assert told in "".join(said)


def test_every_kind_of_merit_has_a_label() -> None:
    """Whatever a merit feed says is shown in words."""
    said = set()
    for file in (ROOT / "svcdesk" / "registers").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Merit":
                said |= {each.value for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant)}
    schema = json.loads((ROOT / "schemas" / "evaluation.json").read_bytes())
    labels = schema["properties"]["evidence"]["items"]["properties"]["kind"]["x-labels"]
    subjects = json.loads((ROOT / "schemas" / "complaint.json").read_bytes())["properties"]["subject"]["enum"]
    said |= {f"complaint-{each}" for each in subjects}
    assert {each for each in said if not each.endswith("-")} - {"subject", "other"} <= labels.keys()
    assert {kind for each in INDICATORS.values() for row in each for kind in row["kinds"]} - {
        "*"
    } <= labels.keys()


LOAN = [
    {"register": "key-loan", "action": "request", "by": CLERK, "at": at("09:00"),
     "sets": {"key": "K-A0002", "borrower": CLERK, "purpose": "air the unit", "due": at("11:00")}},
    act("KL2611-A0001", "approve", MANAGER, at("09:10")),
    {**act("KL2611-A0001", "issue", "S-A0006", at("10:00")), "signed": {"borrower": CLERK}},
]  # fmt: skip
OPEN = new("", "open", MANAGER, at(), person=CLERK, period="2026-11")


def seen(world: World) -> list[str]:
    return [each["record"] for each in world.records[SHEET].get("evidence", ())]


def test_evidence_names_what_had_happened_and_was_known() -> None:
    assert seen(base().play([*LOAN, OPEN])) == ["KL2611-A0001"]
    assert seen(base().play([*LOAN, {**OPEN, "at": at("10:59")}])) == []
    assert seen(base().play([*LOAN, {**OPEN, "sets": {"person": "S-A0006", "period": "2026-11"}}])) == []
    entered_late = [{**each, "entered": at("15:00")} for each in LOAN]
    world = base().play([OPEN, *entered_late])
    assert seen(world) == []
    world.play([act(SHEET, "score", MANAGER, at("16:00"), superior_scores=[{"score": 80}])])
    assert seen(world) == ["KL2611-A0001"]


def forged(world: World, entry: dict[str, Any], **fields: Any) -> set[str]:
    """Return the rules against an act that states other figures than the books give."""
    step = world.step(entry)
    written = {**step.act, "sets": {**step.act["sets"], **fields}}
    before = step.old.acts if step.old else ()
    data = {**step.new.data, **fields, "acts": [*before, written]}
    new_record: Record = ordered(Record("evaluation", data))
    return {each.rule for each in world.judge(Step(step.old, written, new_record))}


def test_figures_that_are_not_the_books_are_refused() -> None:
    world = base().play([*LOAN, *scored(SHEET, CLERK, 80)])
    sign = act(SHEET, "sign", MANAGER, at("12:10"))
    assert forged(world, sign) == set()
    assert forged(world, sign, composite="99.00") == {"footprint"}
    assert forged(world, sign, grade="A") == {"footprint"}
    assert forged(world, sign, evidence=[]) == {"footprint"}


def test_what_is_entered_later_changes_no_figure() -> None:
    """A sheet is judged by what was known when it was signed, whatever is learned of the time before."""
    world = base().play(told(SHEET, CLERK, 80))
    sheet = world.records[SHEET]
    world.play([{**each, "entered": at("20:00")} for each in LOAN])
    for step in replay(REGISTER, sheet.id, sheet.acts):
        old = ordered(step.old) if step.old else None
        assert not list(world.judge(Step(old, step.act, ordered(step.new)))), step.action


def test_a_quarter_counts_its_months() -> None:
    world = base().play(told(SHEET, CLERK, 80))
    quarter = scored("E2611-A0002", CLERK, 60, own=60, period="2026-Q4")
    moments = ("09:00", "09:01", "09:02")
    world.play({**each, "at": at(clock, "2026-12-28")} for each, clock in zip(quarter, moments, strict=True))
    world.play([act("E2611-A0002", "sign", MANAGER, at("10:00", "2026-12-28"))])
    assert world.records["E2611-A0002"]["months_result"] == "80.00"
    assert world.records["E2611-A0002"]["composite"] == "70.00"


def evaluated(name: str, world: World) -> str | None:
    deadline = next(each for each in STAFF.deadlines if each.name == name)
    return deadline.due(world.records[CLERK], world.books)


def test_everybody_with_a_superior_is_due_at_the_end_of_the_first_period_without_evaluation() -> None:
    assert evaluated("monthly-evaluation", base()) == at("00:00", "2026-12-01")
    assert evaluated("annual-evaluation", base()) == at("00:00", "2027-01-01")
    assert evaluated("quarterly-evaluation", base()) is None
    world = base().play([OPEN])
    assert evaluated("monthly-evaluation", world) == at("00:00", "2027-01-01")
    world.play([{**act(SHEET, "void", "S-A0007", at("13:00")), "reason": "the wrong person"}])
    assert evaluated("monthly-evaluation", world) == at("00:00", "2026-12-01")
    boss = base().records["S-A0007"]
    assert [each.due(boss, base().books) for each in STAFF.deadlines] == [None] * 3


def test_where_the_post_above_is_empty_the_next_in_the_department_answers() -> None:
    agent = {"name": "Agent Ai", "emails": ["ai@example.org"], "post": "senior-agent"}
    agent |= {"department": "customer-service"}
    hired = {"register": "staff", "action": "add", "by": "S-A0001", "at": at("09:00", "2026-11-02"), "sets": agent}
    people = dict(base().records)
    for gone in ("S-A0014", "S-A0019"):
        people.pop(gone)
    world = World(people.values()).play([hired, {**OPEN, "sets": {"person": "S-A0018", "period": "2026-11"}}])
    assert world.books.superior("S-A0018", at()) == ""
    assert world.records[SHEET]["evaluator"] == MANAGER
    assert next_above("S-A0007", at(), world.books) == ""
    assert next_above(CLERK, at(), world.books) == world.books.superior(CLERK, at())


def test_results_appeals_and_coaching_fall_due() -> None:
    world = base().play(told(SHEET, CLERK, 40, **COACHED))
    sheet = world.records[SHEET]
    assert result_due(sheet, world.books) == at("00:00", "2026-12-06")
    assert appeal_ends(sheet, world.books) == at("12:04", "2026-12-07")
    assert decision_due(sheet, world.books) is None
    assert coaching_due(sheet, world.books) == at("00:00", "2026-12-21")
    appeal = {"grounds": "I was never late", "appeal_to": "S-A0019"}
    world.play([act(SHEET, "appeal", CLERK, at("13:00"), **appeal)])
    assert decision_due(world.records[SHEET], world.books) == at("13:00", "2026-12-07")


def test_coaching_ends_with_a_result_that_meets_the_standard() -> None:
    world = base().play(told(SHEET, CLERK, 40, **COACHED))
    later = [
        {**each, "at": each["at"].replace("2026-11-30", "2026-12-28")}
        for each in told("E2611-A0002", CLERK, 60)
    ]
    later[0] = {**later[0], "sets": {"person": CLERK, "period": "2026-12"}}
    assert coaching_due(world.play(later[:-1]).records[SHEET], world.books) is not None
    assert coaching_due(world.play(later[-1:]).records[SHEET], world.books) is None
