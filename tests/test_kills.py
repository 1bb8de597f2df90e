"""kill -9 at random instants, of a command alone and with its gits: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.desks import git
from tests.faults import NOW
from tests.faults import Clerk
from tests.faults import Victims
from tests.faults import serving as serving
from tests.faults import victims as victims

LATEST = 0.07  # seconds; a deed takes half of that
KILLS_OF_A_DESK = 250


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
    assert desk("doctor").stderr == "svcdesk: the desk is sound\n"
    assert "the desk's verdict: consistent" in desk("audit verify", now=NOW).stderr


def test_kills_at_random_instants(desk: Svcdesk, victims: Victims) -> None:
    killed_often(Clerk(desk.cwd, victims), 270, random.Random(1), undisturbed=0.25)
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
