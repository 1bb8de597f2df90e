"""Three days of duty as a new user meets them: every word printed, every commit, as in the transcript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import Svcdesk
from tests.desks import commits
from tests.desks import desk as desk
from tests.desks import git

TRANSCRIPT = Path(__file__).parent / "sessions" / "duty.txt"
ACKNOWLEDGED = re.compile(r"[A-Z]+[0-9]*-A[0-9]{4} [a-z-]+")


class Said(NamedTuple):
    """One command of the transcript: who typed it when, what it prints, how it ends."""

    person: str
    now: str
    line: str
    output: str
    code: int


def read(transcript: str) -> Iterator[Said]:
    """Yield the commands: `# PERSON DAY HH:MM`, `$ svcdesk …`, what is printed, `-> CODE` where it is not 0."""
    person = now = ""
    for part in re.split(r"^(?=[#$] )", transcript, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        if head.startswith("#"):
            person, day, clock = head[2:].split()
            now = f"2026-11-{day}T{clock}:00+08:00"
            continue
        output, _, code = body.partition("-> ")
        yield Said(person, now, head.removeprefix("$ svcdesk "), output.rstrip("\n"), int(code or 0))


def test_three_days_of_duty(desk: Svcdesk) -> None:
    before = commits(desk)
    for said in read(TRANSCRIPT.read_text("utf-8")):
        result = desk(said.line, said.code, as_=said.person, now=said.now)
        assert (result.stdout + result.stderr).rstrip("\n") == said.output, said.line
        after = commits(desk)
        assert after - before == bool(ACKNOWLEDGED.fullmatch(result.stdout.strip())), said.line
        before = after
    assert git(desk.cwd, "status", "--porcelain") == ""
    assert git(desk.cwd, "fsck", "--full", "--no-dangling") == ""
