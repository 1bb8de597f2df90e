"""svcdesk hook: the server's side of a desk that several clones push to."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.model import text


@click.group()
def hook() -> None:
    """Guard a bare repository: what is pushed is judged before it is accepted."""


@hook.command("pre-receive")
@click.pass_obj
def pre_receive(env: Environment) -> None:
    """Judge what git is about to accept; git calls this, with the refs on its input."""
    from svcdesk.receiving import judge_push
    from svcdesk.receiving import read_updates

    folder = Path(env.variables.get("GIT_DIR", os.curdir)).absolute()
    judged = judge_push(folder, read_updates(sys.stdin.readlines()), env.now)
    env.talk(text("{count} commits judged and accepted", count=judged))


@hook.command("recipe")
@click.argument("service", type=click.Choice(["github", "gitlab"]))
@click.pass_obj
def recipe(env: Environment, service: str) -> None:
    """Print what has a hosting service judge each push: GitHub Actions or GitLab CI."""
    from svcdesk.receiving import recipe_for

    output.write(sys.stdout, [recipe_for(service)])


@hook.command("install")
@click.argument("bare", metavar="BARE")
@click.pass_obj
def install(env: Environment, bare: str) -> None:
    """Set a bare repository up as a desk's server: the hook, and the settings that it needs.

    What it holds is judged first; where that is bad, nothing is set up.
    """
    from svcdesk.receiving import install as set_up

    set_up((env.start / bare).absolute(), env.now)
    env.talk(text("{folder} judges every push from now on", folder=bare))
