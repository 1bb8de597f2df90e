"""Taking an action: from options, from a file or standard input, or from prompts."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.commands.fields import ask
from svcdesk.commands.fields import cleaned
from svcdesk.commands.fields import prompt_missing
from svcdesk.commands.fields import read_values
from svcdesk.commands.wording import line_words
from svcdesk.commands.wording import state_words
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.errors import BadInput
from svcdesk.errors import Busy
from svcdesk.errors import StorageFailed
from svcdesk.errors import SvcdeskError
from svcdesk.inputs import read_items
from svcdesk.inputs import signatures
from svcdesk.inputs import word
from svcdesk.inputs import words
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.language import short_title
from svcdesk.model import text
from svcdesk.session import Done
from svcdesk.session import Session
from svcdesk.workflow import Order

COMMON_NAMES = ("at", "reason", "ref")

Before = Callable[[Environment, Order], None]
"""What is asked before an order is carried out, and may raise Refused."""


def anything(env: Environment, order: Order) -> None:
    """Refuse nothing."""


def common_options(register: Register, action: Action) -> list[click.Parameter]:
    """Return the options that every action has."""
    found: list[click.Parameter] = [
        click.Option(["--reason"], help=_("Why.") + (_(" Required.") if action.reason else "")),
        click.Option(["--at"], metavar="TIME", help=_("When it happened, if not now.")),
        click.Option(
            ["--ref"], metavar="TEXT", help=_("Your own reference; the same one is never entered twice.")
        ),
        click.Option(
            ["--from", "handed_in"], metavar="FILE|-", help=_("Read one or many from YAML or JSON.")
        ),
        click.Option(
            ["--format", "form"],
            type=click.Choice(["text", "json"]),
            default="text",
            help=_("How to answer."),
        ),
        click.Option(["--dry-run"], is_flag=True, help=_("Judge it, record nothing.")),
        click.Option(
            ["--paper", "papers"],
            multiple=True,
            metavar="KIND=NUMBER[@FILE]",
            help=_("Paper that it rests on."),
        ),
    ]
    if register.lines:
        lines = "|".join(each.name for each in register.lines)
        found.append(
            click.Option(
                ["--as", "signed"],
                multiple=True,
                metavar=f"{lines}=ID",
                help=_("Who else signs, as you attest."),
            )
        )
    if action.name == "correct":
        found.append(click.Option(["--unset"], multiple=True, metavar="FIELD", help=_("Take a field away.")))
    return found


def run(
    env: Environment,
    register: Register,
    action: Action,
    names: Sequence[str],
    given: Mapping[str, Any],
    before: Before = anything,
) -> None:
    """Carry out what one command line asks for; `before` each order it may refuse that."""
    if given["handed_in"]:
        run_many(env, register, action, given, before)
        return
    record = _record(env, register, action, given.get("record"))
    fields = {name: given[name] for name in names}
    sets = read_values(register, fields, env)
    missing = [name for name in action.needs if name not in sets]
    if missing and env.terminal:
        sets |= prompt_missing(register, missing, env)
    for name in given.get("unset") or ():
        sets[name.replace("-", "_")] = None
    order = make_order(env, register, action, record, sets, given)
    before(env, order)
    with env.session() as session:
        done = session.act(order, dry_run=given["dry_run"])
        show_done(done, given["form"])
        remark(env, action, done, session)
    if action.source and not action.to and done.commit:
        done_words = short_title(action.title)
        env.talk(text("done: {action}", action=done_words[:1].lower() + done_words[1:]))


def run_many(
    env: Environment, register: Register, action: Action, given: Mapping[str, Any], before: Before = anything
) -> None:
    """Carry out the orders of a file one by one, one commit each, up to the first refusal."""
    items = read_items(given["handed_in"])
    stand = 0
    with env.session() as session:
        for item in items:
            try:
                order = _order_from(env, register, action, item)
                before(env, order)
                done = session.act(order, dry_run=given["dry_run"])
            except SvcdeskError:
                env.talk(
                    text(
                        "{stand} of {count} stand; stopped at number {number}",
                        stand=stand,
                        count=len(items),
                        number=stand + 1,
                    )
                )
                raise
            stand += 1
            show_done(done, given["form"])
            remark(env, action, done, session)


def remark(env: Environment, action: Action, done: Done, session: Session) -> None:
    """Say what the register has to say to an act, which stands also where the books cannot be read just now."""
    if action.remarks is None or done.repeated:
        return
    with suppress(Busy, StorageFailed):
        for each in action.remarks(done.record, session.books):
            env.talk(each)


def _order_from(env: Environment, register: Register, action: Action, item: Mapping[str, Any]) -> Order:
    known = {*action.fields, *COMMON_NAMES, "record", "signed", "papers"}
    unknown = sorted(item.keys() - known)
    if unknown:
        raise BadInput(
            text("{fields}: {action} has no such field", fields=", ".join(unknown), action=action.name)
        )
    record = _record(env, register, action, word(item, "record"))
    sets = read_values(register, {name: item[name] for name in action.fields if name in item}, env)
    rest: dict[str, Any] = {name: word(item, name) for name in COMMON_NAMES}
    rest |= {"signed": signatures(item), "papers": words(item, "papers")}
    return make_order(env, register, action, record, sets, rest)


def make_order(
    env: Environment,
    register: Register,
    action: Action,
    record: str,
    sets: Mapping[str, Any],
    given: Mapping[str, Any],
) -> Order:
    """Return the order that options or an item of a file amount to."""
    return Order(
        register=register.name,
        action=action.name,
        record=record,
        sets=sets,
        signed=[_signature(env, register, each) for each in given.get("signed") or ()],
        papers=[_paper(each) for each in given.get("papers") or ()],
        reason=cleaned("reason", given.get("reason") or ""),
        at=env.moment(given["at"]) if given.get("at") else "",
        ref=cleaned("ref", given.get("ref") or ""),
    )


def _record(env: Environment, register: Register, action: Action, name: str | None) -> str:
    if action.creates:
        return ""
    if not name and env.terminal:
        return str(ask(_("Record"), lambda answer: env.desk.get(answer, register.name, action.name).id))
    if not name:
        raise BadInput(text("{action} needs the id of a record, or its end", action=action.name))
    return env.desk.get(name, register.name, action.name).id


def _signature(env: Environment, register: Register, given: str) -> dict[str, str]:
    name, sign, who = given.partition("=")
    line = register.line(name)
    if not sign or line is None or not who.strip():
        lines = tuple(map(line_words, register.lines))
        raise BadInput(text("{given}: write LINE=ID; the lines are {lines}", given=given, lines=lines))
    kind = "customer" if line.who.customer else "staff"
    return {"line": name, kind: env.desk.known(who.strip(), (kind,))}


def _paper(given: str) -> dict[str, str]:
    kind, sign, rest = given.partition("=")
    number, _at, file = rest.partition("@")
    if not sign or not kind or not number:
        raise BadInput(text("{given}: write KIND=NUMBER or KIND=NUMBER@FILE", given=given))
    paper = {"kind": cleaned("paper", kind), "number": cleaned("paper", number)}
    if file:
        try:
            paper["sha256"] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        except OSError as error:
            raise BadInput(text("{file}: {reason}", file=file, reason=error.strerror or "")) from None
    return paper


def show_done(done: Done, form: str) -> None:
    """Print what came of an action: id and state alone, or the record as JSON; raises OSError.

    What is recorded stands although it cannot be printed, and that is said, so that nobody enters it again.
    """
    try:
        _print_done(done, form)
    except BrokenPipeError:
        raise
    except OSError as error:
        if not done.commit:
            raise
        message = text(
            "{record} is recorded, but cannot be shown: {reason}",
            record=done.record.id,
            reason=error.strerror,
        )
        click.echo(f"svcdesk: {say(message)}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_done(done: Done, form: str) -> None:
    if form == "json":
        output.write(sys.stdout, [output.document("json", done.record.data)])
    else:
        tried = "" if done.commit or done.repeated else _(" (dry run)")
        click.echo(f"{done.record.id} {state_words(done.record.register, done.record.state)}{tried}")
