"""A small desk on disk for tests of commands: five people, a key, a loan asked for; copied for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Svcdesk
from tests.conftest import in_this_process

PEOPLE = (
    ("Manager Mo", "manager", "cs-manager", "customer-service"),
    ("Engineer Li", "engineer", "engineering-staff", "engineering"),
    ("Head He", "head", "department-head", "engineering"),
    ("Clerk Chen", "clerk", "cs-assistant", "customer-service"),
)
REQUEST = "key loan request --key K-A0001 --borrower S-A0003 --purpose inspection --due +4h"
LOAN = "records/key-loan/2611/A00/KL2611-A0001.yaml"


def found(svcdesk: Svcdesk) -> None:
    """Make the desk in the folder `d` below where svcdesk runs, and go there."""
    svcdesk("init d --name 'Tower A' --timezone Asia/Shanghai")
    svcdesk.cwd = svcdesk.cwd / "d"
    for name, login, post, department in PEOPLE:
        svcdesk(
            f"staff add --name '{name}' --email {login}@example.org --post {post} --department {department}"
        )
    svcdesk("key add --name 'B1 pump room' --category machine-room --department engineering --hook 14")
    svcdesk(REQUEST, as_="clerk")


def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the small desk, which is founded once and then copied."""
    folder = tmp_path_factory.getbasetemp() / "a-desk"
    if not folder.exists():
        folder.mkdir()
        found(Svcdesk(in_this_process, folder))
    return folder / "d"


@pytest.fixture
def desk(svcdesk: Svcdesk, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Svcdesk:
    """svcdesk in a desk of its own, called in this process."""
    shutil.copytree(template(tmp_path_factory), tmp_path / "d", symlinks=True)
    svcdesk.cwd = tmp_path / "d"
    return svcdesk


def git(folder: Path, *arguments: str) -> str:
    """Run git as a person would and return what it writes."""
    environment = {**os.environ, "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.org"}
    environment |= {"GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@example.org"}
    command = ["git", "-c", "core.hooksPath=/dev/null", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout.decode()


def commits(desk: Svcdesk) -> int:
    """Return the number of commits on main."""
    return int(git(desk.cwd, "rev-list", "--count", "main"))


def standing(desk: Svcdesk) -> tuple[str, str, str]:
    """Return what no refusal may change: the tip, what differs from it, what a check says."""
    from svcdesk.checking import check_desk
    from svcdesk.desk import Desk

    findings = sorted(map(str, check_desk(Desk(desk.cwd))))
    return git(desk.cwd, "rev-parse", "HEAD"), git(desk.cwd, "status", "--porcelain"), "\n".join(findings)


@contextmanager
def unchanged(desk: Svcdesk) -> Iterator[None]:
    """Hold that nothing of the desk changes inside the block."""
    before = standing(desk)
    yield
    assert standing(desk) == before
