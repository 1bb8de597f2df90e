"""Reading a register: list, show, report."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any

import click

from svcdesk import output
from svcdesk import schema
from svcdesk.commands.environment import Environment
from svcdesk.commands.whereabouts import COLUMN
from svcdesk.commands.whereabouts import where
from svcdesk.commands.wording import at_terminal
from svcdesk.commands.wording import moment_words
from svcdesk.commands.wording import word
from svcdesk.declared import Register
from svcdesk.errors import BadInput
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import label
from svcdesk.language import say
from svcdesk.model import Record
from svcdesk.model import text

if TYPE_CHECKING:
    from svcdesk.desk import Desk
    from svcdesk.query import Condition
    from svcdesk.query import Operator

FORMATS = click.Choice(["table", "json", "yaml", "csv"])
OPERATORS: dict[str, Operator] = {
    "": "=",
    "not": ".not",
    "before": ".before",
    "after": ".after",
    "has": ".has",
}
DEFAULT_LIMIT = 50


def moment_options() -> list[click.Parameter]:
    """Return the options that turn the books back."""
    return [
        click.Option(["--as-of"], metavar="TIME", help=_("As it was at TIME, by when things happened.")),
        click.Option(
            ["--known-at"], metavar="TIME", help=_("As the books stood at TIME, by when things were entered.")
        ),
    ]


def list_command(register: Register) -> click.Command:
    """Return `list` for a register."""
    parameters: list[click.Parameter] = [
        click.Option(
            ["--where"],
            multiple=True,
            metavar="FIELD=VALUE",
            help=_("Only these; FIELD.not, .before, .after, .has too."),
        ),
        click.Option(["--sort"], default="id", metavar="FIELD", help=_("Order; -FIELD turns it round.")),
        click.Option(
            ["--limit"], type=click.IntRange(min=0), default=None, help=_("At most so many; 0 for all.")
        ),
        click.Option(["--columns"], metavar="A,B,…", help=_("Which columns.")),
        click.Option(["--format", "form"], type=FORMATS, default="table", help=_("How to print.")),
        *moment_options(),
    ]

    @click.pass_obj
    def run(env: Environment, /, **given: Any) -> None:
        records = select(env, register, given)
        show_rows(env.desk, register, records, given["columns"], given["form"])

    return click.Command("list", params=parameters, callback=run, help=_("List records."))


def select(env: Environment, register: Register, given: Mapping[str, Any]) -> list[Record]:
    """Return the records that a `list` command line asks for."""
    conditions = [_condition(register, each, env) for each in given["where"]]
    order = given["sort"].removeprefix("-")
    _known(register, order)
    descending = given["sort"].startswith("-")
    limit = DEFAULT_LIMIT if given["limit"] is None and given["form"] == "table" else given["limit"] or None
    turned_back = given["as_of"] or given["known_at"]
    index = env.desk.index_of(past(env, register, given)) if turned_back else env.desk.index
    found = index.select(register.name, conditions, order, descending, None if limit is None else limit + 1)
    return _cut(env, found, limit)


def _cut(env: Environment, records: list[Record], limit: int | None) -> list[Record]:
    if limit is not None and len(records) > limit:
        env.talk(text("the first {limit}; --limit 0 shows all", limit=limit))
    return records if limit is None else records[:limit]


def past(env: Environment, register: Register, given: Mapping[str, Any]) -> Iterable[Record]:
    """Return a register's records as they were, by entry time (--known-at), event time (--as-of) or both."""
    desk = env.desk
    if given["known_at"]:
        from svcdesk.clock import instant

        moment = instant(env.moment(given["known_at"]))
        records: Iterable[Record] = (
            each for each in desk.at_commit(moment) if each.register == register.name
        )
    else:
        records = desk.index.of(register.name)
    return desk.as_of(records, env.moment(given["as_of"])) if given["as_of"] else records


def _condition(register: Register, given: str, env: Environment) -> Condition:
    from svcdesk.query import Condition

    left, sign, value = given.partition("=")
    name, _dot, operator = left.strip().partition(".")
    if not sign or operator not in OPERATORS:
        raise BadInput(text("{given}: write FIELD=VALUE or FIELD.not, .before, .after, .has", given=given))
    name = name.replace("-", "_")
    _known(register, name)
    if name in schema.sealable(register.name) and env.desk.books.setting("sealing", env.at):
        raise BadInput(
            text(
                "{field} is sealed; svcdesk seal find {register} TEXT looks through what you may read or find",
                field=name,
                register=register.name,
            )
        )
    field = schema.fields(register.name).get(name)
    if field is not None and field.format == "time" and operator in ("before", "after"):
        value = env.moment(value) if len(value) != len("2026-11-22") else env.moment(f"{value} 00:00")
    if field is not None and field.ref and value and operator in ("", "not", "has"):
        value = env.desk.resolve(value, field.ref)
    return Condition(name, OPERATORS[operator], value)


def _known(register: Register, name: str) -> None:
    if name not in ("id", "state") and name not in schema.fields(register.name):
        raise BadInput(text("{register} has no field {field}", register=register.name, field=name))


def show_rows(
    desk: Desk, register: Register, records: Sequence[Record], columns: str | None, form: Any
) -> None:
    """Print records as rows of a register."""
    names = (
        tuple(each.strip().replace("-", "_") for each in columns.split(",")) if columns else register.columns
    )
    for name in names:
        if name != COLUMN:
            _known(register, name)
    rows = [desk.opened(each).data for each in records]
    if COLUMN in names:
        rows = [{**desk.opened(each).data, COLUMN: where(desk, each)} for each in records]
    if form in ("json", "yaml") and columns:
        rows = [{name: each[name] for name in names if name in each} for each in rows]
    headings = {name: heading(register.name, name) for name in names} | {COLUMN: _("where")}
    shown = timely(words_of(register, desk), desk, form)
    output.write(sys.stdout, output.render(form, rows, names, headings, width=width(), shown=shown))


def words_of(register: Register, desk: Desk | None = None) -> output.Shown:
    """Return a function that gives the words for a value of a register's column."""

    def shown(name: str, value: Any) -> str:
        if isinstance(value, str):
            return word(desk, register.name, name, value) if desk else label(register.name, name, value)
        if isinstance(value, list) and not any(isinstance(each, Mapping) for each in value):
            return _(", ").join(shown(name, each) for each in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return output.words(value)

    return shown


def timely(shown: output.Shown, desk: Desk, form: str) -> output.Shown:
    """Return the same function with moments as a person at a terminal reads them in a table."""
    if form != "table" or not at_terminal():
        return shown
    return lambda name, value: moment_words(desk, shown(name, value))


def width() -> int | None:
    """Return the terminal's width, or None where the output goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def show_command(register: Register) -> click.Command:
    """Return `show` for a register."""
    parameters: list[click.Parameter] = [
        click.Argument(["record"], metavar="RECORD"),
        click.Option(
            ["--format", "form"],
            type=click.Choice(["text", "json", "yaml"]),
            default="text",
            help=_("How to print."),
        ),
        *moment_options(),
    ]

    @click.pass_obj
    def run(env: Environment, /, record: str, form: str, **given: Any) -> None:
        found: Record | None = env.desk.get(record, register.name)
        if found is not None and (given["as_of"] or given["known_at"]):
            wanted = found.id
            found = next((each for each in past(env, register, given) if each.id == wanted), None)
        if found is None:
            raise BadInput(text("{record} was not in the books then", record=record))
        if form != "text":
            data = env.desk.opened(found).data
            output.write(sys.stdout, [output.document("json" if form == "json" else "yaml", data)])
        else:
            from svcdesk.commands.page import page

            output.write(sys.stdout, page(env.desk, register, found))

    return click.Command(
        "show", params=parameters, callback=run, help=_("Show one record with all that was done to it.")
    )


def report_command(register: Register, verb: str) -> click.Command:
    """Return the command that prints a register's reports, by name."""
    names = [each.name for each in register.reports]
    parameters: list[click.Parameter] = [
        click.Argument(["name"], type=click.Choice(names), default=names[0]),
        click.Option(["--format", "form"], type=FORMATS, default="table", help=_("How to print.")),
    ]

    @click.pass_obj
    def run(env: Environment, /, name: str, form: Any) -> None:
        report = next(each for each in register.reports if each.name == name)
        rows = list(
            report.rows(list(map(env.desk.opened, env.desk.index.of(register.name))), env.desk.books, env.at)
        )
        if not rows and form == "table":
            env.talk(text("nothing to report"))
            return
        found = dict.fromkeys(column for row in rows for column in row)
        columns = list(found or report.headings or register.columns)
        own = {column: say(title) for column, title in report.headings.items()}
        headings = {column: own.get(column) or heading(register.name, column) for column in columns}
        shown = timely(words_of(register, env.desk), env.desk, form)
        output.write(
            sys.stdout, output.render(form, rows, columns, headings, width=width(), shown=shown, fold=True)
        )

    return click.Command(verb, params=parameters, callback=run, help=_("Print a report."))
