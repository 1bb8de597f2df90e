"""What every test stands on: a home of its own, and svcdesk as a person would start it."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("repeatable")

REAL_HOME = Path.home()
PRIVATE = tuple(str(REAL_HOME / name) for name in (".gitconfig", ".config/git", ".ssh", ".gnupg"))
MORNING = "2026-11-22T09:00:00+08:00"


def _guard_the_real_home(event: str, arguments: tuple[object, ...]) -> None:
    """Stop this process from opening a person's own git settings and keys."""
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(PRIVATE):
        raise PermissionError(f"a test reached for the real home: {arguments[0]}")


sys.addaudithook(_guard_the_real_home)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder; nothing of the machine's git, language or svcdesk settings is left."""
    folder = tmp_path_factory.mktemp("home")
    for name in tuple(os.environ):
        if name.startswith(("GIT_", "SVCDESK_", "LC_", "LANG", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("COLUMNS", "120")
    return folder


class Result(NamedTuple):
    """What a command said and how it ended."""

    stdout: str
    stderr: str
    exit_code: int


Start = Callable[[list[str], Path, Mapping[str, str], str], Result]


class Svcdesk:
    """svcdesk at a fixed moment: `svcdesk("key loan list", as_="clerk")`, in `cwd` unless told otherwise.

    `as_` is a staff id of the desk, an e-mail address, or what stands before `@example.org`; empty is nobody.
    Time stands still at `now`, and goes on from each `now` given.
    """

    def __init__(self, start: Start, cwd: Path) -> None:
        self.start = start
        self.cwd = cwd
        self.now = MORNING

    def __call__(
        self,
        line: str | Sequence[str],
        exit_code: int = 0,
        *,
        as_: str = "admin",
        now: str = "",
        cwd: Path | None = None,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        self.now = now or self.now
        folder = cwd or self.cwd
        arguments = shlex.split(line) if isinstance(line, str) else list(line)
        settings = {"SVCDESK_NOW": self.now, **identity(as_, folder), **(env or {})}
        result = self.start(arguments, folder, settings, stdin)
        assert result.exit_code == exit_code, f"svcdesk {shlex.join(arguments)} gave {result}"
        return result


def identity(person: str, desk: Path) -> dict[str, str]:
    """Return the environment in which git takes the author for this person."""
    if not person:
        return {}
    email = person if "@" in person else f"{person}@example.org"
    if re.fullmatch(r"S-[A-Z]+[0-9]+", person):
        (file,) = desk.glob(f"records/staff/**/{person}.yaml")
        found = re.search(r"[\w.+-]+@[\w.-]+", file.read_text(encoding="utf-8"))
        assert found, f"{person} has no e-mail address"
        email = found[0]
    return {"GIT_AUTHOR_NAME": email.split("@")[0], "GIT_AUTHOR_EMAIL": email}


def in_this_process(arguments: list[str], cwd: Path, environment: Mapping[str, str], stdin: str) -> Result:
    """Call the entry point that the console script calls, with streams that remember."""
    from svcdesk.cli import main

    streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for name in ("stdout", "stderr")}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        try:
            exit_code = main(arguments)
        except SystemExit as end:
            exit_code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Result(_written(streams["stdout"]), _written(streams["stderr"]), exit_code)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def in_own_process(arguments: list[str], cwd: Path, environment: Mapping[str, str], stdin: str) -> Result:
    """Start the installed console script; safe to call from several threads."""
    script = Path(sys.executable).with_name("svcdesk")
    done = subprocess.run(
        [script, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        input=stdin.encode(),
        capture_output=True,
        check=False,
    )
    return Result(done.stdout.decode(), done.stderr.decode(), done.returncode)


@pytest.fixture
def svcdesk(tmp_path: Path) -> Svcdesk:
    """The entry point, called in this process."""
    return Svcdesk(in_this_process, tmp_path)


@pytest.fixture
def run(tmp_path: Path) -> Svcdesk:
    """The installed console script, a process each."""
    return Svcdesk(in_own_process, tmp_path)
