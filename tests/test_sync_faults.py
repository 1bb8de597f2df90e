"""Sync raced, killed and repeated: nothing is half done, nothing is lost, nothing stands twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from svcdesk import yamlio
from svcdesk.clock import instant
from tests.clones import Clones
from tests.clones import clones as clones
from tests.clones import hook
from tests.clones import made
from tests.conftest import Svcdesk
from tests.conftest import identity
from tests.desks import REQUEST
from tests.desks import git

NOW = "2026-11-22T11:00:00+08:00"
FIRST = "2026-11-22T10:00:00+08:00"
SECOND = "2026-11-22T10:05:00+08:00"
KEY = "key add --category machine-room --department engineering"
DYING = """
import os, sys
from pathlib import Path
from svcdesk.clock import instant
from svcdesk.desk import Desk
from svcdesk.git import Identity
from svcdesk.syncing import Sync
from svcdesk.transport import find_remote
desk = Desk(Path.cwd())
desk.store.after_step = lambda done: os._exit(9) if done == sys.argv[1] else None
clerk = Identity("Clerk", "clerk@example.org")
Sync(desk, find_remote(desk.store.git), instant(sys.argv[2]), clerk).run()
"""
RACE = """[ -e raced ] && exit 0
touch raced
env -u GIT_QUARANTINE_PATH -u GIT_OBJECT_DIRECTORY -u GIT_ALTERNATE_OBJECT_DIRECTORIES \\
  git update-ref refs/heads/main refs/keep/first"""


def apart(clones: Clones) -> None:
    """Let A publish and B act on what it does not know of."""
    clones["A"](REQUEST, as_="clerk", now=FIRST)
    clones.sync("A")
    clones["B"](REQUEST, as_="clerk", now=SECOND)


def assert_in_step(clones: Clones, *letters: str) -> None:
    """Hold that clones stand where the server stands, with nothing left to repair, and that the law agrees."""
    tips = {git(clones[each].cwd, "rev-parse", "main") for each in letters}
    assert tips == {git(clones.bare, "rev-parse", "main")}
    for each in letters:
        assert git(clones[each].cwd, "status", "--porcelain") == ""
        assert clones[each]("check").stderr == "svcdesk: no findings\n"


def test_somebody_who_was_first_is_joined_in_the_next_round(clones: Clones) -> None:
    apart(clones)
    clones["C"](REQUEST, as_="clerk", now=SECOND)
    clones.sync("C")
    ahead = git(clones.bare, "rev-parse", "main").strip()
    git(clones.bare, "update-ref", "refs/keep/first", ahead)
    git(clones.bare, "update-ref", "refs/heads/main", f"{ahead}^1")
    hook(clones.bare, "pre-receive", RACE)
    clones.sync("B", now=NOW)
    assert (clones.bare / "raced").exists()
    clones.sync("C")
    assert_in_step(clones, "B", "C")
    assert clones["C"]("key loan list --format csv").stdout.count("requested") == 4


@pytest.mark.parametrize("step", ["commit", "objects", "intent", "recorded", "file", "refreshing", "index"])
def test_a_killed_sync_goes_on_where_it_was(clones: Clones, step: str) -> None:
    apart(clones)
    killed = subprocess.run([sys.executable, "-c", DYING, step, NOW], cwd=clones["B"].cwd, check=False)
    assert killed.returncode == 9
    clones["B"]("key loan list", now=NOW)
    clones.sync("B", "A", now=NOW)
    assert_in_step(clones, "A", "B")
    assert clones["A"]("key loan list --format csv").stdout.count("requested") == 3


@pytest.mark.parametrize("name", ["pre-receive", "post-receive"])
def test_killed_while_the_server_takes_it(clones: Clones, name: str, tmp_path: Path) -> None:
    apart(clones)
    number = tmp_path / "pid"
    hook(clones.bare, name, f"kill -9 $(cat {number}) && sleep 0.2 && rm {number}")
    script = Path(sys.executable).with_name("svcdesk")
    settings = {**os.environ, "SVCDESK_NOW": NOW, **identity("clerk", tmp_path)}
    command = f"echo $$ > {number}; exec {script} sync"
    killed = subprocess.run(["sh", "-c", command], cwd=clones["B"].cwd, env=settings, check=False)
    assert killed.returncode == -9
    (clones.bare / "hooks" / name).unlink()
    clones.sync("B", "A", now=NOW)
    assert_in_step(clones, "A", "B")
    assert clones["A"]("key loan list --format csv").stdout.count("requested") == 3


class Clerks:
    """Clones at which people act by chance; `entered` is every act that was acknowledged, by its commit."""

    def __init__(self, clones: Clones, seed: int) -> None:
        self.clones = clones
        self.chance = random.Random(seed)
        self.moment = instant(FIRST)
        self.entered: dict[str, tuple[str, dict[str, Any]]] = {}

    def act(self, letter: str) -> None:
        """Let somebody at a clone do something that comes to his mind; not all of it is allowed."""
        desk = self.clones[letter]
        self.moment += timedelta(minutes=self.chance.randint(1, 3))
        number = self.chance.randint(1, 9999)
        loan = self.chance.choice(sorted(desk.cwd.glob("records/key-loan/**/*.yaml"))).stem
        line, person = self.chance.choice(
            [
                (REQUEST, "clerk"),
                (f"{KEY} --name K{letter}{number} --hook {letter}{number}", "admin"),
                (f"staff change S-A0003 --phone {number}", "engineer"),
                (f"key loan approve {loan}", "head"),
                (f"key loan refuse {loan} --reason no", "head"),
                (f"key loan withdraw {loan}", "clerk"),
                (f"key loan issue {loan} --as borrower=S-A0003", "clerk"),
                (f"key loan return {loan}", "clerk"),
            ]
        )
        desk.now = self.moment.isoformat()
        before = git(desk.cwd, "rev-parse", "main")
        result = desk.start(line.split(), desk.cwd, self._settings(desk, person), "")
        assert result.exit_code in (0, 4), result
        tip = git(desk.cwd, "rev-parse", "main")
        assert (tip != before) is (result.exit_code == 0)
        if tip != before:
            path = git(desk.cwd, "diff-tree", "-r", "--name-only", before.strip(), tip.strip()).strip()
            record = yamlio.load((desk.cwd / path).read_bytes())
            self.entered[tip.strip()] = record["id"], record["acts"][-1]

    def _settings(self, desk: Svcdesk, person: str) -> dict[str, str]:
        return {"SVCDESK_NOW": desk.now, **identity(person, desk.cwd)}

    def sync(self, letter: str) -> None:
        desk = self.clones[letter]
        self.moment += timedelta(minutes=1)
        desk.now = self.moment.isoformat()
        result = desk.start(["sync"], desk.cwd, self._settings(desk, "admin"), "")
        assert result.exit_code in (0, 6), result

    def run(self, rounds: int) -> None:
        """Let everybody act and sync now and then, and bring all in step at the end."""
        letters = list(self.clones.desks)
        for _round in range(rounds):
            for letter in letters:
                self.act(letter)
                if self.chance.random() < 0.15:
                    self.sync(letter)
        for letter in letters * 2:
            self.sync(letter)


def held(desk: Svcdesk) -> Iterator[tuple[str, str]]:
    """Yield conflict and commit of each act that is held back."""
    for path in desk.cwd.glob("records/conflict/**/*.yaml"):
        record = yamlio.load(path.read_bytes())
        yield from ((record["id"], each["commit"]) for each in record["held"])


def assert_all_there_once(clerks: Clerks) -> None:
    """Hold that each acknowledged act stands in its record once, or is held back once, and is in the history."""
    desk = clerks.clones["A"]
    back = Counter(commit for _conflict, commit in held(desk))
    history = set(git(desk.cwd, "rev-list", "main").split())
    standing = {path.stem: yamlio.load(path.read_bytes())["acts"] for path in desk.cwd.glob("records/*/**/*.yaml")}
    for commit, (record, act) in clerks.entered.items():
        assert commit in history
        assert standing.get(record, []).count(act) + back[commit] == 1, (record, act)


def test_three_clones_come_to_one_history(clones: Clones) -> None:
    clerks = Clerks(clones, seed=4)
    clerks.run(20)
    assert len(clones.tips()) == 1
    assert len(clerks.entered) > 25
    assert_all_there_once(clerks)
    assert_in_step(clones, "A", "B", "C")
    assert "the desk's verdict: consistent" in clones["C"]("audit verify").stderr


@pytest.mark.long
def test_eight_clones_come_to_one_history(svcdesk: Svcdesk, tmp_path: Path) -> None:
    clones = made(tmp_path, svcdesk, "BCDEFGH")
    clones["A"](["hook", "install", str(clones.bare)])
    script = clones.bare / "hooks/pre-receive"
    first, _newline, rest = script.read_text("utf-8").partition("\n")
    script.write_text(f"{first}\nexport SVCDESK_NOW=2027-01-01T00:00:00+08:00\n{rest}", "utf-8")
    clerks = Clerks(clones, seed=8)
    clerks.run(200)
    assert len(clones.tips()) == 1
    assert_all_there_once(clerks)
    assert_in_step(clones, "A", "H")
    assert "the desk's verdict: consistent" in clones["C"]("audit verify").stderr
