"""Clones exchange acts through a bare repository."""

from __future__ import annotations

import json

import pytest

from tests.clones import Clones
from tests.clones import clones as clones
from tests.clones import hook
from tests.clones import judge
from tests.clones import plain_git
from tests.desks import REQUEST
from tests.desks import git
from tests.test_verify_review import set_policy


def test_what_one_clone_did_reaches_the_others(clones: Clones) -> None:
    clones["A"](REQUEST, as_="clerk")
    assert clones.sync("A").stderr == "svcdesk: origin: 0 commits received, 1 sent\n"
    assert clones.sync("B").stderr == "svcdesk: origin: 1 commit received, 0 sent\n"
    assert "KL2611-A0002" in clones["B"]("key loan list").stdout
    assert git(clones["B"].cwd, "status", "--porcelain") == ""
    clones.sync("C")
    assert len(clones.tips()) == 1
    pin = json.loads((clones["C"].cwd / ".git/svcdesk/pin.json").read_text())
    assert {pin["tip"] + "\n"} == clones.tips()
    assert pin["genesis"] == git(clones.bare, "rev-list", "--max-parents=0", "main").strip()


def test_an_empty_remote_takes_the_desk(clones: Clones) -> None:
    git(clones.bare.parent, "init", "--quiet", "--bare", "empty.git")
    git(clones["A"].cwd, "remote", "add", "backup", "../empty.git")
    clones["A"]("sync backup")
    assert git(clones.bare.parent / "empty.git", "rev-parse", "main") in clones.tips()


def test_a_rewound_server_is_not_followed(clones: Clones) -> None:
    clones["A"](REQUEST, as_="clerk")
    clones.sync("A", "B")
    lost, before = git(clones.bare, "rev-parse", "main", "main~1").split()
    git(clones.bare, "update-ref", "refs/heads/main", before)
    said = clones.sync("B", exit_code=8).stderr
    assert f"{lost[:12]} (key-loan KL2611-A0002: request) is lost or rewritten" in said
    assert git(clones["B"].cwd, "rev-parse", "main").strip() == lost
    (told,) = (clones["B"].cwd / ".git/svcdesk/evidence").iterdir()
    assert json.loads(told.read_text())["shown"] == before
    assert git(clones["B"].cwd, "rev-parse", f"refs/svcdesk/evidence/{lost}").strip() == lost


def test_another_desk_is_not_joined(clones: Clones) -> None:
    git(clones.bare.parent, "init", "--quiet", "--initial-branch=main", "other")
    git(clones.bare.parent / "other", "commit", "--quiet", "--allow-empty", "--message", "another")
    git(clones["C"].cwd, "remote", "add", "other", "../other")
    assert "(init) is lost or rewritten" in clones["C"]("sync other", 8).stderr


def test_an_outage_moves_nothing(clones: Clones) -> None:
    clones["A"](REQUEST, as_="clerk")
    before = git(clones["A"].cwd, "rev-parse", "main")
    clones.bare.rename(clones.bare.with_name("away.git"))
    said = clones.sync("A", exit_code=5).stderr
    assert said.startswith("svcdesk: origin cannot be reached: ")
    assert said.endswith("; nothing was moved\n")
    clones.bare.with_name("away.git").rename(clones.bare)
    assert git(clones["A"].cwd, "rev-parse", "main") == before
    clones.sync("A")
    assert git(clones.bare, "rev-parse", "main") == before


def test_a_server_that_refuses_is_quoted(clones: Clones) -> None:
    clones["A"](REQUEST, as_="clerk")
    hook(clones.bare, "pre-receive", "echo 'not \033[31mtoday'; exit 1")
    before = git(clones.bare, "rev-parse", "main")
    assert clones.sync("A", exit_code=4).stderr == "svcdesk: origin refused it: not \\x1b[31mtoday\n"
    assert git(clones.bare, "rev-parse", "main") == before


@pytest.mark.parametrize("judged", [False, True], ids=["a plain server", "a server that judges"])
def test_what_is_suspect_was_legal_and_is_let_in_and_told(clones: Clones, judged: bool) -> None:
    """A policy weakened, used and restored, all brought at once."""
    desk = clones["A"]
    if judged:
        judge(clones, "2026-11-22T18:30:00+08:00")
    set_policy(desk, [], "2026-11-22T10:00:00+08:00")
    desk("key loan approve KL2611-A0001", as_="manager", now="2026-11-22T10:20:00+08:00")
    desk.now = "2026-11-22T18:30:00+08:00"
    set_policy(desk, ["borrower", "key"], desk.now)
    told = "holds suspect commits: 1; svcdesk audit verify says why\n"
    assert clones.sync("A").stderr == f"svcdesk: this desk {told}svcdesk: origin: 0 commits received, 5 sent\n"
    assert clones.sync("B").stderr == f"svcdesk: origin {told}svcdesk: origin: 5 commits received, 0 sent\n"
    assert "suspect 1" in clones["B"]("audit verify", 1).stderr


def test_a_file_edited_meanwhile_is_left(clones: Clones) -> None:
    clones["A"]("key add --name 'Roof door' --category fire-passage --department engineering --hook 3")
    clones.sync("A")
    edited = clones["B"].cwd / "records/key/K-A0002.yaml"
    edited.write_text("mine\n")
    said = clones.sync("B").stderr
    assert "records/key/K-A0002.yaml was changed by hand and is left as it is" in said
    assert edited.read_text() == "mine\n"
    assert "Roof door" in clones["B"]("key list").stdout


def test_remotes_are_reached_by_what_the_person_says(clones: Clones) -> None:
    here = clones["A"].cwd
    assert "there is no remote elsewhere" in clones["A"]("sync elsewhere", 7).stderr
    for url in ("ext::sh -c touch% pwned", "-oProxyCommand=touch pwned", "git://example.org/x", "http://x/y"):
        plain_git(here, "config", "remote.origin.url", url)
        assert "a remote is reached by ssh, https or as a folder" in clones["A"]("sync", 7).stderr
    git(here, "remote", "set-url", "origin", str(clones.bare))
    git(here, "config", "core.sshCommand", "touch pwned; false")
    assert "core.sshcommand" in clones["A"]("sync", 7).stderr
    assert not (here / "pwned").exists()
