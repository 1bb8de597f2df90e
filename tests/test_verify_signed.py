"""Verification of signed acts: keys by the books of the parent, never by dates; lines that ask for signatures."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from svcdesk.commits import folded
from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.forging import HEAD
from tests.forging import Forger
from tests.keys import keys as keys
from tests.test_signed import HANDED
from tests.test_signed import SIGNED
from tests.test_signed import signing as signing
from tests.test_signed import without_key

LOAN = "KL2611-A0001"
NOW = "2026-11-22T09:10:00+08:00"
EVENING = "2026-11-22T18:00:00+08:00"
APPROVED = [{"line": "approver", "staff": "S-A0004"}]


def verdicts(desk: Svcdesk, exit_code: int = 0, arguments: str = "") -> list[tuple[str, str]]:
    said = desk(f"audit verify --format json {arguments}", exit_code, now=EVENING)
    found: dict[str, Any] = json.loads(said.stdout)
    return [(each["verdict"], each["rule"]) for each in found["commits"]]


def test_a_signed_act_is_valid(signing: Svcdesk) -> None:
    desk = signing
    desk(f"key loan approve {LOAN}", as_="head", now=NOW)
    said = desk("audit verify", now=EVENING).stderr
    assert "consistent 9, valid 1" in said


def test_a_line_that_asks_for_a_signature_is_held_to_it(signing: Svcdesk) -> None:
    desk = signing
    number = desk(SIGNED, now=NOW).stdout.split()[0]
    desk(f"policy approve {number}")
    desk(f"key loan approve {LOAN}", as_="head")
    desk(f"key loan issue {LOAN} {HANDED}", as_="clerk")
    assert verdicts(desk) == []
    assert verdicts(desk, 0, "HEAD~1..") == []


def test_what_was_not_signed_does_not_count_where_it_is_asked_for(signing: Svcdesk) -> None:
    desk = signing
    number = desk(SIGNED, now=NOW).stdout.split()[0]
    desk(f"policy approve {number}")
    with without_key(desk):
        desk(f"key loan approve {LOAN}", as_="head")
    forger = Forger(desk.cwd)
    borrowed = [{"line": "issuer", "staff": "S-A0005"}, {"line": "borrower", "staff": "S-A0003"}]
    forger.publish(
        forger.act(forger.step(LOAN, "issue", "S-A0005", "2026-11-22T09:30:00+08:00", signed=borrowed))
    )
    assert ("invalid", "approver-signs") in verdicts(desk, 1)
    assert ("invalid", "approver-signs") in verdicts(desk, 1, "HEAD~1..")


def test_a_signature_by_a_key_of_nobody_is_refused(signing: Svcdesk, keys: Path) -> None:
    desk = signing
    forger = Forger(desk.cwd)
    act = forger.act(forger.step(LOAN, "approve", "S-A0004", NOW, signed=APPROVED), author=HEAD)
    forger.publish(resigned(forger, act, keys / "li"))
    assert verdicts(desk, 1) == [("invalid", "signature")]
    forger.publish(resigned(forger, act, keys / "wang"))
    assert verdicts(desk) == []


def test_what_a_compromised_key_signed_is_suspect(signing: Svcdesk, keys: Path) -> None:
    desk = signing
    last = Forger(desk.cwd).tip
    desk(f"key loan approve {LOAN}", as_="head", now=NOW)
    with without_key(desk):
        declare = f"--key {keys}/li staff compromise-key S-A0004 --key {keys}/wang.pub --reason 'the laptop is gone'"
        desk(f"{declare} --since {last}", now="2026-11-22T10:00:00+08:00")
    assert verdicts(desk, 1) == [("suspect", "compromised-key")]


@pytest.mark.parametrize("hasty_first", [True, False])
def test_of_two_declarations_the_earlier_commit_counts(signing: Svcdesk, keys: Path, hasty_first: bool) -> None:
    desk = signing
    before = Forger(desk.cwd).tip
    desk(f"key loan approve {LOAN}", as_="head", now=NOW)
    after = Forger(desk.cwd).tip
    declare = f"--key {keys}/li staff compromise-key S-A0004 --key {keys}/wang.pub --reason 'the laptop is gone'"
    first, then = (after, before) if hasty_first else (before, after)
    desk(f"{declare} --since {first}", now="2026-11-22T10:00:00+08:00")
    known = Forger(desk.cwd).tip
    assert verdicts(desk, 0 if hasty_first else 1) == ([] if hasty_first else [("suspect", "compromised-key")])
    desk(f"{declare} --since {then}", now="2026-11-22T10:01:00+08:00")
    assert verdicts(desk, 1) == [("suspect", "compromised-key")]
    assert len(verdicts(desk, int(hasty_first), f"--from {known}")) == hasty_first, "what it did not know before"


def test_a_declaration_reaches_back_beyond_where_verification_begins(signing: Svcdesk, keys: Path) -> None:
    """Known are the approval, the handing out, or both; the key was the owner's until before, or until after."""
    desk = signing
    before = Forger(desk.cwd).tip
    desk(f"key loan approve {LOAN}", as_="head", now=NOW)
    approved = Forger(desk.cwd).tip
    with without_key(desk):
        desk(f"key loan issue {LOAN} {HANDED}", as_="clerk")
        known = Forger(desk.cwd).tip
        declare = f"--key {keys}/li staff compromise-key S-A0004 --key {keys}/wang.pub --reason 'the laptop is gone'"
        desk(f"{declare} --since {before}", now="2026-11-22T10:00:00+08:00")
        declared = Forger(desk.cwd).tip
        desk("staff change S-A0003 --phone 111")
    told = json.loads(desk(f"audit verify --from {known} --format json", 1, now=EVENING).stdout)
    (found,) = told["commits"]
    assert (told["verdict"], found["commit"], found["rule"]) == ("suspect", approved, "compromised-key")
    assert found["record"] == LOAN
    assert verdicts(desk, 1, f"--from {approved}") == [("suspect", "compromised-key")]
    assert verdicts(desk, 1, f"--from {before}") == [("suspect", "compromised-key")], "once"
    assert verdicts(desk, 0, f"--from {declared}") == [], "it stood when this was verified"


def test_what_a_compromised_key_signed_stands_by_an_exception(signing: Svcdesk, keys: Path) -> None:
    """Seen from the first commit on, and from where it had been verified before the declaration."""
    desk = signing
    last = Forger(desk.cwd).tip
    desk(f"key loan approve {LOAN}", as_="head", now=NOW)
    approved = Forger(desk.cwd).tip
    with without_key(desk):
        declare = f"--key {keys}/li staff compromise-key S-A0004 --key {keys}/wang.pub --reason 'the laptop is gone'"
        desk(f"{declare} --since {last}", now="2026-11-22T10:00:00+08:00")
        for number, rule in enumerate(("history-kept", "compromised-key"), 1):
            propose = f"audit exception propose --commit {approved} --broken {rule} --reason 'he did it himself'"
            desk(propose)
            desk(f"audit exception approve AX-A000{number}")
            level = "suspect" if rule == "history-kept" else "excepted"
            for start in ("", f"--from {approved}"):
                told = json.loads(desk(f"audit verify --format json {start}", level == "suspect", now=EVENING).stdout)
                assert (level, "compromised-key") in {(each["verdict"], each["rule"]) for each in told["commits"]}
                assert told["verdict"] == level


def test_a_declaration_says_nothing_of_what_was_surely_the_owners(signing: Svcdesk, keys: Path) -> None:
    desk = signing
    desk(f"key loan approve {LOAN}", as_="head", now=NOW)
    approved = Forger(desk.cwd).tip
    with without_key(desk):
        desk(f"key loan issue {LOAN} {HANDED}", as_="clerk")
        known = Forger(desk.cwd).tip
        desk("staff change S-A0003 --phone 111")
        later = Forger(desk.cwd).tip
        declare = f"--key {keys}/li staff compromise-key S-A0004 --key {keys}/wang.pub --reason 'the laptop is gone'"
        desk(f"{declare} --since {later}", now="2026-11-22T10:00:00+08:00")
    for start in (approved, known):
        assert verdicts(desk, 0, f"--from {start}") == []


def resigned(forger: Forger, commit: str, key: Path) -> str:
    """Return a commit signed with a key, whoever its author is."""
    body = (forger.git("cat-file", "commit", commit) + "\n").encode()
    command = ["ssh-keygen", "-Y", "sign", "-q", "-n", "git", "-f", str(key)]
    armour = subprocess.run(command, input=body, capture_output=True, check=True).stdout
    head, _, words = body.partition(b"\n\n")
    signed = head + b"\n" + folded(armour) + b"\n" + words
    return forger.git("hash-object", "-t", "commit", "-w", "--stdin", given=signed)
