"""svcdesk demo: a desk with a history, and a day on it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.errors import Exit
from svcdesk.language import _
from svcdesk.model import text
from svcdesk.progress import progress


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--build-only", is_flag=True, help="Build the desk and do not walk through the day.")
@click.pass_obj
def demo(env: Environment, folder: str, build_only: bool) -> int:
    """Build a desk with ninety days of history in DIR, then walk through a day on it.

    An earlier demo desk in DIR is made anew, and what was entered on it is lost. Where other files lie,
    nothing is done.
    """
    from svcdesk.demo.build import build
    from svcdesk.demo.build import clear
    from svcdesk.demo.plan import DEMO

    root = Path(folder)
    clear(root)
    env.talk(text("building {folder}, which takes about a minute", folder=folder))
    label = _("building {folder}", folder=folder)
    with progress(len(DEMO.days), label, sys.stderr, sys.stderr.isatty() and not env.quiet) as told:
        built = build(root, DEMO, told)
    env.talk(
        text(
            "{acts} acts of {days} days are in {folder}", acts=built.acts, days=len(DEMO.days), folder=folder
        )
    )
    return Exit.DONE if build_only else _walk(env, root, built.named)


def _walk(env: Environment, root: Path, named: dict[str, str]) -> int:
    # The day goes through the entry point itself, which in turn knows all commands.
    from svcdesk.cli import main
    from svcdesk.demo.walk import walk

    surprising = walk(root, named, main, lambda words: output.write(sys.stdout, [words]))
    for command, code in surprising:
        env.talk(
            text(
                "{line}: exit code {code}, {told} was told",
                line=command.line,
                code=code,
                told=command.exit_code,
            )
        )
    return Exit.INTERNAL if surprising else Exit.DONE
