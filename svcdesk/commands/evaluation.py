"""svcdesk evaluation rank: the rank list of a period, with how its grades are distributed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.commands.listing import words_of
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import label
from svcdesk.language import say
from svcdesk.model import text
from svcdesk.periods import cycle_of
from svcdesk.registers import REGISTERS

EVALUATION = "evaluation"
COLUMNS = ("department", "rank", "person", "name", "composite", "grade", "id")


def rank_command() -> click.Command:
    """Return `evaluation rank`."""
    parameters: list[click.Parameter] = [
        click.Option(["--period"], required=True, metavar="PERIOD", help=_("Month, quarter or year.")),
        click.Option(["--department"], default="", metavar="CODE", help=_("Only this department.")),
        click.Option(["--format", "form"], type=FORMATS, default="table", help=_("How to print.")),
    ]

    @click.pass_obj
    def run(env: Environment, /, period: str, department: str, form: Any) -> None:
        if not cycle_of(period):
            raise BadInput(text("{period} is no period; 2026-11, 2026-Q4 and 2026 are", period=period))
        department = env.desk.get(department, "department")["code"] if department else ""
        rows = [row for row in _ranking(env) if row["period"] == period]
        shown = [row for row in rows if department in ("", row["department"])]
        _print(env.desk, shown, form)
        if form == "table":
            env.talk(_distribution(shown))

    return click.Command(
        "rank",
        params=parameters,
        callback=run,
        help=_("List who comes first by the results told for a period, department by department."),
    )


def _ranking(env: Environment) -> Sequence[Mapping[str, Any]]:
    register = REGISTERS[EVALUATION]
    report = next(each for each in register.reports if each.name == "ranking")
    return list(report.rows(list(env.desk.index.of(EVALUATION)), env.desk.books, env.at))


def _print(desk: Desk, rows: Sequence[Mapping[str, Any]], form: Any) -> None:
    register = REGISTERS[EVALUATION]
    report = next(each for each in register.reports if each.name == "ranking")
    headings = {name: heading(EVALUATION, name) for name in COLUMNS}
    headings |= {name: say(title) for name, title in report.headings.items()}
    shown = words_of(register, desk)
    pieces = output.render(form, rows, COLUMNS, headings, width=width(), fold=True, shown=shown)
    output.write(sys.stdout, pieces)


def _distribution(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return the sentence that tells how many have which grade."""
    grades = [row["grade"] for row in rows]
    counts = tuple(f"{label(EVALUATION, 'grade', each)} {grades.count(each)}" for each in ("A", "B", "C"))
    return text("{count} evaluated: {counts}", count=len(rows), counts=counts)
