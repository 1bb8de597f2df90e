"""svcdesk policy set, approve, list, show, diff: the desk's settings by name."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import click

from svcdesk import output
from svcdesk.canonical import clean
from svcdesk.clock import stamp
from svcdesk.commands.acting import remark
from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.commands.fields import read_yes
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.commands.wording import labelled
from svcdesk.declared import Setting
from svcdesk.errors import BadInput
from svcdesk.errors import UnknownRecord
from svcdesk.inputs import LARGEST_INPUT
from svcdesk.inputs import read_value
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import Record
from svcdesk.model import Term
from svcdesk.model import text
from svcdesk.workflow import Order

COLUMNS = ("setting", "value", "record", "since", "proposed")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Judge it, record nothing.")
ANSWER = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to answer."
)


def setting_of(name: str) -> Setting:
    """Return a setting by name; raises BadInput with those that come near."""
    from svcdesk.settings import SETTINGS

    if name not in SETTINGS:
        near = difflib.get_close_matches(name, SETTINGS, 3, 0.5)
        raise BadInput(text("there is no setting {name}; near it: {names}", name=name, names=near or ["-"]))
    return SETTINGS[name]


def read_setting(name: str, written: str) -> Any:
    """Return a value as its setting means it: a number, text, `a,b`, `a=b,c=d`, or YAML or JSON; raises BadInput."""
    default, value = setting_of(name).default, clean(written)
    if isinstance(default, bool):
        return read_yes(name, value)
    if isinstance(default, int):
        try:
            return int(value)
        except ValueError:
            raise BadInput(text("{field}: {value} is no whole number", field=name, value=value)) from None
    if isinstance(default, str):
        return value
    if isinstance(default, list) and not value.lstrip().startswith(("[", "- ")):
        return [each.strip() for each in value.split(",") if each.strip()]
    if isinstance(default, dict) and not value.lstrip().startswith("{") and ":" not in value:
        return _read_pairs(name, value)
    return read_value(value)


def _read_pairs(name: str, value: str) -> dict[str, str]:
    """Return what is written as `a=b,c=d`; raises BadInput."""
    pairs = [each.partition("=") for each in value.split(",")]
    if not all(key.strip() and sign and word.strip() for key, sign, word in pairs):
        raise BadInput(
            text('{name}: write NAME=VALUE,NAME=VALUE, or YAML or JSON such as {{"NAME": VALUE}}', name=name)
        )
    return {key.strip(): word.strip() for key, _sign, word in pairs}


@click.command("set")
@click.argument("name")
@click.argument("value", required=False)
@click.option("--from", "source", type=click.File("rb"), metavar="FILE|-", help="Read the value from a file.")
@click.option("--starts", default="", metavar="TIME", help="Moment from which it binds, if not on approval.")
@click.option("--reason", default="", help="Why.")
@DRY_RUN
@ANSWER
@click.pass_obj
def set_setting(
    env: Environment,
    name: str,
    value: str | None,
    source: Any,
    starts: str,
    reason: str,
    dry_run: bool,
    form: str,
) -> None:
    """Propose a value for a setting: a number, a text, a,b or NAME=VALUE, or YAML or JSON."""
    setting_of(name)
    if (value is None) == (source is None):
        raise BadInput(text("{name} needs a value, or --from with a file of it", name=name))
    written = value if value is not None else _read(source)
    sets: dict[str, Any] = {"setting": name, "value": read_setting(name, written)}
    if starts:
        sets["starts"] = env.moment(starts)
    with env.session() as session:
        order = Order("policy", "set", sets=sets, reason=clean(reason))
        done = session.act(order, dry_run=dry_run)
    show_done(done, form)
    if not dry_run:
        env.talk(text("it binds once approved: svcdesk policy approve {record}", record=done.record.id))


def _read(source: Any) -> str:
    blob: bytes = source.read(LARGEST_INPUT + 1)
    if len(blob) > LARGEST_INPUT:
        raise BadInput(text("{file} is larger than {limit} bytes", file=source.name, limit=LARGEST_INPUT))
    try:
        return blob.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(text("{file} is not in UTF-8", file=source.name)) from None


@click.command()
@click.argument("name", metavar="NAME|ID")
@DRY_RUN
@ANSWER
@click.pass_obj
def approve(env: Environment, name: str, dry_run: bool, form: str) -> None:
    """Put a proposed value in force; by the setting's name where there is one proposal."""
    action = env.desk.registers["policy"].action("approve")
    assert action is not None, "declared"
    with env.session() as session:
        done = session.act(Order("policy", "approve", _proposal(env, name)), dry_run=dry_run)
        show_done(done, form)
        remark(env, action, done, session)


def _proposal(env: Environment, name: str) -> str:
    from svcdesk.settings import SETTINGS

    if name not in SETTINGS:
        return env.desk.get(name, "policy", "approve").id
    proposed = _proposed(env, name)
    if not proposed:
        raise UnknownRecord(text("no value is proposed for {name}", name=name))
    if len(proposed) > 1:
        raise BadInput(text("several values are proposed for {name}: {records}", name=name, records=proposed))
    return proposed[0]


def _proposed(env: Environment, name: str) -> list[str]:
    found = env.desk.index.where("policy", "setting", name)
    return [each.id for each in found if each.state == "proposed"]


def row(env: Environment, name: str, at: str) -> dict[str, Any]:
    """Return what is in force for a setting at a moment, by which record, since when, and what is proposed."""
    policy = env.desk.books.policy
    since = policy.since(name, at)
    return {
        "setting": name,
        "value": policy.value(name, at),
        "record": policy.record(name, at) or "-",
        "since": stamp(since, env.desk.zone) if since else "-",
        "proposed": _proposed(env, name),
    }


@click.command("list")
@click.option("--at", default="", metavar="TIME", help="As it binds at TIME, if not now.")
@click.option("--format", "form", type=FORMATS, default="table", help="How to print.")
@click.pass_obj
def list_settings(env: Environment, at: str, form: Any) -> None:
    """List every setting with its value in force, the record that says so, and since when."""
    from svcdesk.settings import SETTINGS

    moment = env.moment(at) if at else env.at
    rows = [row(env, name, moment) for name in sorted(SETTINGS)]
    headings = {
        "setting": _("setting"),
        "value": _("value"),
        "record": _("record"),
        "since": _("since"),
        "proposed": _("proposed"),
    }
    output.write(
        sys.stdout, output.render(form, rows, COLUMNS, headings, width=width(), fold=True, shown=_shown)
    )


def _shown(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return _("{count} entries", count=len(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return output.words(value)


@click.command()
@click.argument("name", metavar="NAME|ID")
@click.option("--at", default="", metavar="TIME", help="As it binds at TIME, if not now.")
@click.pass_obj
def show(env: Environment, name: str, at: str) -> None:
    """Show a setting: what it means, its clauses, its value in force; or one record of the policy."""
    from svcdesk.settings import SETTINGS

    if name not in SETTINGS:
        from svcdesk.commands.page import page

        output.write(sys.stdout, page(env.desk, env.desk.registers["policy"], env.desk.get(name, "policy")))
        return
    output.write(sys.stdout, _page(env, name, env.moment(at) if at else env.at))


def _page(env: Environment, name: str, at: str) -> Iterator[str]:
    setting, found = setting_of(name), row(env, name, at)
    yield f"{name}  {_(setting.sentence)}\n"
    if setting.clauses:
        yield f"  {labelled(_('clauses'), ', '.join(setting.clauses))}\n"
    yield f"  {labelled(_('record'), found['record'])}  {labelled(_('since'), found['since'])}\n"
    if found["proposed"]:
        yield f"  {labelled(_('proposed'), ', '.join(found['proposed']))}\n"
    yield from (f"  {line}\n" for line in _lines(found["value"]))


def _lines(value: Any) -> list[str]:
    """Return a value as lines of YAML under its own word, so that two can be compared."""
    return [output.safe(each) for each in output.document("yaml", {_("value"): value}).splitlines()]


@click.command()
@click.argument("name")
@click.pass_obj
def diff(env: Environment, name: str) -> None:
    """Show how one setting changed, version by version: who proposed what, and which lines it changed."""
    setting_of(name)
    before: list[str] = []
    for record in env.desk.index.where("policy", "setting", name):
        click.echo(_headline(record))
        now = _lines(record["value"])
        changed = difflib.ndiff(before, now)
        for line in (each for each in changed if each.startswith(("+", "-"))):
            click.echo(f"  {line}")
        before = now if record.state == "approved" else before


def _headline(record: Record) -> str:
    words = text(
        "{record} {state}, from {starts}, proposed by {person}",
        record=record.id,
        state=Term(record.state, "state", register="policy"),
        starts=record.get("starts", record.acts[-1]["at"]),
        person=record.acts[0]["by"],
    )
    return say(words)
