"""Sheets taken over through the real entry point: every row accounted for, one act, one commit."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Svcdesk

MAPS = Path(__file__).parent / "maps"
SAMPLE = MAPS / "la311-sample.csv"
LA311 = MAPS / "la311.yaml"
REQUESTS = os.environ.get("SVCDESK_LA311", Path(__file__).parents[2] / "shared" / "data" / "la311-2017.csv")
"""Where the whole sheet lies; read here, since each test begins without svcdesk's settings."""
LATER = "2026-11-22T10:00:00+08:00"
COUNTS = "Rows {}, New {}, Changed {}, Unchanged {}, Left alone {}, Rejected {}\n"

KEYS = "Label,Name,Dept\nK-14,Pump room,ENG\nK-15,Roof,ENG\n"
KEY_MAP = """
key: Label
state: active
fields:
  name: Name
  label: Label
  hook: Label
  category: {constant: machine-room}
  department: {column: Dept, values: {ENG: engineering}}
"""
STAFF = (
    "No,Name,E-mail,Since\n101,Eng Li,eng@example.org,03.05.2021\n102,Head He,head@example.org,03.05.2021\n"
)
STAFF_MAP = """
formats: "%d.%m.%Y"
key: No
state: active
fields:
  name: Name
  emails: {column: E-mail, split: ";"}
  post: {column: No, values: {"101": engineering-staff, "102": department-head}}
  department: {constant: engineering}
  posts:
    groups:
      - post: {column: No, values: {"101": engineering-staff, "102": department-head}}
        department: {constant: engineering}
        from: Since
"""
LOANS = "Sheet,Key,Who,Out,Back\n7,K-14,101,2026-11-20 09:00,2026-11-20 18:00\n"
LOAN_MAP = """
key: Sheet
at: Out
state: issued
fields:
  key: {column: Key, lookup: label}
  borrower: {column: Who, lookup: ref}
  purpose: {constant: not written down}
  due: Back
"""


@pytest.fixture
def desk(svcdesk: Svcdesk) -> Svcdesk:
    """svcdesk in a new desk; sheets and maps are written beside it."""
    svcdesk("init desk --name Desk --timezone Asia/Shanghai")
    svcdesk.cwd = svcdesk.cwd / "desk"
    return svcdesk


def write(desk: Svcdesk, name: str, content: str | bytes) -> Path:
    path = desk.cwd.parent / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def bring(desk: Svcdesk, register: str, sheet: str, plan: str, exit_code: int = 0, **rest: str) -> str:
    """Import a sheet given as text, and return what was said on both streams."""
    paths = write(desk, f"{register}.csv", sheet), write(desk, f"{register}.yaml", plan)
    result = desk(["import", register, str(paths[0]), "--map", str(paths[1])], exit_code, **rest)
    return result.stderr + result.stdout


def commits(desk: Svcdesk) -> int:
    done = subprocess.run(
        ["git", "rev-list", "--count", "main"], cwd=desk.cwd, capture_output=True, check=True
    )
    return int(done.stdout)


def test_a_sheet_is_taken_over_in_one_commit_and_again_changes_nothing(desk: Svcdesk) -> None:
    sheet = write(desk, "la311-sample.csv", SAMPLE.read_bytes())
    line = f"import complaint {sheet} --map {LA311}"
    first = desk(line, exit_code=1)
    assert first.stdout == "IM2611-A0001 loaded\n"
    assert first.stderr.splitlines() == [
        "svcdesk: row 18: address: … was given, one line that neither begins nor ends with a space is needed",
        "svcdesk: 3 warnings; svcdesk check lists them",
        COUNTS.format(20, 19, 0, 0, 0, 1).strip(),
        f"svcdesk: the rejected rows are in {desk.cwd.parent}/la311-sample-rejected.csv",
    ]
    assert commits(desk) == 2
    assert desk(line, exit_code=1).stdout == COUNTS.format(20, 0, 0, 19, 0, 1)
    assert commits(desk) == 2
    log = subprocess.run(["git", "log", "-1", "--format=%B"], cwd=desk.cwd, capture_output=True, check=True)
    assert (
        b"import IM2611-A0001: load\n\nSvcdesk-Action: import\nSvcdesk-Record: IM2611-A0001\n" in log.stdout
    )


def test_dirty_rows_are_named_one_by_one_and_kept(desk: Svcdesk) -> None:
    sheet = write(desk, "la311-sample.csv", SAMPLE.read_bytes())
    desk(f"import complaint {sheet} --map {LA311}", exit_code=1)
    found = desk("check").stdout
    assert [line.split(": ", 2)[2] for line in found.splitlines()] == [
        "solved 2017-12-31T00:00:00-08:00 lies before received 2017-12-31T22:00:00-08:00 (times-follow-receipt)",
        "closed 2017-12-31T20:00:00-08:00 lies before received 2017-12-31T21:00:00-08:00 (times-follow-receipt)",
        "solved 2017-12-30T00:00:00-08:00 lies before received 2017-12-31T17:30:00-08:00 (times-follow-receipt)",
    ]


def test_a_record_says_from_which_row_it_came(desk: Svcdesk) -> None:
    bring(desk, "key", KEYS, KEY_MAP)
    assert "from IM2611-A0001, row 3" in desk("key show K-A0002").stdout
    assert "IM2611-A0001 K-A0002" in desk("audit log K-A0002").stdout


def test_rejected_rows_stand_as_they_were_and_can_be_taken_over_once_put_right(desk: Svcdesk) -> None:
    sheet = KEYS + 'K-16,"=1+1, the vault",OPS\n'
    said = bring(desk, "key", sheet, KEY_MAP, exit_code=1)
    assert said == (
        'svcdesk: row 4: Dept: "OPS" is not in the table of values\n'
        + COUNTS.format(3, 2, 0, 0, 0, 1)
        + f"svcdesk: the rejected rows are in {desk.cwd.parent}/key-rejected.csv\n"
        + "IM2611-A0001 loaded\n"
    )
    rejected = (desk.cwd.parent / "key-rejected.csv").read_text("utf-8-sig")
    reason = '"Dept: ""OPS"" is not in the table of values"'
    assert rejected == f'rejected,row,Label,Name,Dept\n{reason},4,K-16,"\'=1+1, the vault",OPS\n'
    said = bring(desk, "key", rejected.replace("OPS", "ENG"), KEY_MAP)
    assert said == COUNTS.format(1, 1, 0, 0, 0, 0) + "IM2611-A0002 loaded\n"
    assert "  Name: =1+1, the vault\n" in desk("key show K-A0003").stdout


def test_a_dry_run_records_nothing(desk: Svcdesk) -> None:
    paths = write(desk, "key.csv", KEYS), write(desk, "key.yaml", KEY_MAP)
    result = desk(f"import key {paths[0]} --map {paths[1]} --dry-run")
    assert result.stdout == COUNTS.format(2, 2, 0, 0, 0, 0)
    assert commits(desk) == 1
    assert list(desk.cwd.parent.glob("*-rejected.csv")) == []


def test_a_changed_row_changes_its_record_while_nobody_has_acted(desk: Svcdesk) -> None:
    bring(desk, "key", KEYS, KEY_MAP)
    changed = KEYS.replace("Roof", "Roof door")
    said = bring(desk, "key", changed, KEY_MAP, now=LATER)
    assert said == COUNTS.format(2, 0, 1, 1, 0, 0) + "IM2611-A0002 loaded\n"
    assert "  Name: Roof door\n" in desk("key show K-A0002").stdout
    desk("check")


def test_a_record_on_which_somebody_acted_is_left_alone(desk: Svcdesk) -> None:
    bring(desk, "key", KEYS, KEY_MAP)
    desk("key withdraw K-A0001 --reason lost")
    assert bring(desk, "key", KEYS, KEY_MAP) == COUNTS.format(2, 0, 0, 2, 0, 0)
    assert bring(desk, "key", KEYS.replace("Pump room", "Pumps"), KEY_MAP) == (
        "svcdesk: K-A0001 is left alone: the row differs, but the record was acted on since; use its own actions\n"
        + COUNTS.format(2, 0, 0, 1, 1, 0)
    )


def test_day_one_an_open_loan_holds_its_key(desk: Svcdesk) -> None:
    bring(desk, "staff", STAFF, STAFF_MAP)
    bring(desk, "key", KEYS, KEY_MAP)
    assert bring(desk, "key-loan", LOANS, LOAN_MAP).endswith("IM2611-A0003 loaded\n")
    assert "The key goes back to the custodian by the time agreed." in desk("due", exit_code=1).stdout
    desk(
        'staff add --name "Clerk Chen" --email clerk@example.org --post cs-assistant --department customer-service'
    )
    request = "key loan request --key K-A0001 --borrower S-A0002 --purpose pumps --due +2h"
    desk(request, as_="clerk")
    refused = desk("key loan issue KL2611-A0002 --as borrower=S-A0002", exit_code=4, as_="clerk").stderr
    held = "CS13-4.2#1: K-A0001 is on-loan with S-A0002 since 2026-11-20T09:00:00+08:00 (KL2611-A0001)"
    assert held in refused
    assert "S-A0002" in desk("staff leave S-A0002 --reason moved", exit_code=4).stderr


def test_two_open_loans_of_one_key_are_both_rejected(desk: Svcdesk) -> None:
    bring(desk, "staff", STAFF, STAFF_MAP)
    bring(desk, "key", KEYS, KEY_MAP)
    sheet = LOANS + LOANS.splitlines()[1].replace("7,", "8,") + "\n"
    assert COUNTS.format(2, 0, 0, 0, 0, 2) in bring(desk, "key-loan", sheet, LOAN_MAP, exit_code=1)


def test_a_row_from_the_future_is_rejected(desk: Svcdesk) -> None:
    bring(desk, "staff", STAFF, STAFF_MAP)
    bring(desk, "key", KEYS, KEY_MAP)
    said = bring(desk, "key-loan", LOANS.replace("2026-11-20 09", "2027-11-20 09"), LOAN_MAP, exit_code=1)
    assert "row 2: 2027-11-20T09:00:00+08:00 lies after its entry at 2026-11-22T09:00:00+08:00" in said
    assert commits(desk) == 3


def test_only_a_desk_admin_imports(desk: Svcdesk) -> None:
    bring(desk, "staff", STAFF, STAFF_MAP)
    assert bring(desk, "key", KEYS, KEY_MAP, exit_code=4, as_="eng") == (
        "svcdesk: key: import is refused: S-A0002 may not import; it needs desk-admin (import-right)\n"
    )


def test_once_two_keep_the_desk_a_second_signs_before_the_rows_come_in(desk: Svcdesk) -> None:
    desk(
        "staff add --name Second --email second@example.org --post desk-admin --department administration",
        now=LATER,
    )
    assert bring(desk, "key", KEYS, KEY_MAP) == (
        COUNTS.format(2, 2, 0, 0, 0, 0)
        + "svcdesk: a second desk-admin compares it with the sheet by import --dry-run, and signs:"
        " svcdesk sign IM2611-A0001 second; then import again\n"
        "IM2611-A0001 proposed\n"
    )
    assert "second has not signed" in bring(desk, "key", KEYS, KEY_MAP, exit_code=4)
    desk("sign IM2611-A0001 second", exit_code=4)
    desk("sign IM2611-A0001 second", as_="second")
    other = bring(desk, "key", KEYS + "K-16,Vault,ENG\n", KEY_MAP)
    assert other.endswith("IM2611-A0002 proposed\n")
    assert bring(desk, "key", KEYS, KEY_MAP).endswith("IM2611-A0001 loaded\n")
    assert "K-A0002" in desk("key list").stdout
    desk("check")


def test_who_signs_an_import_can_hold_it_against_the_sheet(desk: Svcdesk) -> None:
    second = "staff add --name Second --email second@example.org --post desk-admin --department administration"
    desk(second, now=LATER)
    bring(desk, "key", KEYS, KEY_MAP)
    held = ["import", "key", "../key.csv", "--map", "../key.yaml", "--dry-run"]
    desk(held, as_="second")
    desk("key add --name Vault --category machine-room --department engineering --hook K-15")
    assert "does not bring what IM2611-A0001 says" in desk(held, 4, as_="second").stderr


HOSTILE = {
    "utf-8": (b"Label,Name,Dept\nK-1,\xff,ENG\n", "key.csv: line 2: not in utf-8"),
    "nul": (b"Label,Name,Dept\nK-1,a\0b,ENG\n", "key.csv: line 2: a NUL character; is this a text file?"),
    "ragged": (b"Label,Name,Dept\nK-1,a\n", "key.csv: line 2: 2 cells, the headings are 3"),
    "twice": (
        b"Label,Name,Dept\nK-1,a,ENG\nK-1,b,ENG\n",
        "key.csv: K-1 stands in row 2 and again in row 3; the key has to tell rows apart",
    ),
    "column": (b"Label,Name\nK-1,a\n", "the file has no column Dept; it has Label, Name"),
    "columns": (b"Label,Name,Name\nK-1,a,b\n", "key.csv: the column Name stands twice"),
    "quote": (b'Label,Name,Dept\nK-1,"a,ENG\n', "key.csv: line 2: a quotation mark is never closed"),
    "empty": (b"", "key.csv is empty; the first line names the columns"),
    "cell": (
        b"Label,Name,Dept\nK-1," + b"a" * 200_000 + b",ENG\n",
        "key.csv: line 2: a cell is longer than 131072 characters",
    ),
    "line": (b"Label,Name,Dept\n" + b"a" * 3_000_000, "key.csv: line 2: longer than 1048576 bytes"),
}


@pytest.mark.parametrize(("content", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_a_sheet_that_cannot_be_trusted_is_refused_whole(desk: Svcdesk, content: bytes, problem: str) -> None:
    paths = write(desk, "key.csv", content), write(desk, "key.yaml", KEY_MAP)
    result = desk(f"import key {paths[0]} --map {paths[1]}", exit_code=2)
    assert (result.stdout, result.stderr) == ("", f"svcdesk: {problem}\n")
    assert commits(desk) == 1


def test_a_byte_order_mark_is_no_part_of_the_first_column(desk: Svcdesk) -> None:
    assert bring(desk, "key", "\ufeff" + KEYS, KEY_MAP).endswith("IM2611-A0001 loaded\n")


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        ("key: [a\n", "map: line 2, column 1: not YAML:"),
        (KEY_MAP.replace("key: Label", ""), "map: key: the column that tells the rows apart is needed"),
        (KEY_MAP.replace("state: active", ""), "map: state: needed; the states are active, withdrawn"),
        (KEY_MAP.replace("machine-room", "vault"), "map: fields.category: vault is none of"),
        (KEY_MAP + "  acts: Name\n", "map: fields: acts is none of"),
        (KEY_MAP + "register: staff\n", "map: register: this map is for staff"),
        (KEY_MAP + "zone: Atlantis\n", "Atlantis is not a time zone"),
        (KEY_MAP + "encoding: utf-16\n", "map: encoding: utf-16 is none of utf-8"),
        (KEY_MAP + "colour: red\n", "map: colour is none of register"),
        (KEY_MAP.replace("name: Name", "name: {column: Name, as: text}"), "map: fields.name: as is none of"),
    ],
)
def test_a_map_that_is_not_meant_so_is_refused(desk: Svcdesk, plan: str, problem: str) -> None:
    assert bring(desk, "key", KEYS, plan, exit_code=2).startswith(f"svcdesk: {problem}")


def test_a_folder_is_no_sheet(desk: Svcdesk) -> None:
    plan = write(desk, "key.yaml", KEY_MAP)
    assert desk(f"import key . --map {plan}", exit_code=2).stderr.endswith(": Is a directory\n")
    assert desk(f"import key {plan} --map {desk.cwd}", exit_code=2).stderr.endswith(": Is a directory\n")


def test_rejected_rows_never_overwrite_another_file(desk: Svcdesk) -> None:
    paths = write(desk, "key.csv", KEYS), write(desk, "key.yaml", KEY_MAP)
    for target in (write(desk, "letters.txt", "Dear all"), paths[0]):
        before = target.read_bytes()
        said = desk(f"import key {paths[0]} --map {paths[1]} --rejected {target}", exit_code=2).stderr
        assert said == (
            f"svcdesk: {target} holds something else; --rejected FILE says where rejected rows go\n"
        )
        assert target.read_bytes() == before
    assert commits(desk) == 1


@pytest.mark.long
def test_ten_thousand_real_requests_are_all_accounted_for(desk: Svcdesk) -> None:
    sheet = Path(REQUESTS)
    assert sheet.is_file(), (
        "the service requests of Los Angeles are missing; SVCDESK_LA311 says where they are"
    )
    line = f"import complaint {sheet} --map {LA311}"
    assert desk(line).stderr.endswith(COUNTS.format(9999, 9999, 0, 0, 0, 0))
    found = desk("check").stdout.splitlines()
    assert sum(": warning: closed " in each for each in found) == 12
    assert sum(": warning: solved " in each for each in found) == 1774
    assert len(found) == 1786
    assert desk(line).stdout == COUNTS.format(9999, 0, 0, 9999, 0, 0)
    summary = json.loads(desk("complaint report --format json").stdout)[0]
    assert (summary["count"], summary["open"]) == (9752, 4)


def test_departments_and_posts_of_a_sheet_are_those_that_there_are(desk: Svcdesk) -> None:
    nowhere = KEY_MAP.replace("{column: Dept, values: {ENG: engineering}}", "{constant: ghosts}")
    assert bring(desk, "key", KEYS, nowhere, 1).count("there is no department ghosts") == 2
    unknown = STAFF_MAP.replace("engineering-staff", "wizard").replace(
        "constant: engineering", "constant: ghosts"
    )
    said = bring(desk, "staff", STAFF, unknown, 1)
    assert "there is no post wizard" in said
    assert "there is no department ghosts" in said


def test_a_seat_is_not_taken_over_twice(svcdesk: Svcdesk) -> None:
    svcdesk("init desk --name Desk --timezone Asia/Shanghai --profile concierge")
    svcdesk.cwd = svcdesk.cwd / "desk"
    desk = svcdesk
    seats = STAFF_MAP.replace("engineering-staff", "team-leader").replace("department-head", "team-leader")
    said = bring(desk, "staff", STAFF, seats, 1)
    assert said.count("is team-leader of engineering since 2021-05-03T00:00:00+08:00") == 2


def test_a_person_of_a_sheet_is_appointed_from_the_rows_own_time(desk: Svcdesk) -> None:
    plan = STAFF_MAP[: STAFF_MAP.index("  posts:")].replace("state:", "at: Since\nstate:")
    bring(desk, "staff", STAFF, plan)
    assert desk("whoami", as_="eng").stdout.splitlines()[:2] == [
        "S-A0002 engineering-staff",
        "  engineering-staff of engineering from 2021-05-03T00:00:00+08:00",
    ]
    assert COUNTS.format(2, 0, 0, 2, 0, 0) in bring(desk, "staff", STAFF, plan)
    moved = plan.replace('"101": engineering-staff', '"101": cs-lead')
    assert COUNTS.format(2, 0, 1, 1, 0, 0) in bring(desk, "staff", STAFF, moved, now=LATER)
    noon = "2026-11-22T12:00:00+08:00"
    assert desk("whoami", as_="eng", now=noon).stdout.splitlines()[0] == "S-A0002 cs-lead"
    timeless = plan.replace("at: Since\n", "").replace("key: No", "key: E-mail")
    bring(desk, "staff", STAFF.replace("@example.org", "@example.net"), timeless)
    assert f'from: "{noon}"' in desk("staff show S-A0004 --format yaml").stdout
    assert desk("check").stderr == "svcdesk: no findings\n"


def test_all_that_is_wrong_with_a_row_is_said(desk: Svcdesk) -> None:
    said = bring(desk, "key-loan", "Sheet,Key,Who,Out,Back\n7,K-14,101,soon,2026-11-20 18:00\n", LOAN_MAP, 1)
    assert "row 2: Out:" in said
    assert "; Key: " in said
    assert "; Who: " in said
    nowhere = KEY_MAP.replace("{column: Dept, values: {ENG: engineering}}", "{constant: ghosts}")
    twice = bring(desk, "key", KEYS, nowhere.replace("hook: Label", "hook: {constant: '7'}"), 1)
    assert "hook 7 is that of K-A0002, Roof; there is no department ghosts" in twice


def test_an_unknown_state_is_told_those_that_there_are(desk: Svcdesk) -> None:
    said = bring(desk, "key", KEYS, KEY_MAP.replace("state: active", "state: shiny"), 2)
    assert "state: shiny is neither a state (active, withdrawn) nor a column" in said


def test_help_shows_a_map(desk: Svcdesk) -> None:
    shown = desk("import key --help").stdout
    assert "    state: active\n    fields:\n      name: Name\n" in shown
    assert "svcdesk key add --help" in shown
