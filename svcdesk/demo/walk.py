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

from svcdesk.clock import stamp
from svcdesk.demo.cast import EVERYBODY
from svcdesk.demo.day import DAY
from svcdesk.demo.day import Command
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import ZONE
from svcdesk.language import choose
from svcdesk.language import chosen
from svcdesk.language import say

Run = Callable[[list[str]], int]
"""The entry point: arguments in, exit code out."""

Tell = Callable[[str], None]
"""Where the day is written to."""

ID = re.compile(r"[A-Z]+[0-9]*-[A-Z]+[0-9]{4,}")


def walk(root: Path, named: Mapping[str, str], run: Run, tell: Tell) -> list[tuple[Command, int]]:
    """Carry the day out, tell it, and return the commands that ended with another exit code than meant."""
    spoken = chosen()
    known = {re.sub(r"\W", "_", name): record for name, record in named.items()}
    surprising = []
    for command in DAY:
        line = command.line.format_map(known)
        tell(f"\n# {command.time} {EVERYBODY[command.who].name}: {say(command.why)}\n$ svcdesk {line}\n")
        code, answer = _answer(root, command, shlex.split(line), run)
        choose(spoken, {})
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
        "LC_ALL": f"{chosen()}.UTF-8",
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
