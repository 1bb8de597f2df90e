"""svcdesk sign: one's own signature on an open line."""

from __future__ import annotations

import click

from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.commands.wording import line_words
from svcdesk.errors import BadInput
from svcdesk.model import text
from svcdesk.workflow import Order


@click.command()
@click.argument("record", metavar="RECORD")
@click.argument("line", metavar="LINE")
@click.option("--at", default="", metavar="TIME", help="When it was signed, if not now.")
@click.option("--key", default="", metavar="FILE", help="Sign as the colleague whose SSH key this is.")
@click.option("--dry-run", is_flag=True, help="Judge it, record nothing.")
@click.pass_obj
def sign(env: Environment, record: str, line: str, at: str, key: str, dry_run: bool) -> None:
    """Sign a line of a record yourself."""
    env.key = key or env.key
    found = env.desk.get(record)
    register = env.desk.registers[found.register]
    if not register.lines:
        raise BadInput(text("{record}: {register} has nothing to sign", record=found.id, register=register.term))
    if register.line(line) is None:
        lines = tuple(map(line_words, register.lines))
        raise BadInput(
            text(
                "{register} has no line {line}; the lines are {lines}",
                register=register.term,
                line=line,
                lines=lines,
            )
        )
    with env.session() as session:
        actor, _identity = session.actor()
        signed = [{"line": line, "staff": actor}]
        order = Order(register.name, "sign", found.id, signed=signed, at=env.moment(at) if at else "")
        done = session.act(order, dry_run=dry_run)
    show_done(done, "text")
