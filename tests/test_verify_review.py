"""What later history says of a commit: exceptions, windows of policy; and the clones that cannot be verified."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.forging import Forger

LOAN = "KL2611-A0001"
NOW = "2026-11-22T09:10:00+08:00"
EVENING = "2026-11-22T18:00:00+08:00"


def verdicts(desk: Svcdesk, exit_code: int = 0, arguments: str = "") -> dict[str, Any]:
    said = desk(f"audit verify --format json {arguments}", exit_code, now=EVENING)
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def levels(found: dict[str, Any]) -> dict[str, str]:
    return {each["commit"]: each["verdict"] for each in found["commits"]}


@pytest.fixture
def bad(desk: Svcdesk) -> str:
    """A commit in which the clerk approved what he had asked for himself."""
    forger = Forger(desk.cwd)
    signed = [{"line": "approver", "staff": "S-A0005"}]
    commit = forger.publish(forger.act(forger.step(LOAN, "approve", "S-A0005", NOW, signed=signed)))
    forger.git("reset", "--hard", "-q")
    return commit


def broken_by(desk: Svcdesk, commit: str) -> list[str]:
    return sorted({each["rule"] for each in verdicts(desk, 1)["commits"] if each["commit"] == commit})


def propose(desk: Svcdesk, commit: str, *broken: str) -> str:
    named = " ".join(f"--broken {each}" for each in broken or broken_by(desk, commit))
    line = f"audit exception propose --commit {commit} {named} --reason 'the head was on leave'"
    return desk(line, now=EVENING).stderr


def test_an_approved_exception_shows_and_is_accepted(desk: Svcdesk, bad: str) -> None:
    assert levels(verdicts(desk, 1)) == {bad: "invalid"}
    propose(desk, bad)
    assert levels(verdicts(desk, 1)) == {bad: "invalid"}
    desk("audit exception approve AX-A0001")
    assert levels(verdicts(desk)) == {bad: "excepted"}
    assert verdicts(desk, 1, "--accept late")["verdict"] == "excepted"


def test_an_exception_covers_only_the_rules_that_it_names(desk: Svcdesk, bad: str) -> None:
    """What it leaves out is said, and can be excepted by another."""
    others = [each for each in broken_by(desk, bad) if each != "approver-signs"]
    said = propose(desk, bad, "approver-signs")
    assert f"{bad[:12]} breaks {', '.join(others)} too" in said
    assert said.endswith("it stands once this is approved: svcdesk audit exception approve AX-A0001\n")
    desk("audit exception approve AX-A0001")
    assert levels(verdicts(desk, 1)) == {bad: "invalid"}
    assert " too: " not in propose(desk, bad, *others)
    desk("audit exception approve AX-A0002")
    assert levels(verdicts(desk)) == {bad: "excepted"}


def test_only_what_a_commit_breaks_is_excepted(desk: Svcdesk, bad: str) -> None:
    """Each rule by its own name; a commit that is elsewhere is excepted there."""
    command = "audit exception propose --commit {} --reason leave --broken {}"
    several = ",".join(broken_by(desk, bad))
    for named in ("bogus", "commit-time", several):
        said = desk(command.format(bad, named), 4).stderr
        assert f"{bad[:12]} does not break {named}; what it breaks is {several.replace(',', ', ')}" in said
    good = Forger(desk.cwd).git("rev-parse", "main~1").strip()
    assert f"{good[:12]} breaks no rule" in desk(command.format(good, "append-only"), 4).stderr
    listed = json.dumps({"commit": bad, "broken": ["bogus"], "reason": "leave"})
    assert "does not break bogus" in desk("audit exception propose --from -", 4, stdin=listed).stderr
    forger = Forger(desk.cwd)
    away = forger.commit(forger.tree({}, "main"), "elsewhere\n", EVENING)
    assert "main of this clone does not hold" in desk(command.format(away, "message"), 4).stderr


def test_of_two_keepers_the_other_approves_an_exception(desk: Svcdesk, bad: str) -> None:
    desk("staff post S-A0002 --post desk-admin --department administration", now=EVENING)
    propose(desk, bad)
    refused = desk("audit exception approve AX-A0001", 4)
    assert "another desk-admin approves it" in refused.stderr
    desk("audit exception approve AX-A0001", as_="manager")
    assert levels(verdicts(desk)) == {bad: "excepted"}


def test_an_approved_exception_stays(desk: Svcdesk, bad: str) -> None:
    propose(desk, bad)
    desk("audit exception approve AX-A0001")
    assert "stays on record" in desk("audit exception void AX-A0001 --reason gone", 4).stderr


@pytest.mark.parametrize("restored", [["borrower", "key"], ["key", "borrower"], ["borrower"]])
def test_a_policy_weakened_used_and_restored_is_suspect(desk: Svcdesk, restored: list[str]) -> None:
    desk(f"key loan approve {LOAN}", 4, as_="manager", now=NOW)
    set_policy(desk, [], "2026-11-22T10:00:00+08:00")
    desk(f"key loan approve {LOAN}", as_="manager", now="2026-11-22T10:20:00+08:00")
    used = Forger(desk.cwd).tip
    assert levels(verdicts(desk)) == {}
    desk.now = "2026-11-22T18:30:00+08:00"
    set_policy(desk, restored, "2026-11-22T18:30:00+08:00")
    said = json.loads(desk("audit verify --format json", 1).stdout)
    assert [(each["commit"], each["verdict"], each["rule"]) for each in said["commits"]] == [
        (used, "suspect", "policy-window")
    ]


@pytest.mark.parametrize("restored", [["borrower", "key"], ["key", "borrower"]])
def test_a_window_that_was_open_where_verification_begins_is_seen(desk: Svcdesk, restored: list[str]) -> None:
    """It was weakened, used twice and restored; known is all up to each of these."""
    known = [Forger(desk.cwd).tip]
    set_policy(desk, [], "2026-11-22T10:00:00+08:00")
    known.append(Forger(desk.cwd).tip)
    desk(f"key loan approve {LOAN}", as_="manager", now="2026-11-22T10:20:00+08:00")
    known.append(Forger(desk.cwd).tip)
    desk("staff change S-A0003 --phone 111")
    known.append(Forger(desk.cwd).tip)
    assert all(levels(verdicts(desk, 0, f"--from {each}")) == {} for each in known)
    desk.now = "2026-11-22T18:30:00+08:00"
    set_policy(desk, restored, desk.now)
    for each in known:
        said = json.loads(desk(f"audit verify --format json --from {each}", 1).stdout)
        assert [(row["commit"], row["rule"]) for row in said["commits"]] == [(known[2], "policy-window")]
    closed = Forger(desk.cwd).tip
    desk("staff change S-A0003 --phone 112")
    assert json.loads(desk(f"audit verify --format json --from {closed}").stdout)["commits"] == []


def set_policy(desk: Svcdesk, value: list[str], now: str) -> None:
    listed = json.dumps(value)
    number = desk(["policy", "set", "key-loan.approver-of", listed], now=now).stdout.split()[0]
    desk(f"policy approve {number}")


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (lambda forger: (forger.folder / ".git" / "shallow").write_text(forger.tip + "\n"), "shallow"),
        (lambda forger: forger.git("replace", "main", "main~1"), "replace"),
        (lambda forger: (forger.folder / ".git" / "info" / "grafts").write_text(forger.tip + "\n"), "grafts"),
    ],
)
def test_a_clone_that_shows_another_history_is_not_verified(desk: Svcdesk, plant: Any, said: str) -> None:
    (desk.cwd / ".git" / "info").mkdir(exist_ok=True)
    plant(Forger(desk.cwd))
    assert said in desk("audit verify", 7).stderr


def test_an_object_that_is_not_what_its_name_says_is_unverifiable(desk: Svcdesk) -> None:
    import hashlib
    import zlib

    forger = Forger(desk.cwd)
    oid = forger.git("rev-parse", "main:records/key/K-A0001.yaml")
    loose = desk.cwd / ".git" / "objects" / oid[:2] / oid[2:]
    content = (
        zlib.decompress(loose.read_bytes())
        .replace(b'hook: "14"', b'hook: "15"')
        .replace(b"hook: 14", b"hook: 15")
    )
    assert hashlib.sha1(content, usedforsecurity=False).hexdigest() != oid
    loose.chmod(0o644)
    loose.write_bytes(zlib.compress(content))
    found = verdicts(desk, 1)
    assert {each["rule"] for each in found["commits"]} >= {"object-id"}
