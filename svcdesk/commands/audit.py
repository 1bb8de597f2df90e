"""svcdesk audit: history in the words of the business."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from svcdesk import output
from svcdesk.clock import stamp
from svcdesk.commands.bundle import bundle
from svcdesk.commands.checkpoint import checkpoint
from svcdesk.commands.checkpoint import compare
from svcdesk.commands.environment import Environment
from svcdesk.commands.examining import anomalies
from svcdesk.commands.examining import sample
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.commands.page import act_lines
from svcdesk.commands.page import covered_fields
from svcdesk.commands.page import person_words
from svcdesk.commands.page import value_words
from svcdesk.commands.register import RegisterGroup
from svcdesk.commands.verify import verify
from svcdesk.commands.wording import action_words
from svcdesk.commands.wording import at_terminal
from svcdesk.commands.wording import labelled
from svcdesk.commands.wording import moment_words
from svcdesk.commands.wording import state_words
from svcdesk.declared import Register
from svcdesk.history import Entry
from svcdesk.history import blame_of
from svcdesk.history import entries
from svcdesk.history import entry_of
from svcdesk.ids import register_of
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.registers import REGISTERS
from svcdesk.sealed import hidden


class InOrder(click.Group):
    """Lists its commands as they were added: reading first, then proof."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        return list(self.commands)


@click.group(cls=InOrder)
def audit() -> None:
    """Read the history: log, show, blame; verify it, and keep proof of it."""


@audit.command()
@click.argument("what", required=False, default="", metavar="[RECORD|REGISTER]")
@click.option("--limit", type=click.IntRange(min=0), default=50, help="At most so many; 0 for all.")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def log(env: Environment, what: str, limit: int, form: Any) -> None:
    """List what was done, newest first; an end that several ids share stands for them all."""
    found: list[Entry] = []
    for entry in entries(env.desk, what):
        if limit and len(found) == limit:
            env.talk(text("the first {limit}; --limit 0 shows all", limit=limit))
            break
        found.append(entry)
    rows = [_told(env, entry) if form == "table" else _row(env, entry) for entry in found]
    columns = ("at", "by", "record", "action", "signed", "changed", "commit")
    headings = {name: heading("", name) for name in columns} | {"changed": _("changed")}
    output.write(sys.stdout, output.render(form, rows, columns, headings, width=width(), fold=True))


def _row(env: Environment, entry: Entry) -> dict[str, Any]:
    """Return an entry as programs read it."""
    return {
        "at": entry.at,
        "by": person_words(env.desk, entry.actor) if entry.actor else entry.author,
        "record": " ".join(entry.records),
        "action": entry.action or "?",
        "signed": " ".join(entry.signed),
        "changed": "; ".join(f"{name}: {_plain(old)} → {_plain(new)}" for name, old, new in entry.changed),
        "reason": hidden(_reason(entry), "(sealed)"),
        "commit": entry.commit[:12],
    }


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else hidden(output.words(value), "(sealed)")


def _told(env: Environment, entry: Entry) -> dict[str, Any]:
    """Return an entry as people read it."""
    register = _register(env, entry)
    at = entry.at or stamp(entry.committed, env.desk.zone)
    return _row(env, entry) | {
        "at": moment_words(env.desk, at) if at_terminal() else at,
        "action": _action(register, entry),
        "signed": " ".join(_signature(register, each) for each in entry.signed),
        "changed": _("; ").join([*_changes(env, entry), *_why(entry)]),
    }


def _reason(entry: Entry) -> str:
    """Return the reason that the leading act gives, if any."""
    return str(entry.steps[0].act.get("reason", "")) if entry.steps else ""


def _why(entry: Entry) -> Iterator[str]:
    if reason := _reason(entry):
        yield _("reason: {reason}", reason=reason)


def _register(env: Environment, entry: Entry) -> Register | None:
    """Return the register of the leading record."""
    return register_of(entry.records[0], env.desk.registers) if entry.records else None


def _action(register: Register | None, entry: Entry) -> str:
    if entry.merge:
        return _("two histories joined")
    return action_words(register, entry.action) if entry.action else _("not by svcdesk")


def _signature(register: Register | None, written: str) -> str:
    """Return `custodian=S-A0005(identified)` in words."""
    name, _sign, rest = written.partition("=")
    signer, _open, how = rest.removesuffix(")").partition("(")
    line = register.line(name) if register is not None else None
    called = line.term if line else name
    return _("{line}={signer}({how})", line=called, signer=signer, how=_(how) if how else how)


def _changes(env: Environment, entry: Entry) -> Iterator[str]:
    if not entry.changed:
        return
    record = entry.steps[0].new
    register = env.desk.registers[record.register]
    covered = covered_fields(register, env.desk.index.get(record.id) or record)
    for name, old, new in entry.changed:
        if name not in covered:
            words = (
                value_words(env.desk, register, name, each) if each is not None else "-"
                for each in (old, new)
            )
            yield labelled(heading(register.name, name), " → ".join(words))


@audit.command()
@click.argument("commit")
@click.pass_obj
def show(env: Environment, commit: str) -> None:
    """Show one commit: who did what to which record, field by field."""
    output.write(sys.stdout, _page(env, entry_of(env.desk, commit)))


def _page(env: Environment, entry: Entry) -> Iterator[str]:
    yield f"{entry.commit}\n"
    by = person_words(env.desk, entry.actor) if entry.actor else output.safe(entry.author)
    yield labelled(heading("", "by"), by) + "\n"
    if not entry.action:
        yield _action(None, entry) + "\n"
    for step in entry.steps:
        register = env.desk.registers[step.new.register]
        covered = covered_fields(register, env.desk.index.get(step.new.id) or step.new)
        before = state_words(register.name, step.old.state) if step.old else "-"
        yield f"{step.new.id} {before} → {state_words(register.name, step.new.state)}\n"
        yield from act_lines(env.desk, register, len(step.new.acts), step.act, covered)


@audit.command()
@click.argument("record")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def blame(env: Environment, record: str, form: Any) -> None:
    """Say of each field who set it, when, by which act; an end that several ids share stands for them all."""
    matching = env.desk.matching(record)
    rows = [row for found in matching for row in _blamed(env, found, form)]
    columns = ("record",) * (len(matching) > 1) + ("field", "value", "by", "at", "action")
    headings = {name: heading("", name) for name in columns} | {"field": _("field"), "value": _("value")}
    output.write(sys.stdout, output.render(form, rows, columns, headings, width=width(), fold=True))


def _blamed(env: Environment, found: Record, form: Any) -> list[dict[str, Any]]:
    """Return a row for each field of a record, in words where a person reads it."""
    register = env.desk.registers[found.register]
    rows = [
        {
            "record": found.id,
            "field": each.field,
            "value": value_words(env.desk, register, each.field, each.value),
            "by": person_words(env.desk, each.act["by"]),
            "at": each.act["at"],
            "action": each.act["action"],
        }
        for each in blame_of(found)
    ]
    if form != "table":
        return rows
    return [
        row
        | {
            "field": heading(register.name, row["field"]),
            "at": moment_words(env.desk, row["at"]) if at_terminal() else row["at"],
            "action": action_words(register, row["action"]),
        }
        for row in rows
    ]


for each in (verify, checkpoint, compare, bundle, sample, anomalies):
    audit.add_command(each)
audit.add_command(RegisterGroup(REGISTERS["audit-exception"], name="exception", help=_("Audit exceptions")))
