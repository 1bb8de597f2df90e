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
from tests.forgeries.world import template as template
from tests.forging import Forger
from tests.worlds import SMALL

LATER = datetime.fromisoformat("2027-01-31T12:00:00+08:00")
MAIN = "refs/heads/main"


@pytest.fixture
def server(template: Path) -> Path:
    """A server that holds the desk, and finds the forged objects as if they had been sent; made once."""
    bare = template.parent / "desk.git"
    if not bare.exists():
        Forger(template).git("clone", "--quiet", "--bare", "--shared", str(template), str(bare))
        install(bare)
    return bare


def judged(server: Path, commit: str) -> int:
    tip = Forger(server).git("rev-parse", MAIN)
    return judge_push(server, [Update(tip, commit, MAIN)], LATER)


@pytest.mark.parametrize("forgery", CATALOGUE, ids=lambda each: each.name)
def test_a_forgery_is_refused_with_rule_and_record(template: Path, server: Path, forgery: Forgery) -> None:
    commit = forgery.forge(Forger(template))
    with pytest.raises(Refused) as refusal:
        judged(server, commit)
    rules = {(each.rule, each.record) for each in refusal.value.findings}
    assert forgery.rule in dict(rules)
    assert SMALL.number(forgery.record) in str(list(map(str, refusal.value.findings)))


@pytest.mark.parametrize("forge", HONEST, ids=lambda each: each.__name__)
def test_what_is_honest_is_let_in(template: Path, server: Path, forge: Forge) -> None:
    assert judged(server, forge(Forger(template))) >= 1


def test_there_is_enough_that_is_honest() -> None:
    assert len(HONEST) >= 16


def push(folder: Path, server: Path, *refspecs: str) -> subprocess.CompletedProcess[str]:
    """Push as anybody would."""
    return subprocess.run(
        ["git", "push", str(server), *refspecs],
        cwd=folder,
        env={**os.environ, "SVCDESK_NOW": LATER.isoformat()},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def guarded(template: Path, tmp_path: Path) -> Path:
    """A server of its own."""
    Forger(template).git("clone", "--quiet", "--bare", "--no-local", str(template), str(tmp_path / "own.git"))
    install(tmp_path / "own.git")
    return tmp_path / "own.git"


def refused(template: Path, guarded: Path, forgery: Forgery) -> None:
    """Push a forgery with plain git: refused by rule, or by git before svcdesk has looked."""
    before = Forger(guarded).git("for-each-ref")
    said = push(template, guarded, f"{forgery.forge(Forger(template))}:{MAIN}")
    assert said.returncode != 0
    assert f"({forgery.rule})" in said.stderr or re.search(r"fsck|index-pack|unpack", said.stderr), said.stderr
    assert "Traceback" not in said.stderr
    assert Forger(guarded).git("for-each-ref") == before


@pytest.mark.parametrize("forgery", CATALOGUE[::17], ids=lambda each: each.name)
def test_plain_git_push_is_refused(template: Path, guarded: Path, forgery: Forgery) -> None:
    refused(template, guarded, forgery)


@pytest.mark.long
def test_plain_git_push_of_each_is_refused(template: Path, guarded: Path) -> None:
    for forgery in CATALOGUE:
        refused(template, guarded, forgery)


@pytest.mark.parametrize("forge", HONEST[::6], ids=lambda each: each.__name__)
def test_plain_git_push_of_what_is_honest_is_let_in(template: Path, guarded: Path, forge: Forge) -> None:
    commit = forge(Forger(template))
    said = push(template, guarded, f"{commit}:{MAIN}")
    assert said.returncode == 0, said.stderr
    assert Forger(guarded).git("rev-parse", MAIN) == commit


@pytest.mark.parametrize("pushed", PUSHES, ids=lambda each: each.__name__)
def test_other_pushes_move_nothing_but_what_is_honest(template: Path, guarded: Path, pushed: Push) -> None:
    before = Forger(guarded).git("for-each-ref")
    said = push(template, guarded, *pushed(Forger(template)))
    assert said.returncode != 0
    assert "Traceback" not in said.stderr
    assert Forger(guarded).git("for-each-ref", "--format=%(refname)") == MAIN
    assert Forger(guarded).git("for-each-ref") == before or pushed.__name__ == "hides_a_tag_behind_an_honest_act"
    assert Forger(guarded).git("fsck", "--no-dangling") == ""
