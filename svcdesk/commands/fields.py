"""Fields at the command line: options made from the schema, values read as each field means them."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from svcdesk import schema
from svcdesk.canonical import clean
from svcdesk.commands.environment import Environment
from svcdesk.commands.hints import hint
from svcdesk.commands.hints import is_cut
from svcdesk.commands.hints import placeholder
from svcdesk.declared import Register
from svcdesk.errors import BadInput
from svcdesk.errors import SvcdeskError
from svcdesk.keygen import public_key
from svcdesk.language import _
from svcdesk.language import description
from svcdesk.language import heading
from svcdesk.language import label
from svcdesk.language import lookup
from svcdesk.language import say
from svcdesk.model import Term
from svcdesk.model import text
from svcdesk.schema import Field
from svcdesk.sshkeys import TYPES
from svcdesk.sshkeys import normal

BEFORE_A_NAME = re.compile(r",(?=\s*[A-Za-z][A-Za-z0-9_-]*\s*=)")


def option_name(field: Field) -> str:
    """Return what the option of a field is called, without dashes."""
    return (field.option or field.name).replace("_", "-")


def options(register: Register, names: Iterable[str], required: Iterable[str]) -> list[click.Option]:
    """Return the options by which the fields of an action are entered."""
    wanted = [schema.fields(register.name)[name] for name in names]
    tables = [each.name for each in wanted if each.items is not None]
    called = [option_name(each) for each in wanted]
    found = []
    for field, name in zip(wanted, called, strict=True):
        # Where fields of several actions meet, as in a correction, a shared short name says too little.
        own = name if called.count(name) == 1 else field.name.replace("_", "-")
        found.append(_option(register, field, own, field.name in required, tables == [field.name]))
    return found


def _option(register: Register, field: Field, name: str, required: bool, only_table: bool) -> click.Option:
    help_text = description(register.name, field.name)
    if required:
        help_text += _(" Required.")
    if field.type == "boolean":
        return click.Option([f"--{name}/--no-{name}", field.name], default=None, help=help_text)
    if field.items is not None:
        names = [f"--{name}", "--line"] if only_table and name != "line" else [f"--{name}"]
        example = ",".join(f"{each}=…" for each in field.items)
        return click.Option([*names, field.name], multiple=True, metavar=f"'{example}'", help=help_text)
    if field.type == "array":
        if is_cut(field):
            help_text += _(" One of: {choices}.", choices=field.enum)
        shown = placeholder(field)
        return click.Option([f"--{name}", field.name], multiple=True, metavar=shown, help=help_text)
    kind = Labelled(register, field) if field.enum else None
    return click.Option(
        [f"--{name}", field.name],
        type=kind,
        default=None,
        metavar=None if kind else placeholder(field),
        help=help_text,
    )


class Labelled(click.Choice[str]):
    """A choice that is also made by the label shown for it, English or of the language in force, in any case."""

    def __init__(self, register: Register, field: Field) -> None:
        super().__init__(field.enum)
        self._codes = {word: code for code in field.enum for word in _words(register, field, code)}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code of a choice; fails as a choice does."""
        return super().convert(self._codes.get(str(value).strip().casefold(), value), param, ctx)


def _words(register: Register, field: Field, code: str) -> set[str]:
    """Return the words for a choice, in small letters."""
    own = label(register.name, field.name, code)
    return {each.casefold() for each in (code, field.labels.get(code, code), own)}


def read_values(register: Register, given: Mapping[str, Any], env: Environment) -> dict[str, Any]:
    """Return the fields that were given, each as its schema means it; raises BadInput with the field's name."""
    known = schema.fields(register.name)
    return {
        name: read_value(known[name], value, env, f"{register.name}.{name}")
        for name, value in given.items()
        if value not in (None, (), [])
    }


def read_value(field: Field, value: Any, env: Environment, place: str) -> Any:
    """Return one field's value read from what a person typed, or from a file of --from; `place` is register.field."""
    if field.items is not None:
        rows = value if isinstance(value, (list, tuple)) else [value]
        return [_read_row(field.items, each, place, env) for each in rows]
    if field.type == "array":
        entries = value if isinstance(value, (list, tuple)) else [value]
        return [_read_scalar(field, each, field.item_format, env, place) for each in entries]
    return _read_scalar(field, value, field.format, env, place)


def _read_row(columns: Mapping[str, Field], row: Any, place: str, env: Environment) -> dict[str, Any]:
    name = _term(place)
    if isinstance(row, str):
        pairs = [part.partition("=") for part in split_row(row)]
        wrong = [left for left, sign, _right in pairs if not sign or left.strip() not in columns]
        if wrong:
            raise BadInput(
                text(
                    "{field}: {part} is none of {columns}",
                    field=name,
                    part=wrong[0],
                    columns=", ".join(f"{each}=…" for each in columns),
                )
            )
        row = {left.strip(): right for left, _sign, right in pairs}
    if not isinstance(row, Mapping) or not row.keys() <= columns.keys():
        raise BadInput(
            text("{field}: a line has the columns {columns}", field=name, columns=", ".join(columns))
        )
    return {
        each: read_value(columns[each], row[each], env, f"{place}.{each}") for each in columns if each in row
    }


def split_row(row: str) -> list[str]:
    """Split `item=lights,note=one, or two` where a comma stands before another `name=`; other commas are text."""
    return BEFORE_A_NAME.split(row)


def _read_scalar(field: Field, value: Any, form: str, env: Environment, place: str) -> Any:
    if field.type == "boolean" and not isinstance(value, bool):
        return read_yes(_term(place), value)
    if not isinstance(value, str):
        return value
    written = cleaned(_term(place), value)
    if field.ref:
        if not written.strip():
            raise BadInput(text("{field}: it is empty; an id is needed", field=_term(place)))
        return env.desk.resolve(written.strip(), field.ref)
    if form == "time":
        return env.moment(written)
    if form == "ssh-key":
        return normal(written) if written.partition(" ")[0] in TYPES else public_key(written, Path())
    if form == "commit":
        return env.desk.store.resolve(written.strip())
    if form == "email":
        return written.strip().casefold()
    if field.type == "integer" or form == "quantity" or field.item_type == "integer":
        return _read_integer(_term(place), written)
    return _code(field, written, place)


def _code(field: Field, written: str, place: str) -> str:
    """Return the code of what was called by its label, English or of the language in force; else what was written."""
    labels = {} if written in field.labels else {**{each: each for each in field.words}, **field.labels}
    codes = {word: code for code, english in labels.items() for word in (english, lookup(english, place))}
    return {word.casefold(): code for word, code in codes.items()}.get(written.strip().casefold(), written)


def cleaned(name: str | Term, value: str) -> str:
    """Return a text in the form in which it is stored; raises BadInput that names the field."""
    if any("\ud800" <= each <= "\udfff" for each in value):
        raise BadInput(text("{field}: {fault}", field=name, fault=text("not UTF-8")))
    try:
        return clean(value)
    except BadInput as error:
        raise BadInput(text("{field}: {fault}", field=name, fault=error.message)) from None


def _term(place: str) -> Term:
    """Return a field, by `register.field` or `register.field.column`, as a sentence names it."""
    register, _dot, path = place.partition(".")
    return Term(path.rpartition(".")[2], "field", path, register)


def _read_integer(name: Term, written: str) -> int:
    try:
        return int(written)
    except ValueError:
        raise BadInput(text("{field}: {value} is no whole number", field=name, value=written)) from None


def read_yes(name: str | Term, value: Any) -> bool:
    """Return whether `yes` or `no` was typed into a field; raises BadInput with its name."""
    words = {"yes": True, "y": True, "true": True, "是": True, "no": False, "n": False, "false": False, "否": False}
    found = words.get(str(value).strip().casefold())
    if found is None:
        raise BadInput(text("{field}: {value} is neither yes nor no", field=name, value=str(value)))
    return found


def prompt_missing(register: Register, missing: Iterable[str], env: Environment) -> dict[str, Any]:
    """Ask at the terminal for fields that an action needs and that were not given."""
    known = schema.fields(register.name)
    found: dict[str, Any] = {}
    for name in missing:
        field = known[name]
        how = hint(field)
        title = heading(register.name, name) + (f" ({how})" if how else "")
        if field.enum:
            answer = click.prompt(title, type=Labelled(register, field), err=True)
            found[name] = read_value(field, answer, env, f"{register.name}.{name}")
        else:
            found[name] = ask(title, partial(_answered, field, env, f"{register.name}.{name}"))
    return found


def ask(title: str, read: Callable[[str], Any]) -> Any:
    """Ask at the terminal until an answer can be read; what is wrong with one is said, and asked again."""

    def taken(answer: str) -> Any:
        try:
            return read(answer)
        except SvcdeskError as error:
            raise click.UsageError(say(error.message)) from None

    return click.prompt(title, value_proc=taken, err=True)


def _answered(field: Field, env: Environment, place: str, answer: str) -> Any:
    """Return the value that an answer stands for; raises UnknownRecord, and BadInput where it does not fit."""
    found = read_value(field, answer, env, place)
    if field.ref and field.items is None:
        for each in found if isinstance(found, list) else [found]:
            if env.desk.index.get(each) is None:
                env.desk.get(each, field.ref[0])
    register, _dot, name = place.partition(".")
    for fault in schema.validate_field(register, name, found):
        raise BadInput(fault.message)
    return found
