"""svcdesk audit: history in the words of the business."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from svcdesk import message
from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.commands.page import act_lines
from svcdesk.commands.page import person_words
from svcdesk.commands.page import value_words
from svcdesk.history import Entry
from svcdesk.history import blame_of
from svcdesk.history import entries
from svcdesk.history import entry_of
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.model import text


@click.group()
def audit() -> None:
    """Read the history: log, show, blame."""


@audit.command()
@click.argument("what", required=False, default="", metavar="[RECORD|REGISTER]")
@click.option("--limit", type=click.IntRange(min=0), default=50, help="At most so many; 0 for all.")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def log(env: Environment, what: str, limit: int, form: Any) -> None:
    """List what was done, newest first."""
    found: list[Entry] = []
    for entry in entries(env.desk, what):
        if limit and len(found) == limit:
            env.talk(text("the first {limit}; --limit 0 shows all", limit=limit))
            break
        found.append(entry)
    rows = [_row(env, entry) for entry in found]
    columns = ("at", "by", "record", "action", "signed", "changed", "commit")
    headings = {name: heading("", name) for name in columns} | {
        "changed": _("changed"),
        "record": _("record"),
    }
    output.write(sys.stdout, output.render(form, rows, columns, headings, width=width()))


def _row(env: Environment, entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "by": person_words(env.desk, entry.actor) if entry.actor else entry.author,
        "record": " ".join(entry.records),
        "action": entry.action,
        "signed": entry.signed,
        "changed": "; ".join(f"{name}: {old} → {new}" for name, old, new in entry.changed),
        "commit": entry.commit[:12],
    }


@audit.command()
@click.argument("commit")
@click.pass_obj
def show(env: Environment, commit: str) -> None:
    """Show one commit: who did what to which record, field by field."""
    output.write(sys.stdout, _page(env, entry_of(env.desk, commit)))


def _page(env: Environment, entry: Entry) -> Iterator[str]:
    yield f"{entry.commit}\n"
    yield f"{message.TRAILERS[2].removeprefix('Svcdesk-')}: {entry.actor or entry.author}\n"
    for step in entry.steps:
        register = env.desk.registers[step.new.register]
        yield f"{step.new.id} {step.old.state if step.old else '-'} → {step.new.state}\n"
        yield from act_lines(env.desk, register, len(step.new.acts), step.act)


@audit.command()
@click.argument("record")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def blame(env: Environment, record: str, form: Any) -> None:
    """Say of each field who set it, when, by which act."""
    found = env.desk.get(record)
    register = env.desk.registers[found.register]
    rows = [
        {
            "field": each.field,
            "value": value_words(env.desk, register, each.field, each.value),
            "by": person_words(env.desk, each.act["by"]),
            "at": each.act["at"],
            "action": each.act["action"],
        }
        for each in blame_of(found)
    ]
    columns = ("field", "value", "by", "at", "action")
    headings = {name: heading("", name) for name in columns} | {"field": _("field"), "value": _("value")}
    shown = {each.field: heading(register.name, each.field) for each in blame_of(found)}
    if form == "table":
        rows = [{**row, "field": shown[row["field"]]} for row in rows]
    output.write(sys.stdout, output.render(form, rows, columns, headings, width=width()))
