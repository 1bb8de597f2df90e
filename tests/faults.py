"""Victims that are killed while they act, and what has to hold of a desk afterwards."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import identity
from tests.desks import REQUEST
from tests.desks import git
from tests.desks import template

NOW = "2026-11-22T10:00:00+08:00"
ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)
LEFT = (".svcdesk-draft-", "intent.json", "refreshing")


class Victims:
    """Children of a process in which svcdesk is loaded; each takes the time of its deed, and no start."""

    def __init__(self, scratch: Path) -> None:
        """Begin to serve; what there is to load is loaded by a first act on a desk that is of no more use."""
        command = [sys.executable, "-m", "tests.victim"]
        root = Path(__file__).parent.parent
        self._serving = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.now = NOW
        self._request(scratch, lines=[("clerk", REQUEST.split())])

    def close(self) -> None:
        """Let no more victims be born."""
        self._serving.communicate()
        assert self._serving.returncode == 0

    def start(self, folder: Path, do: str, **arguments: Any) -> int:
        """Begin a deed in a folder and return the victim's number; what it says lands beside the folder."""
        return self._request(folder, do=do, **arguments)

    def _request(self, folder: Path, **arguments: Any) -> int:
        said, complained = folder.with_suffix(".said"), folder.with_suffix(".complained")
        complained.unlink(missing_ok=True)
        environment = {**os.environ, "SVCDESK_NOW": self.now, **identity("clerk", folder)}
        request = {"cwd": str(folder), "env": environment, "said": str(said), "complained": str(complained)}
        return self._ask(json.dumps(request | arguments))

    def end(self) -> int:
        """Wait for the victim's end and return how it came: an exit code, or less a signal."""
        return self._ask("")

    def run(self, folder: Path, do: str, **arguments: Any) -> int:
        """Let a victim do its deed to the end, whichever that is."""
        self.start(folder, do, **arguments)
        return self.end()

    def kill(self, folder: Path, after: float, alone: bool, do: str, **arguments: Any) -> bool:
        """Kill a victim, alone or with its gits, so many seconds after it began; False where it was done by then."""
        number = self.start(folder, do, **arguments)
        time.sleep(after)
        if alone:
            os.kill(number, signal.SIGKILL)
        else:
            os.killpg(number, signal.SIGKILL)
        return self.end() == -signal.SIGKILL

    def _ask(self, line: str) -> int:
        assert self._serving.stdin
        assert self._serving.stdout
        self._serving.stdin.write(line + "\n")
        self._serving.stdin.flush()
        return int(self._serving.stdout.readline())


@pytest.fixture(scope="session")
def serving() -> Iterator[list[Victims]]:
    """The one serving process, from the first test that needs it to the end."""
    found: list[Victims] = []
    yield found
    for each in found:
        each.close()


@pytest.fixture
def victims(serving: list[Victims], tmp_path_factory: pytest.TempPathFactory) -> Victims:
    """Victims for a test."""
    if serving:
        serving[0].now = NOW
    else:
        scratch = tmp_path_factory.mktemp("scratch") / "d"
        shutil.copytree(template(tmp_path_factory), scratch, symlinks=True)
        serving.append(Victims(scratch))
    return serving[0]


def said(folder: Path) -> list[str]:
    """Return what victims in a folder have acknowledged so far, line by line."""
    file = folder.with_suffix(".said")
    return file.read_text().splitlines() if file.exists() else []


def complained(folder: Path) -> str:
    """Return what the last victim said on standard error."""
    return folder.with_suffix(".complained").read_text()


class Clerk:
    """A clerk who does one thing after the other at a desk, and repeats what was not acknowledged.

    Of each six deeds the second approves what the first asked for, and the last four are handed in together.
    """

    def __init__(self, folder: Path, victims: Victims) -> None:
        self.folder = folder
        self.victims = victims
        self.start = len(entered(folder))
        self.kills = 0

    def lines(self, count: int) -> list[tuple[str, list[str]]]:
        """Return the command lines for the next so many deeds that are not acknowledged."""
        found = []
        first = number = len(said(self.folder))
        while number < first + count:
            place, ref = number % 6, ["--ref", f"deed {number}"]
            if place == 0:
                found.append(("clerk", [*REQUEST.split(), *ref]))
            elif place == 1:
                found.append(("head", ["key", "loan", "approve", loan(number), *ref]))
            else:
                end = min(number - place + 6, first + count)
                found.append(("clerk", ["key", "loan", "request", "--from", self._items(number, end)]))
                number = end - 1
            number += 1
        return found

    def _items(self, first: int, end: int) -> str:
        file = self.folder.with_suffix(f".{first}-{end}.json")
        words = {"key": "K-A0001", "borrower": "S-A0003", "purpose": "inspection", "due": "+4h"}
        file.write_text(json.dumps([{**words, "ref": f"deed {number}"} for number in range(first, end)]))
        return str(file)

    def is_killed(self, after: float, alone: bool, deeds: int = 8) -> bool:
        """Kill the clerk at his work; False where he had done it all by then."""
        killed = self.victims.kill(self.folder, after, alone, "command_lines", lines=self.lines(deeds))
        self.kills += killed
        return killed

    def goes_on(self) -> None:
        """Let him enter the next thing undisturbed, and hold that all is there once, and that repairs are told."""
        noted = (self.folder / ".git/svcdesk/intent.json").exists()
        acknowledged = len(said(self.folder))
        assert self.victims.run(self.folder, "command_lines", lines=self.lines(1)) == 0, complained(self.folder)
        told = complained(self.folder)
        if noted:
            assert "was not recorded" in told or "files and index were completed up to" in told
        else:
            assert told == ""
        assert len(said(self.folder)) == acknowledged + 1
        assert entered(self.folder)[self.start :] == [deed(number) for number in range(acknowledged + 1)]
        assert said(self.folder) == [
            f"{record} {'approved' if action == 'approve' else 'requested'}"
            for record, action in map(deed, range(acknowledged + 1))
        ]
        assert_filed(self.folder)


def loan(number: int) -> str:
    """Return the loan that a deed is about; the desk begins with one."""
    place = number % 6
    return f"KL2611-A{number // 6 * 5 + max(place - 1, 0) + 2:04}"


def deed(number: int) -> tuple[str, str]:
    """Return the record and the action of a deed."""
    return loan(number), "approve" if number % 6 == 1 else "request"


def entered(folder: Path) -> list[tuple[str, ...]]:
    """Return the record and the action of each commit on main, the first one first."""
    names = ("Svcdesk-Record", "Svcdesk-Action")
    form = "|".join(f"%(trailers:key={name},valueonly,separator=%x20)" for name in names)
    lines = git(folder, "log", "--reverse", f"--format={form}", "main").splitlines()
    return [tuple(line.split("|")) for line in lines]


def assert_filed(folder: Path) -> None:
    """Hold that the files are what the commit holds, and that no draft, lock or note was left behind."""
    assert git(folder, "status", "--porcelain") == ""
    names = [name for _folder, _folders, files in os.walk(folder) for name in files]
    assert [each for each in names if each.startswith(LEFT) or each.endswith(".lock")] == []
