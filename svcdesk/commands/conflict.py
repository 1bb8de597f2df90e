"""svcdesk conflict show: both sides of a contradiction in the words of their own registers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.commands.page import act_lines
from svcdesk.commands.page import person_words
from svcdesk.commands.page import value_words
from svcdesk.commands.wording import labelled
from svcdesk.desk import Desk
from svcdesk.ids import register_of
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import label
from svcdesk.language import lookup
from svcdesk.model import Record
from svcdesk.registers import REGISTERS
from svcdesk.sealed import is_sealed

REGISTER = REGISTERS["conflict"]

CHOICES = {"published": "published", "held": "local"}
"""side: the word by which a resolution keeps it."""


def show_command() -> click.Command:
    """Return `svcdesk conflict show`."""
    return show


@click.command()
@click.argument("record", metavar="RECORD")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "yaml"]), default="text", help="How to print."
)
@click.pass_obj
def show(env: Environment, record: str, form: str) -> None:
    """Show what two clones did that cannot both stand."""
    found = env.desk.get(record, REGISTER.name)
    if form == "text":
        output.write(sys.stdout, _page(env.desk, found))
    else:
        data = _opened(found.data, env.desk)
        output.write(sys.stdout, [output.document("json" if form == "json" else "yaml", data)])


def _opened(value: Any, desk: Desk) -> Any:
    """Return what a conflict holds with its sealed texts in clear, wherever they stand, as far as one may read them."""
    if isinstance(value, Mapping):
        return {name: _opened(each, desk) for name, each in value.items()}
    if isinstance(value, list):
        return [_opened(each, desk) for each in value]
    return (desk.unseal(value) if is_sealed(value) else None) or value


def _page(desk: Desk, conflict: Record) -> Iterator[str]:
    kind, state = (label(REGISTER.name, name, conflict[name]) for name in ("kind", "state"))
    yield f"{conflict.id}  {kind}  {state}\n"
    if conflict.get("things"):
        things = _(", ").join(person_words(desk, each) for each in conflict["things"])
        yield f"  {labelled(heading(REGISTER.name, 'things'), things)}\n"
    for name, choice in CHOICES.items():
        if conflict.get(name):
            typed = f" (--keep {choice})" if conflict.state == "open" else ""
            yield f"  {labelled(heading(REGISTER.name, name) + typed, '').rstrip()}\n"
            yield from (f"    {line}" for row in conflict[name] for line in _side(desk, row))
    if conflict.get("differences"):
        sides = " | ".join(heading(REGISTER.name, name) for name in CHOICES)
        yield f"  {labelled(heading(REGISTER.name, 'differences') + f' ({sides})', '').rstrip()}\n"
        yield from (f"    {_difference(desk, each)}\n" for each in conflict["differences"])
    for rule in _rules(conflict):
        yield f"  {labelled(heading(REGISTER.name, 'rules'), rule)}\n"
    for number, act in enumerate(conflict.acts[1:], 2):
        yield from act_lines(desk, REGISTER, number, act)


def _side(desk: Desk, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield an act of one side as the page of its own record shows it."""
    register, record = register_of(row["record"], desk.registers), desk.index.get(row["record"])
    assert register is not None, "joining names records of registers"
    stands = record.acts if record is not None and "commit" not in row else ()
    same = (each for each in stands if all(each[name] == row[name] for name in ("action", "by", "at")))
    first, *more = act_lines(desk, register, 1, row.get("act") or next(same, row))
    yield f"{row['record']}  {first.strip().partition('. ')[2]}\n"
    yield from more


def _difference(desk: Desk, row: Mapping[str, Any]) -> str:
    """Return a field with the value that stands and the one that does not."""
    register = register_of(row["record"], desk.registers)
    assert register is not None, "joining names records of registers"
    name = row["field"]
    stands = value_words(desk, register, name, row["published"]) if "published" in row else "-"
    both = f"{stands} | {value_words(desk, register, name, row['local'])}"
    return f"{row['record']}  {labelled(heading(register.name, name), both)}"


def _rules(conflict: Record) -> Iterator[str]:
    """Yield what the later acts would break: the claim of each rule, or its name where it has none."""
    registers = (register_of(each, REGISTERS) for each in conflict["records"])
    known = {rule.name: rule.sentence for each in registers if each for rule in each.rules}
    for name in conflict.get("rules", ()):
        yield lookup(known[name]) if name in known else output.safe(name)
