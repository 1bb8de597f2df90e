"""svcdesk handover take-over: what customers reported after hours becomes complaints, in one commit."""

from __future__ import annotations

import click

from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.language import _
from svcdesk.takeover import take_over


def take_over_command() -> click.Command:
    """Return `handover take-over`."""
    parameters: list[click.Parameter] = [
        click.Argument(["record"], metavar="RECORD"),
        click.Option(
            ["--report", "numbers"],
            type=click.IntRange(min=1),
            multiple=True,
            metavar="NUMBER",
            help=_("Only this report; all that are no complaints yet otherwise."),
        ),
        click.Option(["--at"], metavar="TIME", help=_("When it happened, if not now.")),
        click.Option(
            ["--format", "form"],
            type=click.Choice(["text", "json"]),
            default="text",
            help=_("How to answer."),
        ),
        click.Option(["--dry-run"], is_flag=True, help=_("Judge it, record nothing.")),
    ]

    @click.pass_obj
    def run(
        env: Environment, /, record: str, numbers: tuple[int, ...], at: str | None, form: str, dry_run: bool
    ) -> None:
        found = env.desk.get(record, "handover", "take-over")
        moment = env.moment(at) if at else ""
        with env.session() as session:
            done = take_over(session, found.id, numbers, moment, dry_run=dry_run)
        for each in done:
            show_done(each, form)

    return click.Command(
        "take-over",
        params=parameters,
        callback=run,
        help=_("Make complaints of what customers reported after hours."),
    )
