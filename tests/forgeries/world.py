"""The desks that the forgeries are tried on, and the story that is played on each before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from svcdesk.demo.build import build
from svcdesk.demo.plan import DEMO as PLAN
from tests.conftest import Svcdesk
from tests.conftest import in_this_process
from tests.desks import PEOPLE
from tests.desks import git
from tests.forging import Forger
from tests.keys import make
from tests.worlds import DEMO
from tests.worlds import SMALL
from tests.worlds import World

STRANGER = "stranger"
"""A key pair that no record holds."""
NOW = "2026-11-22T12:00:00+08:00"
LATER = "2026-11-22T12:10:00+08:00"

CUSTOMERS = "No,Name\n1,Tenant Tao\n2,Tenant Ting\n"
CUSTOMER_MAP = "key: No\nstate: active\nfields:\n  name: Name\n  kind: {constant: tenant}\n"

STAFF_ADD = "staff add --name '{}' --email {}@example.org --post {} --department {}"
KEY_ADD = "key add --name 'Room {0}' --category machine-room --department engineering --hook 2{0}"


def story(world: World) -> Sequence[tuple[str, str, str]]:
    """Return when, who, what: two who keep the desk, a leaver, keys, loans, an import, a swap, each honest."""
    admin = world.founder
    asks = f"key loan request --key {{}} --borrower {world.engineer} --purpose inspection --due +9h"
    return (
        *(("09:00", admin, STAFF_ADD.format(*person)) for person in PEOPLE),
        ("09:10", admin, STAFF_ADD.format("Leaver Lu", "leaver", "cs-assistant", "customer-service")),
        ("09:11", admin, STAFF_ADD.format("Sleeper Su", "sleeper", "department-head", "engineering")),
        ("09:11", admin, STAFF_ADD.format("Boss Bo", "boss", "general-manager", "administration")),
        *(
            (
                "09:12",
                admin if staff == world.admin else login,
                f"staff add-key {staff} --key ../keys/{login}.pub",
            )
            for staff, login in world.logins.items()
            if staff != world.keeper
        ),
        *(("09:12", admin, KEY_ADD.format(number)) for number in range(1, 6)),
        ("09:15", "clerk", asks.format(world.key)),
        ("09:20", "clerk", asks.format(world.other_key)),
        ("09:21", "head", f"key loan approve {world.approved}"),
        ("09:22", "clerk", asks.format(world.closed_key)),
        ("09:23", "head", f"key loan approve {world.returned}"),
        ("09:24", "clerk", f"key loan issue {world.returned} --as borrower={world.engineer}"),
        ("09:25", "clerk", f"key loan return {world.returned}"),
        ("09:26", "clerk", asks.format(world.lent_key)),
        ("09:27", "head", f"key loan approve {world.issued}"),
        ("09:28", "clerk", f"key loan issue {world.issued} --as borrower={world.engineer}"),
        ("09:30", admin, "import customer ../customers.csv --map ../customers.yaml"),
        (
            "09:40",
            "manager",
            f"duty roster add --date 2026-11-25 --shift night --person {world.head} --post duty-person",
        ),
        (
            "09:41",
            "head",
            f"duty swap request --duty {world.duty} --substitute {world.sleeper} --cause illness",
        ),
        ("09:42", "sleeper", f"duty swap agree {world.swap}"),
        ("09:50", admin, f"staff leave {world.leaver} --reason 'found another place'"),
        ("09:51", admin, f"staff suspend {world.sleeper} --reason 'asleep on duty'"),
        ("09:55", admin, STAFF_ADD.format("Keeper Ko", "keeper", "desk-admin", "administration")),
        ("09:56", admin, "policy set key-loan.check-minutes 60"),
        ("09:57", "keeper", f"staff add-key {world.keeper} --key ../keys/keeper.pub"),
        ("09:57", admin, f"--key ../keys/{world.logins[world.admin]} sign {world.keeper} second"),
        ("09:58", "manager", f"handover open --kind department --incoming {world.clerk}"),
    )


def play(folder: Path, world: World) -> None:
    """Play the story on the desk `d` of a folder."""
    (folder / "customers.csv").write_text(CUSTOMERS, "utf-8")
    (folder / "customers.yaml").write_text(CUSTOMER_MAP, "utf-8")
    (folder / "keys").mkdir()
    for name in (*world.logins.values(), STRANGER):
        make(folder / "keys", name)
    svcdesk = Svcdesk(in_this_process, folder / "d")
    for clock, person, line in story(world):
        svcdesk(line, as_=person, now=f"2026-11-22T{clock}:00+08:00")


def founded(folder: Path) -> World:
    """Found the small desk `d` in a folder."""
    Svcdesk(in_this_process, folder)("init d --name 'Tower A' --timezone Asia/Shanghai")
    return SMALL


def cloned(folder: Path) -> World:
    """Build the demo desk, and clone it into `d` as a station of its own."""
    build(folder / "demo", PLAN)
    git(folder, "clone", "--quiet", "--no-local", "demo", "d")
    Svcdesk(in_this_process, folder / "d")(f"station {DEMO.letter}", as_=DEMO.founder)
    return DEMO


def played(folder: Path, begin: Callable[[Path], World]) -> Path:
    """Return the desk in a folder with the story on it, made once; whoever moves its main works on a copy."""
    if not (folder / "done").exists():
        folder.mkdir()
        play(folder, begin(folder))
        (folder / "done").touch()
    return folder / "d"


@pytest.fixture
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small desk."""
    return played(tmp_path_factory.getbasetemp() / "forged", founded)


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clone of the demo desk."""
    return played(tmp_path_factory.getbasetemp() / "forged-demo", cloned)


@pytest.fixture(params=["template", pytest.param("demo", marks=pytest.mark.long)])
def forger(request: pytest.FixtureRequest) -> Forger:
    """Somebody with git at either desk."""
    return Forger(
        request.getfixturevalue(request.param), world=SMALL if request.param == "template" else DEMO
    )


def with_keys(forger: Forger) -> Forger:
    """Return the same, who has the keys of all people too."""
    return replace(forger, keys=forger.folder.parent / "keys")


@pytest.fixture
def free(forger: Forger, tmp_path: Path) -> Forger:
    """The same at a copy of the desk, whose main may be moved."""
    shutil.copytree(forger.folder, tmp_path / "d", symlinks=True)
    shutil.copytree(forger.folder.parent / "keys", tmp_path / "keys")
    return replace(forger, folder=tmp_path / "d")
