"""svcdesk backup: the desk in one verified file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.model import Finding
from svcdesk.model import text


@click.command()
@click.argument("file", metavar="FILE")
@click.pass_obj
def backup(env: Environment, file: str) -> None:
    """Write main's whole history into one new file, make the desk again from it, and check that.

    Keys are not in it: what opens sealed fields has a backup of its own.
    """
    from svcdesk.backup import back_up
    from svcdesk.parcel import digest

    kept = back_up(env.desk, Path(file), partial(env.watch, text("reading and judging")))
    output.write(sys.stdout, [f"{digest(Path(file))}  {file}\n"])
    env.talk(
        text(
            "{commits} commits up to {tip}, {files} files; the desk was made again from it",
            commits=kept.manifest.commits,
            tip=kept.manifest.tip[:12],
            files=kept.manifest.files,
        )
    )
    tell_findings(env, kept.findings)


def tell_findings(env: Environment, found: Sequence[Finding]) -> None:
    """Say how many findings a check of the records has; a flawed desk is kept like any other."""
    errors = sum(each.severity == "error" for each in found)
    if found:
        warnings = len(found) - errors
        env.talk(
            text("svcdesk check finds {errors} errors, {warnings} warnings", errors=errors, warnings=warnings)
        )
