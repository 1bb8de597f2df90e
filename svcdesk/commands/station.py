"""svcdesk station: claim a letter under which this clone numbers its records."""

from __future__ import annotations

import click

from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.errors import BadInput
from svcdesk.errors import Refused
from svcdesk.ids import STATION
from svcdesk.model import text
from svcdesk.workflow import Order


@click.command()
@click.argument("letter")
@click.option("--note", default=None, help="Which computer this is.")
@click.pass_obj
def station(env: Environment, letter: str, note: str | None) -> None:
    """Claim one or two capital letters for this clone."""
    if not STATION.fullmatch(letter):
        raise BadInput(text("{letter} is not one or two capital letters", letter=letter))
    with env.session() as session:
        own = session.claimed()
        if own:
            raise Refused(text("this clone numbers as station {letter} already", letter=own))
        if env.desk.index.where("station", "letter", letter):
            raise Refused(text("the letter {letter} is taken", letter=letter))
        session.use_station(letter)
        done = session.act(Order("station", "claim", sets={"letter": letter, "note": note}))
        session.keep_station(letter)
    show_done(done, "text")
