"""The pin: what a clone has verified stays part of its history, or it says which commit is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clones import Clones
from tests.clones import clones as clones
from tests.conftest import Svcdesk
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git
from tests.forging import Forger

LOAN = "KL2611-A0001"
NOW = "2026-11-22T09:10:00+08:00"


def pin(desk: Svcdesk) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((desk.cwd / ".git/svcdesk/pin.json").read_bytes())
    return found


def line(desk: Svcdesk) -> list[str]:
    """The commits of main, oldest first."""
    return git(desk.cwd, "rev-list", "--first-parent", "--reverse", "main").split()


def rewind(desk: Svcdesk, commit: str) -> None:
    git(desk.cwd, "reset", "--quiet", "--hard", commit)


def test_a_good_history_is_pinned(desk: Svcdesk) -> None:
    desk("audit verify")
    commits = line(desk)
    assert pin(desk) == {"genesis": commits[0], "tip": commits[-1], "size": len(commits)}


def test_a_bad_history_is_not_pinned(desk: Svcdesk) -> None:
    forger = Forger(desk.cwd)
    desk("audit verify")
    good = pin(desk)
    forger.publish(forger.commit(forger.tree({".mailmap": b"\n"}), "tidy up\n", NOW))
    desk("audit verify", 1)
    desk("audit verify --accept invalid")
    assert pin(desk) == good


@pytest.mark.parametrize(
    ("known", "size"),
    [(0, 7), (2, 7), (4, 3)],
    ids=["from before the pin", "from the pin", "from after it: what lies between was not judged"],
)
def test_the_pin_moves_where_no_gap_is_left(desk: Svcdesk, known: int, size: int) -> None:
    commits = line(desk)
    desk(f"audit verify {commits[2]}")
    assert pin(desk)["size"] == 3
    desk(f"audit verify {commits[known]}..")
    assert pin(desk)["size"] == size


def test_the_pin_never_goes_back(desk: Svcdesk) -> None:
    desk("audit verify")
    desk(f"audit verify {line(desk)[2]}")
    assert pin(desk)["size"] == 7


def test_what_was_verified_before_it_was_published_is_joined_to_what_others_did(clones: Clones) -> None:
    clones["A"](REQUEST, as_="clerk", now="2026-11-22T10:00:00+08:00")
    clones.sync("A")
    here = clones["B"]
    here("staff change S-A0003 --phone 111", now="2026-11-22T10:01:00+08:00")
    here("audit verify")
    mine = pin(here)["tip"]
    assert "1 act not published yet; svcdesk sync comes first" in here("audit checkpoint", 7).stderr
    clones.sync("B", now="2026-11-22T10:10:00+08:00")
    assert mine not in line(here)
    assert pin(here) == {
        "genesis": line(here)[0], "tip": line(here)[-1], "size": len(line(here)), "shared": {"origin": line(here)[-1]}
    }  # fmt: skip
    here("audit verify")
    here("audit checkpoint")


def test_what_was_verified_and_is_nowhere_any_more_stops_a_sync(clones: Clones) -> None:
    here = clones["B"]
    here("staff change S-A0003 --phone 111")
    here("audit verify")
    rewind(here, "main~1")
    assert "(staff S-A0003: change) is lost or rewritten" in clones.sync("B", exit_code=8).stderr


def test_each_remote_is_held_to_what_it_held_itself(clones: Clones) -> None:
    """A second server that is used now and then is behind, and has lost nothing."""
    git(clones.bare.parent, "init", "--quiet", "--bare", "backup.git")
    here = clones["A"]
    git(here.cwd, "remote", "add", "backup", "../backup.git")
    here("sync backup")
    clones["B"]("staff change S-A0003 --phone 111", now="2026-11-22T10:01:00+08:00")
    clones.sync("B", "A")
    here("sync backup")
    git(clones.bare.parent / "backup.git", "update-ref", "refs/heads/main", "main~1")
    assert "is lost or rewritten" in here("sync backup", 8).stderr
    here("sync origin")


def test_what_git_took_down_and_was_verified_is_remembered(clones: Clones) -> None:
    """A fresh clone that verifies before it ever syncs; then git fetches, by force, what a server has rewound to."""
    folder = clones.bare.parent
    git(folder, "clone", "--quiet", "bare.git", "E")
    here = Svcdesk(clones["A"].start, folder / "E")
    here("audit verify")
    assert pin(here)["shared"] == {"origin": line(here)[-1]}
    git(clones.bare, "update-ref", "refs/heads/main", "main~1")
    git(here.cwd, "fetch", "--quiet")
    assert "is lost or rewritten" in here("sync", 8).stderr


def test_two_servers_cannot_take_the_acts_of_one_desk_in_two_orders(clones: Clones) -> None:
    git(clones.bare.parent, "init", "--quiet", "--bare", "backup.git")
    here = clones["A"]
    git(here.cwd, "remote", "add", "backup", "../backup.git")
    here(REQUEST, as_="clerk", now="2026-11-22T10:00:00+08:00")
    here("sync backup")
    clones["B"]("staff change S-A0003 --phone 111", now="2026-11-22T10:01:00+08:00")
    clones.sync("B", "A")
    assert "backup took acts of this desk before others joined theirs" in here("sync backup", 7).stderr
    here("sync origin")


def test_a_lost_act_is_named(desk: Svcdesk) -> None:
    desk("audit verify")
    commits = line(desk)
    rewind(desk, commits[3])
    said = desk("audit verify", 8).stderr
    assert f"the history {commits[3][:12]} does not extend {commits[6][:12]}" in said
    assert f"{commits[4][:12]} (staff S-A0005: add) is lost or rewritten" in said
    assert git(desk.cwd, "rev-parse", "main").strip() == commits[3]
    assert pin(desk)["tip"] == commits[6]
    (told,) = (desk.cwd / ".git/svcdesk/evidence").iterdir()
    assert json.loads(told.read_bytes())["first_lost"] == commits[4]
    assert {commits[3], commits[6]} == set(
        git(desk.cwd, "for-each-ref", "--format=%(objectname)", "refs/svcdesk/evidence").split()
    )


def test_a_rewritten_act_is_named(desk: Svcdesk) -> None:
    desk("audit verify")
    old = line(desk)[-1]
    git(desk.cwd, "commit", "--quiet", "--amend", "--message", "key-loan KL2611-A0001: request")
    said = desk("audit verify", 8).stderr
    assert f"{old[:12]} (key-loan KL2611-A0001: request) is lost or rewritten" in said


def test_main_led_past_the_pin_by_a_merge_is_named(desk: Svcdesk) -> None:
    """The pinned commits are there, but no longer on the line of first parents."""
    desk("audit verify")
    tip, before = line(desk)[-1], line(desk)[-2]
    tree = git(desk.cwd, "rev-parse", "main^{tree}").strip()
    merge = git(desk.cwd, "commit-tree", tree, "-p", before, "-p", tip, "-m", "merge").strip()
    rewind(desk, merge)
    assert (
        f"{tip[:12]} (key-loan KL2611-A0001: request) is lost or rewritten" in desk("audit verify", 8).stderr
    )


def test_a_commit_that_is_gone_for_good_is_told_by_its_number(desk: Svcdesk) -> None:
    desk("audit verify")
    file = desk.cwd / ".git/svcdesk/pin.json"
    file.write_text(json.dumps({**pin(desk), "tip": "1" * 40}), "ascii")
    assert f"{'1' * 40} (number 7, which this clone does not hold) is lost" in desk("audit verify", 8).stderr


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"genesis": "x", "tip": "HEAD"}', '{"tip": 1, "size": []}']
)
def test_a_damaged_pin_is_not_passed_over(desk: Svcdesk, content: str) -> None:
    desk("audit verify")
    (desk.cwd / ".git/svcdesk/pin.json").write_text(content, "ascii")
    assert "the pin in svcdesk/pin.json cannot be read" in desk("audit verify", 8).stderr


def test_a_history_that_git_cuts_short_is_no_violation(desk: Svcdesk) -> None:
    desk("audit verify")
    (desk.cwd / ".git/shallow").write_text(line(desk)[5] + "\n", "ascii")
    assert "shallow" in desk("audit verify", 7).stderr


def forge(folder: Path) -> str:
    """Move main of a clone to a commit that nobody judged, and return it."""
    forger = Forger(folder)
    return forger.publish(forger.commit(forger.tree({".mailmap": b"\n"}), "tidy up\n", NOW))


def forge_on_server(clones: Clones) -> str:
    """The same where clones meet, by plain git."""
    git(clones.bare.parent, "clone", "--quiet", "bare.git", "forge")
    bad = forge(clones.bare.parent / "forge")
    git(clones.bare.parent / "forge", "push", "--quiet", "origin", "main")
    return bad


def test_a_clone_that_has_verified_nothing_judges_all_that_it_was_given(clones: Clones) -> None:
    bad = forge_on_server(clones)
    git(clones.bare.parent, "clone", "--quiet", "bare.git", "E")
    here = Svcdesk(clones["A"].start, clones.bare.parent / "E")
    for line in ("sync", "station E", "sync"):
        said = here(line, 0 if line == "station E" else 4, now="2026-11-22T10:00:00+08:00").stderr
        assert line != "sync" or f"origin holds {bad[:12]}, which is invalid; nothing was moved" in said
    assert "(footprint)" in said
    assert not (here.cwd / ".git/svcdesk/pin.json").exists()
    assert git(clones.bare, "rev-parse", "main").strip() == bad


def test_what_a_server_holds_stands_by_an_exception_entered_in_a_new_clone(clones: Clones) -> None:
    bad = forge_on_server(clones)
    assert "see svcdesk sync --help" in clones.sync("B", exit_code=4, now="2026-11-22T10:00:00+08:00").stderr
    git(clones.bare.parent, "clone", "--quiet", "bare.git", "E")
    here = Svcdesk(clones["A"].start, clones.bare.parent / "E")
    here("station E", now="2026-11-22T10:00:00+08:00")
    found = json.loads(here("audit verify --format json", 1).stdout)["commits"]
    broken = " ".join(f"--broken {rule}" for rule in {each["rule"] for each in found})
    here(f"audit exception propose --commit {bad[:12]} {broken} --reason 'the supplier tidied up'")
    here("sync", 4)
    here("audit exception approve AX-E0001")
    here("sync")
    clones.sync("B", "A", now="2026-11-22T10:10:00+08:00")
    assert "excepted" in clones["A"]("audit verify").stdout


def test_what_git_pulled_past_the_verifier_is_judged(clones: Clones) -> None:
    bad, here = forge_on_server(clones), clones["B"]
    git(here.cwd, "pull", "--quiet", "--ff-only", "origin", "main")
    assert bad[:12] in here("sync", 4, now="2026-11-22T10:00:00+08:00").stderr
    assert pin(here)["tip"] != bad


def test_what_no_server_has_seen_is_judged_before_the_first(desk: Svcdesk) -> None:
    git(desk.cwd, "init", "--quiet", "--bare", "../bare.git")
    git(desk.cwd, "remote", "add", "origin", "../bare.git")
    good, bad = line(desk)[-1], forge(desk.cwd)
    assert f"this desk holds {bad[:12]}" in desk("sync", 4, now="2026-11-22T10:00:00+08:00").stderr
    rewind(desk, good)
    assert "whole history is judged first" in desk("sync").stderr
    assert pin(desk)["tip"] == good
    assert "whole history" not in desk("sync").stderr
