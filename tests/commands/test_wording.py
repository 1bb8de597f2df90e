"""What commands print is in the words of who reads it; what programs read stays as it is."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcdesk import language
from tests.conftest import Svcdesk
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git

CHINESE = "--lang zh_CN"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English after each test: the language is one for the process."""
    yield
    language.choose("en", {})


def at_a_terminal(desk: Svcdesk, line: str) -> str:
    """Return what a command prints to a terminal of 100 columns."""
    leader, follower = pty.openpty()
    script = str(Path(sys.executable).with_name("svcdesk"))
    environment = {**os.environ, "SVCDESK_NOW": desk.now, "COLUMNS": "100"}
    subprocess.run(
        [script, *line.split()], cwd=desk.cwd, env=environment, stdin=follower, stdout=follower, check=True
    )
    os.close(follower)
    said = os.read(leader, 1 << 16).decode()
    os.close(leader)
    return said.replace("\r\n", "\n")


def test_an_answer_names_the_state_as_its_reader_does(desk: Svcdesk) -> None:
    assert desk(f"{CHINESE} {REQUEST} --dry-run", as_="clerk").stdout == (
        "KL2611-A0002 已申请（试运行，未登记）\n"
    )
    assert desk(f"{CHINESE} {REQUEST}", as_="clerk").stdout == "KL2611-A0002 已申请\n"
    answer = desk(f"{CHINESE} {REQUEST} --format json", as_="clerk")
    assert json.loads(answer.stdout)["state"] == "requested"


def test_an_act_that_leaves_the_state_says_what_was_done(desk: Svcdesk) -> None:
    told = desk("key loan correct KL2611-A0001 --purpose check --reason misheard", as_="manager")
    assert (told.stdout, told.stderr) == (
        "KL2611-A0001 requested\n",
        "svcdesk: done: correct what a form was filled in with\n",
    )
    quiet = desk("-q key correct K-A0001 --hook 15 --reason misread", as_="manager")
    assert (quiet.stdout, quiet.stderr) == ("K-A0001 active\n", "")


def test_several_findings_stand_under_one_heading(desk: Svcdesk) -> None:
    lines = desk(f"{CHINESE} key loan approve KL2611-A0001", 4, as_="clerk").stderr.splitlines()
    assert lines[0].startswith("svcdesk: KL2611-A0001：不能")
    assert lines[0].endswith("：")
    assert len(lines) > 2
    assert all(each.startswith("  CS13-4.1#1：") and each.endswith("）") for each in lines[1:])


def test_history_is_told_in_chinese_and_kept_for_programs(desk: Svcdesk) -> None:
    told = desk(f"{CHINESE} audit log KL2611-A0001").stdout
    assert "状态：- → 已申请；钥匙：- → K-A0001 B1 pump room；" in told
    assert "（本人签署）" in told
    kept = json.loads(desk(f"{CHINESE} audit log KL2611-A0001 --format json").stdout)[0]
    assert (kept["action"], kept["signed"]) == ("request", "requester=S-A0005(identified)")
    assert kept["changed"].startswith("state: - → requested; key: - → K-A0001; ")


def test_history_says_what_svcdesk_did_not_write(desk: Svcdesk) -> None:
    git(desk.cwd, "commit", "--quiet", "--allow-empty", "-m", "by hand")
    git(desk.cwd, "checkout", "--quiet", "-b", "side", "HEAD~1")
    git(desk.cwd, "commit", "--quiet", "--allow-empty", "-m", "aside")
    git(desk.cwd, "checkout", "--quiet", "main")
    git(desk.cwd, "merge", "--quiet", "--no-ff", "-m", "joined", "side")
    told = desk("audit log --limit 3").stdout
    assert "two histories joined" in told
    assert told.count("not by svcdesk") == 2
    assert "?" not in told


def test_history_tells_lists_and_groups_in_words(desk: Svcdesk) -> None:
    told = desk("audit log S-A0003").stdout
    assert "E-mails: - → engineer@example.org" in told
    assert "Posts: - → post engineering-staff, department engineering, from " in told


def test_a_terminal_shows_minutes_and_cuts_neither_ids_nor_history(desk: Svcdesk) -> None:
    newest = git(desk.cwd, "rev-parse", "HEAD")[:12]
    told = at_a_terminal(desk, "audit log --limit 1").splitlines()
    assert told[0] == f"{desk.now[:10]} {desk.now[11:16]}"
    assert "  record   KL2611-A0001" in told
    assert told[-1] == f"  commit   {newest}"
    listed = at_a_terminal(desk, "staff list --columns id,name,posts,emails").splitlines()[2]
    assert listed.startswith("S-A0001  ")
    assert "…" in listed


def test_posts_and_departments_have_names_in_chinese(desk: Svcdesk) -> None:
    assert "S-A0005 客服助理\n" in desk(f"{CHINESE} whoami", as_="clerk").stdout
    assert "部门：Engineering 工程部\n" in desk(f"{CHINESE} staff show S-A0003").stdout
    assert desk("whoami", as_="clerk").stdout.startswith("S-A0005 cs-assistant\n")


def test_nothing_due_is_said(desk: Svcdesk) -> None:
    assert desk("explain K-A0001").stdout == "nothing is due on K-A0001\n"


def test_an_empty_report_says_so(desk: Svcdesk) -> None:
    told = desk("key loan report")
    assert (told.stdout, told.stderr) == ("", "svcdesk: nothing to report\n")
    assert desk("key loan report --format json").stdout == "[]\n"


def test_kinds_of_clauses_and_findings_in_chinese(desk: Svcdesk) -> None:
    assert desk(f"{CHINESE} check --explain CS13-4.1#1").stdout.startswith("CS13-4.1#1  强制\n")
    assert json.loads(desk(f"{CHINESE} policy coverage --register 1 --format json").stdout)[0][
        "kind"
    ].isascii()


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("key add --name X --category machine-room --department engineering --pieces two", 2, "把数：two 不是整数"),
        ("key loan show A9", 3, "钥匙借用登记表 中没有 A9"),
        ("sign KL2611-A0001 nobody", 2, "钥匙借用登记表 没有签字栏 nobody，签字栏有 申请人（requester）、"),
        ("sign K-A0001 counter", 2, "K-A0001：钥匙登记表没有签字栏，无须签字"),
        ("key loan void KL2611-A0009 --reason x", 3, "中没有 KL2611-A0009"),
    ],
)
def test_chinese_sentences_hold_no_name_that_only_files_know(
    desk: Svcdesk, line: str, code: int, said: str
) -> None:
    assert said in desk(f"{CHINESE} {line}", code, as_="manager").stderr


def test_words_of_the_default_policy_are_said_and_taken_in_chinese(desk: Svcdesk) -> None:
    opened = f"{CHINESE} handover open --kind department --incoming S-A0002"
    desk(f"{opened} --check item=台面,mark=正常", as_="clerk", now="2026-11-22T10:00:00+08:00")
    shown = desk(f"{CHINESE} handover show A0001", as_="clerk").stdout
    assert "项目 台面、标记 正常" in shown
    assert "栏目 借出钥匙、登记簿 钥匙登记表、数量 0" in shown
    assert "item: work surface\n" in (desk.cwd / "records/handover/2611/A00/H2611-A0001.yaml").read_text("utf-8")
    assert "地板 不在检查表上；检查表有 台面（" in desk(f"{opened} --check item=地板,mark=正常", 4, as_="clerk").stderr
    duty = "duty roster plan --date 2026-11-23 --person S-A0002 --post duty-person"
    place = desk("place add --kind building --name Tower").stdout.split()[0]
    refused = desk(f"{CHINESE} {duty} --shift 晚班 --place {place}", 4, as_="manager").stderr
    assert "没有班次 晚班；现有 早班、中班、夜班、日班、通宵班、全天班" in refused
    planned = desk(f"{CHINESE} {duty} --shift 夜班 --place {place} --format json", as_="manager").stdout
    assert json.loads(planned)["shift"] == "night"
