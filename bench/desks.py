"""Desks of any size to measure on: a real founding, then legal acts, the same ones for the same seed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.founding import FIRST_PERSON
from svcdesk.founding import Beginning
from svcdesk.founding import found
from svcdesk.git import Identity
from svcdesk.ids import make_id
from svcdesk.ids import path_of
from svcdesk.model import Record
from svcdesk.registers import REGISTERS
from svcdesk.workflow import Order
from svcdesk.workflow import act_of
from svcdesk.workflow import advance

OUT = Path(__file__).parent / "out"
SEED = 20260105
ZONE = "Asia/Shanghai"
FOUNDED = datetime.fromisoformat("2024-01-01T08:00:00+08:00")
FIRST_LOAN = datetime.fromisoformat("2024-01-02T08:00:00+08:00")
LAST_LOAN = datetime.fromisoformat("2025-12-30T08:00:00+08:00")
NOW = "2026-01-05T09:00:00+08:00"
ADMIN = Identity("Admin", "admin@example.org")
CLERK = Identity("Clerk 1", "person12@example.org")
STILL_OUT = 20  # loans that nobody has brought back, half of them late

POSTS = (
    ("cs-manager", "customer-service", 1),
    ("department-head", "engineering", 9),
    ("cs-assistant", "customer-service", 10),
    ("engineering-staff", "engineering", 20),
)
KEYS = 400
PURPOSES = (
    "inspect the pumps of the drinking water tanks and note their pressure",
    "read the electricity meters of the floor, one by one",
    "let the painter into the corridor on the north side",
    "replace the smoke detectors that failed the quarterly test",
    "检查消防通道和应急照明",
)
CHECKED = {"power_off": True, "doors_locked": True, "windows_shut": True, "unit_locked": True}


def desk(records: int) -> Path:
    """Return a desk with so many records, made once and kept; about one second for a thousand."""
    root = OUT / f"desk-{records}"
    if not (root / ".git" / "bench-ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        found(root, Beginning("Bench", ZONE, "property", ADMIN), FOUNDED)
        _commit(root, _files(records - _committed(root)))
        (root / ".git" / "bench-ready").touch()
    return root


def plain(records: int) -> Path:
    """Return a clone of that desk as git itself sets one up, for git's side of a comparison."""
    root = OUT / f"plain-{records}"
    if not (root / ".git" / "bench-ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        git(OUT, "clone", "--quiet", str(desk(records)), str(root))
        (root / ".git" / "bench-ready").touch()
    return root


@contextmanager
def put_back(root: Path) -> Iterator[None]:
    """Take what is recorded inside back at the end, so that the next run meets the same desk."""
    tip = git(root, "rev-parse", "HEAD").decode().strip()
    try:
        yield
    finally:
        git(root, "reset", "--quiet", "--hard", tip)


def environment() -> dict[str, str]:
    """Return what both sides run in: nobody's own settings, compiled modules kept as an installation has them."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(OUT),
        "LC_ALL": "C.UTF-8",
        "GIT_AUTHOR_NAME": CLERK.name,
        "GIT_AUTHOR_EMAIL": CLERK.email,
        "GIT_COMMITTER_NAME": CLERK.name,
        "GIT_COMMITTER_EMAIL": CLERK.email,
        "SVCDESK_NOW": NOW,
    }


def git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """Run git as a person would and return what it wrote."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment(), input=given, check=True, stdout=subprocess.PIPE
    )
    return done.stdout


def _committed(root: Path) -> int:
    return len(git(root, "ls-files", "records").splitlines()) - 1


def _commit(root: Path, files: Iterator[tuple[str, bytes]]) -> None:
    """Add the files in one commit, then bring the work tree there."""
    when = int(LAST_LOAN.timestamp()) + 86_400
    head = f"commit refs/heads/main\ncommitter {ADMIN.name} <{ADMIN.email}> {when} +0800\n"
    message = b"a desk to measure on\n"
    pieces = [head.encode(), b"data %d\n%s" % (len(message), message), b"from refs/heads/main^0\n"]
    for path, content in files:
        pieces.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content))
    git(root, "fast-import", "--quiet", "--depth=0", given=b"".join(pieces))
    git(root, "reset", "--quiet", "--hard")
    git(root, "status", "--porcelain")


def _files(wanted: int) -> Iterator[tuple[str, bytes]]:
    for record in records(wanted):
        content = yamlio.dump(schema.ordered(record.register, record.data))
        yield path_of(REGISTERS[record.register], record.id), content


def records(wanted: int) -> Iterator[Record]:
    """Yield staff, keys, then as many loans as are missing."""
    people = [_entered("staff", number, each) for number, each in enumerate(_staff(), 2)]
    keys = [_entered("key", number, each) for number, each in enumerate(_keys(), 1)]
    keys = keys[: max(1, min(KEYS, wanted // 5))]
    by_post: dict[str, list[str]] = {}
    for each in people:
        by_post.setdefault(each["post"], []).append(each.id)
    fixed = [*people, *keys]
    loans = _loans(wanted - len(fixed), [each.id for each in keys], by_post)
    yield from (*fixed, *loans)


def _staff() -> Iterator[dict[str, Any]]:
    number = 1
    for post, department, count in POSTS:
        for place in range(1, count + 1):
            number += 1
            name = CLERK.name if number == 12 else f"Person {place} {post}"
            yield {
                "name": name,
                "emails": [f"person{number}@example.org"],
                "post": post,
                "department": department,
            }


def _keys() -> Iterator[dict[str, Any]]:
    for number in range(1, KEYS + 1):
        yield {
            "name": f"Pump room {number}",
            "category": "machine-room",
            "department": "engineering",
            "hook": str(number),
        }


def _entered(register: str, serial: int, sets: Mapping[str, Any]) -> Record:
    name = make_id(REGISTERS[register], "", "A", serial)
    return _played(None, Order(register, "add", sets=sets), FIRST_PERSON, FOUNDED + timedelta(hours=1), name)


def _played(old: Record | None, order: Order, actor: str, at: datetime, name: str = "") -> Record:
    register = REGISTERS[order.register]
    act = act_of(order, register, old, actor, at.isoformat())
    return advance(register, old, act, name)


def _loans(count: int, keys: Sequence[str], people: Mapping[str, Sequence[str]]) -> Iterator[Record]:
    """Yield loans evenly over two years; a key is back long before its turn comes again."""
    chance = random.Random(SEED)
    gap = (LAST_LOAN - FIRST_LOAN) / max(count, 1)
    serials: dict[str, int] = {}
    for number in range(count):
        asked = (FIRST_LOAN + gap * number).replace(microsecond=0)
        month = f"{asked:%y%m}"
        serials[month] = serials.get(month, 0) + 1
        name = make_id(REGISTERS["key-loan"], month, "A", serials[month])
        wanted = {
            "key": keys[number % len(keys)],
            "borrower": chance.choice(people["engineering-staff"]),
            "purpose": f"{chance.choice(PURPOSES)} ({number})",
        }
        span = min(timedelta(minutes=chance.randint(60, 1200)), gap * len(keys) * 0.8)
        actors = chance.choice(people["cs-assistant"]), chance.choice(people["department-head"])
        yield _loan(name, wanted, actors, asked, span, number >= count - STILL_OUT)


def _loan(
    name: str, wanted: dict[str, Any], actors: tuple[str, str], asked: datetime, span: timedelta, out: bool
) -> Record:
    clerk, head = actors
    step = span.total_seconds() // 4
    times = [asked + timedelta(seconds=step * number) for number in range(4)]
    due = times[3] + timedelta(minutes=60)
    asking = Order("key-loan", "request", sets={**wanted, "due": due.isoformat()})
    loan = _played(None, asking, clerk, times[0], name)
    loan = _played(loan, Order("key-loan", "approve"), head, times[1])
    signed = [{"line": "borrower", "staff": wanted["borrower"]}]
    loan = _played(loan, Order("key-loan", "issue", signed=signed), clerk, times[2])
    return loan if out else _played(loan, Order("key-loan", "return", sets=CHECKED), clerk, times[3])
