"""svcdesk salvage: a hand edit becomes an act, or is put aside."""

from __future__ import annotations

import click

from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.model import text


@click.command()
@click.argument("path")
@click.pass_obj
def salvage(env: Environment, path: str) -> None:
    """Put a file edited by hand aside and the committed one back; enter the acts that it only adds."""
    from svcdesk.salvage import salvage as put_aside

    wanted = env.inside(path)
    with env.session() as session:
        actor, _identity = session.actor()
        found = put_aside(session, wanted, actor)
        if found.aside is not None:
            env.talk(text("your version is kept in {file}", file=str(found.aside)))
        env.talk(text("{path} is as it was committed", path=wanted))
        for order in found.orders:
            show_done(session.act(order), "text")
