"""Clones whose people act by chance come to one history: every act once, every contradiction one conflict."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.clerks import Clerks
from tests.clerks import assert_all_there_once
from tests.clerks import assert_each_contradiction_is_one_conflict
from tests.clones import Clones
from tests.clones import clones as clones
from tests.clones import made
from tests.conftest import Svcdesk
from tests.desks import git
from tests.lines import Line


def assert_one_history(clerks: Clerks) -> None:
    """Hold that all clones are equal, with nothing to repair, and that the law agrees."""
    clones = clerks.clones
    assert len(clones.tips()) == 1
    assert_all_there_once(clerks)
    assert_each_contradiction_is_one_conflict(clerks)
    for each in clones.desks.values():
        assert git(each.cwd, "status", "--porcelain") == ""
    latest = max(each.now for each in clones.desks.values())
    assert clones["A"]("check").stderr == "svcdesk: no findings\n"
    assert "the desk's verdict: consistent" in clones["C"]("audit verify", now=latest).stderr


def test_three_clones_come_to_one_history(clones: Clones) -> None:
    clerks = Clerks(clones, seed=4)
    clerks.found(contests=6)
    clerks.run(20)
    clerks.in_step()
    assert len(clerks.entered) > 25
    assert len(clerks.over) > 1
    assert_one_history(clerks)


@pytest.mark.long
def test_eight_clones_come_to_one_history(svcdesk: Svcdesk, tmp_path: Path, home: Path) -> None:
    clones = made(tmp_path, svcdesk, "BCDEFGH")
    clones["A"](["hook", "install", str(clones.bare)])
    script = clones.bare / "hooks/pre-receive"
    first, _newline, rest = script.read_text("utf-8").partition("\n")
    script.write_text(f"{first}\nexport SVCDESK_NOW=2027-01-01T00:00:00+08:00\n{rest}", "utf-8")
    line = Line(clones.bare, home)
    clerks = Clerks(clones, seed=8, line=line)
    clerks.found(contests=60)
    clerks.late = {letter: timedelta(seconds=35 * number - 120) for number, letter in enumerate("ABCDEFGH")}
    clerks.late["H"] = timedelta(minutes=20)
    clerks.run(60)
    clerks.late["H"] = timedelta(seconds=-100)
    clerks.run(140)
    clerks.late = dict.fromkeys(clerks.late, timedelta())
    clerks.in_step()
    assert all(line.broken.values())
    assert len(clerks.entered) > 800
    assert_one_history(clerks)
