"""svcdesk audit checkpoint, compare: what history was, kept elsewhere, and two such notes held together."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.commands.keeping import write_new
from svcdesk.errors import Exit
from svcdesk.model import text


@click.command()
@click.argument("file", metavar="[FILE]", required=False, default="")
@click.option("--key", default="", metavar="KEY", help="Sign as the one whose SSH key this is.")
@click.pass_obj
def checkpoint(env: Environment, file: str, key: str) -> None:
    """Write down, and sign, what history is now, to keep elsewhere."""
    from svcdesk.audit.witness import take
    from svcdesk.pin import read_pin

    env.desk.require_history()
    env.key = key or env.key
    person, signer = env.signs()
    taken = take(env.desk, env.at, person, signer)
    if file:
        write_new(Path(file), taken.note)
    else:
        output.write(sys.stdout, [taken.note.decode("utf-8")])
    if signer is None:
        env.talk(text("not signed: this clone has no signing key; --key names one"))
    pin = read_pin(env.desk.store.git.git_dir)
    verified = pin.size if pin else 0
    if verified < taken.size:
        env.talk(
            text(
                "this clone has verified {verified} of {size} commits; see svcdesk audit verify",
                verified=verified,
                size=taken.size,
            )
        )


@click.command()
@click.argument("first", metavar="A", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("second", metavar="B", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def compare(env: Environment, first: Path, second: Path) -> int:
    """Compare two checkpoints: were two histories shown?"""
    from svcdesk.audit import witness

    one, other = witness.load(first), witness.load(second)
    env.desk.require_history()
    for each in (one, other):
        witness.check_signature(env.desk, each)
    witness.compare(one, other)
    witness.compare_here(env.desk, one, other)
    env.talk(
        text(
            "one history: {later} commits extend {earlier}",
            later=max(one.size, other.size),
            earlier=min(one.size, other.size),
        )
    )
    return Exit.DONE
