"""The same forgeries pushed to a server that judges: refused with rule and record; what is honest is let in."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from svcdesk.errors import Refused
from svcdesk.receiving import Update
from svcdesk.receiving import install
from svcdesk.receiving import judge_push
from tests.forgeries import CATALOGUE
from tests.forgeries.catalogue import Forge
from tests.forgeries.catalogue import Forgery
from tests.forgeries.honesty import HONEST
from tests.forgeries.refs import PUSHES
from tests.forgeries.refs import Push
from tests.forgeries.world import demo as demo
from tests.forgeries.world import forger as forger
from tests.forgeries.world import template as template
from tests.forgeries.world import with_keys
from tests.forging import Forger

LATER = datetime.fromisoformat("2027-01-31T12:00:00+08:00")
MAIN = "refs/heads/main"
SIGNED = pytest.mark.parametrize(
    "signed", [False, pytest.param(True, marks=pytest.mark.long)], ids=["unsigned", "signed"]
)


@pytest.fixture
def server(forger: Forger) -> Path:
    """A server that holds the desk, and finds the forged objects as if they had been sent; made once."""
    bare = forger.folder.parent / "desk.git"
    if not bare.exists():
        forger.git("clone", "--quiet", "--bare", "--shared", str(forger.folder), str(bare))
        install(bare, LATER)
    return bare


def judged(server: Path, commit: str) -> int:
    tip = Forger(server).git("rev-parse", MAIN)
    return judge_push(server, [Update(tip, commit, MAIN)], LATER)


@pytest.mark.parametrize("forgery", CATALOGUE, ids=lambda each: each.name)
@SIGNED
def test_a_forgery_is_refused_with_rule_and_record(
    forger: Forger, server: Path, forgery: Forgery, signed: bool
) -> None:
    commit = forgery.forge(with_keys(forger) if signed else forger)
    with pytest.raises(Refused) as refusal:
        judged(server, commit)
    rules = {(each.rule, each.record) for each in refusal.value.findings}
    assert forgery.rule in dict(rules)
    assert forger.world.number(forgery.record) in str(list(map(str, refusal.value.findings)))


@pytest.mark.parametrize("forge", HONEST, ids=lambda each: each.__name__)
@SIGNED
def test_what_is_honest_is_let_in(forger: Forger, server: Path, forge: Forge, signed: bool) -> None:
    assert judged(server, forge(with_keys(forger) if signed else forger)) >= 1


def test_there_is_enough_that_is_honest() -> None:
    assert len(HONEST) >= 16


def push(forger: Forger, server: Path, *refspecs: str) -> subprocess.CompletedProcess[str]:
    """Push as anybody would."""
    return subprocess.run(
        ["git", "push", str(server), *refspecs],
        cwd=forger.folder,
        env={**os.environ, "SVCDESK_NOW": LATER.isoformat()},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def guarded(forger: Forger, tmp_path: Path) -> Path:
    """A server of its own."""
    forger.git("clone", "--quiet", "--bare", "--no-local", str(forger.folder), str(tmp_path / "own.git"))
    install(tmp_path / "own.git", LATER)
    return tmp_path / "own.git"


def refused(forger: Forger, guarded: Path, forgery: Forgery) -> None:
    """Push a forgery with plain git: refused by rule, or by git before svcdesk has looked."""
    before = Forger(guarded).git("for-each-ref")
    said = push(forger, guarded, f"{forgery.forge(forger)}:{MAIN}")
    assert said.returncode != 0
    assert f"({forgery.rule})" in said.stderr or re.search(r"fsck|index-pack|unpack", said.stderr), said.stderr
    assert "Traceback" not in said.stderr
    assert Forger(guarded).git("for-each-ref") == before


def test_plain_git_push_is_refused(forger: Forger, guarded: Path) -> None:
    for forgery in CATALOGUE[::17]:
        refused(forger, guarded, forgery)


@pytest.mark.long
def test_plain_git_push_of_each_is_refused(forger: Forger, guarded: Path) -> None:
    for forgery in CATALOGUE:
        refused(forger, guarded, forgery)


@pytest.mark.parametrize("forge", HONEST[::6], ids=lambda each: each.__name__)
def test_plain_git_push_of_what_is_honest_is_let_in(forger: Forger, guarded: Path, forge: Forge) -> None:
    commit = forge(forger)
    said = push(forger, guarded, f"{commit}:{MAIN}")
    assert said.returncode == 0, said.stderr
    assert Forger(guarded).git("rev-parse", MAIN) == commit


@pytest.mark.parametrize("pushed", PUSHES, ids=lambda each: each.__name__)
def test_other_pushes_move_nothing_but_what_is_honest(forger: Forger, guarded: Path, pushed: Push) -> None:
    before = Forger(guarded).git("for-each-ref")
    said = push(forger, guarded, *pushed(forger))
    assert said.returncode != 0
    assert "Traceback" not in said.stderr
    assert Forger(guarded).git("for-each-ref", "--format=%(refname)") == MAIN
    assert Forger(guarded).git("for-each-ref") == before or pushed.__name__ == "hides_a_tag_behind_an_honest_act"
    assert Forger(guarded).git("fsck", "--no-dangling") == ""
