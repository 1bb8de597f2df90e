"""Git is called by one door, which no hostile setting of a desk can open further."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from svcdesk import git
from svcdesk.errors import NeedsAttention
from svcdesk.errors import StorageFailed
from svcdesk.git import Git
from svcdesk.git import Identity


@pytest.fixture
def desk(tmp_path: Path) -> Git:
    """A repository whose one commit holds `records/desk.yaml`."""
    root = tmp_path / "desk"
    (root / "records").mkdir(parents=True)
    (root / "records" / "desk.yaml").write_text("id: x\n")
    made = Git(root, root / ".git")
    made.run("init", "--quiet", "--initial-branch=main")
    by_hand(root, "add", ".")
    by_hand(root, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "begin")
    return made


def by_hand(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def test_a_desk_is_found_from_below(desk: Git) -> None:
    (desk.root / "records" / "key" / "K0").mkdir(parents=True)
    assert git.find(desk.root / "records" / "key" / "K0") == desk
    assert git.find(desk.root) == desk
    assert git.find(desk.root.parent) is None


def test_a_failure_is_one_escaped_sentence(desk: Git) -> None:
    with pytest.raises(StorageFailed) as caught:
        desk.run("cat-file", "blob", "--end-of-options", "\x1b[31mred")
    assert "\x1b" not in str(caught.value)
    assert str(caught.value).startswith("git cat-file failed: fatal: ")
    assert "\n" not in str(caught.value)


def test_an_exit_code_may_be_an_answer(desk: Git) -> None:
    assert desk.run("config", "--get", "no.such", ok=(0, 1)) == b""
    with pytest.raises(StorageFailed):
        desk.run("config", "--get", "no.such")


def test_git_is_taken_from_absolute_folders_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / "git"
    planted.write_text("#!/bin/sh\n")
    planted.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    with pytest.raises(NeedsAttention, match="git is not installed"):
        git.binary()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git.binary() == str(planted)


def test_identity_is_known_before_there_is_a_desk(tmp_path: Path, home: Path) -> None:
    (home / ".gitconfig").write_text("[user]\n name = Global\n email = global@example.org\n")
    root = tmp_path / "new" / "desk"
    assert Git(root, root / ".git").identity() == Identity("Global", "global@example.org")


def test_identity_is_read_as_git_reads_it(desk: Git, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.identity() is None
    (home / ".gitconfig").write_text("[user]\n\tname = Global\n\temail = global@example.org\n")
    assert Git(desk.root, desk.git_dir).identity() == Identity("Global", "global@example.org")
    desk.set_config("user.name", "Here")
    assert desk.identity() == Identity("Here", "global@example.org")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "now@example.org")
    assert desk.identity() == Identity("Here", "now@example.org")


def test_settings_are_found_whatever_their_case(desk: Git) -> None:
    desk.set_config("svcdesk.Station.Letter", "-B")
    assert desk.config("SVCDESK.Station.letter") == "-B"
    assert desk.config("svcdesk.station.letter") == ""


ARMED = """
[core]
    fsmonitor = {canary}
    hooksPath = {hooks}
    pager = {canary}
    sshCommand = {canary}
[filter "a=b"]
    clean = {canary}
    process = {canary}
    required = true
[diff]
    external = {canary}
[log]
    showSignature = true
[gpg]
    program = {canary}
[gpg "ssh"]
    program = {canary}
"""


@pytest.mark.parametrize("hidden", [False, True], ids=["in the settings", "in an included file"])
def test_no_setting_of_a_desk_runs_a_command(desk: Git, tmp_path: Path, hidden: bool) -> None:
    canary = tmp_path / "canary.sh"
    canary.write_text(f"#!/bin/sh\ntouch {tmp_path}/dead\ncat\n")
    canary.chmod(0o755)
    settings = ARMED.format(canary=canary, hooks=tmp_path)
    (tmp_path / "more").write_text(settings if hidden else "")
    with (desk.git_dir / "config").open("a") as file:
        file.write(f"[include]\n\tpath = {tmp_path}/more\n" + ("" if hidden else settings))
    (desk.root / ".gitattributes").write_text("* filter=a=b\n*.yaml filter=a=b\n")
    (desk.root / "records" / "desk.yaml").write_text("id: y\n")
    armed = Git(desk.root, desk.git_dir)
    for call in (("status", "--porcelain"), ("diff-tree", "HEAD"), ("update-index", "--refresh", "-q")):
        armed.run(*call, ok=(0, 1))
    assert not (tmp_path / "dead").exists()


def test_the_surroundings_cannot_redirect_git(
    desk: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = desk.run("rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "x")
    assert Git(desk.root, desk.git_dir).run("rev-parse", "HEAD") == head


def test_replace_refs_change_nothing_that_is_read(desk: Git) -> None:
    blob = desk.run("rev-parse", "HEAD:records/desk.yaml").decode().strip()
    other = desk.run("hash-object", "-w", "--stdin", input=b"forged\n").decode().strip()
    by_hand(desk.root, "replace", blob, other)
    assert desk.run("cat-file", "blob", blob) == b"id: x\n"
