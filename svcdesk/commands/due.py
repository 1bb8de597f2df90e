"""svcdesk due: what is late, then what comes due. Cron runs this."""

from __future__ import annotations

import sys
from typing import Any

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.deadlines import Item
from svcdesk.deadlines import due_items
from svcdesk.errors import Exit
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import say

COLUMNS = ("record", "deadline", "clause", "due", "late", "person")


@click.command()
@click.option("--within", default="0h", metavar="DURATION", help="Also what comes due within 4h, 30m, 2d.")
@click.option("--for", "person", default="", metavar="me|STAFF", help="Only what one person answers for.")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def due(env: Environment, within: str, person: str, form: Any) -> int:
    """List what is late, latest first, then what comes due."""
    until = env.moment("+" + within.removeprefix("+"))
    wanted = _person(env, person)
    items = [each for each in due_items(env.desk, env.at, until) if wanted in ("", each.person)]
    rows = [_row(each, form) for each in items]
    columns = [name for name in COLUMNS if form == "table" or name != "late"] + (
        [] if form == "table" else ["late_s"]
    )
    headings = {name: heading("", name) for name in columns} | {"late": _("late")}
    output.write(sys.stdout, output.render(form, rows, columns, headings, width=width()))
    return Exit.FINDINGS if any(each.late > 0 for each in items) else Exit.DONE


def _person(env: Environment, given: str) -> str:
    if given == "me":
        return env.me().id
    return env.desk.get(given, "staff").id if given else ""


def _row(item: Item, form: str) -> dict[str, Any]:
    row = {
        "record": item.record,
        "deadline": item.deadline,
        "clause": ", ".join(item.clauses),
        "due": item.due,
    }
    late: dict[str, Any] = {"late": _span(item.late)} if form == "table" else {"late_s": item.late}
    sentence = {"deadline": say(item.sentence)} if form == "table" else {}
    return {**row, **sentence, **late, "person": item.person}


def _span(seconds: int) -> str:
    """Return a span of time in words: late ones as they are, coming ones after a minus sign."""
    sign, minutes = ("-" if seconds < 0 else ""), abs(seconds) // 60
    days, rest = divmod(minutes, 24 * 60)
    return (
        f"{sign}{days}d {rest // 60:02d}:{rest % 60:02d}"
        if days
        else f"{sign}{rest // 60:02d}:{rest % 60:02d}"
    )
