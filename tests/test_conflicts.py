"""Clones that acted apart: what is independent is joined, what contradicts becomes one conflict to resolve."""

from __future__ import annotations

import json
from typing import Any

from svcdesk.model import Record
from svcdesk.registers.conflict import left_over
from tests.clones import Clones
from tests.clones import clones as clones
from tests.clones import judge
from tests.clones import plain_git
from tests.conftest import Svcdesk
from tests.desks import REQUEST
from tests.desks import git
from tests.forging import Forger
from tests.world import World

FIRST = "2026-11-22T10:00:00+08:00"
SECOND = "2026-11-22T10:05:00+08:00"
THEN = "2026-11-22T11:00:00+08:00"
CONFLICT = "X2611-X0001"


def lend(desk: Svcdesk, at: str, borrower: str = "S-A0003", key: str = "K-A0001") -> str:
    """Lend a key from asking to handing out, and return the loan's id."""
    asked = f"key loan request --key {key} --borrower {borrower} --purpose inspection --due +4h"
    loan = desk(asked, as_="clerk", now=at).stdout.split()[0]
    desk(f"key loan approve {loan}", as_="head")
    desk(f"key loan issue {loan} --as borrower={borrower}", as_="clerk")
    return loan


def conflicts(desk: Svcdesk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(desk("conflict list --format json").stdout)
    return found


def assert_sound(*desks: Svcdesk) -> None:
    """Hold that files, history and law agree in each of these clones."""
    for desk in desks:
        assert desk("check").stderr == "svcdesk: no findings\n"
        assert "the desk's verdict: consistent" in desk("audit verify").stderr
        assert git(desk.cwd, "status", "--porcelain") == ""
        assert git(desk.cwd, "fsck", "--strict", "--no-dangling") == ""


def test_independent_acts_are_joined(clones: Clones) -> None:
    lend(clones["A"], FIRST)
    clones["B"]("key add --name 'Roof door' --category fire-passage --department engineering --hook 3", now=SECOND)
    clones["C"](REQUEST, as_="clerk", now=SECOND)
    clones.sync("A", "B", "C", "A", "B", now=THEN)
    assert len(clones.tips()) == 1
    assert conflicts(clones["A"]) == []
    assert git(clones["A"].cwd, "log", "-1", "--format=%s%n%n%b").startswith("merge\n\nSvcdesk-Action: merge\n")
    assert_sound(clones["A"])


def test_acts_on_one_record_that_agree_are_joined(clones: Clones) -> None:
    """The one entered first is published last: it comes behind, as it was made."""
    clones["B"]("staff change S-A0003 --phone 111", now=FIRST)
    clones["A"]("staff change S-A0003 --skills electrics", now=SECOND)
    clones.sync("A", "B", "A", "C", now=THEN)
    person = json.loads(clones["C"]("staff show S-A0003 --format json").stdout)
    assert [act["at"] for act in person["acts"][-2:]] == [SECOND, FIRST]
    assert_sound(clones["C"])


def test_a_key_lent_twice_offline(clones: Clones) -> None:
    first, second = lend(clones["A"], FIRST), lend(clones["B"], SECOND)
    clones.sync("A")
    assert f"conflict {CONFLICT}" in clones.sync("B", exit_code=6, now=THEN).stderr
    clones.sync("A", "C")
    (found,) = conflicts(clones["C"])
    assert (found["kind"], found["things"], found["records"]) == ("double-claim", ["K-A0001"], [second, first])
    assert [each["action"] for each in found["held"]] == ["issue"]
    assert [each["action"] for each in found["published"]] == ["request", "approve", "issue"]
    assert_sound(clones["B"], clones["C"])


def test_what_is_in_dispute_waits_and_what_ends_it_does_not(clones: Clones) -> None:
    first, second = lend(clones["A"], FIRST), lend(clones["B"], SECOND)
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    issue = f"key loan issue {second} --as borrower=S-A0003"
    assert "svcdesk conflict resolve comes first" in clones["B"](issue, 4, as_="clerk").stderr
    assert "explain" not in clones["B"](f"key loan return {first}", as_="clerk").stderr
    assert "K-A0001 is in dispute" in clones["B"](issue, 4, as_="clerk").stderr
    resolve = f"conflict resolve {CONFLICT} --keep local --reason 'He Weimin has it, seen by two'"
    assert "another lead decides" in clones["B"](resolve, 4, as_="head").stderr
    assert "needs rank 60" in clones["B"](resolve, 4, as_="admin").stderr
    assert clones["B"](resolve, as_="manager").stdout == f"{CONFLICT} resolved\n"
    clones["B"](issue, as_="clerk")
    clones.sync("B", "A")
    assert_sound(clones["A"])
    told = clones["A"](f"conflict show {CONFLICT}").stdout
    assert told.startswith(f"{CONFLICT}  one thing with two holders  resolved\n  Things: K-A0001 B1 pump room\n")
    assert f"  Held back:\n    {second}  {SECOND}  issue  S-A0005 Clerk Chen\n" in told
    assert "  Rules: A key is with one holder at any instant.\n" in told


def test_the_sides_are_named_as_they_are_chosen(clones: Clones) -> None:
    clones["A"]("key change K-A0001 --hook 15", now=FIRST)
    clones["B"]("key change K-A0001 --hook 16", now=SECOND)
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    told = clones["B"](f"conflict show {CONFLICT}").stdout
    assert "  Published (--keep published):\n" in told
    assert "  Held back (--keep local):\n" in told
    assert "  Differences (Published | Held back):\n    K-A0001  Hook: 15 | 16\n" in told
    assert "what was held back (local)" in " ".join(clones["B"]("conflict resolve --help").stdout.split())
    done = clones["B"](f"conflict resolve {CONFLICT} --keep local --reason seen", as_="manager")
    assert done.stderr == "", "it is carried out by itself"
    assert "Kept: what was held back" in clones["B"](f"conflict show {CONFLICT}").stdout


def test_what_a_resolution_leaves_to_be_entered_is_said(clones: Clones) -> None:
    first, second = lend(clones["A"], FIRST), lend(clones["B"], SECOND)
    add = "key add --name Roof --category machine-room --department engineering --hook 20"
    clones["A"](add)
    clones["B"](add)
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    resolve = "conflict resolve {} --keep {} --reason seen"
    both = clones["B"](resolve.format(CONFLICT, "both"), 4, as_="manager").stderr
    assert f"K-A0001 is with S-A0003 by {first}; both stand only once it has come back there" in both
    said = clones["B"](resolve.format(CONFLICT, "local"), as_="manager").stderr
    entered = "as a new entry where its state does not allow it any more"
    assert said.splitlines() == [
        f"svcdesk: K-A0001 is still with S-A0003 by {first}; it has to come back there first",
        f"svcdesk: left to be entered by hand: issue on {second}, which S-A0005 did at {SECOND}; {entered}",
    ]
    said = clones["B"](resolve.format("X2611-X0002", "both"), as_="manager").stderr
    added = f"what S-A0001 did at {SECOND} as K-B0001 (add)"
    assert said == f"svcdesk: left to be entered by hand, under a new number: {added}\n"
    clones["B"](f"key loan return {first}", as_="clerk")
    clones["B"](f"key loan issue {second} --as borrower=S-A0003", as_="clerk")
    clones.sync("B", "A")
    assert_sound(clones["A"])


def test_acts_that_are_left_over_are_named_up_to_a_few() -> None:
    """Of what was taken more than there was, by five slips: the stock comes first."""
    slips = [f"HX2611-B000{number}" for number in range(1, 6)]
    rows = [{"record": each, "action": "add", "by": "S-A0002", "at": FIRST, "commit": "0" * 40} for each in slips]
    found = {"id": CONFLICT, "kind": "overdrawn", "keep": "both", "things": ["M-A0001"], "held": rows}
    resolved = {"action": "resolve", "at": THEN, "by": "S-A0002", "reason": "all were taken"}
    conflict = Record("conflict", {**found, "records": slips, "acts": [resolved]})
    first, *named, rest = map(str, left_over(conflict, World([]).books))
    assert first == "M-A0001: the books have to hold enough of it first"
    assert [each.split()[-2] for each in named] == slips[:4]
    assert rest == f"and 1 more; svcdesk conflict show {CONFLICT} has them all"
    published = Record("conflict", {**conflict.data, "keep": "published"})
    assert list(left_over(published, World([]).books)) == []


def test_both_are_kept_once_the_thing_has_come_back(clones: Clones) -> None:
    first, _second = lend(clones["A"], FIRST), lend(clones["B"], SECOND)
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    clones["B"](f"key loan return {first}", as_="clerk")
    said = clones["B"](f"conflict resolve {CONFLICT} --keep both --reason 'one after the other'", as_="manager")
    assert said.stderr.count("left to be entered by hand") == 1
    clones.sync("B", "A")
    assert_sound(clones["A"])


def test_an_open_conflict_is_due_from_the_moment_it_arises(clones: Clones) -> None:
    first, second = lend(clones["A"], FIRST), lend(clones["B"], SECOND)
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    due = clones["B"]("due", 1, as_="clerk", now="2026-11-22T12:30:00+08:00").stdout
    row = next(line for line in due.splitlines() if line.startswith(CONFLICT))
    assert f"waiting for svcdesk conflict resolve: K-A0001, {second}, {first}" in row
    assert row.split()[-2:] == ["01:30", "S-A0002"]
    assert CONFLICT in clones["B"]("due --for me", 1, as_="manager").stdout
    assert CONFLICT not in clones["B"]("due --for me", as_="head").stdout, "he approved both loans"
    (told,) = (each for each in json.loads(clones["B"]("due --format json", 1).stdout) if each["record"] == CONFLICT)
    assert (told["deadline"], told["due"], told["late_s"]) == ("resolution", THEN, 5400)
    assert "answers for it: S-A0002" in clones["B"](f"explain {CONFLICT}").stdout
    assert "须先用 svcdesk conflict resolve" in clones["B"]("--lang zh_CN due", 1).stdout
    clones["B"](f"conflict resolve {CONFLICT} --keep published --reason 'as agreed'", as_="manager")
    assert CONFLICT not in clones["B"]("due").stdout


def test_a_loan_ended_in_two_ways(clones: Clones) -> None:
    clones["A"]("key loan approve A0001", as_="head", now=FIRST)
    clones["B"]("key loan refuse A0001 --reason 'no need'", as_="head", now=SECOND)
    clones.sync("B")
    clones.sync("A", exit_code=6, now=THEN)
    (found,) = conflicts(clones["A"])
    assert (found["kind"], found["records"]) == ("outcome", ["KL2611-A0001"])
    assert [each["action"] for each in (*found["published"], *found["held"])] == ["refuse", "approve"]
    clones.sync("B")
    assert len({git(clones[each].cwd, "rev-parse", "main") for each in "AB"}) == 1
    assert_sound(clones["B"])


def test_acts_that_follow_one_held_back_are_held_with_it(clones: Clones) -> None:
    lend(clones["A"], FIRST)
    second = lend(clones["B"], SECOND)
    clones["B"](f"key loan return {second}", as_="clerk", now="2026-11-22T10:20:00+08:00")
    again = lend(clones["B"], "2026-11-22T10:30:00+08:00")
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    (found,) = conflicts(clones["B"])
    assert [(each["record"], each["action"]) for each in found["held"]] == [
        (second, "issue"),
        (second, "return"),
        (again, "issue"),
    ]
    assert_sound(clones["B"])


def test_one_field_with_two_values(clones: Clones) -> None:
    clones["A"]("key change K-A0001 --hook 15", now=FIRST)
    clones["B"]("key change K-A0001 --hook 16", now=SECOND)
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    (found,) = conflicts(clones["B"])
    assert found["kind"] == "field"
    assert found["differences"] == [{"record": "K-A0001", "field": "hook", "published": "15", "local": "16"}]
    keep = f"conflict resolve {CONFLICT} --keep local --reason 'the key hangs on 16'"
    clones["B"](keep, as_="manager")
    assert json.loads(clones["B"]("key show K-A0001 --format json").stdout)["hook"] == "16"
    clones.sync("B", "A")
    assert_sound(clones["A"])


def test_one_name_used_twice(clones: Clones) -> None:
    add = "key add --name '{}' --category machine-room --department engineering --hook 20"
    clones["A"](add.format("Lift motor"), now=FIRST)
    clones["B"](add.format("Boiler"), now=SECOND)
    clones["B"](add.format("Pump").replace("20", "21"))
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    (found,) = conflicts(clones["B"])
    assert (found["kind"], found["records"]) == ("name", ["K-B0001", "K-A0002"])
    assert_sound(clones["B"])
    assert clones["B"](add.format("Third").replace("20", "22")).stdout == "K-B0003 active\n"
    clones.sync("B", "A", "C")
    assert_sound(clones["C"])


def test_what_a_third_clone_did_to_a_thing_in_dispute_waits_too(clones: Clones) -> None:
    clones["A"]("key change K-A0001 --hook 15", now=FIRST)
    clones["B"]("key change K-A0001 --hook 16", now=SECOND)
    clones["C"]("key change K-A0001 --label L1", now="2026-11-22T12:00:00+08:00")
    clones.sync("A")
    clones["B"]("sync", 6, now=THEN)
    clones.sync("C", exit_code=6)
    found = conflicts(clones["C"])
    assert [(each["kind"], each["records"]) for each in found] == [
        ("field", ["K-A0001"]),
        ("dispute", ["K-A0001"]),
    ]
    for each in found:
        clones["C"](f"conflict resolve {each['id']} --keep both --reason noted", as_="manager")
    clones["C"]("key change K-A0001 --label L1")
    clones.sync("C", "A")
    assert_sound(clones["A"])


def test_a_server_that_judges_takes_a_merge_and_no_other(clones: Clones) -> None:
    judge(clones, THEN)
    lend(clones["A"], FIRST)
    lend(clones["B"], SECOND)
    clones.sync("A")
    assert "1 sent" not in clones.sync("B", exit_code=6, now=THEN).stderr
    before = git(clones.bare, "rev-parse", "main")
    clones["C"](REQUEST, as_="clerk", now=SECOND)
    forger = Forger(clones["C"].cwd)
    forger.git("fetch", "--quiet")
    for base in ("origin/main", "main"):
        parents = ("origin/main", "main")
        evil = forger.commit(
            forger.tree({}, base), "merge\n", THEN, parents=[forger.git("rev-parse", each) for each in parents]
        )
        pushed = plain_git(clones["C"].cwd, "push", "origin", f"{evil}:refs/heads/main")
        assert b"(merge)" in pushed.stderr
    assert git(clones.bare, "rev-parse", "main") == before


def test_who_may_no_longer_act_is_not_let_in_by_a_colleague(clones: Clones) -> None:
    clones["A"]("staff leave S-A0004 --reason 'gone'", now=FIRST)
    clones["B"]("key loan approve A0001", as_="head", now="2026-11-22T09:50:00+08:00")
    clones.sync("A")
    clones.sync("B", exit_code=6, now=THEN)
    assert conflicts(clones["B"])[0]["kind"] == "right"
    assert_sound(clones["B"])


def test_one_letter_claimed_twice_is_named(clones: Clones) -> None:
    folder = clones.bare.parent
    for name, at in (("one", FIRST), ("two", SECOND)):
        git(folder, "clone", "--quiet", "bare.git", name)
        Svcdesk(clones["A"].start, folder / name)("station D", now=at)
    one, two = (Svcdesk(clones["A"].start, folder / name) for name in ("one", "two"))
    one("sync", now=THEN)
    assert "the letter D was claimed by two clones" in two("sync", 7, now=THEN).stderr
    assert git(two.cwd, "status", "--porcelain") == ""


def test_a_merge_by_hand_is_not_passed_on(clones: Clones) -> None:
    clones["A"](REQUEST, as_="clerk", now=FIRST)
    clones["B"](REQUEST, as_="clerk", now=SECOND)
    clones.sync("A")
    git(clones["B"].cwd, "fetch", "--quiet")
    git(clones["B"].cwd, "merge", "--quiet", "--no-edit", "origin/main")
    assert "which is invalid; nothing was moved" in clones.sync("B", exit_code=4).stderr


def test_a_plain_git_merge_of_one_record_stops(clones: Clones) -> None:
    clones["A"]("key change K-A0001 --hook 15", now=FIRST)
    clones["B"]("key change K-A0001 --label L1", now=SECOND)
    clones.sync("A")
    git(clones["B"].cwd, "fetch", "--quiet")
    person = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    done = plain_git(clones["B"].cwd, *person, "merge", "--no-edit", "origin/main")
    assert b"Cannot merge binary files: records/key/K-A0001.yaml" in done.stderr + done.stdout
    git(clones["B"].cwd, "merge", "--abort")
    clones.sync("B", now=THEN)
    assert_sound(clones["B"])
