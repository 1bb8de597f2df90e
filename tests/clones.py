"""Several clones of a small desk around one bare repository, each with a person at it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Result
from tests.conftest import Svcdesk
from tests.desks import found
from tests.desks import git

STATIONS = "BCDEFGHI"


class Clones:
    """The bare repository, and one svcdesk for each clone: `clones["B"]("key loan list")`."""

    def __init__(self, folder: Path, desks: dict[str, Svcdesk]) -> None:
        self.bare = folder / "bare.git"
        self.desks = desks

    def __getitem__(self, letter: str) -> Svcdesk:
        return self.desks[letter]

    def sync(self, *letters: str, exit_code: int = 0, now: str = "") -> Result:
        """Sync these clones one after the other, at the latest time of any; all must end with this exit code."""
        latest = max(now, *(each.now for each in self.desks.values()))
        for letter in letters:
            result = self[letter]("sync", exit_code, now=latest)
        return result

    def tips(self) -> set[str]:
        """Return the commits on which the clones and the bare repository stand."""
        folders = [self.bare, *(each.cwd for each in self.desks.values())]
        return {git(each, "rev-parse", "main") for each in folders}


def made(folder: Path, svcdesk: Svcdesk, letters: str) -> Clones:
    """Found a desk (station A) and clone it for each further letter; all are in step at the end."""
    svcdesk.cwd = folder
    found(svcdesk)
    git(folder, "clone", "--quiet", "--bare", "d", "bare.git")
    git(svcdesk.cwd, "remote", "add", "origin", str(folder / "bare.git"))
    desks = {"A": svcdesk}
    for letter in letters:
        git(folder, "clone", "--quiet", "bare.git", letter)
        desks[letter] = Svcdesk(svcdesk.start, folder / letter)
        desks[letter](f"station {letter}")
        desks[letter]("sync")
    clones = Clones(folder, desks)
    clones.sync("A", *letters)
    for each in (clones.bare, *(desk.cwd for desk in desks.values())):
        git(each, "gc", "--quiet")
    return clones


@pytest.fixture
def clones(svcdesk: Svcdesk, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Three clones in step, called in this process; copied for each test."""
    template = tmp_path_factory.getbasetemp() / "three-clones"
    if not template.exists():
        template.mkdir()
        made(template, Svcdesk(svcdesk.start, template), "BC")
    desks = {}
    for name, letter in (("d", "A"), ("B", "B"), ("C", "C")):
        shutil.copytree(template / name, tmp_path / name, symlinks=True)
        desks[letter] = Svcdesk(svcdesk.start, tmp_path / name)
        git(tmp_path / name, "remote", "set-url", "origin", str(tmp_path / "bare.git"))
    shutil.copytree(template / "bare.git", tmp_path / "bare.git", symlinks=True)
    return Clones(tmp_path, desks)


def hook(bare: Path, name: str, script: str) -> None:
    """Give the bare repository a hook."""
    file = bare / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", "ascii")
    file.chmod(0o755)


def judge(clones: Clones, now: str) -> None:
    """Have the bare repository judge each push, at this moment."""
    clones["A"](["hook", "install", str(clones.bare)])
    script = clones.bare / "hooks/pre-receive"
    first, _newline, rest = script.read_text("utf-8").partition("\n")
    script.write_text(f"{first}\nexport SVCDESK_NOW={now}\n{rest}", "utf-8")


def plain_git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git as a person would, whatever becomes of it."""
    return subprocess.run(["git", *arguments], cwd=folder, env=os.environ, capture_output=True, check=False)
