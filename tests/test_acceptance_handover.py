"""Two days of handovers as a new user meets them: every word printed, one commit an act, as in the transcript."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Svcdesk
from tests.desks import commits
from tests.desks import desk as desk
from tests.desks import git
from tests.test_acceptance_duty import read

TRANSCRIPT = Path(__file__).parent / "sessions" / "handover.txt"
ACKNOWLEDGED = re.compile(r"(?:[A-Z]+[0-9]*-A[0-9]{4} [a-z-]+\n)+")
TREE = re.compile(r"\b[0-9a-f]{40}\b")


def test_two_days_of_handovers(desk: Svcdesk) -> None:
    before = commits(desk)
    for said in read(TRANSCRIPT.read_text("utf-8")):
        result = desk(said.line, said.code, as_=said.person, now=said.now)
        assert TREE.sub("TREE", (result.stdout + result.stderr).rstrip("\n")) == said.output, said.line
        after = commits(desk)
        assert after - before == bool(ACKNOWLEDGED.fullmatch(result.stdout)), said.line
        before = after
    assert git(desk.cwd, "status", "--porcelain") == ""
    assert git(desk.cwd, "fsck", "--full", "--no-dangling") == ""


def test_reports_are_taken_over_in_one_commit_with_their_complaints(desk: Svcdesk) -> None:
    for said in read(TRANSCRIPT.read_text("utf-8")):
        desk(said.line, said.code, as_=said.person, now=said.now)
        if "take-over" in said.line and not said.code and "--dry-run" not in said.line:
            break
    assert git(desk.cwd, "show", "--name-only", "--format=%s", "main").splitlines() == [
        "handover H2611-A0002: take-over",
        "",
        "records/complaint/2611/A00/C2611-A0001.yaml",
        "records/complaint/2611/A00/C2611-A0002.yaml",
        "records/handover/2611/A00/H2611-A0002.yaml",
    ]


def test_the_tree_of_the_snapshot_is_that_of_the_commit_before(desk: Svcdesk) -> None:
    before = git(desk.cwd, "rev-parse", "main:records").strip()
    desk("handover open --kind department --incoming S-A0002", as_="clerk", now="2026-11-22T10:00:00+08:00")
    assert f"Tree: {before}\n" in desk("handover show H2611-A0001").stdout
