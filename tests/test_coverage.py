"""Every clause of the registers that are built is served by something that works, and says which."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.commands.page import page
from svcdesk.coverage import Clause
from svcdesk.coverage import catalogue
from svcdesk.coverage import served
from svcdesk.coverage import serving
from svcdesk.declared import Register
from svcdesk.desk import Desk
from svcdesk.fields import Field
from svcdesk.language import heading
from svcdesk.model import Record
from svcdesk.registers import REGISTERS
from svcdesk.settings import SETTINGS
from tests.conftest import Svcdesk
from tests.test_cases import FILES
from tests.test_cases import file_name
from tests.world import CASES

TESTS = Path(__file__).parent
CATALOGUE = TESTS.parent / "svcdesk" / "data" / "clauses.csv"
BUILT = ("1", "2", "3", "4", "7", "12", "20")
CHAPTER = pytest.mark.parametrize("chapter", BUILT)
SERVED = served()


@cache
def breaking_cases() -> dict[tuple[str, str], str]:
    """(register, clause): the case that breaks a rule of it."""
    return {(path.parent.name, yamlio.load(path.read_bytes())["then"]): path.name for path in FILES}


@cache
def written_tests() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("test_*.py")))


def missing(row: Clause) -> str:
    """What a clause still lacks, or an empty string."""
    items = [each.partition(":")[::2] for each in serving(row, SERVED)]
    return {"ENFORCE": _refusal, "RECORD": _field, "REMIND": _deadline, "REPORT": _report}[row.kind](
        row, [name for kind, name in items if kind == SERVANTS[row.kind]]
    )


SERVANTS = {"ENFORCE": "rule", "RECORD": "field", "REMIND": "deadline", "REPORT": "report"}


def _refusal(row: Clause, names: list[str]) -> str:
    if not names:
        return "no rule, line, form or right refuses"
    flags = [_rule(name) for name in names]
    if all(flags):
        return ""
    registers = {name.partition(".")[0] for name in names}
    broken = [breaking_cases().get((register, clause)) for register in registers for clause in row.ids]
    return "" if any(broken) else f"no case breaks {', '.join(names)}"


def _rule(name: str) -> str:
    """Why a rule can only flag; empty where it refuses."""
    register, _dot, claim = name.partition(".")
    return next((rule.only_flags for rule in REGISTERS[register].rules if rule.name == claim), "")


def _field(row: Clause, names: list[str]) -> str:
    if not names:
        return "no field holds it"
    unset = [name for name in names if not _settable(name)]
    return f"no action sets {', '.join(unset)}" if unset else ""


def _settable(name: str) -> bool:
    register, _dot, field = name.partition(".")
    if register == "policy" and field in SETTINGS:
        return True
    declared, top = REGISTERS[register], field.partition(".")[0]
    entered = {each for action in declared.actions for each in action.fields}
    return top in entered | set(declared.computed) | {"state"}


def _deadline(row: Clause, names: list[str]) -> str:
    return "" if names else "no deadline reminds of it"


def _report(row: Clause, names: list[str]) -> str:
    if not names:
        return "no report shows it"
    untested = [name for name in names if not _compared(name)]
    return f"no test compares {', '.join(untested)}" if untested else ""


def _compared(name: str) -> bool:
    register, _dot, report = name.partition(".")
    declared = REGISTERS[register]
    words = " ".join(filter(None, (declared.area, declared.book, "report", report)))
    return re.search(rf"{words}\b", written_tests()) is not None


def lacking(chapter: str) -> Iterator[str]:
    for row in catalogue():
        if row.register == chapter and row.kind != "CONDUCT" and (lack := missing(row)):
            yield f"{row.clause} ({row.kind}): {lack}"


@CHAPTER
def test_every_clause_is_served(chapter: str) -> None:
    found = list(lacking(chapter))
    assert not found, f"register {chapter}:\n" + "\n".join(found)


@CHAPTER
def test_coverage_says_each_clause_as_the_catalogue_does(chapter: str, svcdesk: Svcdesk) -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        written = [each for each in csv.DictReader(file) if each["register"] == chapter]
    rows = [each for each in catalogue() if each.register == chapter]
    unserved = any(each.kind != "CONDUCT" and not serving(each, SERVED) for each in rows)
    answer = svcdesk(f"policy coverage --register {chapter} --format json", exit_code=int(unserved))
    told = json.loads(answer.stdout)
    assert [{name: each[name] for name in written[0]} for each in told] == written
    assert [each["served_by"] for each in told] == [serving(each, SERVED) for each in rows]


def test_a_case_is_named_after_a_clause_that_its_register_serves() -> None:
    strange = [
        f"{register}/{file}"
        for (register, clause), file in breaking_cases().items()
        if clause != "none"
        and not any(item.startswith(f"rule:{register}.") for item in SERVED.get(clause, ()))
    ]
    assert strange == []
    assert all(
        file.startswith(file_name(clause))
        for (_, clause), file in breaking_cases().items()
        if clause != "none"
    )


def test_case_folders_hold_cases() -> None:
    assert [path.name for path in CASES.iterdir() if path.is_dir() and not list(path.glob("*.yaml"))] == []


def sample(field: Field) -> Any:
    """Some value of a field's own shape."""
    if field.items is not None:
        return [{column: sample(each) for column, each in field.items.items()}]
    plain = field.enum[0] if field.enum else {"boolean": True, "integer": 1}.get(field.type, "some words")
    return [plain] if field.type == "array" else plain


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.name)
def test_show_prints_every_field(register: Register, svcdesk: Svcdesk) -> None:
    svcdesk("init desk --name Desk --timezone Asia/Shanghai")
    fields = schema.fields(register.name)
    acts = [{"action": register.actions[0].name, "at": "2026-11-22T09:00:00+08:00", "by": "S-A0001"}]
    values = {name: sample(field) for name, field in fields.items()}
    values["state"] = "void"  # no field is covered up any more
    record = Record(register.name, {"id": f"{register.prefix}-A0001", **values, "acts": acts})
    shown = "".join(page(Desk.find(svcdesk.cwd / "desk"), register, record))
    there = register.presents(record) if register.presents else fields
    absent = [
        name
        for name in fields
        if name in there and name != "state" and f"  {heading(register.name, name)}:" not in shown
    ]
    assert absent == []
