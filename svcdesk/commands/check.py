"""svcdesk check: every finding in one run. Writes nothing but the disposable index."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from typing import Any

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.errors import Exit
from svcdesk.model import Finding
from svcdesk.model import text

PAUSES = (0.0, 0.05, 0.2)
"""Seconds before each look; an act is between its commit and its files for some milliseconds."""

FORMATS = click.Choice(["text", "json", "github", "junit", "sarif"])


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--since", default="", metavar="REV", help="Only records changed since REV.")
@click.option("--staged", is_flag=True, help="Check what git is about to commit.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--format", "form", type=FORMATS, default="text", help="How to print.")
@click.option(
    "--explain", "clause", default="", metavar="CLAUSE", help="Say what a clause asks and what serves it."
)
@click.pass_obj
def check(
    env: Environment, paths: tuple[str, ...], since: str, staged: bool, strict: bool, form: Any, clause: str
) -> int:
    """Check every record: schema, acts, rights, lines, rules, references; who signed with a key, audit verify tells."""
    if clause:
        from svcdesk.commands.policy import explain_clause

        return explain_clause(clause)
    found = _looked(env, paths, since, staged)
    output.write(
        sys.stdout,
        [output.findings(found, form, colours=output.wants_colour(env.variables, sys.stdout.isatty()))],
    )
    errors = sum(each.severity == "error" for each in found)
    if form == "text":
        warnings = len(found) - errors
        env.talk(
            text("{errors} errors, {warnings} warnings", errors=errors, warnings=warnings)
            if found
            else text("no findings")
        )
    return Exit.FINDINGS if errors or (strict and found) else Exit.DONE


def _looked(env: Environment, paths: tuple[str, ...], since: str, staged: bool) -> list[Finding]:
    """Check, and look again where somebody was writing: between a commit and its files a record seems gone."""
    from svcdesk.checking import check_desk

    for pause in PAUSES:
        time.sleep(pause)
        env.close()
        within = [env.inside(each) for each in paths]
        watch = partial(env.watch, text("reading and judging"))
        # To a hook, git names the index of the commit that is being made.
        index_file = os.path.abspath(given) if (given := env.variables.get("GIT_INDEX_FILE", "")) else ""
        found = check_desk(env.desk, within, since, staged, index_file if staged else "", watch)
        if not found or not env.desk.is_being_written():
            break
    return found
