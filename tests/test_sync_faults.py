"""Sync raced, killed and repeated: nothing is half done, nothing is lost, nothing stands twice."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from svcdesk.clock import instant
from svcdesk.clock import later
from svcdesk.desk import Desk
from svcdesk.errors import StorageFailed
from svcdesk.git import Identity
from svcdesk.syncing import Sync
from svcdesk.transport import find_remote
from tests.clones import Clones
from tests.clones import clones as clones
from tests.clones import hook
from tests.conftest import Svcdesk
from tests.conftest import identity
from tests.desks import REQUEST
from tests.desks import git
from tests.faults import ERRORS
from tests.faults import Victims
from tests.faults import assert_filed
from tests.faults import serving as serving
from tests.faults import victims as victims

NOW = "2026-11-22T11:00:00+08:00"
FIRST = "2026-11-22T10:00:00+08:00"
SECOND = "2026-11-22T10:05:00+08:00"
STEPS = ("blobs", "trees", "commit", "objects", "intent", "recorded", "file", "files", "refreshing", "index", "done")
RACE = """[ -e raced ] && exit 0
touch raced
env -u GIT_QUARANTINE_PATH -u GIT_OBJECT_DIRECTORY -u GIT_ALTERNATE_OBJECT_DIRECTORIES \\
  git update-ref refs/heads/main refs/keep/first"""


def apart(clones: Clones, first: str = FIRST, second: str = SECOND) -> None:
    """Let A publish and B act on what it does not know of."""
    clones["A"](REQUEST, as_="clerk", now=first)
    clones.sync("A")
    clones["B"](REQUEST, as_="clerk", now=second)


def assert_all_there(clones: Clones, requests: int, now: str) -> None:
    """Let B sync, and hold that each request is there once, and nothing is left to repair."""
    clones.sync("B", now=now)
    folder = clones["B"].cwd
    assert git(folder, "rev-parse", "main") == git(clones.bare, "rev-parse", "main")
    assert len(list(folder.glob("records/key-loan/**/*.yaml"))) == requests
    assert sum(" request" in each for each in subjects(clones["B"])) == requests
    assert_filed(folder)


def subjects(desk: Svcdesk) -> list[str]:
    """Return the first line of each commit on main."""
    return git(desk.cwd, "log", "--format=%s", "main").splitlines()


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


def long_after(turns: int) -> list[object]:
    """Return a turn for each way in which a step can fail; all but the first take too long for every day."""
    return [0, *(pytest.param(turn, marks=pytest.mark.long) for turn in range(1, turns))]


@pytest.mark.parametrize("turn", long_after(2))
def test_a_sync_killed_at_each_step_goes_on_where_it_was(clones: Clones, victims: Victims, turn: int) -> None:
    for number, step in enumerate(STEPS, 1):
        first, second, now = (later(FIRST, 30 * number + each) for each in (0, 5, 10))
        apart(clones, first, second)
        alone = (number + turn) % 2 == 0
        assert victims.run(clones["B"].cwd, "sync", now=now, step=step, alone=alone) == -9
        clones["B"]("key loan list", now=now)
        assert_all_there(clones, 1 + 2 * number, now)
    clones.sync("A")
    assert_in_step(clones, "A", "B")


@pytest.mark.parametrize("turn", long_after(len(ERRORS)))
def test_a_sync_whose_disk_fails_at_each_step_moves_all_or_nothing(clones: Clones, turn: int) -> None:
    for number, step in enumerate(STEPS, 1):
        first, second, now = (later(FIRST, 30 * number + each) for each in (0, 5, 10))
        apart(clones, first, second)
        before = git(clones["B"].cwd, "rev-parse", "main")
        error = ERRORS[(number + turn) % len(ERRORS)]
        said = failed(clones["B"].cwd, now, step, error)
        assert os.strerror(error) in said
        assert (git(clones["B"].cwd, "rev-parse", "main") == before) is said.startswith("nothing was recorded")
        assert_all_there(clones, 1 + 2 * number, now)
    clones.sync("A")
    assert_in_step(clones, "A", "B")


def failed(folder: Path, now: str, step: str, error: int) -> str:
    """Sync while the disk fails at a step, and return what is said about it."""

    def fail(done: str) -> None:
        if done == step:
            raise OSError(error, os.strerror(error))

    desk = Desk(folder)
    desk.store.after_step = fail
    with closing(desk):
        try:
            done = Sync(desk, find_remote(desk.store.git), instant(now), Identity("Clerk", "clerk@example.org")).run()
        except StorageFailed as refusal:
            return str(refusal)
    return str(*done.notices)


@pytest.mark.parametrize(("moment", "taken"), [("prepared", False), ("committed", True)])
def test_a_line_that_breaks_while_the_server_moves(clones: Clones, moment: str, taken: bool) -> None:
    apart(clones)
    before = git(clones.bare, "rev-parse", "main")
    hook(clones.bare, "reference-transaction", f'[ "$1" = {moment} ] || exit 0\nkill -9 $PPID')
    assert "origin did not say what it took" in clones.sync("B", exit_code=5, now=NOW).stderr
    (clones.bare / "hooks/reference-transaction").unlink()
    assert (git(clones.bare, "rev-parse", "main") != before) is taken
    for lock in clones.bare.rglob("*.lock"):
        lock.unlink()
    assert_all_there(clones, 3, NOW)
    clones.sync("A")
    assert_in_step(clones, "A", "B")


def test_a_lock_that_a_killed_fetch_left_is_removed(clones: Clones) -> None:
    apart(clones)
    lock = clones["B"].cwd / ".git/refs/svcdesk/incoming.lock"
    lock.touch()
    assert_all_there(clones, 3, NOW)


@pytest.mark.long
def test_a_server_that_stands_still_is_said_to(clones: Clones) -> None:
    apart(clones)
    (clones.bare / "refs/heads/main.lock").touch()
    assert "origin cannot move its main: error: cannot lock ref" in clones.sync("B", exit_code=5, now=NOW).stderr
    (clones.bare / "refs/heads/main.lock").unlink()
    assert_all_there(clones, 3, NOW)


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
