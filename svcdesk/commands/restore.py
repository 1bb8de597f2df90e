"""svcdesk restore: a desk made again from its backup."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from svcdesk import output
from svcdesk.commands.backup import tell_findings
from svcdesk.commands.environment import Environment
from svcdesk.model import text


@click.command()
@click.argument("file", metavar="FILE")
@click.argument("folder", metavar="[DIR]", default="")
@click.pass_obj
def restore(env: Environment, file: str, folder: str) -> None:
    """Make a desk from a backup in a new or empty folder, whole or not at all."""
    from svcdesk.backup import restore as make_again

    watch = partial(env.watch, text("reading and judging"))
    made, kept = make_again(Path(file), Path(folder) if folder else None, watch)
    output.write(sys.stdout, [f"{made}\n"])
    env.talk(
        text(
            "{name}: {commits} commits up to {tip}, {files} files",
            name=kept.manifest.name,
            commits=kept.manifest.commits,
            tip=kept.manifest.tip[:12],
            files=kept.manifest.files,
        )
    )
    tell_findings(env, kept.findings)
    env.talk(
        text(
            "this is a new clone, which numbers no records yet: svcdesk station LETTER claims a letter; "
            "letters claimed before belong to the clones that claimed them"
        )
    )
