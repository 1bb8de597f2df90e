"""The root of the command line: which commands there are, in which groups, and where each comes from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from svcdesk import VERSION
from svcdesk.commands.environment import Environment
from svcdesk.commands.guessing import Guessing
from svcdesk.commands.guessing import translated
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import text
from svcdesk.registers import REGISTERS


def _init() -> click.Command:
    from svcdesk.commands.init import init

    return init


def _demo() -> click.Command:
    from svcdesk.commands.demo import demo

    return demo


def _check() -> click.Command:
    from svcdesk.commands.check import check

    return check


def _due() -> click.Command:
    from svcdesk.commands.due import due

    return due


def _explain() -> click.Command:
    from svcdesk.commands.explain import explain

    return explain


def _audit() -> click.Command:
    from svcdesk.commands.audit import audit

    return audit


def _policy() -> click.Command:
    from svcdesk.commands.policy import policy

    return policy


def _sign() -> click.Command:
    from svcdesk.commands.sign import sign

    return sign


def _backup() -> click.Command:
    from svcdesk.commands.backup import backup

    return backup


def _restore() -> click.Command:
    from svcdesk.commands.restore import restore

    return restore


def _salvage() -> click.Command:
    from svcdesk.commands.salvage import salvage

    return salvage


def _hook() -> click.Command:
    from svcdesk.commands.hook import hook

    return hook


def _doctor() -> click.Command:
    from svcdesk.commands.doctor import doctor

    return doctor


def _import() -> click.Command:
    from svcdesk.commands.import_ import import_

    return import_


def _seal() -> click.Command:
    from svcdesk.commands.seal import seal

    return seal


def _station() -> click.Command:
    from svcdesk.commands.station import station

    return station


def _sync() -> click.Command:
    from svcdesk.commands.sync import sync

    return sync


def _whoami() -> click.Command:
    from svcdesk.commands.whoami import whoami

    return whoami


COMMANDS: dict[str, Callable[[], click.Command]] = {
    "init": _init,
    "demo": _demo,
    "check": _check,
    "due": _due,
    "explain": _explain,
    "audit": _audit,
    "policy": _policy,
    "sign": _sign,
    "import": _import,
    "station": _station,
    "seal": _seal,
    "sync": _sync,
    "hook": _hook,
    "doctor": _doctor,
    "salvage": _salvage,
    "backup": _backup,
    "restore": _restore,
    "whoami": _whoami,
}
"""The commands across registers; each is imported when it is asked for."""

AREAS = tuple(dict.fromkeys(each.area for each in REGISTERS.values() if each.area not in COMMANDS))

GROUPS = (
    (text("Registers"), tuple(each for each in AREAS if each != "conflict")),
    (text("Every day"), ("due", "sign", "sync", "conflict", "explain", "whoami")),
    (text("Proof"), ("check", "audit", "policy")),
    (
        text("Setting up and repair"),
        ("init", "demo", "import", "station", "seal", "hook", "doctor", "salvage", "backup", "restore"),
    ),
)

TOGETHER = (
    ("customer", "staff"),
    ("department", "place"),
    ("sync", "conflict"),
    ("doctor", "salvage"),
    ("backup", "restore"),
)
"""Commands that share a line of the help, which is to fit a screen."""


class Root(Guessing):
    """Finds a command in the literal table, or builds the group of an area from its registers."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        return [name for _title, names in GROUPS for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, importing what it needs."""
        if cmd_name in COMMANDS:
            return translated(COMMANDS[cmd_name]())
        if cmd_name in AREAS:
            from svcdesk.commands.register import area_group

            return area_group(cmd_name)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their groups, one line each."""
        for title, names in GROUPS:
            with formatter.section(say(title)):
                formatter.write_dl([(line, _summary(line)) for line in dict.fromkeys(map(_line, names))])


def _line(name: str) -> str:
    """Return the name, or the names, that stand on a command's line of the help."""
    return ", ".join(next((each for each in TOGETHER if name in each), (name,)))


def _summary(name: str) -> str:
    """Return a command's line in the help, without importing it."""
    if name in AREAS and name not in SUMMARIES:
        own = next(each for each in REGISTERS.values() if each.area == name and not each.book)
        return _(own.title)
    return say(SUMMARIES[name])


SUMMARIES = {
    "duty": text("Duty: roster, swaps, log, incidents"),
    "evaluation": text("Evaluations, points, rewards and punishments"),
    "hazmat": text("Hazardous materials: draws, uses, counts, incidents"),
    "key": text("Keys: loans, handovers, counts, sealed uses, incidents"),
    "init": text("make a desk in a new folder"),
    "demo": text("build a desk with a history and walk through a day"),
    "check": text("check every record; CI runs this"),
    "due": text("what is late or due soon; cron runs this"),
    "explain": text("how a deadline or a figure came about"),
    "audit": text("history: read it, verify it, prove it"),
    "policy": text("the desk's settings; what serves which clause"),
    "sync, conflict": text("exchange acts with other clones; settle what contradicts"),
    "sign": text("sign an open line of a record"),
    "doctor, salvage": text("mend this clone; make acts of hand edits"),
    "backup, restore": text("the desk in one file, and made again from it"),
    "customer, staff": text("Customers, staff"),
    "department, place": text("Departments, places"),
    "import": text("take the rows of a sheet over, by a map"),
    "seal": text("fields that only some may read: setup, keys, erasure"),
    "station": text("claim a letter under which this clone numbers"),
    "hook": text("guard a server: what is pushed is judged first"),
    "whoami": text("who acts, in which posts"),
}


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-C", "folder", default="", metavar="DIR", help="Work on the desk at or above DIR.")
@click.option("--key", default="", metavar="FILE", help="Act as the colleague whose SSH key this is.")
@click.option("--lang", default="", metavar="zh_CN|en", help="Language of messages.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what was asked for.")
@click.option("--no-input", is_flag=True, help="Never prompt.")
@click.version_option(VERSION, message="svcdesk %(version)s")
@click.pass_context
def root(context: click.Context, folder: str, key: str, lang: str, quiet: bool, no_input: bool) -> None:
    """Registers of a service department, kept in git, under rules that cite their clause."""
    start = folder or os.environ.get("SVCDESK_DESK", "") or "."
    context.obj = Environment(Path(start), os.environ, quiet, no_input, key)
    context.call_on_close(context.obj.close)
