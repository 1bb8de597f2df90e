"""svcdesk station: claim a letter under which this clone numbers its records; who holds which."""

from __future__ import annotations

import click

from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.commands.register import RegisterGroup
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.errors import Refused
from svcdesk.errors import StorageFailed
from svcdesk.ids import STATION
from svcdesk.ids import make_id
from svcdesk.ids import path_of
from svcdesk.model import text
from svcdesk.registers import REGISTERS
from svcdesk.workflow import Order

REGISTER = REGISTERS["station"]


class StationGroup(RegisterGroup):
    """The book of stations; what is none of its verbs is a letter to be claimed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read `station B` as `station claim B`."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            args = ["claim", *args]
        return super().parse_args(ctx, args)


station = StationGroup(
    REGISTER, name="station", help="Claim a letter for this clone: station LETTER; list who holds which."
)


@station.command()
@click.argument("letter")
@click.option("--note", default=None, help="Which computer this is.")
@click.pass_obj
def claim(env: Environment, letter: str, note: str | None) -> None:
    """Claim one or two capital letters for this clone."""
    if not STATION.fullmatch(letter):
        raise BadInput(text("{letter} is not one or two capital letters", letter=letter))
    published = _published(env)
    with env.session() as session:
        own = session.claimed()
        if own:
            raise Refused(text("this clone numbers as station {letter} already", letter=own))
        path = path_of(REGISTER, make_id(REGISTER, "", letter, 1))
        if env.desk.index.where("station", "letter", letter) or (published and env.desk.store.entry(published, path)):
            raise Refused(text("the letter {letter} is taken", letter=letter))
        session.use_station(letter)
        done = session.act(Order("station", "claim", sets={"letter": letter, "note": note}))
        session.keep_station(letter)
    show_done(done, "text")


def _published(env: Environment) -> str:
    """Return what the remote shows, where there is one: another clone may have claimed the letter there."""
    from svcdesk.transport import fetch
    from svcdesk.transport import find_remote

    env.desk.require_history()
    store = env.desk.store
    try:
        remote = find_remote(store.git)
    except NeedsAttention:
        return ""
    try:
        return fetch(store, remote)
    except (NeedsAttention, StorageFailed) as error:
        env.talk(text("not asked whether others hold the letter: {reason}", reason=error.message))
        return ""
