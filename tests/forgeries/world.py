"""The small desk that the forgeries are tried on: two who keep it, a leaver, keys, loans, an import, a swap."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Svcdesk
from tests.conftest import in_this_process
from tests.desks import found
from tests.keys import make

REQUESTED, APPROVED, RETURNED, ISSUED = (f"KL2611-A000{number}" for number in (1, 2, 3, 4))
KEY, OTHER_KEY, CLOSED_KEY, LENT_KEY, FREE_KEY = (f"K-A000{number}" for number in (1, 2, 3, 4, 5))
MANAGER, ENGINEER, HEAD, CLERK, LEAVER, SLEEPER, BOSS, KEEPER = (f"S-A000{number}" for number in range(2, 10))
ADMIN = "S-A0001"
LOGINS = {
    ADMIN: "admin",
    MANAGER: "manager",
    ENGINEER: "engineer",
    HEAD: "head",
    CLERK: "clerk",
    LEAVER: "leaver",
    SLEEPER: "sleeper",
    BOSS: "boss",
    KEEPER: "keeper",
}
STRANGER = "stranger"
"""A key pair that no record holds."""
SHEET = "IM2611-A0001"
IMPORTED = "CU-A0001"
HANDOVER = "H2611-A0001"
DUTY, SWAP = "W2611-A0001", "WS2611-A0001"
NEXT_LOAN = "KL2611-A0005"
NOW = "2026-11-22T12:00:00+08:00"
LATER = "2026-11-22T12:10:00+08:00"

CUSTOMERS = "No,Name\n1,Tenant Tao\n2,Tenant Ting\n"
CUSTOMER_MAP = "key: No\nstate: active\nfields:\n  name: Name\n  kind: {constant: tenant}\n"

STAFF_ADD = "staff add --name '{}' --email {}@example.org --post {} --department {}"
KEY_ADD = "key add --name 'Room {}' --category machine-room --department engineering --hook 2{}"
LOAN = "key loan request --key {} --borrower S-A0003 --purpose inspection --due +9h"

STORY: tuple[tuple[str, str, str], ...] = (
    ("09:10", "admin", STAFF_ADD.format("Leaver Lu", "leaver", "cs-assistant", "customer-service")),
    ("09:11", "admin", STAFF_ADD.format("Sleeper Su", "sleeper", "department-head", "engineering")),
    ("09:11", "admin", STAFF_ADD.format("Boss Bo", "boss", "general-manager", "administration")),
    *(
        ("09:12", login, f"staff add-key {staff} --key ../keys/{login}.pub")
        for staff, login in LOGINS.items()
        if staff != KEEPER
    ),
    *(
        ("09:12", "admin", KEY_ADD.format(number, number))
        for number in range(2, 6)
    ),
    ("09:20", "clerk", LOAN.format(OTHER_KEY)),
    ("09:21", "head", "key loan approve A0002"),
    ("09:22", "clerk", LOAN.format(CLOSED_KEY)),
    ("09:23", "head", "key loan approve A0003"),
    ("09:24", "clerk", "key loan issue A0003 --as borrower=S-A0003"),
    ("09:25", "clerk", "key loan return A0003"),
    ("09:26", "clerk", LOAN.format(LENT_KEY)),
    ("09:27", "head", "key loan approve A0004"),
    ("09:28", "clerk", "key loan issue A0004 --as borrower=S-A0003"),
    ("09:30", "admin", "import customer ../customers.csv --map ../customers.yaml"),
    ("09:40", "manager", "duty roster add --date 2026-11-25 --shift night --person S-A0004 --post duty-person"),
    ("09:41", "head", f"duty swap request --duty {DUTY} --substitute S-A0007 --cause illness"),
    ("09:42", "sleeper", "duty swap agree A0001"),
    ("09:50", "admin", "staff leave S-A0006 --reason 'found another place'"),
    ("09:51", "admin", "staff suspend S-A0007 --reason 'asleep on duty'"),
    ("09:55", "admin", STAFF_ADD.format("Keeper Ko", "keeper", "desk-admin", "administration")),
    ("09:56", "admin", "policy set key-loan.check-minutes 60"),
    ("09:57", "keeper", f"staff add-key {KEEPER} --key ../keys/keeper.pub"),
    ("09:57", "admin", f"sign {KEEPER} second"),
    ("09:58", "manager", "handover open --kind department --incoming S-A0005"),
)
"""When, who, what: each an honest act."""


def build(folder: Path) -> None:
    """Make the desk `d` in a folder."""
    (folder / "customers.csv").write_text(CUSTOMERS, "utf-8")
    (folder / "customers.yaml").write_text(CUSTOMER_MAP, "utf-8")
    (folder / "keys").mkdir()
    for name in (*LOGINS.values(), STRANGER):
        make(folder / "keys", name)
    svcdesk = Svcdesk(in_this_process, folder)
    found(svcdesk)
    for clock, person, line in STORY:
        svcdesk(line, as_=person, now=f"2026-11-22T{clock}:00+08:00")


@pytest.fixture
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk's folder, made once; whoever moves its main works on a copy."""
    folder = tmp_path_factory.getbasetemp() / "forged"
    if not (folder / "done").exists():
        folder.mkdir()
        build(folder)
        (folder / "done").touch()
    return folder / "d"
