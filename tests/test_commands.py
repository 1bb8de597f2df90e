"""The switches that every action and every list has, through the real entry point on a real repository."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import Svcdesk
from tests.conftest import identity
from tests.desks import LOAN
from tests.desks import REQUEST
from tests.desks import commits
from tests.desks import desk as desk
from tests.desks import git
from tests.desks import unchanged

ITEM = {"key": "K-A0001", "borrower": "S-A0003", "purpose": "inspection", "due": "+4h"}
REFUSED = "KL2611-A0001: issue is refused"


def test_init_prints_the_first_person_and_makes_one_clean_commit(svcdesk: Svcdesk) -> None:
    done = svcdesk("init d --name 'Tower A' --timezone Asia/Shanghai --profile shop")
    assert done.stdout == "S-A0001 active\n"
    assert done.stderr == (
        "svcdesk: the desk is ready in d; you are S-A0001 with the post desk-admin\n"
        "svcdesk: customers' data is stored in clear until svcdesk seal setup\n"
    )
    svcdesk.cwd = svcdesk.cwd / "d"
    assert (commits(svcdesk), git(svcdesk.cwd, "status", "--porcelain")) == (1, "")
    assert svcdesk("check").stderr == "svcdesk: no findings\n"
    assert svcdesk("whoami").stdout.startswith("S-A0001 desk-admin\n")


def test_init_without_an_identity_takes_the_one_given(svcdesk: Svcdesk) -> None:
    line = "init d --name T --timezone UTC --as-name 'Admin Ann' --as-email ann@example.org"
    assert "git identity of this desk: Admin Ann <ann@example.org>" in svcdesk(line, as_="").stderr
    svcdesk.cwd = svcdesk.cwd / "d"
    assert svcdesk("whoami", as_="").stdout.startswith("S-A0001 desk-admin\n")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("init full --name T --timezone UTC", "full is not empty"),
        ("init d --name T --timezone Moon/Base", "there is no time zone Moon/Base; one is Asia/Shanghai"),
        ("init d --name T --timezone ../../etc/passwd", "there is no time zone ../../etc/passwd"),
        ("init d --name T --timezone UTC --profile circus", "Invalid value for '--profile'"),
        ("init d --timezone UTC", "Missing option '--name'"),
        ("init full/notes.txt/d --name T --timezone UTC", "Not a directory"),
    ],
)
def test_init_refuses(svcdesk: Svcdesk, line: str, says: str) -> None:
    (svcdesk.cwd / "full").mkdir()
    (svcdesk.cwd / "full/notes.txt").write_text("mine\n", "utf-8")
    code = 5 if says == "Not a directory" else 2
    assert says in svcdesk(line, code).stderr
    assert not (svcdesk.cwd / "d").exists()
    assert [each.name for each in (svcdesk.cwd / "full").iterdir()] == ["notes.txt"]


def test_a_dry_run_judges_and_changes_nothing(desk: Svcdesk) -> None:
    with unchanged(desk):
        assert desk(f"{REQUEST} --dry-run", as_="clerk").stdout == "KL2611-A0002 requested (dry run)\n"
        assert REFUSED in desk("key loan issue KL2611-A0001 --dry-run", 4, as_="clerk").stderr
    assert desk(REQUEST, as_="clerk").stdout == "KL2611-A0002 requested\n"


@pytest.mark.parametrize(
    "spell", [json.dumps, lambda items: "".join(f"- {json.dumps(each)}\n" for each in items)]
)
def test_many_are_entered_from_a_file_up_to_the_first_refusal(desk: Svcdesk, spell: object) -> None:
    assert callable(spell)
    items = [ITEM, {**ITEM, "ref": "paper 7"}, {**ITEM, "borrower": "S-A0099"}, ITEM]
    (desk.cwd.parent / "items").write_text(spell(items), "utf-8")
    before = commits(desk)
    done = desk(f"key loan request --from {desk.cwd.parent}/items", 3, as_="clerk")
    assert done.stdout == "KL2611-A0002 requested\nKL2611-A0003 requested\n"
    assert done.stderr.startswith("svcdesk: 2 of 4 stand; stopped at number 3\n")
    assert commits(desk) - before == 2
    again = desk("key loan request --from -", as_="clerk", stdin=spell(items[1:2]))
    assert (again.stdout, commits(desk) - before) == ("KL2611-A0003 requested\n", 2)
    assert git(desk.cwd, "status", "--porcelain") == ""


def test_acts_on_records_come_from_a_file_with_signatures_and_papers(desk: Svcdesk) -> None:
    desk("key loan approve --from -", as_="head", stdin="record: KL2611-A0001\nreason: in order\n")
    item = {"record": "A0001", "signed": {"borrower": "S-A0003"}, "papers": ["permit=7"]}
    done = desk("key loan issue --from -", as_="clerk", stdin=json.dumps(item))
    assert done.stdout == "KL2611-A0001 issued\n"
    act = json.loads(desk("key loan show KL2611-A0001 --format json").stdout)["acts"][-1]
    assert act["signed"] == [{"line": "borrower", "staff": "S-A0003"}]
    assert act["papers"] == [{"kind": "permit", "number": "7"}]


def test_a_paper_keeps_number_and_digest(desk: Svcdesk) -> None:
    (desk.cwd.parent / "scan.pdf").write_bytes(b"scan")
    desk(f"{REQUEST} --paper permit=7@{desk.cwd.parent}/scan.pdf", as_="clerk")
    act = json.loads(desk("key loan show KL2611-A0002 --format json").stdout)["acts"][0]
    digest = hashlib.sha256(b"scan").hexdigest()
    assert act["papers"] == [{"kind": "permit", "number": "7", "sha256": digest}]
    assert git(desk.cwd, "status", "--porcelain") == ""


def test_a_late_entry_keeps_both_times(desk: Svcdesk) -> None:
    desk(f"{REQUEST} --at 09:30", as_="clerk", now="2026-11-22T11:00:00+08:00")
    act = json.loads(desk("key loan show KL2611-A0002 --format json").stdout)["acts"][0]
    assert (act["at"], act["entered"]) == ("2026-11-22T09:30:00+08:00", "2026-11-22T11:00:00+08:00")
    assert git(desk.cwd, "log", "-1", "--format=%cI") == "2026-11-22T11:00:00+08:00\n"


def test_the_books_are_turned_back_by_event_and_by_entry(desk: Svcdesk) -> None:
    desk(f"{REQUEST} --at 09:30", as_="clerk", now="2026-11-22T11:00:00+08:00")

    def ids(line: str) -> list[str]:
        return [each["id"] for each in json.loads(desk(f"key loan list --format json {line}").stdout)]

    assert ids("--as-of 09:29") == ["KL2611-A0001"]
    assert ids("--as-of 09:30") == ["KL2611-A0001", "KL2611-A0002"]
    assert ids("--known-at 10:59") == ["KL2611-A0001"]
    assert ids("--known-at 11:00") == ["KL2611-A0001", "KL2611-A0002"]


def test_a_list_is_filtered_sorted_cut_and_shown_in_four_formats(desk: Svcdesk) -> None:
    desk(f"{REQUEST} --due +6h", as_="clerk")
    desk("key loan approve KL2611-A0002", as_="head")

    def ids(line: str) -> list[str]:
        rows = csv.DictReader(io.StringIO(desk(f"key loan list --format csv {line}").stdout.lstrip("\ufeff")))
        return [each["id"] for each in rows]

    assert ids("--where state=approved") == ["KL2611-A0002"]
    assert ids("--where state.not=approved") == ["KL2611-A0001"]
    assert ids("--where 'due.before=2026-11-22 14:00'") == ["KL2611-A0001"]
    assert ids("--where 'due.after=2026-11-22 14:00'") == ["KL2611-A0002"]
    assert ids("--where purpose.has=spect --sort -id") == ["KL2611-A0002", "KL2611-A0001"]
    assert ids("--sort -due --limit 1") == ["KL2611-A0002"]
    assert ids("--where state=returned") == []
    assert desk("key loan list --columns id,state --where state=approved").stdout == (
        "id            State\n------------  --------\nKL2611-A0002  approved\n"
    )
    assert desk("key loan list --columns id --format yaml --limit 1").stdout == "- id: KL2611-A0001\n"
    assert "svcdesk: the first 1; --limit 0 shows all" in desk("key loan list --limit 1").stderr
    assert desk("--quiet key loan list --limit 1").stderr == ""


def test_a_tail_names_the_record_on_which_the_action_is_legal_now(desk: Svcdesk) -> None:
    desk(REQUEST, as_="clerk")
    desk("key loan approve 1", as_="head")
    assert desk("key loan approve 2", as_="head").stdout == "KL2611-A0002 approved\n"
    desk("key add --name Spare --category machine-room --department engineering --hook 15")
    assert desk("explain A0002", 2).stderr.startswith("svcdesk: A0002 matches")


def test_prompts_ask_for_what_is_missing_at_a_terminal(desk: Svcdesk) -> None:
    script = str(Path(sys.executable).with_name("svcdesk"))
    leader, follower = pty.openpty()
    line = [script, *REQUEST.split(" --purpose ")[0].split(), "--due", "+4h"]
    environment = {**os.environ, "SVCDESK_NOW": desk.now, **identity("clerk", desk.cwd)}
    with subprocess.Popen(
        line, cwd=desk.cwd, env=environment, stdin=follower, stdout=follower, stderr=follower
    ) as process:
        os.close(follower)
        os.write(leader, b"typed at the counter\n")
        seen = b""
        while chunk := _read(leader):
            seen += chunk
    assert process.returncode == 0, seen
    assert b"Purpose" in seen
    assert "typed at the counter" in desk("key loan show KL2611-A0002").stdout


def _read(descriptor: int) -> bytes:
    """Read from a terminal; the other side's end is an error on Linux."""
    try:
        return os.read(descriptor, 1024)
    except OSError:
        return b""


def test_no_input_refuses_instead_of_asking(desk: Svcdesk) -> None:
    refused = desk("--no-input key loan request --key K-A0001", 2, as_="clerk")
    assert "missing: borrower" in refused.stderr


def test_a_refusal_as_json_is_findings_alone(desk: Svcdesk) -> None:
    with unchanged(desk):
        refused = desk("key loan issue KL2611-A0001 --format json", 4, as_="clerk")
    (first, second) = json.loads(refused.stdout)["findings"]
    assert (first["clause"], first["rule"], first["record"]) == (
        "CS13-4.1#1",
        "approver-signs",
        "KL2611-A0001",
    )
    assert (second["clause"], refused.stderr) == ("CS13-4.1#2", "")


def test_due_says_what_is_late_for_whom(desk: Svcdesk) -> None:
    desk("key loan approve KL2611-A0001", as_="head")
    desk("key loan issue KL2611-A0001 --as borrower=S-A0003", as_="clerk")
    assert json.loads(desk("due --format json").stdout) == []
    (soon,) = json.loads(desk("due --within 8h --format json").stdout)
    assert (soon["record"], soon["person"], soon["clause"]) == ("KL2611-A0001", "S-A0003", "CS13-4.1#3")
    assert json.loads(desk("due --within 8h --for me --format json", as_="clerk").stdout) == []
    (late,) = json.loads(desk("due --format json", 1, now="2026-11-22T13:00:01+08:00").stdout)
    assert late["late_s"] == 1


def test_a_check_speaks_every_format(desk: Svcdesk) -> None:
    file = desk.cwd / LOAN
    file.write_text(file.read_text("utf-8").replace("state: requested", "state: issued"), "utf-8")
    (found,) = json.loads(desk("check --format json", 1).stdout)["findings"]
    assert (found["file"], found["line"], found["rule"]) == (LOAN, 3, "fold")
    assert desk("check --format github", 1).stdout.startswith(f"::error file={LOAN},line=3")
    assert ElementTree.fromstring(desk("check --format junit", 1).stdout).get("failures") == "1"
    assert json.loads(desk("check --format sarif", 1).stdout)["version"] == "2.1.0"
    assert desk("check records/key").stdout == ""
    assert desk("check .", 1).stdout == desk("check", 1).stdout
    assert desk(f"check {LOAN}", 1).stdout.count("\n") == 1


def test_a_check_says_what_a_clause_asks(desk: Svcdesk) -> None:
    said = desk("check --explain CS13-4.1#2").stdout
    assert said.startswith("CS13-4.1#2  ENFORCE\n")
    assert "rule:key-loan.borrower-signs-for-himself" in said


def test_the_hook_refuses_a_hand_edit(desk: Svcdesk) -> None:
    file = desk.cwd / LOAN
    file.write_text(file.read_text("utf-8").replace("inspection", "holiday"), "utf-8")
    git(desk.cwd, "add", "--all")
    environment = {**os.environ, **identity("clerk", desk.cwd), "GIT_COMMITTER_NAME": "x"}
    environment |= {"GIT_COMMITTER_EMAIL": "x@example.org"}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    done = subprocess.run(
        ["git", "commit", "--message=by hand"],
        cwd=desk.cwd,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"acts were changed" in done.stdout + done.stderr


def test_a_second_clone_claims_a_letter_of_its_own(desk: Svcdesk) -> None:
    git(desk.cwd.parent, "clone", "--quiet", "--branch=main", str(desk.cwd), "second")
    desk.cwd = desk.cwd.parent / "second"
    assert "svcdesk station LETTER claims a letter" in desk(REQUEST, 7, as_="clerk").stderr
    assert "the letter A is taken" in desk("station A", 4).stderr
    desk("station B --note 'the night counter'")
    assert desk(REQUEST, as_="clerk").stdout == "KL2611-B0001 requested\n"
    assert desk("check").stderr == "svcdesk: no findings\n"


def test_a_correction_comes_from_above_and_ends_the_signatures(desk: Svcdesk) -> None:
    desk("key loan approve KL2611-A0001", as_="head")
    line = "key loan correct KL2611-A0001 --purpose repair"
    assert "correct needs a reason" in desk(line, 4, as_="manager").stderr
    refused = desk(f"{line} --reason 'misheard'", 4, as_="clerk").stderr
    assert (
        "S-A0005 entered it; somebody above, of rank 46 or higher, has to do this (correct-from-above)"
        in refused
    )
    desk(f"{line} --reason 'misheard'", as_="manager")
    assert "before the last entry; sign again: svcdesk sign KL2611-A0001 approver" in (
        desk("key loan issue KL2611-A0001", 4, as_="clerk").stderr
    )
    with unchanged(desk):
        item = json.dumps({"record": "A0001", "state": "issued", "reason": "x"})
        assert "state" in desk("key loan correct --from -", 2, as_="manager", stdin=item).stderr


def test_a_void_is_refused_while_something_depends_on_it(desk: Svcdesk) -> None:
    with unchanged(desk):
        refused = desk("key void K-A0001 --reason 'entered twice'", 4)
    assert "KL2611-A0001 depends on it (void-without-dependents)" in refused.stderr
    desk("key loan void KL2611-A0001 --reason 'entered twice'", as_="manager")
    assert "transition" in desk("key loan approve KL2611-A0001", 4, as_="head").stderr


def test_history_in_the_words_of_the_business(desk: Svcdesk) -> None:
    desk("key loan approve KL2611-A0001", as_="head")
    newest, oldest = json.loads(desk("audit log KL2611-A0001 --format json").stdout)
    assert (newest["action"], newest["by"]) == ("approve", "S-A0004 Head He")
    assert newest["signed"] == "approver=S-A0004(identified)"
    assert oldest["changed"].startswith("state: - → requested; ")
    assert newest["reason"] == ""
    shown = desk(f"audit show {newest['commit']}").stdout
    assert "KL2611-A0001 requested → approved\n" in shown
    blamed = {
        each["field"]: each for each in json.loads(desk("audit blame KL2611-A0001 --format json").stdout)
    }
    assert (blamed["state"]["action"], blamed["purpose"]["action"]) == ("approve", "request")


def test_history_says_why(desk: Svcdesk) -> None:
    desk("key loan void KL2611-A0001 --reason 'entered twice'", as_="manager")
    assert "; reason: entered twice" in desk("audit log KL2611-A0001").stdout
    assert json.loads(desk("audit log KL2611-A0001 --format json").stdout)[0]["reason"] == "entered twice"


def test_history_of_all_whose_ids_end_alike(desk: Svcdesk) -> None:
    desk("key loan approve KL2611-A0001", as_="head")
    told = [
        (each["record"], each["action"]) for each in json.loads(desk("audit log A0001 --format json").stdout)
    ]
    assert told[:3] == [("KL2611-A0001", "approve"), ("KL2611-A0001", "request"), ("K-A0001", "add")]
    assert all("A0001" in record for record, _ in told)
    blamed = json.loads(desk("audit blame A0001 --format json").stdout)
    own = [each for each in blamed if each["record"] == "KL2611-A0001"]
    alone = json.loads(desk("audit blame KL2611-A0001 --format json").stdout)
    assert {"K-A0001", "KL2611-A0001", "S-A0001"} <= {each["record"] for each in blamed}
    assert alone == own
    for command in ("log", "blame"):
        assert "there is no record A9999" in desk(f"audit {command} A9999", 3).stderr


def test_a_refusal_speaks_the_words_of_its_reader(desk: Svcdesk) -> None:
    assert desk("--lang zh_CN key loan issue KL2611-A0001 --as borrower=S-A0003", 4, as_="clerk").stderr == (
        "svcdesk: KL2611-A0001：不能发放钥匙：CS13-4.1#1："
        "审批人栏签字不全；发放钥匙（issue）须 1 人签字，现有 0 人（approver-signs）\n"
    )
    assert desk("--lang zh_CN key loan return KL2611-A0001", 4, as_="clerk").stderr == (
        "svcdesk: KL2611-A0001：不能收回钥匙："
        "KL2611-A0001 现为已申请；收回钥匙（return）须为已借出（transition）\n"
    )


def test_words_that_a_terminal_cannot_show_come_out_escaped(desk: Svcdesk) -> None:
    script = str(Path(sys.executable).with_name("svcdesk"))
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "SVCDESK_NOW": desk.now}
    done = subprocess.run(
        [script, "--lang", "zh_CN", "check"], cwd=desk.cwd, env=environment, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.isascii()) == (0, True)


def test_a_shell_completes_commands(desk: Svcdesk) -> None:
    script = str(Path(sys.executable).with_name("svcdesk"))
    environment = {**os.environ, "_SVCDESK_COMPLETE": "bash_source"}
    done = subprocess.run([script], env=environment, capture_output=True, check=True)
    assert b"complete -o nosort -F _svcdesk_completion svcdesk" in done.stdout
    environment |= {
        "_SVCDESK_COMPLETE": "bash_complete",
        "COMP_WORDS": "svcdesk key loan re",
        "COMP_CWORD": "3",
    }
    done = subprocess.run([script], env=environment, capture_output=True, check=True)
    assert {b"plain,request", b"plain,return"} <= set(done.stdout.split())


def test_a_comma_in_a_group_is_text_unless_a_name_follows(desk: Svcdesk) -> None:
    line = [
        "handover",
        "open",
        "--kind",
        "department",
        "--incoming",
        "S-A0002",
        "--progress",
        "quiet",
        "--department",
        "customer-service",
    ]
    check = "item=work surface,mark=abnormal,remark=one lamp, two chairs, see x:1"
    desk([*line, "--check", check], as_="clerk")
    (stored,) = json.loads(desk("handover show H2611-A0001 --format json").stdout)["checks"]
    assert stored == {"item": "work surface", "mark": "abnormal", "remark": "one lamp, two chairs, see x:1"}
    wrong = desk([*line, "--check", "item=work surface,mrak=abnormal"], 2, as_="clerk").stderr
    assert "checks: mrak is none of item=…, mark=…, remark=…" in wrong


def test_help_says_who_may_and_whose_signatures_it_needs(desk: Svcdesk) -> None:
    told = desk("key loan issue --help").stdout
    assert "\n  State: requested | approved → issued.\n" in told
    assert (
        "\n  In some cases, the signature approver: whom svcdesk policy show key-loan.approver names.\n"
        in told
    )
    assert "\n  Needs the signature borrower: any member of staff (--as borrower=ID will do).\n" in told
    assert (
        "as approver: whom svcdesk policy show key-loan.approver names.\n"
        in desk("key loan approve --help").stdout
    )
    assert "状态：已申请 | 已批准 → 已借出。" in desk("--lang zh_CN key loan issue --help").stdout
