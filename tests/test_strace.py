"""Each call by which `key loan request` and its gits touch the desk fails once, or is the last that they make."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.clones import Clones
from tests.clones import clones as clones
from tests.conftest import Svcdesk
from tests.conftest import identity
from tests.desks import LOAN
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git
from tests.faults import NOW
from tests.faults import Victims
from tests.faults import assert_filed
from tests.faults import entered
from tests.faults import serving as serving
from tests.faults import victims as victims

WRITING = (
    "write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat,renameat2,link,linkat,symlink,unlink,unlinkat,"
    "mkdir,mkdirat,rmdir,truncate,ftruncate,fallocate,flock,chmod,fchmod,fchmodat,open,openat,creat"
)
FAULTS = ("error=EIO", "error=ENOSPC", "error=EROFS", "signal=SIGKILL")
CALL = re.compile(r'\d+ +(\w+)\((?:AT_FDCWD<[^>]*>, )?(?:"(/[^"]*)"|\d+<(/[^>]*)>)?.*')
REQUESTED = [*REQUEST.split(), "--ref", "the same"]
READING = "read,pread64,getdents64"
DONE, STORAGE, ATTENTION, BUSY, KILLED = 0, 5, 7, 75, -9
OTHERS = 6  # commits with which the desk begins and which open no loan


class Call(NamedTuple):
    """A system call on a path: the how manieth of its name there."""

    name: str
    path: str
    number: int


def traced(folder: Path, line: list[str], *options: str) -> subprocess.CompletedProcess[str]:
    """Run a command line under strace, whose log lies beside the desk."""
    strace = ["strace", "-f", "-y", "-qq", "-o", str(folder.with_suffix(".log")), *options]
    command = [*strace, str(Path(sys.executable).with_name("svcdesk")), "-C", str(folder), *line]
    environment = {**os.environ, "SVCDESK_NOW": NOW, **identity("clerk", folder)}
    return subprocess.run(
        command, cwd=folder.parent, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def calls(folder: Path, line: list[str], names: str = WRITING) -> list[Call]:
    """Return each call of these names by which a command touches the desk; opening is for writing."""
    done = traced(folder, line, "-e", f"trace={names}")
    assert done.returncode == DONE, done.stderr
    found = []
    counted: Counter[tuple[str, str]] = Counter()
    for line in folder.with_suffix(".log").read_text("utf-8", "replace").splitlines():
        match = CALL.fullmatch(line)
        path = (match[2] or match[3] or "") if match else ""
        if match and path.startswith(str(folder)):
            counted[match[1], path] += 1
            if "open" not in match[1] or re.search(r"O_WRONLY|O_RDWR|O_CREAT", line):
                found.append(Call(match[1], path, counted[match[1], path]))
    return found


def broken(folder: Path, line: list[str], call: Call, fault: str) -> subprocess.CompletedProcess[str]:
    """Run a command line while one call fails."""
    inject = f"inject={call.name}:{fault}:when={call.number}"
    done = traced(folder, line, "-P", call.path, "-e", f"trace={call.name}", "-e", inject)
    log = folder.with_suffix(".log").read_text("utf-8", "replace")
    assert "(INJECTED)" in log or "killed by SIGKILL" in log, f"{call} was not made"
    return done


def hold(desk: Svcdesk, before: int, done: subprocess.CompletedProcess[str]) -> None:
    """Hold that what was said is so, and that the next command, the same once more, leaves all in order."""
    now, loan = entered(desk.cwd)[before:], f"KL2611-A{before - OTHERS + 1:04}"
    assert "Traceback" not in done.stderr
    assert done.returncode in (DONE, STORAGE, ATTENTION, BUSY, KILLED), done
    acknowledged = done.stdout == f"{loan} requested\n"
    assert acknowledged or not done.stdout
    if done.returncode != KILLED:
        assert acknowledged is (done.returncode == DONE)
        assert len(now) == acknowledged, "what was said to be recorded is not, or the other way round"
    assert len(now) in ((1,) if acknowledged else (0, 1))
    noted = (desk.cwd / ".git/svcdesk/intent.json").exists()
    again = desk(REQUESTED, as_="clerk", now=NOW)
    assert again.stdout == f"{loan} requested\n"
    assert noted is ("was not recorded" in again.stderr or "were completed up to" in again.stderr)
    assert entered(desk.cwd)[before:] == [(loan, "request")]
    assert_filed(desk.cwd)
    assert git(desk.cwd, "fsck", "--no-dangling") == ""
    assert desk("check").stderr == "svcdesk: no findings\n"


def hold_of_each(desk: Svcdesk, cases: list[Call], fault: str) -> None:
    """Hold that of a fresh copy of the desk for each call that fails; all that do not hold are told together."""
    whole, desk.cwd = desk.cwd, desk.cwd.with_name("one")
    faults = []
    for call in cases:
        shutil.copytree(whole, desk.cwd, symlinks=True)
        try:
            hold(desk, len(entered(whole)), broken(desk.cwd, REQUESTED, call, fault))
        except AssertionError as error:
            faults.append(f"{call}: {error}")
        shutil.rmtree(desk.cwd)
    assert not faults, "\n".join(faults)


def calls_of_copy(desk: Svcdesk, names: str) -> list[Call]:
    """Return the calls on a copy of the desk that lies where each further copy will."""
    assert shutil.which("strace"), "strace is needed here; install it"
    copy = desk.cwd.with_name("one")
    shutil.copytree(desk.cwd, copy, symlinks=True)
    found = calls(copy, REQUESTED, names)
    shutil.rmtree(copy)
    return found


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_each_call_that_writes_fails_once(desk: Svcdesk, fault: str) -> None:
    cases = calls_of_copy(desk, WRITING)
    assert {"write", "fsync", "rename", "unlink", "flock", "openat"} <= {each.name for each in cases}
    hold_of_each(desk, cases, fault)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_each_call_of_a_recovery_fails_once(desk: Svcdesk, victims: Victims, fault: str) -> None:
    words = {"key": "K-A0001", "borrower": "S-A0003", "purpose": "inspection", "due": "2026-11-22T18:00:00+08:00"}
    order = {"register": "key-loan", "action": "request", "sets": words}
    assert victims.run(desk.cwd, "act", order=order, now=NOW, step="recorded", alone=False) == -9
    assert (desk.cwd / ".git/svcdesk/intent.json").exists()
    hold_of_each(desk, calls_of_copy(desk, WRITING), fault)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_each_call_of_a_sync_fails_once(clones: Clones, tmp_path: Path, fault: str) -> None:
    clones["A"](REQUEST, as_="clerk")
    clones.sync("A")
    clones["B"](REQUEST, as_="clerk", now=NOW)
    parted = clones["B"].cwd
    faults = []
    one, bare = tmp_path / "one", tmp_path / "apart.git"
    clones.bare.rename(bare)
    cases: list[Call | None] = [None]
    for call in cases:
        for source, copy in ((parted, one), (bare, clones.bare)):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy, symlinks=True)
        if call is None:
            cases += calls(one, ["sync"])
            continue
        try:
            hold_sync(Svcdesk(clones["B"].start, one), broken(one, ["sync"], call, fault))
        except AssertionError as error:
            faults.append(f"{call}: {error}")
    assert len(cases) > 100
    assert not faults, "\n".join(faults)


def hold_sync(desk: Svcdesk, done: subprocess.CompletedProcess[str]) -> None:
    """Hold that a sync moved all or nothing, and that the next one ends it."""
    assert "Traceback" not in done.stderr
    assert done.returncode in (DONE, STORAGE, ATTENTION, BUSY, KILLED), done
    asked = [each for each in entered(desk.cwd) if each[1] == "request"]
    assert len(asked) in (2, 3)
    assert len(asked) == 3 or done.returncode != DONE
    desk("sync", now=NOW)
    assert sorted(each[0] for each in entered(desk.cwd) if each[1] == "request") == [
        "KL2611-A0001",
        "KL2611-A0002",
        "KL2611-B0001",
    ]
    assert_filed(desk.cwd)
    assert git(desk.cwd, "fsck", "--no-dangling") == ""
    assert desk("check").stderr == "svcdesk: no findings\n"


@pytest.mark.long
def test_each_call_that_reads_what_git_and_svcdesk_keep_fails_once(desk: Svcdesk) -> None:
    cases = [each for each in calls_of_copy(desk, READING) if "/.git/" in each.path]
    assert len(cases) > 50
    hold_of_each(desk, cases, "error=EIO")


@pytest.mark.long
def test_all_is_on_the_disk_before_main_moves(desk: Svcdesk) -> None:
    """A power cut can be tried in no test; that nothing is named before it is synced can be read from the calls."""
    made = [(each.name, each.path.removeprefix(f"{desk.cwd}/")) for each in calls(desk.cwd, REQUESTED)]
    moved = made.index(("rename", ".git/refs/heads/main.lock"))
    intent = made.index(("rename", ".git/svcdesk/intent.json.draft"))
    drafts = [path for name, path in made if name == "rename" and "/tmp_obj_" in path]
    assert len(drafts) > 5
    for path in drafts:
        written, synced, named = (made.index((name, path)) for name in ("write", "fsync", "rename"))
        assert written < synced < named < intent < moved
        assert named < made.index(("fsync", os.path.dirname(path))) < intent
    assert made.index(("fsync", ".git/svcdesk/intent.json.draft")) < intent
    assert intent < made.index(("fsync", ".git/svcdesk")) < moved
    assert made.index(("fsync", ".git/refs/heads/main.lock")) < moved < made.index(("fsync", ".git/refs/heads"))
    filed, indexed = made.index(("renameat", os.path.dirname(LOAN))), made.index(("rename", ".git/index.lock"))
    assert moved < filed < indexed < made.index(("unlink", ".git/svcdesk/intent.json"))
