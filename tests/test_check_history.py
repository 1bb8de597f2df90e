"""What a check says of acts that were right when they were taken, and of what a hand has written."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import Svcdesk
from tests.desks import LOAN
from tests.desks import desk as desk
from tests.desks import git


def test_acts_of_one_second_leave_no_finding(desk: Svcdesk) -> None:
    desk("key loan approve A0001", as_="head")
    desk("key loan issue A0001 --as borrower=S-A0003", as_="clerk")
    desk("key loan return A0001 --power-off --doors-locked --windows-shut --unit-locked", as_="clerk")
    desk("staff leave S-A0003 --reason moves")
    desk("staff leave S-A0005 --reason moves")
    assert desk("check").stdout == ""


def test_a_second_admin_entered_in_the_second_of_the_founding_leaves_none(svcdesk: Svcdesk) -> None:
    svcdesk("init d --name 'Tower A' --timezone Asia/Shanghai")
    svcdesk.cwd = svcdesk.cwd / "d"
    svcdesk("staff add --name Hu --email hu@example.org --post desk-admin --department administration")
    assert svcdesk("check").stderr == "svcdesk: no findings\n"
    number = svcdesk("policy set key-loan.check-minutes 60").stdout.split()[0]
    svcdesk(f"policy approve {number}", 4)


def test_a_hand_edit_is_named_until_it_is_salvaged(desk: Svcdesk) -> None:
    file = desk.cwd / LOAN
    written = file.read_text("utf-8")
    forged = written.replace("state: requested", "state: approved") + (
        '  - action: approve\n    at: "2026-11-22T09:00:00+08:00"\n    by: S-A0004\n'
        "    signed:\n      - line: approver\n        staff: S-A0004\n"
    )
    file.write_text(forged, "utf-8")
    assert "hand-edit" in desk("check", exit_code=1).stdout
    file.write_text(written, "utf-8")
    assert desk("check").stdout == ""


def test_the_hook_sees_what_a_commit_of_all_would_hold(desk: Svcdesk) -> None:
    file = desk.cwd / LOAN
    file.write_text(file.read_text("utf-8").replace("purpose: inspection", "purpose: theft"), "utf-8")
    before = git(desk.cwd, "rev-parse", "HEAD")
    binary = os.path.dirname(os.path.abspath(sys.executable))
    environment = {**os.environ, "PATH": f"{binary}:{os.environ['PATH']}", "GIT_COMMITTER_NAME": "x"}
    environment |= {
        "GIT_COMMITTER_EMAIL": "x@example.org",
        "GIT_AUTHOR_NAME": "x",
        "GIT_AUTHOR_EMAIL": "x@x.org",
    }
    for command in (["commit", "-qam", "x"], ["commit", "-qm", "x", "records"]):
        done = subprocess.run(
            ["git", *command], cwd=desk.cwd, env=environment, capture_output=True, check=False
        )
        assert done.returncode != 0
        assert git(desk.cwd, "rev-parse", "HEAD") == before


def test_the_desks_own_file_is_not_changed_by_hand(desk: Svcdesk) -> None:
    file = desk.cwd / "records/desk.yaml"
    file.write_text(file.read_text("utf-8").replace("Tower A", "Tower B"), "utf-8")
    assert "hand-edit" in desk("check", exit_code=1).stdout


def test_a_reference_used_for_something_else_is_refused(desk: Svcdesk) -> None:
    first = "place add --kind room --name Boiler --ref 7"
    assert desk(first).stdout == desk(first).stdout
    refused = desk("place add --kind room --name Attic --ref 7", exit_code=4)
    assert "the reference 7 stands for something else in L-A0001" in refused.stderr
