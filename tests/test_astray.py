"""A clone whose own history has gone astray: nothing is entered or sent, and the doctor's words lead out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.clones import Clones
from tests.clones import clones as clones
from tests.conftest import Svcdesk
from tests.desks import LOAN
from tests.desks import REQUEST
from tests.desks import desk as desk
from tests.desks import git

SOUND = "svcdesk: the desk is sound\n"
PLACE = "place add --name Lobby --kind area"
NEXT = "2026-11-22T10:00:00+08:00"
LATER = "2026-11-22T10:30:00+08:00"
TOO_LATE = "2026-11-25T10:00:00+08:00"


@pytest.fixture(autouse=True)
def by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What plain git commits is dated between the acts."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_DATE", "2026-11-22T10:20:00+08:00")


def ways(desk: Svcdesk) -> list[str]:
    """What the doctor would have a person do with git."""
    return re.findall("git (reset --keep [0-9a-f]{12})", desk("doctor", 7, now=LATER).stdout)


def follow(desk: Svcdesk) -> None:
    """Do so; then the desk is sound."""
    (way,) = ways(desk)
    git(desk.cwd, *way.split())
    assert desk("doctor").stderr == SOUND


def by_hand(desk: Svcdesk, path: str = LOAN) -> str:
    with (desk.cwd / path).open("a", encoding="utf-8") as file:
        file.write("<<<<<<< mine\n")
    git(desk.cwd, "commit", "--quiet", "--all", "--message", "mend")
    return git(desk.cwd, "rev-parse", "HEAD").strip()


def merged(desk: Svcdesk) -> str:
    """A merge of git's own."""
    git(desk.cwd, "branch", "side", "main~1")
    git(desk.cwd, "switch", "--quiet", "side")
    (desk.cwd / "notes.txt").touch()
    git(desk.cwd, "add", "notes.txt")
    git(desk.cwd, "commit", "--quiet", "--message", "note")
    git(desk.cwd, "switch", "--quiet", "main")
    git(desk.cwd, "merge", "--quiet", "--no-edit", "side")
    return git(desk.cwd, "rev-parse", "side").strip()


@pytest.mark.parametrize("spoil", [by_hand, merged])
@pytest.mark.parametrize("verified", [True, False])
def test_what_was_committed_by_hand_is_named_with_the_way_back(desk: Svcdesk, verified: bool, spoil: object) -> None:
    if verified:
        desk("audit verify")
    good = git(desk.cwd, "rev-parse", "main").strip()
    assert callable(spoil)
    bad = spoil(desk)
    said = desk("doctor", 7, now=LATER).stdout
    assert f"wrong: {bad[:12]} " in said
    assert len(set(said.splitlines())) == len(said.splitlines())
    follow(desk)
    assert git(desk.cwd, "rev-parse", "main").strip() == good


def test_a_sync_that_refuses_what_is_bad_here_names_the_doctor(clones: Clones) -> None:
    here = clones["B"]
    by_hand(here, "schemas/key.json")
    said = clones.sync("B", exit_code=4, now=LATER).stderr
    assert "which is invalid; nothing was moved; svcdesk doctor tells the way out" in said
    follow(here)
    clones.sync("B")


def test_what_others_hold_too_is_not_taken_back(clones: Clones) -> None:
    here = clones["B"]
    git(here.cwd, "rm", "--quiet", "schemas/key.json")
    git(here.cwd, "commit", "--quiet", "--message", "mend")
    git(here.cwd, "push", "--quiet", "origin", "main")
    assert "svcdesk sync --help" in here("doctor", 7, now=LATER).stdout
    assert ways(here) == []


def test_no_number_is_given_twice_where_main_was_set_back(clones: Clones) -> None:
    here = clones["B"]
    here(PLACE, now=NEXT)
    clones.sync("B")
    git(here.cwd, "reset", "--quiet", "--hard", "main~1")
    for line in (PLACE, f"{PLACE} --dry-run"):
        assert "is lost or rewritten" in here(line, 8, now=LATER).stderr
    follow(here)
    assert here(PLACE).stdout == "L-B0002 active\n"


def test_what_was_set_back_comes_back_by_a_sync_too(clones: Clones) -> None:
    here = clones["B"]
    here(PLACE, now=NEXT)
    clones.sync("B")
    git(here.cwd, "reset", "--quiet", "--hard", "main~1")
    clones.sync("B")
    assert here(PLACE, now=LATER).stdout == "L-B0002 active\n"


def test_what_was_rewritten_is_not_joined(clones: Clones) -> None:
    here = clones["B"]
    here(PLACE, now=NEXT)
    clones.sync("B")
    git(here.cwd, "commit", "--quiet", "--amend", "--message", "place")
    assert clones.sync("B", exit_code=8).stderr.endswith("svcdesk doctor tells the way out\n")
    assert "(commits: 1, the last" in here("doctor", 7, now=LATER).stdout
    follow(here)
    clones.sync("B")


def test_what_is_gone_for_good_sends_to_the_remote(clones: Clones) -> None:
    here = clones["B"]
    file = here.cwd / ".git/svcdesk/pin.json"
    tip = git(here.cwd, "rev-parse", "main").strip()
    file.write_text(file.read_text("ascii").replace(tip, "1" * 40), "ascii")
    here(PLACE, 8, now=NEXT)
    assert "clone the remote anew" in here("doctor", 7).stdout


def test_acts_of_a_clock_that_was_ahead_are_taken_back(clones: Clones) -> None:
    here = clones["B"]
    here(PLACE, now=NEXT)
    for _ in range(2):
        here(PLACE, now=TOO_LATE)
    refused = here(PLACE, 7, now=LATER).stderr
    assert "set the clock right, or where it is right, see svcdesk doctor" in refused
    assert "(commits: 2)" in here("doctor", 7).stdout
    follow(here)
    assert here(PLACE, now=LATER).stdout == "L-B0002 active\n"


def test_acts_of_a_clock_that_was_ahead_stay_where_others_hold_them(clones: Clones) -> None:
    here = clones["B"]
    here(PLACE, now=TOO_LATE)
    clones.sync("B")
    assert "wait until then: others hold these acts already" in here("doctor", 7, now=LATER).stdout


def test_a_letter_that_two_claimed_is_told_by_the_clone_that_came_second(clones: Clones) -> None:
    desks = []
    for name in ("E", "F"):
        git(clones.bare.parent, "clone", "--quiet", "bare.git", name)
        desks.append(Svcdesk(clones["A"].start, Path(clones.bare.parent / name)))
    for number, each in enumerate(desks):
        each(f"station G --note {number}", now=NEXT)
        each(PLACE)
    first, second = desks
    first("sync")
    assert "svcdesk doctor tells the way out" in second("sync", 7).stderr
    assert first("doctor").stderr == SOUND
    assert "the letter G was claimed by another clone too, first by S-A0001" in second("doctor", 7).stdout
    second("audit log --limit 0")


def test_a_request_after_the_pin_needs_no_look_at_history(clones: Clones) -> None:
    clones["B"](REQUEST, as_="clerk", now=NEXT)
    clones["B"](REQUEST, as_="clerk")


def test_a_letter_that_another_clone_has_published_is_not_claimed(clones: Clones) -> None:
    here = Svcdesk(clones["A"].start, clones.bare.parent / "E")
    git(clones.bare.parent, "clone", "--quiet", "bare.git", "E")
    git(here.cwd, "reset", "--quiet", "--hard", "main~1")
    assert here("station C", 4, now=NEXT).stderr == "svcdesk: the letter C is taken\n"
    git(here.cwd, "remote", "set-url", "origin", "../nowhere.git")
    assert "not asked whether others hold the letter" in here("station D").stderr
    assert "ST-D0001  claimed  D" in here("station list").stdout
    here("station claim DD", 4)
