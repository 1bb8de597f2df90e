"""kill -9 at random instants, of a command alone and with its gits: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from svcdesk.clock import later
from tests.clones import Clones
from tests.clones import clones as clones
from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.desks import git
from tests.faults import NOW
from tests.faults import Clerk
from tests.faults import Victims
from tests.faults import assert_filed
from tests.faults import complained
from tests.faults import said
from tests.faults import serving as serving
from tests.faults import victims as victims

LATEST = 0.05  # seconds; a deed takes two thirds of that
LATEST_SYNC = 0.15
KILLS_OF_A_DESK = 250
ADD = ["key", "add", "--category", "machine-room", "--department", "engineering"]


def killed_often(clerk: Clerk, kills: int, chance: random.Random, undisturbed: float) -> None:
    """Kill a clerk so many times; who follows is let be with this probability, else killed in turn."""
    while clerk.kills < kills:
        clerk.is_killed(chance.uniform(0, LATEST), alone=chance.random() < 0.5)
        if chance.random() < undisturbed:
            clerk.goes_on()
    clerk.goes_on()


def assert_lawful(desk: Svcdesk) -> None:
    assert git(desk.cwd, "fsck", "--full", "--no-dangling") == ""
    assert desk("check").stderr == "svcdesk: no findings\n"
    assert desk("doctor", now=NOW).stderr == "svcdesk: the desk is sound\n"
    assert "the desk's verdict: consistent" in desk("audit verify", now=NOW).stderr


def test_kills_at_random_instants(desk: Svcdesk, victims: Victims) -> None:
    killed_often(Clerk(desk.cwd, victims), 200, random.Random(1), undisturbed=0.25)
    assert_lawful(desk)


@pytest.mark.long
def test_nine_thousand_kills(desk: Svcdesk, victims: Victims, tmp_path: Path) -> None:
    chance = random.Random(9)
    for number in range(9000 // KILLS_OF_A_DESK):
        folder = tmp_path / f"desk-{number}"
        shutil.copytree(desk.cwd, folder, symlinks=True)
        killed_often(Clerk(folder, victims), KILLS_OF_A_DESK, chance, undisturbed=0.5)
        one = Svcdesk(desk.start, folder)
        assert_lawful(one)
        shutil.rmtree(folder)


class Pair:
    """Two clones at which a clerk enters one thing after the other and syncs, and is killed meanwhile."""

    def __init__(self, clones: Clones, victims: Victims) -> None:
        self.clones = clones
        self.victims = victims
        self.kills = 0

    def lines(self, letter: str) -> list[tuple[str, list[str]]]:
        """Return what the clerk at a clone has to enter next, and the sync after it."""
        name = f"{letter} {len(said(self.clones[letter].cwd))}"
        return [("admin", [*ADD, "--name", name, "--hook", name, "--ref", name]), ("admin", ["sync"])]

    def is_killed(self, letter: str, chance: random.Random) -> None:
        """Kill the clerk at a clone, alone or with his gits."""
        after, alone = chance.uniform(0, LATEST_SYNC), chance.random() < 0.5
        folder = self.clones[letter].cwd
        self.victims.now = later(self.victims.now, 1)
        self.kills += self.victims.kill(folder, after, alone, "command_lines", lines=self.lines(letter))

    def go_on(self) -> None:
        """Let both clerks go on undisturbed, and hold that all is there once on both sides."""
        for letter in ("A", "B", "A"):
            self.victims.now = later(self.victims.now, 1)
            folder = self.clones[letter].cwd
            assert self.victims.run(folder, "command_lines", lines=self.lines(letter)) == 0
            assert "exit code" not in said(folder)[-1], complained(folder)
        self.clones.sync("B", now=later(self.victims.now, 1))
        folders = (self.clones.bare, *(self.clones[letter].cwd for letter in "AB"))
        assert len({git(each, "rev-parse", "main") for each in folders}) == 1
        counts = {letter: len(said(self.clones[letter].cwd)) for letter in "AB"}
        wanted = Counter(f"{letter} {number}" for letter in "AB" for number in range(counts[letter]))
        for letter in "AB":
            folder = self.clones[letter].cwd
            texts = "".join(file.read_text() for file in folder.glob("records/key/*.yaml"))
            assert Counter(re.findall("ref: (.+)", texts)) == wanted
            assert_filed(folder)


def synced_under_kills(pair: Pair, kills: int, chance: random.Random) -> None:
    while pair.kills < kills:
        for _number in range(chance.randint(3, 12)):
            pair.is_killed(chance.choice("AB"), chance)
        pair.go_on()
    assert "the desk's verdict: consistent" in pair.clones["A"]("audit verify", now=later(pair.victims.now, 2)).stderr


def test_kills_while_clones_sync(clones: Clones, victims: Victims) -> None:
    synced_under_kills(Pair(clones, victims), 20, random.Random(2))


@pytest.mark.long
def test_a_thousand_kills_while_clones_sync(clones: Clones, victims: Victims) -> None:
    synced_under_kills(Pair(clones, victims), 1000, random.Random(3))
