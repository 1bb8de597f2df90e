"""svcdesk audit bundle: records and their proof in one file, for somebody outside."""

from __future__ import annotations

from pathlib import Path

import click

from svcdesk.audit.verdicts import LABELS
from svcdesk.audit.verdicts import is_worse
from svcdesk.commands.environment import Environment
from svcdesk.commands.keeping import write_new
from svcdesk.model import text

ACCEPTED = "excepted"
"""The worst verdict that is not told where a bundle is made; in the bundle each is."""


@click.command()
@click.argument("ids", metavar="ID…", nargs=-1, required=True)
@click.option("--output", default="", metavar="FILE", help="The file to write; evidence-ID.tar unless given.")
@click.option("--chain", is_flag=True, help="Add every commit, without files: proves the order too.")
@click.pass_obj
def bundle(env: Environment, ids: tuple[str, ...], output: str, chain: bool) -> None:
    """Pack records with all that proves them, for an outsider."""
    from svcdesk import parcel
    from svcdesk.audit.bundle import Bundle
    from svcdesk.audit.starting import hold

    hold(env.desk)
    records = list({each.id: each for each in map(env.desk.get, ids)}.values())
    made = Bundle(env.desk, records, env.now, chain)
    files = made.files()
    folder = f"evidence-{records[0].id}"
    file = Path(output or f"{folder}.tar")
    write_new(file, parcel.packed(folder, files))
    count = sum(path.startswith("commits/") for path in files)
    env.talk(
        text(
            "{file}: records {records}, commits {commits}; begin with its README.md",
            file=str(file),
            records=len(records),
            commits=count,
        )
    )
    for each in made.verdicts:
        if is_worse(each.level, ACCEPTED):
            env.talk(
                text(
                    "{commit} in it is {level}, and the bundle says so; see svcdesk audit verify",
                    commit=each.commit[:12],
                    level=LABELS[each.level],
                )
            )
