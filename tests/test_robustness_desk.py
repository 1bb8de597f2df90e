"""A desk that is broken, busy, edited or planted with traps: named, refused, never made worse."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Svcdesk
from tests.desks import LOAN
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git
from tests.desks import unchanged

APPROVE = "key loan approve KL2611-A0001"
NOT_A_DESK = "is no desk, nor is any folder above it; svcdesk init makes one"


@pytest.mark.parametrize("line", ["key list", "check", "due", "whoami", "audit log", "doctor", REQUEST])
def test_not_a_desk(svcdesk: Svcdesk, line: str) -> None:
    assert NOT_A_DESK in svcdesk(line, 7).stderr
    assert list(svcdesk.cwd.iterdir()) == []


UNDER_WAY: dict[str, tuple[Callable[[Path], object], str]] = {
    "merge": (lambda root: (root / ".git/MERGE_HEAD").touch(), "a merge is under way"),
    "rebase": (lambda root: (root / ".git/rebase-merge").mkdir(), "a rebase is under way"),
    "cherry-pick": (lambda root: (root / ".git/CHERRY_PICK_HEAD").touch(), "a cherry-pick is under way"),
    "revert": (lambda root: (root / ".git/REVERT_HEAD").touch(), "a revert is under way"),
    "bisect": (lambda root: (root / ".git/BISECT_LOG").touch(), "a bisect is under way"),
    "detached": (lambda root: git(root, "checkout", "--quiet", "--detach"), "return to it with git switch"),
    "branch": (lambda root: git(root, "checkout", "--quiet", "-b", "mine"), "return to it with git switch"),
    "index lock": (lambda root: (root / ".git/index.lock").touch(), "git's index is locked"),
    "shallow": (lambda root: (root / ".git/shallow").touch(), "the history is cut short"),
    "no station": (lambda root: (root / ".git/svcdesk/station").unlink(), "svcdesk station LETTER claims"),
    "edited": (lambda root: _append(root / LOAN, "# mine\n"), "svcdesk salvage puts that aside"),
    "deleted": (lambda root: (root / LOAN).unlink(), "svcdesk salvage puts that aside"),
    "a link": (lambda root: _instead(root / LOAN, lambda path: path.symlink_to("/etc/passwd")), "salvage"),
    "a pipe": (lambda root: _instead(root / LOAN, os.mkfifo), "svcdesk salvage puts that aside"),
    "a folder": (lambda root: _instead(root / LOAN, Path.mkdir), "svcdesk salvage puts that aside"),
    "in the way": (
        lambda root: (root / LOAN.replace("A0001", "A0002")).write_text("mine\n"),
        "svcdesk salvage puts that aside",
    ),
    "a linked folder": (
        lambda root: _instead(root / "records/key-loan", lambda path: path.symlink_to("/tmp")),
        "is not a folder; move it away",
    ),
}


@pytest.mark.parametrize(
    ("part", "says"), [("--depth=2", "the history is cut short"), ("--filter=blob:none", "the clone lacks objects")]
)
def test_a_clone_of_a_part_is_named(desk: Svcdesk, part: str, says: str) -> None:
    git(desk.cwd, "config", "uploadpack.allowFilter", "true")
    git(desk.cwd.parent, "clone", "--quiet", part, f"file://{desk.cwd}", "part")
    desk.cwd = desk.cwd.parent / "part"
    for line in ("station B", "audit verify", "sync", "doctor"):
        result = desk(line, 7)
        assert says in result.stdout + result.stderr


def _append(path: Path, words: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + words, encoding="utf-8")


def _instead(path: Path, make: Callable[[Path], object]) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    make(path)


@pytest.mark.parametrize(("trouble", "says"), UNDER_WAY.values(), ids=UNDER_WAY)
def test_nothing_is_recorded_in_trouble(desk: Svcdesk, trouble: Callable[[Path], object], says: str) -> None:
    line, person = (REQUEST, "clerk") if says.endswith("claims") else (APPROVE, "head")
    if trouble is UNDER_WAY["in the way"][0]:
        line, person = REQUEST, "clerk"
    trouble(desk.cwd)
    tip = git(desk.cwd, "rev-parse", "main")
    dirt = git(desk.cwd, "status", "--porcelain")
    refused = desk(line, 7, as_=person)
    assert says in refused.stderr
    assert refused.stdout == ""
    assert git(desk.cwd, "rev-parse", "main") == tip
    assert git(desk.cwd, "status", "--porcelain") == dirt
    desk("key loan list")


def test_nobody_acts_who_is_not_known(desk: Svcdesk) -> None:
    git(desk.cwd, "config", "--unset", "user.email")
    with unchanged(desk):
        for line in (REQUEST, "whoami", "due --for me", f"salvage {LOAN}"):
            said = desk(line, 7, as_="").stderr
            assert said == "svcdesk: git does not know who you are; set user.name and user.email\n"
            said = desk(line, 4, as_="stranger").stderr
            assert said == "svcdesk: stranger@example.org belongs to no member of staff of this desk\n"


def test_a_desk_without_its_repository(desk: Svcdesk) -> None:
    shutil.rmtree(desk.cwd / ".git")
    for line in ("key list", REQUEST, "audit log", "doctor"):
        assert "has no git repository of its own" in desk(line, 7).stderr
    assert desk("check").stderr == "svcdesk: no findings\n"


def test_a_read_only_desk_can_be_read(run: Svcdesk, desk: Svcdesk) -> None:
    """Where even root may not write (an immutable state folder is a file here), nothing is recorded."""
    shutil.rmtree(desk.cwd / ".git/svcdesk")
    (desk.cwd / ".git/svcdesk").write_text("", "ascii")
    assert "KL2611-A0001" in desk("key loan list").stdout
    refused = desk(REQUEST, 5, as_="clerk")
    assert refused.stderr.startswith("svcdesk: the desk's lock cannot be opened")


def test_the_index_may_be_lost_or_damaged_at_any_time(run: Svcdesk, desk: Svcdesk) -> None:
    index = desk.cwd / ".git/svcdesk/index.db"
    desk = Svcdesk(run.start, desk.cwd)
    before = desk("key loan list --format json").stdout
    for damage in (b"", b"no database", index.read_bytes()[:5000]):
        index.write_bytes(damage)
        assert desk("key loan list --format json").stdout == before
    index.unlink()
    assert desk("key loan list --format json").stdout == before


EDITS = {
    "cut short": (lambda body: body[:120], ""),
    "emptied": (lambda _body: b"", "file is empty; a record is needed (yaml)"),
    "conflicting": (lambda body: b"<<<<<<< HEAD\n" + body, "conflict marker (yaml)"),
    "not UTF-8": (lambda body: body.replace(b"inspection", b"\xff"), "not UTF-8 (yaml)"),
    "huge": (lambda body: body + b"#" * 50_000_000, "file is larger than 262144 bytes (yaml)"),
    "a bomb": (lambda _body: b"a: &a [b]\nc: [*a, *a]\n", "anchors are not allowed (yaml)"),
    "brackets": (lambda _body: b"a: " + b"[" * 100_000, "nested deeper than 16 levels (yaml)"),
    "a control": (lambda body: body.replace(b"inspection", b"a\x1b[2J"), "character U+001B is not allowed"),
    "bidi": (lambda body: body.replace(b"inspection", "a\u202e".encode()), "character U+202E is not allowed"),
    "a key twice": (lambda body: body + b"state: issued\n", "key state stands twice (yaml)"),
    "a field gone": (lambda body: body.replace(b"borrower: S-A0003\n", b"", 1), "missing: borrower"),
    "another state": (lambda body: body.replace(b"state: requested", b"state: issued"), "not what the acts"),
    "another actor": (lambda body: body.replace(b"by: S-A0005", b"by: S-A0004"), "acts were changed"),
    "another id": (lambda body: body.replace(b"id: KL2611-A0001", b"id: KL2611-A0009"), "the file name says"),
    "a wrong type": (
        lambda body: body.replace(b"acts:", b"acts: none\nx:"),
        'acts: "none" was given, a list is needed',
    ),
    "another spelling": (lambda body: body.replace(b": requested", b':   "requested"'), "not as svcdesk"),
}


@pytest.mark.parametrize(("edit", "says"), EDITS.values(), ids=EDITS)
def test_a_hand_edit_is_named_and_may_not_be_committed(
    desk: Svcdesk, edit: Callable[[bytes], bytes], says: str
) -> None:
    file = desk.cwd / LOAN
    file.write_bytes(edit(file.read_bytes()))
    desk(REQUEST, as_="clerk")
    found = desk("check", 1)
    assert {line.split(":")[0] for line in found.stdout.splitlines()} == {LOAN}
    assert says in found.stdout
    git(desk.cwd, "add", "--all")
    assert says in desk("check --staged", 1).stdout
    assert desk("key loan show KL2611-A0001").stdout.startswith("KL2611-A0001")
    assert "edited by hand" in desk(APPROVE, 7, as_="head").stderr


@pytest.mark.parametrize("name", ["cut short", "emptied", "conflicting", "a wrong type", "a field gone"])
def test_what_a_hand_has_committed_is_named(desk: Svcdesk, name: str) -> None:
    file = desk.cwd / LOAN
    file.write_bytes(EDITS[name][0](file.read_bytes()))
    git(desk.cwd, "commit", "--quiet", "--all", "--message=by hand")
    desk("check", 1)
    for line in ("key loan list", "due", "audit log"):
        result = desk(line, 0 if name == "a field gone" else 7, as_="clerk")
        assert name == "a field gone" or LOAN in result.stderr


def test_odd_files_under_records_are_named(desk: Svcdesk) -> None:
    os.mkfifo(desk.cwd / "records/key/K-A0008.yaml")
    (desk.cwd / "records/key/K-A0009.yaml").symlink_to("/etc/passwd")
    (desk.cwd / "records/key/notes.txt").write_text("mine\n", "utf-8")
    found = desk("check", 1).stdout
    assert found == (
        "records/key/K-A0008.yaml: error: only plain files belong under records/ (path)\n"
        "records/key/K-A0009.yaml: error: only plain files belong under records/ (path)\n"
        "records/key/notes.txt: error: no record belongs at this path (path)\n"
    )


def test_other_dirt_is_told_and_left_alone(desk: Svcdesk) -> None:
    (desk.cwd / "notes.txt").write_text("mine\n", "utf-8")
    _append(desk.cwd / "records/key/K-A0001.yaml", "# mine\n")
    said = desk(REQUEST, as_="clerk")
    assert said == (
        "KL2611-A0002 requested\n",
        "svcdesk: not svcdesk's doing and left alone: records/key/K-A0001.yaml, notes.txt\n",
        0,
    )
    assert git(desk.cwd, "status", "--porcelain") == " M records/key/K-A0001.yaml\n?? notes.txt\n"
    assert git(desk.cwd, "show", "--name-only", "--format=") == LOAN.replace("A0001", "A0002") + "\n"


def test_drafts_of_what_is_filed_are_no_dirt(desk: Svcdesk) -> None:
    """git's status is asked for while the files are being written."""
    file = desk.cwd / LOAN
    file.with_name(f".svcdesk-draft-{file.name}").write_text("half", "utf-8")
    assert desk(APPROVE, as_="head").stderr == ""
    assert git(desk.cwd, "status", "--porcelain") == ""


def test_a_clock_that_runs_backwards_records_nothing(desk: Svcdesk) -> None:
    desk(REQUEST, as_="clerk", now="2026-11-22T09:10:00+08:00")
    with unchanged(desk):
        refused = desk(REQUEST, 7, as_="clerk", now="2026-11-22T09:04:59+08:00")
    assert "set the clock right" in refused.stderr


def test_a_clock_that_is_five_minutes_behind_takes_the_time_of_the_last_act(desk: Svcdesk) -> None:
    desk(REQUEST, as_="clerk", now="2026-11-22T09:10:00+08:00")
    loan = desk(REQUEST, as_="clerk", now="2026-11-22T09:05:00+08:00").stdout.split()[0]
    acts = json.loads(desk(f"key loan show {loan} --format json").stdout)["acts"]
    assert [each["at"] for each in acts] == ["2026-11-22T09:10:00+08:00"]


RUN_BY_GIT = """core.fsmonitor core.pager core.editor core.alternateRefsCommand filter.x.clean filter.x.smudge
filter.x.process diff.external diff.x.command diff.x.textconv merge.x.driver merge.tool mergetool.x.cmd gpg.program
gpg.ssh.program gpg.ssh.defaultKeyCommand gpg.openpgp.program gpg.x509.program sequence.editor interactive.diffFilter
pager.log pager.diff pager.status trailer.x.command trailer.x.cmd alias.status alias.log alias.update-index
uploadpack.packObjectsHook remote.origin.uploadpack remote.origin.receivepack remote.origin.serverOption"""
"""Settings whose value git would run in one case or another."""


def trapped(folder: Path) -> str:
    """Return a command that leaves a trace when it is run."""
    trap = folder / "trap"
    trap.write_text('#!/bin/sh\ntouch "$0.sprung"\n', "ascii")
    trap.chmod(0o755)
    return str(trap)


def test_git_settings_of_the_desk_run_nothing(desk: Svcdesk) -> None:
    trap = trapped(desk.cwd.parent)
    git(desk.cwd.parent, "clone", "--quiet", "--bare", "d", "bare.git")
    git(desk.cwd, "remote", "add", "origin", "../bare.git")
    for name in RUN_BY_GIT.split():
        git(desk.cwd, "config", name, trap)
    for name, value in (("diff.x.binary", "true"), ("log.showSignature", "true"), ("core.hooksPath", ".git/hooks")):
        git(desk.cwd, "config", name, value)
    for name in ("reference-transaction", "post-index-change", "pre-push", "post-merge", "post-checkout"):
        (desk.cwd / ".git/hooks" / name).symlink_to(trap)
    (desk.cwd / ".git/info").mkdir(exist_ok=True)
    (desk.cwd / ".git/info/attributes").write_text("* filter=x diff=x merge=x\n", "ascii")
    for line in (REQUEST, "audit log", "check", "doctor", "due", "audit verify", "sync", "backup ../file"):
        desk(line, as_="clerk")
    assert list(desk.cwd.parent.glob("*.sprung")) == []


def test_a_missing_object_is_fetched_from_nowhere(desk: Svcdesk) -> None:
    """Settings by which git would ask a server, by a command of the repository's choice, for what is not there."""
    trap = trapped(desk.cwd.parent)
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{trap}",
        "remote.other.promisor": "true",
        "remote.other.url": "ssh://office.example/x",
        "core.sshCommand": trap,
        "protocol.ext.allow": "always",
        "protocol.ssh.allow": "always",
    }.items():
        git(desk.cwd, "config", name, value)
    oid = git(desk.cwd, "rev-parse", f"HEAD:{LOAN}").strip()
    (desk.cwd / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    shutil.rmtree(desk.cwd / ".git/svcdesk")
    for line in ("key loan list", "audit log", "due", "doctor", "audit verify", REQUEST, "sync"):
        assert desk.start(line.split(), desk.cwd, {"SVCDESK_NOW": desk.now}, "").exit_code in (5, 7)
    desk("check")
    assert list(desk.cwd.parent.glob("*.sprung")) == []


@pytest.mark.parametrize("place", ["notes", "records/key/notes"])
@pytest.mark.parametrize("kind", ["inside", "bare"])
def test_an_embedded_repository_runs_nothing(desk: Svcdesk, place: str, kind: str) -> None:
    trap = trapped(desk.cwd.parent)
    folder = desk.cwd / place
    folder.mkdir()
    git(folder, "init", "--quiet", *["--bare"] * (kind == "bare"))
    for name in ("core.fsmonitor", "core.sshCommand", "filter.x.clean", "alias.status"):
        git(folder, "config", name, trap)
    desk(REQUEST, as_="clerk", cwd=folder if kind == "inside" else None)
    assert desk("check", place.startswith("records")).stdout.count("\n") == len(
        [each for each in folder.rglob("*") if each.is_file()] if place.startswith("records") else []
    )
    desk("doctor", 7 if place.startswith("records") else 0, cwd=folder)
    for line in ("key loan list", "audit log", "due", "audit verify"):
        desk(line, as_="clerk", cwd=folder)
    assert list(desk.cwd.parent.glob("*.sprung")) == []
