"""How a refusal is shown: each finding with its clause, or as JSON where that was asked for."""

from __future__ import annotations

import sys
from itertools import pairwise

import click

from svcdesk import output
from svcdesk.commands.wording import labelled
from svcdesk.commands.wording import register_words
from svcdesk.errors import Refused
from svcdesk.language import ENGLISH
from svcdesk.language import _
from svcdesk.language import chosen
from svcdesk.language import say
from svcdesk.language import short_title
from svcdesk.model import Finding
from svcdesk.model import Term
from svcdesk.model import Text


def show_refusal(error: Refused, arguments: list[str]) -> None:
    """Print a refusal on stderr, on one line or as a heading with a line for each finding; or as JSON on stdout."""
    if "--format=json" in arguments or _follows(arguments, "--format", "json"):
        output.write(sys.stdout, [output.findings(error.findings, "json")])
        return
    reason = say(_called(error.message))
    said = [_sentence(each) for each in error.findings]
    if not said:
        click.echo(f"svcdesk: {reason}", err=True)
    elif len(said) == 1:
        click.echo("svcdesk: " + labelled(reason, said[0]), err=True)
    else:
        click.echo("svcdesk: " + labelled(reason, "").rstrip(), err=True)
        for each in said:
            click.echo(f"  {each}", err=True)


def _sentence(finding: Finding) -> str:
    """Return a finding on one line: clauses, what is wrong, the rule."""
    words = _("{message} ({rule})", message=_typed(finding.message), rule=finding.rule)
    return labelled(_(", ").join(finding.clauses), words) if finding.clauses else words


def _typed(message: Text) -> Text:
    """Return a sentence in which fields are named as their options are typed."""
    if chosen() != ENGLISH:
        return message
    fields = {
        name: value._replace(name=value.name.replace("_", "-"))
        for name, value in message.values.items()
        if isinstance(value, Term) and value.kind == "field"
    }
    return Text(message.template, {**message.values, **fields})


def _called(message: Text) -> Text:
    """Return the heading of a refusal with register and action as people call them."""
    found = dict(message.values)
    for name in ("record", "register"):
        if isinstance(found.get(name), str):
            found[name] = register_words(str(found[name]))
    action = found.get("action")
    if isinstance(action, Term) and chosen() != ENGLISH:
        found["action"] = short_title(action.title)
    return Text(message.template, found)


def _follows(arguments: list[str], first: str, second: str) -> bool:
    return any(pair == (first, second) for pair in pairwise(arguments))
