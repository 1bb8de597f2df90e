"""A server restored from an older backup: what it lost comes back by approval, joined, and stays visible."""

from __future__ import annotations

import json

import pytest

from tests.clones import Clones
from tests.clones import clones as clones
from tests.clones import judge
from tests.conftest import Svcdesk
from tests.desks import REQUEST
from tests.desks import git

FIRST = "2026-11-22T10:00:00+08:00"
SECOND = "2026-11-22T10:05:00+08:00"
THEN = "2026-11-22T11:00:00+08:00"


@pytest.fixture
def lost(clones: Clones) -> Clones:
    """B and C know two acts of A, of which the server has lost one since."""
    for now in (FIRST, SECOND):
        clones["A"](REQUEST, as_="clerk", now=now)
    clones.sync("A", "B", "C")
    git(clones.bare, "update-ref", "refs/heads/main", "main~1")
    return clones


def last(clones: Clones) -> str:
    return git(clones["A"].cwd, "rev-parse", "main").strip()


def go_on(clones: Clones) -> None:
    """Have somebody who knows nothing of the loss clone the server anew, and publish."""
    git(clones.bare.parent, "clone", "--quiet", "bare.git", "D")
    clones.desks["D"] = Svcdesk(clones["A"].start, clones.bare.parent / "D")
    clones["D"]("station D", now=SECOND)
    clones.sync("D")


def let_return(desk: Svcdesk, commit: str, now: str = THEN) -> None:
    desk(f"audit exception propose --commit {commit} --broken history-kept --reason 'disk failed'", now=now)
    desk("audit exception approve 0001")


@pytest.mark.parametrize("judged", [False, True], ids=["a plain server", "a server that judges"])
def test_what_a_server_lost_is_given_back_beside_what_came_since(lost: Clones, judged: bool) -> None:
    commit = last(lost)
    go_on(lost)
    if judged:
        judge(lost, THEN)
    checkpoint = lost.bare.with_name("checkpoint")
    lost["C"](f"audit checkpoint {checkpoint}")
    said = lost.sync("B", exit_code=8).stderr
    assert said.endswith(f"restored, see svcdesk sync --help: COMMIT is {commit[:12]}\n")
    let_return(lost["B"], commit)
    published = git(lost.bare, "rev-parse", "main").strip()
    lost.sync("B", "A", "C", "D", "B", now=THEN)
    assert len(lost.tips()) == 1
    for desk in (lost["C"], lost["D"]):
        found = json.loads(desk("audit verify --format json").stdout)
        assert [(each["commit"], each["verdict"], each["rule"]) for each in found["commits"]] == [
            (commit, "excepted", "history-kept")
        ]
        assert "KL2611-A0003" in desk("key loan list").stdout
        assert desk("check").stderr == "svcdesk: no findings\n"
    lost["D"](f"audit verify --from {checkpoint}")
    assert published in git(lost.bare, "rev-list", "--first-parent", "main").split()


def test_what_a_server_lost_is_given_back_where_nothing_came_since(lost: Clones) -> None:
    commit = last(lost)
    let_return(lost["A"], commit)
    lost.sync("A", "B", "C", now=THEN)
    assert commit in git(lost.bare, "rev-list", "--first-parent", "main").split()
    assert "excepted 1" in lost["C"]("audit verify").stderr


def test_nobody_gives_it_back_alone_where_two_keep_the_desk(lost: Clones) -> None:
    here, commit = lost["A"], last(lost)
    here("staff post S-A0002 --post desk-admin --department administration", now=THEN)
    here(f"audit exception propose --commit {commit} --broken history-kept --reason 'disk failed'")
    here("audit exception approve AX-A0001", 4)
    lost.sync("A", exit_code=8)
    here("audit exception approve AX-A0001", as_="manager")
    lost.sync("A")


def test_a_later_loss_needs_an_approval_of_its_own(lost: Clones) -> None:
    let_return(lost["A"], last(lost))
    lost.sync("A", "B", now=THEN)
    git(lost.bare, "update-ref", "refs/heads/main", "main~1")
    for letter in "AB":
        lost.sync(letter, exit_code=8)


def test_an_approval_covers_what_it_names(lost: Clones) -> None:
    let_return(lost["A"], git(lost.bare, "rev-parse", "main").strip())
    lost.sync("A", exit_code=8)
    other = f"audit exception propose --commit {last(lost)} --broken commit-time --reason 'disk failed'"
    assert "breaks no rule, so none can be excepted" in lost["A"](other, 4).stderr
