"""svcdesk explain: how a deadline or a figure came about."""

from __future__ import annotations

import click

from svcdesk.commands.environment import Environment
from svcdesk.commands.page import act_lines
from svcdesk.commands.page import covered_fields
from svcdesk.errors import BadInput
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import say
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
        name = field.replace("-", "_")
        acts = [(number, act) for number, act in enumerate(found.acts, 1) if name in act.get("sets", {})]
        if not acts:
            raise BadInput(text("no act of {record} has set {field}", record=found.id, field=field))
        click.echo(heading(register.name, name))
        covered = covered_fields(register, found)
        for number, act in acts:
            click.echo("".join(act_lines(desk, register, number, act, covered)), nl=False)
        return
    for deadline in register.deadlines:
        if found.state not in deadline.states:
            continue
        due = deadline.due(found, desk.books)
        click.echo(f"{deadline.name}: {due or '-'}  ({', '.join(deadline.clauses)})")
        click.echo(f"  {_(deadline.sentence)}")
        click.echo("  " + _("answers for it: {person}", person=deadline.person(found, desk.books)))
        for line in deadline.how(found, desk.books) if deadline.how else ():
            click.echo(f"  {say(line)}")
