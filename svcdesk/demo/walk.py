"""A day on the demo desk: each command as a person there types it, and what it answers."""

from __future__ import annotations

import io
import os
import re
import shlex
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import chdir
from contextlib import contextmanager
from contextlib import redirect_stderr
from contextlib import redirect_stdout
from pathlib import Path
from typing import NamedTuple

from svcdesk.clock import stamp
from svcdesk.demo.cast import EVERYBODY
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import ZONE
from svcdesk.language import say
from svcdesk.model import Text
from svcdesk.model import text

Run = Callable[[list[str]], int]
"""The entry point: arguments in, exit code out."""

Tell = Callable[[str], None]
"""Where the day is written to."""

ID = re.compile(r"[A-Z]+[0-9]*-[A-Z]+[0-9]{4,}")


class Command(NamedTuple):
    """One command: at which time of the day, by whom, what for; `keep` names the id that it prints."""

    time: str
    who: str
    why: Text
    line: str
    exit_code: int = 0
    keep: str = ""


RETURN = "--power-off --doors-locked --windows-shut --unit-locked"

DAY = (
    Command("08:30", "chen.jing", text("The key desk opens. What is late?"), "due", 1),
    Command(
        "08:32",
        "chen.jing",
        text("Who has that key, and what for?"),
        "key loan show {pump_room_key}",
    ),
    Command(
        "08:50",
        "chen.jing",
        text("Zhao Gang brings it back."),
        f"key loan return {{pump_room_key}} {RETURN}",
    ),
    Command(
        "09:02",
        "chen.jing",
        text("Li Qiang needs a key, and the clerk enters his request."),
        "key loan request --key {key_2} --borrower {li_qiang} --purpose 'breaker check 断路器检查' --due +4h",
        keep="loan",
    ),
    Command(
        "09:03",
        "chen.jing",
        text("Nobody has approved it yet."),
        "key loan issue {loan} --as borrower={li_qiang}",
        4,
    ),
    Command("09:04", "chen.jing", text("The clerk may not approve it."), "key loan approve {loan}", 4),
    Command("09:10", "he.weimin", text("The head of engineering approves it."), "key loan approve {loan}"),
    Command(
        "09:12",
        "chen.jing",
        text("Without the borrower's signature the key stays."),
        "key loan issue {loan}",
        4,
    ),
    Command(
        "09:13",
        "chen.jing",
        text("He signs at the counter, and takes the key."),
        "key loan issue {loan} --as borrower={li_qiang}",
    ),
    Command("09:30", "chen.jing", text("What comes back today?"), "due --within 8h"),
    Command("11:40", "chen.jing", text("The key is back."), f"key loan return {{loan}} {RETURN}"),
    Command("17:50", "mo.jianping", text("Does everything stand by the rules?"), "check"),
    Command("17:52", "mo.jianping", text("What has been done to this loan?"), "audit log {loan}"),
    Command("17:53", "mo.jianping", text("Who entered each field of it?"), "audit blame {loan}"),
    Command(
        "17:55",
        "mo.jianping",
        text("What does the clause say that refused it?"),
        "check --explain CS13-4.1#1",
    ),
)


def walk(root: Path, named: Mapping[str, str], run: Run, tell: Tell) -> list[tuple[Command, int]]:
    """Carry the day out, tell it, and return the commands that ended with another exit code than meant."""
    known = {re.sub(r"\W", "_", name): record for name, record in named.items()}
    surprising = []
    for command in DAY:
        line = command.line.format_map(known)
        tell(f"\n# {command.time} {EVERYBODY[command.who].name}: {say(command.why)}\n$ svcdesk {line}\n")
        code, answer = _answer(root, command, shlex.split(line), run)
        tell(answer + (f"[{code}]\n" if code else ""))
        if code != command.exit_code:
            surprising.append((command, code))
        if command.keep and (found := ID.search(answer)):
            known[command.keep] = found[0]
    return surprising


def _answer(root: Path, command: Command, arguments: list[str], run: Run) -> tuple[int, str]:
    hour, minute = command.time.split(":")
    person = EVERYBODY[command.who].identity
    settings = {
        "SVCDESK_NOW": stamp(MOMENT.replace(hour=int(hour), minute=int(minute)), ZONE),
        "GIT_AUTHOR_NAME": person.name,
        "GIT_AUTHOR_EMAIL": person.email,
    }
    said = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True)
    with chdir(root), _environment(settings), redirect_stdout(said), redirect_stderr(said):
        code = run(["--no-input", *arguments])
    said.seek(0)
    return code, said.read()


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set variables for the time of a command; what a person has set for himself stays out of it."""
    before = dict(os.environ)
    os.environ.update(settings)
    os.environ.pop("SVCDESK_DESK", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
