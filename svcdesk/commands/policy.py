"""svcdesk policy: the desk's settings, and what serves which clause."""

from __future__ import annotations

import sys
from typing import Any

import click

from svcdesk import output
from svcdesk.commands import settings
from svcdesk.commands.environment import Environment
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.commands.register import RegisterGroup
from svcdesk.errors import BadInput
from svcdesk.errors import Exit
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import say
from svcdesk.model import text
from svcdesk.registers import REGISTERS

policy = RegisterGroup(
    REGISTERS["policy"], name="policy", help="The desk's settings; what serves which clause."
)

for each in (settings.list_settings, settings.show, settings.set_setting, settings.approve, settings.diff):
    policy.add_command(each)

KINDS = {
    "ENFORCE": text("ENFORCE"),
    "RECORD": text("RECORD"),
    "REMIND": text("REMIND"),
    "REPORT": text("REPORT"),
    "CONDUCT": text("CONDUCT"),
}

COLUMNS = ("register", "clause", "kind", "scope", "served_by", "rule")


@policy.command()
@click.option(
    "--register", "registers", default="", metavar="1,4,20", help="Only these chapters of the catalogue."
)
@click.option("--unserved", is_flag=True, help="Only what nothing serves.")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def coverage(env: Environment, registers: str, unserved: bool, form: Any) -> int:
    """List every clause of the catalogue with what serves it."""
    from svcdesk.coverage import catalogue
    from svcdesk.coverage import scope
    from svcdesk.coverage import served
    from svcdesk.coverage import serving

    wanted = [each.strip() for each in registers.split(",") if each.strip()]
    clauses = catalogue()
    unknown = sorted(set(wanted) - {each.register for each in clauses})
    if unknown:
        raise BadInput(text("the catalogue has no register {name}", name=", ".join(unknown)))
    by_clause = served()
    listed = [each for each in clauses if not wanted or each.register in wanted]
    rows = [
        {
            "register": each.register,
            "clause": each.clause,
            "kind": kind_words(each.kind) if form == "table" else each.kind,
            "scope": scope(each),
            "served_by": serving(each, by_clause),
            "rule": each.rule,
        }
        for each in listed
    ]
    open_rows = [
        row for row, each in zip(rows, listed, strict=True) if not row["served_by"] and each.kind != "CONDUCT"
    ]
    shown = open_rows if unserved else rows
    headings = {name: heading("", name) for name in COLUMNS} | {
        "scope": _("scope"),
        "served_by": _("served by"),
        "kind": _("kind"),
    }
    output.write(sys.stdout, output.render(form, shown, COLUMNS, headings, width=width(), fold=True))
    env.talk(text("{count} clauses, {open} unserved", count=len(rows), open=len(open_rows)))
    return Exit.FINDINGS if open_rows else Exit.DONE


def kind_words(kind: str) -> str:
    """Return what kind of clause it is, as people call it."""
    return say(KINDS[kind]) if kind in KINDS else kind


def explain_clause(clause: str) -> int:
    """Print what a clause asks and what serves it; raises BadInput on an unknown one."""
    from svcdesk.coverage import catalogue
    from svcdesk.coverage import served
    from svcdesk.coverage import serving

    rows = [each for each in catalogue() if clause in each.ids]
    if not rows:
        raise BadInput(text("the catalogue has no clause {clause}", clause=clause))
    by_clause = served()
    for row in rows:
        click.echo(f"{row.clause}  {kind_words(row.kind)}\n  {row.rule}")
        for item in serving(row, by_clause):
            click.echo(f"  {item}")
    return Exit.DONE
