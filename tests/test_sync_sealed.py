"""Clones of a sealed desk: joined, contradicting and resolved without anybody's opening what is sealed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clones import Clones
from tests.clones import clones as clones
from tests.clones import judge
from tests.desks import git
from tests.test_conflicts import CONFLICT
from tests.test_conflicts import assert_sound
from tests.test_conflicts import conflicts
from tests.test_sealing import holding

BEFORE = "2026-11-22T10:00:00+08:00"
FIRST = "2026-11-22T11:00:00+08:00"
SECOND = "2026-11-22T11:05:00+08:00"
THEN = "2026-11-22T12:00:00+08:00"
CUSTOMER = "CU-A0001"
HERE = "139-canary-here"
THERE = "137-canary-there"


@pytest.fixture
def sealed(clones: Clones, home: Path) -> Clones:
    """Three clones of a desk that seals; the first two know the key store, the third does not."""
    store = str(home / "keys")
    recipients = [clones["A"]("seal key", as_=login).stdout.strip() for login in ("manager", "clerk", "head")]
    named = [part for each in recipients for part in ("--recipient", each)]
    readers = ["--read", "customer=cs-assistant,cs-manager"]
    clones["A"](["seal", "setup", "--store", store, *readers, *named])
    clones["A"]("customer add --name 'canary one' --kind owner --contact 1", as_="clerk", now=BEFORE)
    clones.sync("A", "B", "C")
    clones["B"](["seal", "setup", "--store", store])
    return clones


def contradict(sealed: Clones) -> str:
    """Give the customer two telephone numbers, and return what the clone that came later has said."""
    for letter, phone, now in (("A", HERE, FIRST), ("B", THERE, SECOND)):
        sealed[letter](["customer", "change", CUSTOMER, "--contact", phone], as_="clerk", now=now)
    sealed.sync("A")
    said = sealed.sync("B", exit_code=6, now=THEN).stderr
    sealed.sync("A", "C")
    return said


def test_sealed_acts_on_both_sides_are_joined(sealed: Clones) -> None:
    for letter, name, now in (("A", HERE, FIRST), ("B", THERE, SECOND)):
        sealed[letter](["customer", "add", "--name", name, "--kind", "owner", "--contact", name], as_="clerk", now=now)
    sealed.sync("A", "B", "A", "C", now=THEN)
    assert len(sealed.tips()) == 1
    names = {each["name"] for each in json.loads(sealed["A"]("customer list --format json", as_="clerk").stdout)}
    assert names == {"canary one", HERE, THERE}
    assert_sound(*sealed.desks.values())
    assert holding("canary", *(each.cwd for each in sealed.desks.values()), sealed.bare) == 0


def test_a_contradiction_of_sealed_values_shows_them_to_whom_they_are_for(sealed: Clones) -> None:
    said = contradict(sealed)
    assert f"conflict {CONFLICT}" in said
    assert len(sealed.tips()) == 1
    (found,) = conflicts(sealed["C"])
    assert (found["kind"], found["records"]) == ("field", [CUSTOMER])
    for letter, login, reads in (("A", "clerk", True), ("A", "engineer", False), ("C", "clerk", False)):
        lines = [f"conflict show {CONFLICT}", f"conflict show {CONFLICT} --format json", "conflict list", "due"]
        lines += [f"audit log {CONFLICT}", f"audit blame {CONFLICT}", "conflict list --format json"]
        shown = [sealed[letter](line, as_=login) for line in lines]
        words = [each.stdout + each.stderr for each in shown]
        assert all((each in page) is reads for each in (HERE, THERE) for page in words[:2])
        assert ("(sealed) | (sealed)" in words[0]) is not reads
        assert reads or "canary" not in "".join(words) + said
    assert_sound(*sealed.desks.values())
    assert holding("canary", *(each.cwd for each in sealed.desks.values()), sealed.bare) == 0


def test_a_sealed_value_that_came_later_is_kept_without_being_opened(sealed: Clones) -> None:
    contradict(sealed)
    resolve = f"conflict resolve {CONFLICT} --keep local --reason 'he called'"
    assert sealed["C"](resolve, as_="manager").stdout == f"{CONFLICT} resolved\n"
    sealed.sync("C", "A", "B")
    assert THERE in sealed["A"](f"customer show {CUSTOMER}", as_="clerk").stdout
    assert_sound(*sealed.desks.values())


def test_a_server_that_has_no_key_comes_to_the_same_merge(sealed: Clones) -> None:
    judge(sealed, THEN)
    contradict(sealed)
    assert len(sealed.tips()) == 1


def test_a_conflict_repeats_nothing_that_was_entered_in_clear_before_it_was_known(clones: Clones, home: Path) -> None:
    recipients = [clones["A"]("seal key", as_=login).stdout.strip() for login in ("manager", "clerk")]
    named = [part for each in recipients for part in ("--recipient", each)]
    clones["A"](["seal", "setup", "--store", str(home / "keys"), *named])
    clones.sync("A")
    clones["B"](["customer", "add", "--name", "canary", "--kind", "owner", "--contact", HERE], as_="clerk", now=FIRST)
    clones.sync("B", exit_code=6, now=THEN)
    shown = clones["B"](f"conflict show {CONFLICT}", as_="clerk").stdout
    assert "Kind: owner" in shown
    assert "sealed-not-clear" in shown
    assert "canary" not in shown
    kept = git(clones["B"].cwd, "grep", "-h", "", "main")
    assert "CU-B0001" in kept
    assert "canary" not in kept
    assert_sound(clones["B"])
