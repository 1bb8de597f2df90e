"""Hazardous materials as a new user meets them: a locker, a draw, a count, a use, and what is refused."""

from __future__ import annotations

import pytest

from svcdesk.clock import later
from tests.conftest import Svcdesk
from tests.desks import desk as desk

LEADS = "cs-lead | reserve-supervisor | supervisor | cs-supervisor | cs-manager"
PEOPLE = (
    ("Lead Lin", "lead", "cs-lead", "customer-service"),
    ("Lead Lu", "lead2", "cs-lead", "customer-service"),
    ("Cleaning Bao", "bao", "cleaning-lead", "cleaning"),
    ("Cleaner Cao", "cleaner", "cleaner", "cleaning"),
)
KEY = "--name 'Poison locker' --category hazardous-store --department cleaning --hook P1"
MATERIAL = "--name 鼠药 --unit g --ghs acute-toxicity --max 5000 --place L-A0007"
STOCK = "--material M-A0001 --place L-A0007"
BOM = "\ufeff"

Said = tuple[str, str, int, str]
"""Who, the command, its exit code, and what it said, stdout first."""

SESSION: tuple[Said, ...] = (
    ("lead", f"hazmat material add {MATERIAL}", 0, "M-A0001 active\n"),
    (
        "clerk",
        f"hazmat draw {STOCK} --quantity 2000 --as second=S-A0008",
        4,
        f"svcdesk: hazmat-draw: add is refused: CS11-2.0#1: S-A0005 may not add; it needs {LEADS} (add-right)\n",
    ),
    (
        "lead",
        f"hazmat draw {STOCK} --quantity 2000 --as second=S-A0009",
        0,
        "HD2611-A0001 drawn\n",
    ),
    ("lead2", f"hazmat count {STOCK} --quantity 2000", 0, "HC2611-A0001 counted\n"),
    (
        "lead2",
        "sign HC2611-A0001 counter",
        4,
        (
            "svcdesk: HC2611-A0001: sign is refused: S-A0007 has signed as second and cannot sign as counter "
            "(counter-differs)\n"
        ),
    ),
    ("clerk", "sign HC2611-A0001 counter", 0, "HC2611-A0001 counted\n"),
    (
        "cleaner",
        f"hazmat use request {STOCK} --quantity 200 --user S-A0009 --purpose 'rats in B1'",
        0,
        "HU2611-A0001 requested\n",
    ),
    (
        "cleaner",
        "hazmat use issue HU2611-A0001",
        4,
        (
            "svcdesk: HU2611-A0001: issue is refused: CS11-3.0#3: HU2611-A0001 is requested; issue needs approved "
            "(transition)\n"
        ),
    ),
    ("lead", "hazmat use approve HU2611-A0001", 0, "HU2611-A0001 approved\n"),
    (
        "cleaner",
        "hazmat use issue HU2611-A0001 --as key-holder=S-A0008",
        4,
        (
            f"svcdesk: HU2611-A0001: issue is refused: CS11-3.0#3: S-A0009 may not issue; it needs {LEADS} "
            "(issue-right)\n"
        ),
    ),
    (
        "lead2",
        "hazmat use issue HU2611-A0001 --as key-holder=S-A0008",
        4,
        (
            "svcdesk: HU2611-A0001: issue is refused: CS11-3.0#4: S-A0006 approved it and has to hand it out, "
            "not S-A0007; a lead who approves it as well may too (approver-hands-it-out)\n"
        ),
    ),
    ("lead", "hazmat use issue HU2611-A0001 --as key-holder=S-A0008", 0, "HU2611-A0001 issued\n"),
    (
        "lead",
        "hazmat room L-A0001",
        0,
        (
            "Hazardous materials in L-A0001 Tower A\n"
            "2026-11-22T10:20:00+08:00\n\n"
            "M-A0001  鼠药\n"
            "  1800 g  L-A0007  Poison locker\n"
            "  Substance: rat poison\n"
            "  Hazard classes: acute toxicity\n"
            "  Controlled: yes\n"
            "  Maximum: 5000 g\n\n"
            "Handed out and not accounted for\n"
            "  HU2611-A0001  M-A0001 鼠药  200  S-A0009 Cleaner Cao\n"
        ),
    ),
    (
        "lead",
        "hazmat use return HU2611-A0001 --quantity 50 --consumed 150",
        0,
        "HU2611-A0001 returned\n",
    ),
    (
        "lead",
        "hazmat balance --as-of 2026-11-22T23:00+08:00 --format csv",
        0,
        f"{BOM}material,Name,place,where,lot,balance,Unit\r\nM-A0001,鼠药,L-A0007,Poison locker,,1850,g\r\n",
    ),
    (
        "lead",
        "hazmat balance --as-of '2026-11-22 10:20' --place L-A0007 --format csv",
        0,
        f"{BOM}material,Name,place,where,lot,balance,Unit\r\nM-A0001,鼠药,L-A0007,Poison locker,,1800,g\r\n",
    ),
    ("lead", "hazmat balance --place L-A0001 --format json", 0, "[]\n"),
    (
        "lead",
        f"hazmat draw {STOCK} --quantity 300 --as second=S-A0009 --at 10:09",
        4,
        (
            "svcdesk: hazmat-draw: add is refused: 2026-11-22T10:09:00+08:00 lies before the signed count "
            "HC2611-A0001 of 2026-11-22T10:11:00+08:00 (signed-count-closes-what-lies-before)\n"
        ),
    ),
    (
        "manager",
        "hazmat count void HC2611-A0001 --reason 'wrong tin'",
        4,
        (
            "svcdesk: HC2611-A0001: void is refused:\n"
            "  S-A0005 has to sign its release first (both-signers-release-a-count)\n"
            "  S-A0007 has to sign its release first (both-signers-release-a-count)\n"
        ),
    ),
    ("lead2", f"hazmat count {STOCK} --quantity 1840", 0, "HC2611-A0002 counted\n"),
    (
        "clerk",
        "check",
        1,
        (
            "records/hazmat-count/2611/A00/HC2611-A0002.yaml:1:1: error: 1840 counted, 1850 by the books at "
            "2026-11-22T10:27:00+08:00 (difference-is-signed-and-closed)\n"
            "svcdesk: 1 error, 0 warnings\n"
        ),
    ),
    ("clerk", "sign HC2611-A0002 counter", 0, "HC2611-A0002 counted\n"),
    (
        "lead2",
        "hazmat count close HC2611-A0002",
        4,
        (
            "svcdesk: HC2611-A0002: close is refused: 1840 counted, 1850 expected; a reason is needed "
            "(difference-has-a-reason)\n"
        ),
    ),
    ("lead2", "hazmat count close HC2611-A0002 --reason spilt", 0, "HC2611-A0002 closed\n"),
    (
        "lead",
        f"hazmat dispose {STOCK} --quantity 1841 --method 'waste firm' --as second=S-A0009",
        4,
        (
            "svcdesk: hazmat-dispose: add is refused: CS11-4.0+: M-A0001 in L-A0007: the balance would be -1 at "
            "2026-11-22T10:32:00+08:00 (balance-is-never-negative)\n"
        ),
    ),
    (
        "lead",
        f"hazmat dispose {STOCK} --quantity 40 --method 'waste firm' --as second=S-A0009",
        0,
        "HX2611-A0001 disposed\n",
    ),
    (
        "lead",
        "hazmat material report balance --format csv",
        0,
        (
            f"{BOM}id,Substance,Name,Unit,drawn,consumed,disposed of,found by counts,balance\r\n"
            "M-A0001,rat poison,鼠药,g,2000,150,40,-10,1800\r\n"
        ),
    ),
    ("lead", "hazmat use close HU2611-A0001", 0, "HU2611-A0001 closed\n"),
    (
        "lead",
        "hazmat material lot M-A0001 --line lot=B1,expires=2027-03-31,opened=2026-11-22",
        0,
        "M-A0001 active\nsvcdesk: done: enter a lot, or that it was opened\n",
    ),
    ("lead", f"hazmat draw {STOCK} --lot B1 --quantity 100 --as second=S-A0009", 0, "HD2611-A0002 drawn\n"),
    (
        "lead",
        "hazmat room L-A0007",
        0,
        (
            "Hazardous materials in L-A0007 Poison locker\n"
            "2026-11-22T10:38:00+08:00\n\n"
            "M-A0001  鼠药\n"
            "  1800 g  L-A0007  Poison locker\n"
            "  100 g  L-A0007  Poison locker  lot B1\n"
            "  Substance: rat poison\n"
            "  Hazard classes: acute toxicity\n"
            "  Controlled: yes\n"
            "  Maximum: 5000 g\n"
            "  lot B1, expires 2027-03-31, opened 2026-11-22\n"
        ),
    ),
    ("lead", "check", 0, "svcdesk: no findings\n"),
)


@pytest.fixture
def house(desk: Svcdesk) -> Svcdesk:
    """The desk with two leads, a cleaning lead, a cleaner, and a locker that she has the key of."""
    for name, login, post, department in PEOPLE:
        desk(f"staff add --name '{name}' --email {login}@example.org --post {post} --department {department}")
    desk("place add --kind building --name 'Tower A'")
    for number in range(2, 7):
        desk(f"place add --kind room --name 'Room {number}' --within L-A0001")
    desk("place add --kind room --name 'Poison locker' --within L-A0001 --separate --locked")
    desk(f"key add {KEY} --opens L-A0007 --custodian S-A0008", as_="clerk")
    return desk


def test_the_session_of_hazardous_materials(house: Svcdesk) -> None:
    now = "2026-11-22T10:07:00+08:00"
    for who, line, exit_code, said in SESSION:
        now = later(now, 1)
        answer = house(line, exit_code, as_=who, now=now)
        assert answer.stdout + answer.stderr == said, line


def test_nothing_is_in_a_room_where_nothing_was_booked(house: Svcdesk) -> None:
    assert house("hazmat room L-A0002").stdout == (
        "Hazardous materials in L-A0002 Room 2\n2026-11-22T09:00:00+08:00\n  none by the books\n"
    )
