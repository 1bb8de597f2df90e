"""svcdesk due: what is late, then what comes due. Cron runs this."""

from __future__ import annotations

import sys
from typing import Any

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.commands.wording import at_terminal
from svcdesk.commands.wording import moment_words
from svcdesk.commands.wording import post_words
from svcdesk.deadlines import Item
from svcdesk.deadlines import due_items
from svcdesk.errors import BadInput
from svcdesk.errors import Exit
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import say
from svcdesk.model import text

COLUMNS = ("record", "deadline", "clause", "due", "late", "person")
MOST_NAMED = 2
"""Posts or people that are named where it is nobody's in particular."""


@click.command()
@click.option("--within", default="0h", metavar="DURATION", help="Also what comes due within 4h, 30m, 2d.")
@click.option("--for", "person", default="", metavar="me|STAFF", help="Only what one person answers for.")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def due(env: Environment, within: str, person: str, form: Any) -> int:
    """List what is late, latest first, then what comes due, then the signatures that are waited for."""
    until = _until(env, within)
    wanted = _person(env, person)
    items = due_items(env.desk, env.at, until, wanted)
    rows = [_row(env, each, form) for each in items]
    columns = COLUMNS if form == "table" else tuple("late_s" if name == "late" else name for name in COLUMNS)
    headings = {name: heading("", name) for name in columns} | {"late": _("late")}
    output.write(sys.stdout, output.render(form, rows, columns, headings, width=width(), fold=True))
    return Exit.FINDINGS if any(each.late > 0 for each in items) else Exit.DONE


def _until(env: Environment, within: str) -> str:
    """Return the moment after a length of time; raises BadInput that shows what was typed."""
    try:
        return env.moment("+" + within.removeprefix("+"))
    except BadInput:
        raise BadInput(text('"{value}" is no length of time; 4h, 30m and 2d are', value=within)) from None


def _person(env: Environment, given: str) -> str:
    if given == "me":
        return env.me().id
    return env.desk.get(given, "staff").id if given else ""


def _row(env: Environment, item: Item, form: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "record": item.record,
        "deadline": item.deadline,
        "clause": ", ".join(item.clauses),
        "due": item.due or None,
    }
    if form != "table":
        return row | {"late_s": item.late, "person": item.person}
    told = {"deadline": say(item.sentence), "person": item.person or _anybody(env, item)}
    if item.due:
        due = moment_words(env.desk, item.due) if at_terminal() else item.due
        told |= {"due": due, "late": _span(item.late)}
    return row | told


def _anybody(env: Environment, item: Item) -> str:
    """Return who may see to what is nobody's in particular: the people, or the posts that may sign."""
    found = [*item.people, *(post_words(env.desk, each) for each in item.posts)]
    return " | ".join([*found[:MOST_NAMED], "…"] if len(found) > MOST_NAMED else found)


def _span(seconds: int) -> str:
    """Return a span of time in words: `1d 02:30` late, or `in 1d 02:30`."""
    days, minutes = divmod(abs(seconds) // 60, 24 * 60)
    clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
    span = _("{days}d {clock}", days=days, clock=clock) if days else clock
    return _("in {span}", span=span) if seconds < 0 else span
