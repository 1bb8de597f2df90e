"""salvage and doctor: nothing of a person's is lost, and what is mended is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Svcdesk
from tests.desks import LOAN
from tests.desks import REQUEST
from tests.desks import commits
from tests.desks import desk as desk
from tests.desks import git
from tests.desks import unchanged

APPROVAL = """\
  - action: approve
    at: "2026-11-22T09:00:00+08:00"
    by: S-A0004
    signed:
      - line: approver
        staff: S-A0004
"""
SOUND = "svcdesk: the desk is sound\n"


def aside(desk: Svcdesk, number: int = 1) -> Path:
    return desk.cwd / f".git/svcdesk/salvage/KL2611-A0001.yaml.salvaged-{number}"


def approved_by_hand(desk: Svcdesk) -> str:
    """Write the head's approval into the file as an editor would, and return what it says then."""
    file = desk.cwd / LOAN
    body = file.read_text("utf-8").replace("state: requested", "state: approved") + APPROVAL
    file.write_text(body, "utf-8")
    return body


def test_an_edit_is_put_aside_and_the_committed_file_put_back(desk: Svcdesk) -> None:
    file = desk.cwd / LOAN
    with unchanged(desk):
        for number in (1, 2):
            file.write_text(f"mine {number}\n", "utf-8")
            git(desk.cwd, "add", "--all")
            said = desk(f"salvage {LOAN}", as_="clerk")
            assert said.stderr == (
                f"svcdesk: your version is kept in {aside(desk, number)}\nsvcdesk: {LOAN} is as it was committed\n"
            )
            assert (said.stdout, aside(desk, number).read_text("utf-8")) == ("", f"mine {number}\n")


@pytest.mark.parametrize("kind", ["gone", "pipe", "link", "folder"])
def test_whatever_stands_in_place_of_a_record_is_put_aside(desk: Svcdesk, kind: str) -> None:
    file = desk.cwd / LOAN
    with unchanged(desk):
        file.unlink()
        if kind == "pipe":
            os.mkfifo(file)
        elif kind == "link":
            file.symlink_to("/etc/passwd")
        elif kind == "folder":
            file.mkdir()
            (file / "notes").write_text("mine\n", "utf-8")
        desk(f"salvage {LOAN}", as_="clerk")
    assert os.path.lexists(aside(desk)) is (kind != "gone")


def test_an_act_written_by_hand_is_entered_by_the_one_it_names(desk: Svcdesk) -> None:
    body = approved_by_hand(desk)
    said = desk(f"salvage {LOAN}", as_="head")
    assert said.stdout == "KL2611-A0001 approved\n"
    assert (desk.cwd / LOAN).read_text("utf-8") == body
    assert "Svcdesk-Signed: approver=S-A0004(identified)" in git(desk.cwd, "log", "-1")
    assert desk("check").stderr == "svcdesk: no findings\n"


def test_an_act_in_another_name_is_put_aside(desk: Svcdesk) -> None:
    body = approved_by_hand(desk)
    before = commits(desk)
    assert desk(f"salvage {LOAN}", as_="manager").stdout == ""
    assert (commits(desk), aside(desk).read_text("utf-8")) == (before, body)
    assert git(desk.cwd, "status", "--porcelain") == ""


def test_an_act_that_the_judge_refuses_is_put_aside(desk: Svcdesk) -> None:
    file = desk.cwd / LOAN
    entry = "  - action: approve\n    at: 2026-11-22T09:00:00+08:00\n    by: S-A0003\n"
    body = file.read_text("utf-8").replace("state: requested", "state: approved") + entry
    file.write_text(body, "utf-8")
    refused = desk(f"salvage {LOAN}", 4, as_="engineer")
    assert "CS13-4.1#1" in refused.stderr
    assert aside(desk).read_text("utf-8") == body
    assert git(desk.cwd, "status", "--porcelain") == ""


def test_only_records_are_salvaged(desk: Svcdesk) -> None:
    (desk.cwd / "notes.txt").write_text("mine\n", "utf-8")
    assert "lies outside records/" in desk("salvage notes.txt", 2, as_="clerk").stderr
    assert (desk.cwd / "notes.txt").read_text("utf-8") == "mine\n"


def test_a_sound_desk_is_sound(desk: Svcdesk) -> None:
    with unchanged(desk):
        assert desk("doctor") == ("", SOUND, 0)


def test_a_doctor_mends_what_is_safe_to_mend(desk: Svcdesk) -> None:
    lock, hook = desk.cwd / ".git/index.lock", desk.cwd / ".git/hooks/pre-commit"
    lock.touch()
    os.utime(lock, (0, 0))
    hook.unlink()
    (desk.cwd / "records/key/.svcdesk-draft-K-A0001.yaml").write_text("half", "utf-8")
    assert desk("doctor").stdout == (
        "mended: the lock index.lock was left by a git that has ended\n"
        "mended: a draft of a command that was killed: .svcdesk-draft-K-A0001.yaml\n"
        "mended: the pre-commit hook that refuses hand edits was missing\n"
    )
    assert os.access(hook, os.X_OK)
    assert desk("doctor") == ("", SOUND, 0)
    desk(REQUEST, as_="clerk")


def test_a_doctor_leaves_a_fresh_lock_alone(desk: Svcdesk) -> None:
    lock = desk.cwd / ".git/index.lock"
    lock.touch()
    assert "wrong: the lock index.lock may be in use; try again in a minute\n" in desk("doctor", 7).stdout
    assert lock.exists()


def test_a_doctor_names_what_a_person_has_to_mend(desk: Svcdesk) -> None:
    (desk.cwd / ".git/MERGE_HEAD").touch()
    (desk.cwd / ".git/svcdesk/station").unlink()
    (desk.cwd / LOAN).write_text("mine\n", "utf-8")
    assert desk("doctor", 7, as_="stranger").stdout == (
        "wrong: a merge is under way; finish it, or leave it with git merge --abort\n"
        "wrong: this clone numbers no records yet; svcdesk station LETTER claims a letter\n"
        "wrong: stranger@example.org belongs to no member of staff of this desk\n"
        f"wrong: {LOAN} differs from the commit; see svcdesk salvage\n"
    )


def test_a_doctor_notices_a_lost_object(desk: Svcdesk) -> None:
    oid = git(desk.cwd, "rev-parse", f"HEAD:{LOAN}").strip()
    (desk.cwd / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    assert "wrong: objects of the history are missing or damaged" in desk("doctor", 7).stdout
