"""svcdesk import: take the rows of a sheet over as records, by a map."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from svcdesk import output
from svcdesk import schema
from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.commands.register import RegisterGroup
from svcdesk.declared import Register
from svcdesk.errors import BadInput
from svcdesk.errors import Exit
from svcdesk.importing import Importer
from svcdesk.importing import Result
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import say
from svcdesk.mapping import Map
from svcdesk.mapping import read_map
from svcdesk.matching import Tally
from svcdesk.model import text
from svcdesk.progress import progress
from svcdesk.registers import REGISTERS
from svcdesk.session import Done
from svcdesk.sheet import REJECTED
from svcdesk.sheet import Sheet
from svcdesk.sheet import guarded
from svcdesk.workflow import NOT_TAKEN_OVER

VERBS = ("list", "show", "withdraw")
TARGETS = tuple(name for name in REGISTERS if name not in NOT_TAKEN_OVER)
SHOWN = 10
"""Rejected rows, and records left alone, that are named one by one."""
LARGEST_MAP = 256 * 1024


class ImportGroup(RegisterGroup):
    """The book of imports, and a command for each register that takes rows."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return what can be done with the book, then the registers."""
        return [*VERBS, *TARGETS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb of the book, or the import into a register."""
        if cmd_name in TARGETS:
            return _into(REGISTERS[cmd_name])
        return super().get_command(ctx, cmd_name) if cmd_name in VERBS else None


import_ = ImportGroup(
    REGISTERS["import"],
    name="import",
    help="Take the rows of a sheet over: REGISTER FILE.csv --map MAP.yaml.",
)


def _into(register: Register) -> click.Command:
    parameters: list[click.Parameter] = [
        click.Argument(["sheet"], metavar="FILE.csv", type=click.Path(path_type=Path)),
        click.Option(
            ["--map", "plan"],
            required=True,
            metavar="MAP.yaml",
            type=click.Path(path_type=Path),
            help=_("Which column is which field."),
        ),
        click.Option(["--dry-run"], is_flag=True, help=_("Read and judge, record nothing.")),
        click.Option(
            ["--rejected"],
            metavar="FILE",
            type=click.Path(path_type=Path),
            help=_("Where rejected rows go; FILE-rejected.csv beside the sheet if not said."),
        ),
        click.Option(
            ["--format", "form"],
            type=click.Choice(["text", "json"]),
            default="text",
            help=_("How to answer."),
        ),
    ]

    @click.pass_obj
    def run(env: Environment, /, **given: Any) -> int:
        return take_over(env, register, **given)

    title = _(register.title)
    return click.Command(
        register.name, params=parameters, callback=run, help=title, short_help=title, epilog=_epilog(register)
    )


def _epilog(register: Register) -> str:
    """Return a sample of a map, and where the names of the fields are told."""
    opening = next(each for each in register.actions if each.creates)
    known = schema.fields(register.name)
    lines = ["formats: ['%d/%m/%Y']", "key: Number", f"state: {register.states[0]}", "fields:"]
    for name in opening.needs[:5]:
        enum = known[name].enum
        lines.append(f"  {name}: {{constant: {enum[0]}}}" if enum else f"  {name}: {known[name].title}")
    verbs = f"{register.area} {register.book}".strip()
    told = (
        text("A map names the column of each field, and the column (key) that tells rows apart:"),
        text(
            "Fields: those of svcdesk {verbs} {action} --help, with _ for -.",
            verbs=verbs,
            action=opening.name,
        ),
        text("Dates and times: formats as in strptime, such as %d/%m/%Y %H:%M."),
        text("Left alone: rows whose record somebody has acted on since it was taken over."),
    )
    said = [say(each) for each in told]
    return "\b\n" + "\n".join([said[0], *(f"  {each}" for each in lines), *said[1:]])


def take_over(
    env: Environment,
    register: Register,
    sheet: Path,
    plan: Path,
    dry_run: bool,
    rejected: Path | None,
    form: str,
) -> int:
    """Carry an import out and say what became of the rows."""
    blob = _read(plan)
    parsed = read_map(blob, register, env.desk.zone)
    source = Sheet(sheet, parsed.encoding, parsed.delimiter)
    target = rejected or sheet.parent / f"{sheet.stem}-rejected.csv"
    _refuse_other_file(target, sheet)
    if rejected and not rejected.parent.is_dir():
        raise BadInput(text("{file}: there is no such folder", file=str(rejected.parent)))
    result = _import(env, source, parsed, hashlib.sha256(blob).hexdigest(), dry_run)
    _tell(env, result.tally)
    _show(env, result, form)
    if result.tally.rejected and (rejected or not dry_run):
        _write_rejected(target, source, result.tally)
        env.talk(text("the rejected rows are in {file}", file=str(target)))
    return Exit.FINDINGS if result.tally.rejected else Exit.DONE


def _import(env: Environment, source: Sheet, plan: Map, digest: str, dry_run: bool) -> Result:
    terminal = sys.stderr.isatty() and not env.quiet
    total = 2 * source.count_lines()  # every row is read, then judged
    with env.session() as session, progress(total, source.name, sys.stderr, terminal) as advance:
        return Importer(session, plan, digest, source).run(dry_run, advance)


def _tell(env: Environment, tally: Tally) -> None:
    for number, problem in sorted(tally.rejected.items())[:SHOWN]:
        env.talk(text("row {row}: {problem}", row=number, problem=problem))
    if len(tally.rejected) > SHOWN:
        env.talk(text("and {count} more rows are rejected", count=len(tally.rejected) - SHOWN))
    for record in tally.left_alone[:SHOWN]:
        env.talk(
            text(
                "{record} is left alone: the row differs, but the record was acted on since; use its own actions",
                record=record,
            )
        )
    if len(tally.left_alone) > SHOWN:
        env.talk(text("and {count} more records are left alone", count=len(tally.left_alone) - SHOWN))
    if tally.warnings:
        env.talk(text("{count} warnings; svcdesk check lists them", count=tally.warnings))


def _show(env: Environment, result: Result, form: str) -> None:
    """Print id and state of the import, and on stderr (or alone, where nothing was recorded) the counts."""
    counts = result.tally.counts()
    if form == "json":
        found: Mapping[str, Any] = result.record.data if result.record else counts
        click.echo(output.document("json", found), nl=False)
        return
    line = _(", ").join(f"{heading('import', name)} {count}" for name, count in counts.items())
    click.echo(line, err=result.record is not None)
    if result.record is not None:
        show_done(Done(result.record, result.commit), "text")
        if result.record.state == "proposed":
            env.talk(
                text(
                    "a second desk-admin compares it with the sheet by import --dry-run, and signs:"
                    " svcdesk sign {record} second; then import again",
                    record=result.record.id,
                )
            )


def _refuse_other_file(target: Path, sheet: Path) -> None:
    """Refuse, before anything is done, to write rejected rows over what holds no rejected rows."""
    try:
        with target.open("rb") as file:
            ours = file.read(64).decode("utf-8-sig", "replace").startswith(",".join(REJECTED))
        if ours and not target.samefile(sheet):
            return
    except FileNotFoundError:
        return
    except OSError as error:
        raise BadInput(text("{file}: {reason}", file=str(target), reason=error.strerror or "")) from None
    raise BadInput(
        text("{file} holds something else; --rejected FILE says where rejected rows go", file=str(target))
    )


def _write_rejected(target: Path, source: Sheet, tally: Tally) -> None:
    """Write the rejected rows as they stood, each after the reason and its number."""
    digest = source.digest
    try:
        with target.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            rows = source.rows()
            writer.writerow([*REJECTED, *map(guarded, next(rows).cells)])
            for row in rows:
                if row.number in tally.rejected:
                    reason = output.safe(say(tally.rejected[row.number]))
                    writer.writerow([guarded(reason), row.number, *map(guarded, row.cells)])
    except OSError as error:
        raise BadInput(text("{file}: {reason}", file=str(target), reason=error.strerror or "")) from None
    if source.digest != digest:
        raise BadInput(text("{file} changed while it was read", file=source.name))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_MAP + 1)
    except OSError as error:
        raise BadInput(text("{file}: {reason}", file=str(path), reason=error.strerror or "")) from None
