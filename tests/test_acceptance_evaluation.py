"""Two evaluations, an appeal, points and a sanction as a new user meets them: every word, as in the transcript."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Svcdesk
from tests.desks import commits
from tests.desks import desk as desk
from tests.desks import git
from tests.test_acceptance_duty import read
from tests.test_acceptance_handover import ACKNOWLEDGED

TRANSCRIPT = Path(__file__).parent / "sessions" / "evaluation.txt"


def test_two_evaluations_and_what_follows(desk: Svcdesk) -> None:
    before = commits(desk)
    for said in read(TRANSCRIPT.read_text("utf-8")):
        result = desk(said.line, said.code, as_=said.person, now=said.now)
        assert (result.stdout + result.stderr).rstrip("\n") == said.output, said.line
        after = commits(desk)
        assert after - before == bool(ACKNOWLEDGED.fullmatch(result.stdout)), said.line
        before = after
    assert git(desk.cwd, "status", "--porcelain") == ""
