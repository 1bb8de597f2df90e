"""svcdesk audit sample, anomalies: where an auditor begins to look."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.commands.page import person_words
from svcdesk.commands.wording import action_words
from svcdesk.commands.wording import at_terminal
from svcdesk.commands.wording import moment_words
from svcdesk.commands.wording import register_words
from svcdesk.commands.wording import state_words
from svcdesk.ids import register_of
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import say
from svcdesk.model import Record
from svcdesk.model import text

if TYPE_CHECKING:
    from svcdesk.audit.anomalies import Anomaly


@click.command()
@click.argument("register", metavar="[REGISTER]", required=False, default="")
@click.option("--size", type=click.IntRange(min=1), required=True, metavar="M", help="How many records.")
@click.option("--seed", default="", metavar="N", help="What decides; the tip's commit id unless given.")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def sample(env: Environment, register: str, size: int, seed: str, form: Any) -> None:
    """Draw records that nobody can choose; a seed draws the same again."""
    from svcdesk.audit.sampling import draw

    env.desk.require_history()
    seed = seed or env.desk.tip
    ids = [each.id for each in _records(env, register)]
    found = draw(seed, ids, size)
    rows = [_drawn(env, number, each.digest, each.record, form) for number, each in enumerate(found, 1)]
    columns = ("number", "record", "register", "state", "at", "by", "digest")
    headings = {name: heading("", name) for name in columns} | {"number": _("number"), "digest": _("digest")}
    output.write(sys.stdout, output.render(form, rows, columns, headings, width=width(), fold=True))
    env.talk(
        text(
            "seed {seed}: {drawn} of {count} records at {tip}, those with the smallest sha256 of seed,"
            " line feed and id",
            seed=seed,
            drawn=len(found),
            count=len(ids),
            tip=env.desk.tip[:12],
        )
    )


def _records(env: Environment, register: str) -> Iterator[Record]:
    names = [env.desk.register(register).name] if register else list(env.desk.registers)
    for name in names:
        yield from env.desk.index.of(name)


def _drawn(env: Environment, number: int, digest: str, record_id: str, form: str) -> dict[str, Any]:
    record = env.desk.get(record_id)
    row = {
        "number": number,
        "record": record.id,
        "register": record.register,
        "state": record.state,
        "at": record.opened,
        "by": record.acts[0]["by"],
        "digest": digest,
    }
    if form in ("json", "yaml"):
        return row
    return row | {
        "register": register_words(record.register),
        "state": state_words(record.register, record.state),
        "at": _moment(env, record.opened, form),
        "by": person_words(env.desk, record.acts[0]["by"]),
        "digest": digest[:12],
    }


def _moment(env: Environment, value: str, form: str) -> str:
    return moment_words(env.desk, value) if form == "table" and at_terminal() else value


@click.command()
@click.argument("register", metavar="[REGISTER]", required=False, default="")
@click.option("--person", default="", metavar="STAFF", help="Only what this person did.")
@click.option("--since", default="", metavar="TIME", help="Only what was entered from then on.")
@click.option("--until", default="", metavar="TIME", help="Only what was entered up to then.")
@click.option(
    "--late-hours",
    type=click.IntRange(min=0),
    default=24,
    show_default=True,
    help="What is entered later is late.",
)
@click.option(
    "--often",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="So many of one person are many.",
)
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def anomalies(env: Environment, /, register: str, person: str, form: Any, **given: Any) -> None:
    """List, by person, what is late, backdated, off duty, corrected."""
    from svcdesk.audit import anomalies as audit

    env.desk.require_history()
    wanted = env.desk.resolve(person, ["staff"]) if person else ""
    period = {name: env.moment(given[name]) if given[name] else "" for name in ("since", "until")}
    limits = audit.Limits(60 * given["late_hours"], given["often"])
    found = audit.anomalies(
        _records(env, register), env.desk.books, limits, lambda commit: _author(env, commit), **period
    )
    rows = [_row(env, each, form) for each in found if wanted in ("", each.person)]
    columns = ("person", "kind", "record", "action", "at", "entered", "clause", "message")
    headings = {name: heading("", name) for name in columns} | {"kind": _("kind")}
    output.write(sys.stdout, output.render(form, rows, columns, headings, width=width(), fold=True))


def _author(env: Environment, commit: str) -> str:
    """Return the staff id of a commit's author; empty where there is none."""
    store = env.desk.store
    found = env.desk.staff_by_email(store.commit_of(commit).email) if store.exists(commit) else None
    return found.id if found else ""


def _row(env: Environment, found: Anomaly, form: str) -> dict[str, Any]:
    from svcdesk.audit.anomalies import KINDS

    row = {**found._asdict(), "clause": ", ".join(found.clauses), "message": say(found.message)}
    del row["clauses"]
    if form in ("json", "yaml"):
        return row
    return row | {
        "person": person_words(env.desk, found.person) if found.person else "-",
        "kind": say(KINDS[found.kind]),
        "action": action_words(register_of(found.record, env.desk.registers), found.action or "-"),
        "at": _moment(env, found.at, form),
        "entered": _moment(env, found.entered, form),
    }
