"""What one clone refuses another refuses: the same history, read by an index that grew and by a new one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from svcdesk.clock import instant
from svcdesk.clock import later
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.errors import Refused
from svcdesk.git import Identity
from svcdesk.registers import REGISTERS
from svcdesk.session import Session
from svcdesk.workflow import Order
from tests.conftest import MORNING
from tests.conftest import Svcdesk
from tests.desks import desk as desk
from tests.desks import git
from tests.random_acts import Chance
from tests.random_acts import Entry
from tests.world import listed
from tests.world import signature

ADMIN = Identity("Admin", "admin@example.org")


def order_of(session: Session, entry: Entry) -> tuple[Order, Identity]:
    """Return what a session is given for an entry, and who gives it."""
    record, person = entry.get("record", ""), session.books.get(entry["by"])
    assert person is not None
    register = REGISTERS[entry["register"]]
    signed = [
        signature(register, line, who) for line, names in entry["signed"].items() for who in listed(names)
    ]
    order = Order(
        register.name,
        entry["action"],
        record,
        entry["sets"],
        signed,
        entry["papers"],
        entry["reason"],
        entry["at"],
    )
    return order, Identity(str(person["name"]), person["emails"][0])


def said(session: Session, entry: Entry, dry_run: bool) -> list[str]:
    """Return what stands against an entry; nothing where it was carried out, or would be."""
    order, identity = order_of(session, entry)
    try:
        session.act(order, identity, instant(entry["entered"]), dry_run)
    except Refused as refusal:
        return [f"{each.rule} {each.clauses}: {each.message}" for each in refusal.findings]
    except BadInput as error:
        return [str(error.message)]
    return []


def work(root: Path, chance: Chance, deeds: int) -> tuple[str, int]:
    """Carry out what is legal of some deeds; return the last moment and how many acts stand."""
    moment, done = later(MORNING, 10), 0
    with Session(Desk(root), instant(moment), ADMIN) as session:
        chance.known = frozenset(("K-A0001", "KL2611-A0001"))
        for _number in range(deeds):
            moment = later(moment, 5)
            for entry in chance.entries(session.books, moment):
                if not said(session, entry, dry_run=False):
                    done += 1
                    break
    return moment, done


def test_what_one_clone_refuses_another_refuses(desk: Svcdesk, tmp_path: Path) -> None:
    chance = Chance(7)
    moment, done = work(desk.cwd, chance, 40)
    assert done > 10
    git(tmp_path, "clone", "--quiet", str(desk.cwd), "other")
    now = instant(moment) + timedelta(minutes=1)
    with Session(Desk(desk.cwd), now, ADMIN) as here, Session(Desk(tmp_path / "other"), now, ADMIN) as there:
        there.use_station("A")
        answers = []
        for _number in range(60):
            for entry in chance.entries(here.books, later(moment, 1)):
                answer = said(here, entry, dry_run=True)
                assert said(there, entry, dry_run=True) == answer, entry
                answers.append(bool(answer))
        assert {True, False} <= set(answers)
