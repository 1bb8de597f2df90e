"""The parts of an import: what the judge lets in, how cells are guarded and read."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.errors import BadInput
from svcdesk.mapping import read_map
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.registers import REGISTERS
from svcdesk.rules import since
from svcdesk.sheet import REJECTED
from svcdesk.sheet import Row
from svcdesk.sheet import Sheet
from svcdesk.sheet import guarded
from svcdesk.taking import Taker
from svcdesk.workflow import advance
from svcdesk.workflow import make_act
from tests.world import World
from tests.world import base

AT = "2026-11-22T09:00:00+08:00"
DIGEST = "0" * 64
CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), max_size=12)


def imported(
    world: World, register: str, old: Record | None, state: str, batch: str = "IM2611-A0001"
) -> Step:
    """Return the step by which a hand might write an import act."""
    sets: dict[str, Any] = {
        "name": "Spare",
        "category": "machine-room",
        "department": "engineering",
        "hook": "99",
    }
    act = make_act("import", "S-A0001", AT, sets=sets, source={"import": batch, "row": 2}, state=state)
    new = advance(REGISTERS[register], old, act, old.id if old else "K-A0099")
    return Step(old, act, new)


def with_import(book: str, state: str = "loaded") -> World:
    """Return the world after an import into a register."""
    world = base()
    counts = dict.fromkeys(("rows", "new", "changed", "unchanged", "left_alone", "rejected"), 0)
    sets = {"book": book, "file": "a.csv", "source": DIGEST, "map": DIGEST, **counts, "digest": DIGEST}
    act = make_act("load", "S-A0001", AT, sets=sets)
    record = advance(REGISTERS["import"], None, act, "IM2611-A0001")
    world.records[record.id] = Record("import", {**record.data, "state": state})
    return world


def rules(world: World, step: Step) -> list[str]:
    return [each.rule for each in world.judge(step)]


def test_an_import_act_needs_an_import_into_its_register() -> None:
    for world in (base(), with_import("staff"), with_import("key", "proposed")):
        assert rules(world, imported(world, "key", None, "active")) == ["import-source"]
    world = with_import("key")
    assert rules(world, imported(world, "key", None, "active")) == []


def test_a_record_on_which_somebody_acted_is_not_taken_over_again() -> None:
    world = with_import("key")
    first = imported(world, "key", None, "active")
    again = imported(world, "key", first.new, "active")
    assert rules(world, again) == []
    opened_here = world.records["K-A0001"]
    assert "transition" in rules(world, imported(world, "key", opened_here, "active"))


def test_an_import_leaves_a_record_in_a_state_that_the_register_has() -> None:
    world = with_import("key")
    assert rules(world, imported(world, "key", None, "void")) == ["transition"]
    assert rules(world, imported(world, "key", None, "gone")) == ["schema"]


def test_an_import_that_was_made_is_not_declared_void() -> None:
    world = with_import("key")
    record = world.records["IM2611-A0001"]
    for action in ("void", "correct"):
        act = make_act(action, "S-A0001", AT, reason="wrong", sets={"rows": 1} if action == "correct" else {})
        step = Step(record, act, advance(REGISTERS["import"], record, act))
        assert "import-that-was-made-stays" in rules(world, step)


def test_policy_is_never_imported() -> None:
    world = with_import("policy")
    act = make_act(
        "import",
        "S-A0001",
        AT,
        sets={"setting": "rules", "value": {}},
        source={"import": "IM2611-A0001", "row": 2},
        state="approved",
    )
    step = Step(None, act, advance(REGISTERS["policy"], None, act, "P-A0099"))
    assert rules(world, step) == ["import-source"]


def test_a_record_is_in_a_state_since_its_row_says_so_or_since_it_was_acted_on() -> None:
    acts = [make_act("import", "S-A0001", AT, state="issued", source={"row": 2})]
    loan = Record("key-loan", {"id": "KL2611-A0001", "state": "issued", "acts": acts})
    assert since(loan, "issued", "issue") == AT
    assert since(loan, "returned", "return") is None


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_rejected_rows_read_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, cells: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "rejected.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*REJECTED, "a", "b"])
        for pair in cells:
            writer.writerow(["why", 2, *map(guarded, pair)])
    assert [tuple(row.cells) for row in Sheet(path).rows()][1:] == cells


@given(CELLS)
def test_no_spreadsheet_takes_a_rejected_cell_for_a_formula(cell: str) -> None:
    assert guarded(cell)[:1] not in set("=+-@\t\n\uff1d\uff0b\uff0d\uff20")


def take(reading: str, cell: str) -> Any:
    """Return what a cell becomes by a map's reading of a loan's due time or a key's category."""
    plan = read_map(
        f"key: a\nstate: issued\nformats: '%m/%d/%Y %I:%M %p'\nfields:\n  due: {reading}\n".encode(),
        REGISTERS["key-loan"],
        "America/Los_Angeles",
    )
    taker = Taker(plan, ["a", "b"], lambda registers, name, value: value)
    return taker.take(Row(2, ["1", cell])).sets.get("due")


@pytest.mark.parametrize(
    ("reading", "cell", "due"),
    [
        ("b", "12/31/2017 11:59 PM", "2017-12-31T23:59:00-08:00"),
        ("b", "07/01/2018 12:00 AM", "2018-07-01T00:00:00-07:00"),
        ("b", "", None),
        ("{column: b, empty: 01/01/2018 01:00 AM}", "", "2018-01-01T01:00:00-08:00"),
        ("{column: b, formats: '%Y-%m-%d %H:%M'}", "2018-01-01 00:00", "2018-01-01T00:00:00-08:00"),
        ("{text: '{b} PM'}", "12/31/2017 11:59", "2017-12-31T23:59:00-08:00"),
        ("{column: b, values: {soon: 12/31/2017 11:59 PM}}", "soon", "2017-12-31T23:59:00-08:00"),
        ("{column: b, values: {soon: null}}", "soon", None),
        ("{column: b, values: {}, otherwise: 12/31/2017 11:59 PM}", "x", "2017-12-31T23:59:00-08:00"),
    ],
)
def test_a_cell_is_read_as_the_map_says(reading: str, cell: str, due: str | None) -> None:
    assert take(reading, cell) == due


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("02/30/2018 01:00 AM", 'b: "02/30/2018 01:00 AM" is not written as %m/%d/%Y %I:%M %p'),
        ("03/11/2018 02:30 AM", "b: 2018-03-11 02:30 does not exist in America/Los_Angeles"),
        ("11/04/2018 01:30 AM", "b: 2018-11-04 01:30 comes twice in America/Los_Angeles"),
        ("01/01/1969 01:00 AM", "b: 1969-01-01 01:00:00: the year has to be 1970 to 2199"),
    ],
)
def test_a_time_that_there_is_not_is_refused(cell: str, problem: str) -> None:
    with pytest.raises(BadInput) as error:
        take("b", cell)
    assert str(error.value).startswith(problem)


def test_a_text_in_a_cell_is_never_read_as_part_of_the_map() -> None:
    plan = read_map(
        b"key: a\nstate: registered\nfields:\n  content: {text: '{a}: {b}'}\n",
        REGISTERS["complaint"],
        "Asia/Shanghai",
    )
    taker = Taker(plan, ["a", "b"], lambda registers, name, value: value)
    assert taker.take(Row(2, ["{b}", "x"])).sets == {"content": "{b}: x"}


def test_a_sheet_is_read_from_its_path_alone(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"missing\.csv: No such file or directory"):
        next(Sheet(tmp_path / "missing.csv").rows())
