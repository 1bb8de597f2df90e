"""svcdesk explain: how a deadline or a figure came about."""

from __future__ import annotations

import click

from svcdesk import schema
from svcdesk.commands.environment import Environment
from svcdesk.commands.page import act_lines
from svcdesk.commands.page import covered_fields
from svcdesk.commands.wording import labelled
from svcdesk.declared import Register
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.language import ENGLISH
from svcdesk.language import _
from svcdesk.language import chosen
from svcdesk.language import heading
from svcdesk.language import say
from svcdesk.model import Record
from svcdesk.model import text


@click.command()
@click.argument("record")
@click.argument("field", required=False, default="")
@click.pass_obj
def explain(env: Environment, record: str, field: str) -> None:
    """Explain a record's deadlines, or how one field came to its value."""
    desk = env.desk
    found = desk.get(record)
    register = desk.registers[found.register]
    if field:
        _field(desk, register, found, field)
        return
    _deadlines(desk, register, found, env.at)
    for name in (each for each in register.figures if each in found.data):
        click.echo(labelled(heading(register.name, name), found[name]))
        _figure(desk, register, found, name)


def _field(desk: Desk, register: Register, record: Record, field: str) -> None:
    """Print the acts that have set a field, called by its name or its heading, and how its figure came about."""
    known = schema.fields(register.name).values()
    called = {word.casefold(): each.name for each in known for word in (each.title, heading(register.name, each.name))}
    name = called.get(field.casefold(), field.replace("-", "_"))
    acts = [(number, act) for number, act in enumerate(record.acts, 1) if name in act.get("sets", {})]
    if not acts:
        raise BadInput(text("no act of {record} has set {field}", record=record.id, field=field))
    click.echo(heading(register.name, name))
    covered = covered_fields(register, record)
    for number, act in acts:
        click.echo("".join(act_lines(desk, register, number, act, covered)), nl=False)
    _figure(desk, register, record, name)


def _figure(desk: Desk, register: Register, record: Record, name: str) -> None:
    """Print how a figure that a record has came about, where its register can tell."""
    if name in register.figures and name in record.data:
        for line in register.figures[name](record, desk.books):
            click.echo(f"  {say(line)}")


def _deadlines(desk: Desk, register: Register, record: Record, at: str) -> None:
    """Print each deadline that runs: when it is due, what it asks, who answers, how the moment came about."""
    running = [each for each in register.deadlines if record.state in each.states]
    if not running:
        click.echo(_("nothing is due on {record}", record=record.id))
    for deadline in running:
        due, sentence = deadline.due(record, desk.books) or "-", _(deadline.sentence)
        title = deadline.name if chosen() == ENGLISH else sentence.rstrip("。")
        click.echo(_("{deadline}: {due}  ({clauses})", deadline=title, due=due, clauses=deadline.clauses))
        if title == deadline.name:
            click.echo(f"  {sentence}")
        people = deadline.anyone(record, desk.books, at) if deadline.anyone else ()
        person = " | ".join(people) or deadline.person(record, desk.books)
        click.echo("  " + _("answers for it: {person}", person=person))
        for line in deadline.how(record, desk.books) if deadline.how else ():
            click.echo(f"  {say(line)}")
