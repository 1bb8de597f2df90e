"""The first day of a desk, from `init` to `audit blame`: every word printed, every commit, as in the transcript."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import Svcdesk
from tests.desks import git

HERE = Path(__file__).parent
TRANSCRIPT = HERE / "sessions" / "acceptance.txt"
COMMIT = re.compile(r"\b[0-9a-f]{12}\b")
ACKNOWLEDGED = re.compile(r"[A-Z]+[0-9]*-A[0-9]{4} [a-z-]+$", re.MULTILINE)
ENDED = re.compile(r"^-> ([0-9]+)\n", re.MULTILINE)


class Said(NamedTuple):
    """One command of a transcript: who typed it when, what it prints, how it ends."""

    person: str
    now: str
    line: str
    output: str
    code: int


def read(transcript: str) -> Iterator[Said]:
    """Yield the commands of a transcript: `# PERSON HH:MM`, `$ svcdesk …`, what is printed, `-> CODE` where not 0."""
    person = now = ""
    for part in re.split(r"^(?=[#$] )", transcript, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        if head.startswith("#"):
            person, clock = head[2:].split()
            now = f"2026-11-22T{clock}:00+08:00"
            continue
        ended = ENDED.search(body)
        output = ENDED.sub("", body).rstrip("\n")
        yield Said(person, now, head.removeprefix("$ svcdesk "), output, int(ended[1]) if ended else 0)


def spoken(svcdesk: Svcdesk, said: Said) -> str:
    """Run a command and return all that it prints, without the ids of commits."""
    result = svcdesk(said.line, said.code, as_=said.person, now=said.now)
    return COMMIT.sub("COMMIT", (result.stdout + result.stderr).rstrip("\n"))


def test_the_first_day(svcdesk: Svcdesk) -> None:
    shutil.copyfile(HERE / "sessions" / "requests.csv", svcdesk.cwd / "requests.csv")
    shutil.copyfile(HERE / "maps" / "la311.yaml", svcdesk.cwd / "la311.yaml")
    before = 0
    for said in read(TRANSCRIPT.read_text("utf-8")):
        assert spoken(svcdesk, said) == said.output, said.line
        if said.line.startswith("init"):
            svcdesk.cwd = svcdesk.cwd / "d"
        assert git(svcdesk.cwd, "status", "--porcelain") == "", said.line
        after = int(git(svcdesk.cwd, "rev-list", "--count", "main"))
        assert after - before == bool(ACKNOWLEDGED.match(said.output)), said.line
        before = after
    assert git(svcdesk.cwd, "fsck", "--full", "--no-dangling") == ""
