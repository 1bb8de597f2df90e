"""Whatever is typed or piped: one clear sentence, the right exit code, nothing changed."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.conftest import Svcdesk
from tests.conftest import identity
from tests.desks import LOAN
from tests.desks import REQUEST
from tests.desks import commits
from tests.desks import desk as desk
from tests.desks import unchanged

TYPED = {
    "an unknown id": ("key loan show A9999", 3, "there is no key-loan A9999"),
    "a path for an id": ("key loan show ../../etc/passwd", 2, "is no record id, nor the end of one"),
    "an option for an id": ("key loan show -- -rf", 3, "there is no key-loan -rf"),
    "a command for an id": ("key loan show 'A1;ls'", 2, "is no record id, nor the end of one"),
    "a tail of several": ("explain A0001", 2, "A0001 matches"),
    "an option for a commit": ("audit show -- --output=x", 2, "--output=x is no commit id"),
    "an unknown commit": ("audit show abcdef", 3, "no commit of this desk begins with abcdef"),
    "an option for a revision": ("check --since --output=x", 2, "--output=x names no commit"),
    "a path outside": ("check /etc", 2, "/etc: no such file or folder in the desk"),
    "an unknown path": ("check records/nothing", 2, "records/nothing: no such file or folder in the desk"),
    "an unknown clause": ("check --explain CS0-0", 2, "the catalogue has no clause CS0-0"),
    "a day that is not": (REQUEST + " --due 2026-02-30", 2, "2026-02-30: there is no such date or time"),
    "an hour that is not": (REQUEST + " --due '2026-11-22 99:00'", 2, "there is no such date or time"),
    "no time at all": (REQUEST + " --due soon", 2, '"soon" cannot be read as a time'),
    "a time to come": (REQUEST + " --at +2h", 4, "lies after its entry at"),
    "a key that is not": (REQUEST + " --key K-A0009", 3, "key: there is no key K-A0009"),
    "a person for a key": (REQUEST + " --key S-A0001", 3, "there is no key S-A0001"),
    "a control character": (REQUEST + " --purpose a\x1b[2J", 2, "purpose: character U+001B is not allowed"),
    "a turned text": (REQUEST + " --purpose a\u202eb", 2, "purpose: character U+202E is not allowed"),
    "a broken character": (REQUEST + " --purpose a\udcff", 2, "purpose: not UTF-8"),
    "too long a text": (REQUEST + " --purpose " + "a" * 5000, 2, "purpose: 5000 was given, at most"),
    "an unknown field": ("key loan list --where x=1", 2, "key-loan has no field x"),
    "an unknown operator": ("key loan list --where due.near=1", 2, "write FIELD=VALUE"),
    "an unknown column": ("key loan list --columns id,x", 2, "key-loan has no field x"),
    "an unknown order": ("key loan list --sort x", 2, "key-loan has no field x"),
    "a line that is not": ("sign KL2611-A0001 nobody", 2, "key-loan has no line nobody; the lines are"),
    "an unknown person": ("due --for S-A0099", 3, "there is no staff S-A0099; svcdesk staff list shows them"),
    "a key and a person that are not": (
        REQUEST + " --key K-A0009 --borrower S-A0099",
        3,
        "key: there is no key K-A0009",
    ),
    "a key that is not, and too long a text": (
        REQUEST + " --key K-A0009 --purpose " + "a" * 5000,
        2,
        "purpose: 5000 was given, at most",
    ),
    "no duration": ("due --within long", 2, '"long" is no length of time; 4h, 30m and 2d are'),
    "a paper without number": (REQUEST + " --paper permit", 2, "permit: write KIND=NUMBER"),
    "a scan that is not there": (REQUEST + " --paper permit=7@nowhere", 2, "nowhere: No such file"),
    "a signature without signer": (REQUEST + " --as borrower=", 2, "borrower=: write LINE=ID; the lines are"),
    "an empty id": (REQUEST + " --borrower ''", 2, "borrower: it is empty; an id is needed"),
    "a signature without line": (REQUEST + " --as S-A0003", 2, "S-A0003: write LINE=ID; the lines are"),
    "a letter that is taken": ("station A", 4, "this clone numbers as station A already"),
    "no letter": ("station é", 2, "é is not one or two capital letters"),
    "a language that is not": ("--lang fr due", 2, "no such language: fr"),
    "a command that is not": ("key loan lend", 2, "there is no command lend; there are list, show, request"),
    "no command": ("key loan", 2, "Commands:"),
    "nothing to salvage": (f"salvage {LOAN}", 2, "there is nothing to salvage"),
    "a file to read that is not": ("key loan request --from nowhere", 2, "nowhere: No such file"),
    "a folder to read": ("key loan request --from .", 2, ".: Is a directory"),
}


@pytest.mark.parametrize(("line", "code", "says"), TYPED.values(), ids=TYPED)
def test_what_is_typed_wrong_is_refused(desk: Svcdesk, line: str, code: int, says: str) -> None:
    with unchanged(desk):
        result = desk(line, code, as_="clerk")
    assert says in result.stderr
    assert result.stdout == ""


PIPED = {
    "nothing": ("", 2, "file is empty"),
    "one number": ("[1]", 2, "-: item 1 is no mapping of fields"),
    "half a JSON": ('[{"key":\n', 2, "-:2:1: not JSON"),
    "a key twice in JSON": ('{"key": "a", "key": "b"}', 2, "key key stands twice"),
    "a key twice in a list": ("---\n# one\n- key: K-A0001\n  key: b\n", 2, "-:4:3: key key stands twice"),
    "an alias": ("a: &a x\nb: *a\n", 2, "-:1:4: anchors are not allowed"),
    "a tag": ("a: !!python/object x\n", 2, "-:1:4: tags are not allowed"),
    "two documents": ("a: b\n---\nc: d\n", 2, "one document is allowed in a file"),
    "a hundred thousand brackets": ("a: " + "[" * 100_000, 2, "nested deeper than 16 levels"),
    "as many in JSON": ("[" * 100_000, 2, "is not JSON in UTF-8"),
    "a bell": ('key: "a\x07"\n', 2, "-:1:8: character U+0007 is not allowed in text"),
    "an unknown field": ("price: 3\n", 2, "price: request has no such field"),
    "a number for a text": ("key: 5\n", 2, "key: 5 was given, text is needed"),
    "a list for a text": ('{"key": ["K-A0001"]}', 2, 'key: ["K-A0001"] was given, text is needed'),
    "a wrong signed": ("signed: S-A0003\n", 2, "signed: a mapping of lines to ids is needed"),
    "a wrong paper": ("papers:\n  - kind: permit\n", 2, "papers: text is needed"),
    "a wrong reason": ('{"reason": {}}', 2, "reason: text is needed"),
    "an escaped surrogate": ('{"key": "K-A0001", "purpose": "\\ud800"}', 2, "purpose: not UTF-8"),
}


@pytest.mark.parametrize(("piped", "code", "says"), PIPED.values(), ids=PIPED)
def test_what_is_piped_wrong_is_refused(desk: Svcdesk, piped: str, code: int, says: str) -> None:
    with unchanged(desk):
        result = desk("key loan request --from -", code, as_="clerk", stdin=piped)
    assert says in result.stderr
    assert result.stdout == ""


def test_a_file_that_is_too_large_is_not_read_to_its_end(desk: Svcdesk, tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(50_000_000)
    result = desk(f"key loan request --from {tmp_path}/large", 2, as_="clerk")
    assert "large is larger than 16777216 bytes" in result.stderr


HOSTILE = (
    "--help",
    "-rf /",
    "'; DROP TABLE record; --",
    "$(touch owned) `id` %s {borrower} \\x1b[31m",
    "no",
    "0101",
    "12:30",
    "=cmd|' /C calc'!A0",
    "# not: a comment\n- nor\ta list".replace("\t", " "),
    "Svcdesk-Actor: S-A0001\n\nSvcdesk-Action: void",
    "钥匙 👨‍👩‍👧 ﷽",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_is_stored_unchanged_and_shown_escaped(desk: Svcdesk, value: str) -> None:
    line = ["key", "loan", "request", "--key", "K-A0001", "--borrower", "S-A0003", "--due", "+4h"]
    added = desk([*line, "--purpose", value, "--reason", value], as_="clerk")
    assert added.stdout == "KL2611-A0002 requested\n"
    shown = json.loads(desk("key loan show KL2611-A0002 --format json").stdout)
    assert (shown["purpose"], shown["acts"][0]["reason"]) == (value, value)
    for form in ("table", "csv"):
        assert "\x1b" not in desk(f"key loan list --format {form}").stdout
    assert len(desk("key loan list --columns id,purpose").stdout.splitlines()) == 4
    assert json.loads(desk("audit log KL2611-A0002 --format json").stdout)[0]["by"].startswith("S-A0005")
    assert desk("check").stdout == ""


def test_what_a_refusal_says_never_obeys_the_terminal(desk: Svcdesk) -> None:
    for line in (["key", "loan", "show", "\x1b[2J"], ["\x1b[2J"], ["key", "loan", "list", "--\x1b[2J"]):
        assert "\x1b" not in desk(line, 2).stderr


def test_an_internal_error_is_one_sentence(desk: Svcdesk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.cwd / ".git/svcdesk/station").write_bytes(b"\xff\n")
    assert desk(REQUEST, 70, as_="clerk").stderr == (
        "svcdesk: internal error (UnicodeDecodeError); SVCDESK_DEBUG=1 shows where\n"
    )
    monkeypatch.setenv("SVCDESK_DEBUG", "1")
    assert "Traceback" in desk(REQUEST, 70, as_="clerk").stderr


def test_a_full_device_is_said(run: Svcdesk, desk: Svcdesk) -> None:
    script = Path(sys.executable).with_name("svcdesk")
    command = f"{script} key list --limit 0 > /dev/full"
    done = subprocess.run(["sh", "-c", command], cwd=desk.cwd, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr


def test_what_is_recorded_is_done_although_the_device_for_the_answer_is_full(desk: Svcdesk) -> None:
    script = Path(sys.executable).with_name("svcdesk")
    environment = {**os.environ, "SVCDESK_NOW": desk.now, **identity("clerk", desk.cwd)}
    command = ["sh", "-c", f"{script} {REQUEST} > /dev/full"]
    before = commits(desk)
    done = subprocess.run(command, cwd=desk.cwd, env=environment, capture_output=True, check=False)
    assert done.stderr == b"svcdesk: KL2611-A0002 is recorded, but cannot be shown: No space left on device\n"
    assert (done.returncode, commits(desk)) == (0, before + 1)


def test_a_full_disk_records_nothing(desk: Svcdesk) -> None:
    """A limit on the size of files fails a write as a full disk does."""
    script = Path(sys.executable).with_name("svcdesk")
    limited = f"trap '' XFSZ; ulimit -f 0; exec {script} {REQUEST}"
    environment = {"PATH": "/usr/bin:/bin", "SVCDESK_NOW": desk.now, **identity("clerk", desk.cwd)}
    with unchanged(desk):
        done = subprocess.run(
            ["sh", "-c", limited], cwd=desk.cwd, env=environment, capture_output=True, check=False
        )
    assert done.returncode == 5, done
    assert b"File too large" in done.stderr
    assert b"Traceback" not in done.stderr


INTERRUPTIBLE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a command that Ctrl-C reaches; a shell shields what it runs in the background from it."""


def test_an_interrupt_leaves_the_whole_act_or_none(desk: Svcdesk) -> None:
    """Stopped while it waits for input, a command has recorded nothing and says so plainly."""
    script = Path(sys.executable).with_name("svcdesk")
    environment = {"PATH": "/usr/bin:/bin", "SVCDESK_NOW": desk.now, **identity("clerk", desk.cwd)}
    with unchanged(desk):
        process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, script, "key", "loan", "request", "--from", "-"],
            cwd=desk.cwd,
            env=environment,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(b"[")
        process.stdin.flush()
        while _unread(process.stdin.fileno()):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _out, told = process.communicate()
    assert process.returncode == 130, told
    assert told.decode().strip() == "svcdesk: stopped; svcdesk audit log shows what was recorded"


def _unread(pipe: int) -> int:
    """Return the number of bytes that wait in a pipe."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_acts_that_are_refused_leave_no_commit(desk: Svcdesk) -> None:
    before = commits(desk)
    desk("key loan issue KL2611-A0001 --as borrower=S-A0003", 4, as_="clerk")
    assert commits(desk) == before
