"""How a refusal is shown: each finding with its clause, or as JSON where that was asked for."""

from __future__ import annotations

import sys
from itertools import pairwise

import click

from svcdesk import output
from svcdesk.errors import Refused
from svcdesk.language import say


def show_refusal(error: Refused, arguments: list[str]) -> None:
    """Print the findings of a refusal: one line each on stderr, or JSON on stdout."""
    if "--format=json" in arguments or _follows(arguments, "--format", "json"):
        output.write(sys.stdout, [output.findings(error.findings, "json")])
        return
    if not error.findings:
        click.echo(f"svcdesk: {say(error.message)}", err=True)
    for finding in error.findings:
        clause = f"{', '.join(finding.clauses)}: " if finding.clauses else ""
        click.echo(
            f"svcdesk: {say(error.message)}: {clause}{say(finding.message)} ({finding.rule})", err=True
        )


def _follows(arguments: list[str], first: str, second: str) -> bool:
    return any(pair == (first, second) for pair in pairwise(arguments))
