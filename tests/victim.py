"""A process of its own in which svcdesk is loaded, and which forks for each request a child that may be killed.

A request is a line of JSON on standard input: `do` names a function of this file, the rest are its arguments.
The answer is the child's number, and to the empty line that follows, how it ended: until then its number is
nobody else's. It leads a process group, so that a test may kill it alone or with its gits; what it says goes to
the files `said` and `complained`.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from svcdesk.cli import main
from svcdesk.clock import instant
from svcdesk.desk import Desk
from svcdesk.git import Identity
from svcdesk.git import find
from svcdesk.session import Session
from svcdesk.store import Store
from svcdesk.syncing import Sync
from svcdesk.transport import find_remote
from svcdesk.workflow import Order

CLERK = Identity("Clerk", "clerk@example.org")
ADMIN = Identity("Admin", "admin@example.org")


def dying(at: str, alone: bool, touch: str = "") -> Callable[[str], None]:
    """Return what ends this process by kill -9 as a step ends, with its gits or alone; a file is made before."""

    def die(step: str) -> None:
        if step == at:
            if touch:
                Path(touch).touch()
            os.kill(os.getpid(), signal.SIGKILL) if alone else os.killpg(0, signal.SIGKILL)

    return die


def answer(*words: object) -> None:
    """Write a line at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def command_lines(lines: list[tuple[str, list[str]]]) -> None:
    """Carry out command lines, each as a person, until one fails."""
    for person, arguments in lines:
        os.environ["GIT_AUTHOR_NAME"] = person
        os.environ["GIT_AUTHOR_EMAIL"] = f"{person}@example.org"
        code = main(arguments)
        if code:
            answer("exit code", code)
            return


def store() -> Store:
    """Return the store of the folder in which this process stands."""
    found = find(Path.cwd())
    assert found is not None
    return Store(found)


def commit_files(files: list[dict[str, str]], at: str, step: str, alone: bool, touch: str = "") -> None:
    """Commit one set of files after the other, in one go, and die at a step."""
    mine = store()
    with mine.lock():
        mine.recover()
        mine.preflight()
        mine.after_step = dying(step, alone, touch)
        start = tip = mine.tip()
        for each in files:
            content: dict[str, bytes | None] = {path: text.encode() for path, text in each.items()}
            tip = mine.commit(tip, content, "act", CLERK, datetime.fromisoformat(at), materialise=False)
            mine.after_step("between")
        mine.materialise([path for each in files for path in each], start, tip)


def recovery(step: str, alone: bool) -> None:
    """Recover, and die at a step of it."""
    mine = store()
    with mine.lock():
        mine.after_step = dying(step, alone)
        mine.recover()


def act(order: dict[str, Any], now: str, step: str, alone: bool) -> None:
    """Carry out an order, and die at a step."""
    desk = Desk(Path.cwd())
    desk.store.after_step = dying(step, alone)
    with Session(desk, instant(now), CLERK) as session:
        session.act(Order(**order))


def sync(now: str, step: str, alone: bool) -> None:
    """Sync, and die at a step."""
    desk = Desk(Path.cwd())
    desk.store.after_step = dying(step, alone)
    Sync(desk, find_remote(desk.store.git), instant(now), ADMIN).run()


DEEDS = (command_lines, commit_files, recovery, act, sync)


def become(request: dict[str, Any]) -> None:
    """Take the folder, the environment and the streams of a request."""
    for name, number in (("said", 1), ("complained", 2)):
        os.dup2(os.open(request.pop(name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), number)
    os.chdir(request.pop("cwd"))
    os.environ.clear()
    os.environ.update(request.pop("env"))


def child(request: dict[str, Any]) -> None:
    """Do what is asked."""
    os.setpgid(0, 0)
    become(request)
    deed = {each.__name__: each for each in DEEDS}[request.pop("do")]
    deed(**request)
    sys.stdout.flush()


def warm() -> None:
    """Do the deed of the first line here, so that what it loads and compiles is there for all who follow."""
    streams = os.dup(1), os.dup(2)
    request = json.loads(sys.stdin.readline())
    become(request)
    command_lines(request["lines"])
    for number, stream in enumerate(streams, 1):
        os.dup2(stream, number)
    answer(0)
    gc.freeze()


def serve() -> None:
    """Answer requests until there are no more."""
    warm()
    while line := sys.stdin.readline():
        request = json.loads(line)
        number = os.fork()
        if not number:
            try:
                child(request)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(70)
            os._exit(0)
        os.setpgid(number, number)
        answer(number)
        sys.stdin.readline()
        answer(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]))


if __name__ == "__main__":
    serve()
