"""The demo: the same each time, wrong only where it says so, and a day on it that goes as told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from svcdesk.cli import main
from svcdesk.demo import sample
from svcdesk.demo.build import Built
from svcdesk.demo.build import build
from svcdesk.demo.build import clear
from svcdesk.demo.flaws import FLAWS
from svcdesk.demo.plan import DEMO
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import SHORT
from svcdesk.demo.plan import Plan
from svcdesk.demo.walk import DAY
from svcdesk.demo.walk import walk
from svcdesk.desk import Desk
from svcdesk.registers import REGISTERS
from tests.conftest import Svcdesk

ROOT = Path(__file__).parent.parent
NOW = MOMENT.isoformat()
AFTER_TROUBLE = {"audit-exception", "conflict", "erasure"}
"""Registers of the desk's own care, in which nothing stands until history is broken, split or to be forgotten."""


class Play(NamedTuple):
    """A demo desk and what its building returned."""

    root: Path
    built: Built


def play(folder: Path, plan: Plan) -> Play:
    return Play(folder, build(folder, plan))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Play:
    return play(tmp_path_factory.mktemp("demo") / "short", SHORT)


def said(svcdesk: Svcdesk, root: Path, command: str) -> list[dict[str, str]]:
    """Return what a command lists as JSON, whichever way it ends; open signature lines, which are no flaws, aside."""
    code = 1 if any(each.noticed_by == command and each.fails for each in FLAWS) else 0
    answer = json.loads(svcdesk(f"{command} --format json", code, cwd=root, now=NOW).stdout)
    return answer["findings"] if command == "check" else [each for each in answer if each["due"]]


def assert_only_the_flaws(svcdesk: Svcdesk, root: Path, built: Built) -> None:
    for command, name in (("due", "deadline"), ("check", "rule")):
        told = sorted((built.named[each.name], each.as_what) for each in FLAWS if each.noticed_by == command)
        assert sorted((each["record"], each[name]) for each in said(svcdesk, root, command)) == told


def test_nothing_is_wrong_but_what_the_list_of_flaws_says(svcdesk: Svcdesk, short: Play) -> None:
    assert_only_the_flaws(svcdesk, short.root, short.built)


def test_the_same_seed_gives_the_same_commits(
    tmp_path: Path, short: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    again = play(Path("again"), SHORT)
    assert Desk(again.root.resolve()).tip == Desk(short.root).tip
    assert again.built == short.built


def test_every_act_is_a_commit_and_the_tree_is_clean(svcdesk: Svcdesk, short: Play) -> None:
    store = Desk(short.root).store
    assert len(store.git.run("rev-list", "main").splitlines()) == short.built.acts + 1
    assert store.git.run("status", "--porcelain") == b""


def test_the_day_goes_as_told_each_time(tmp_path: Path, short: Play) -> None:
    stories = []
    for name in ("one", "two"):
        shutil.copytree(short.root, tmp_path / name)
        words: list[str] = []
        assert walk(tmp_path / name, short.built.named, main, words.append) == []
        stories.append("".join(words))
    assert stories[0] == stories[1]
    assert stories[0].count("\n$ svcdesk ") == len(DAY)


def test_only_an_earlier_demo_desk_is_cleared_away(svcdesk: Svcdesk, tmp_path: Path, short: Play) -> None:
    shutil.copytree(short.root, tmp_path / "earlier")
    (tmp_path / "earlier" / "records" / "desk.yaml").unlink()
    clear(tmp_path / "earlier")
    assert not (tmp_path / "earlier").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    assert "something else than a demo desk" in svcdesk("demo mine", 2).stderr
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("path", ["letter.txt", "records/desk.yaml", "records/my/letter.txt"])
def test_a_demo_desk_with_files_of_somebodys_own_is_left_alone(
    svcdesk: Svcdesk, tmp_path: Path, short: Play, path: str
) -> None:
    shutil.copytree(short.root, tmp_path / "earlier")
    file = tmp_path / "earlier" / path
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as letter:
        letter.write("keep me")
    assert f"made or changed {path};" in svcdesk("demo earlier", 7).stderr
    assert "keep me" in file.read_text()


def test_the_sample_is_what_make_sample_writes() -> None:
    folder = ROOT / "records"
    kept = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")}
    assert kept == dict(sample.sample())


def test_the_sample_has_a_record_of_every_register() -> None:
    kept = {each.name for each in (ROOT / "records").iterdir() if each.is_dir()}
    assert kept >= set(REGISTERS) - AFTER_TROUBLE


def test_the_sample_is_without_findings(svcdesk: Svcdesk) -> None:
    assert json.loads(svcdesk("check --strict --format json", cwd=ROOT).stdout) == {"findings": []}


@pytest.mark.long
def test_the_whole_demo(svcdesk: Svcdesk, tmp_path: Path) -> None:
    svcdesk("demo --build-only whole")
    again = play(tmp_path / "again", DEMO)
    assert Desk(tmp_path / "whole").tip == Desk(again.root).tip
    assert again.built.acts >= 3000
    assert_only_the_flaws(svcdesk, again.root, again.built)
    assert "consistent" in svcdesk("audit verify", cwd=again.root, now=NOW).stderr
    assert "$ svcdesk due" in svcdesk("demo whole").stdout
