"""Desks with a history of any length to verify: a real founding, then legal acts, one commit each."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from heapq import merge
from pathlib import Path

from bench import desks
from bench.desks import OUT
from svcdesk import message
from svcdesk import schema
from svcdesk import yamlio
from svcdesk.clock import instant
from svcdesk.founding import FIRST_PERSON
from svcdesk.founding import Beginning
from svcdesk.founding import found
from svcdesk.ids import path_of
from svcdesk.model import Change
from svcdesk.model import Step
from svcdesk.registers import REGISTERS
from svcdesk.workflow import replay

SIGNED = 1_000
"""Acts in the signed history: git takes some ten milliseconds for each of its signatures."""


def history(commits: int) -> Path:
    """Return a desk whose history has so many commits, made once and kept."""
    root = OUT / f"history-{commits}"
    if not (root / ".git" / "bench-ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        found(root, Beginning("Bench", desks.ZONE, "property", desks.ADMIN), desks.FOUNDED)
        _commit(root, commits - 1)
        (root / ".git" / "bench-ready").touch()
    return root


def signed_history() -> Path:
    """Return a desk with signed acts and the file `signers` by which git believes them."""
    root = OUT / f"history-signed-{SIGNED}"
    if not (root / ".git" / "bench-ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(desks.desk(1_000), root)
        key = root / ".git" / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
        settings = (("gpg.format", "ssh"), ("user.signingkey", f"{key}.pub"), ("commit.gpgsign", "true"))
        for name, value in (*settings, ("gpg.ssh.allowedSignersFile", ".git/signers")):
            desks.git(root, "config", name, value)
        public = Path(f"{key}.pub").read_text("ascii").strip()
        (root / ".git" / "signers").write_text(f'* namespaces="git" {public}\n', "ascii")
        _sign(root, public)
        (root / ".git" / "bench-ready").touch()
    return root


def _sign(root: Path, public: str) -> None:
    from bench.races import LOAN
    from bench.races import svcdesk

    clerk = next(
        each.stem
        for each in sorted(root.glob("records/staff/*.yaml"))
        if desks.CLERK.email in each.read_text("utf-8")
    )
    svcdesk(root, "staff", "add-key", clerk, "--key", public)()
    (root / ".git" / "loans.json").write_text(json.dumps([LOAN] * SIGNED), "utf-8")
    svcdesk(root, "key", "loan", "request", "--from", ".git/loans.json")()


def _commit(root: Path, count: int) -> None:
    policy = desks.git(root, "rev-parse", "main:records/policy").decode().strip()
    pieces: list[bytes] = []
    for number, step in zip(range(count), _steps(count), strict=False):
        who = desks.ADMIN if step.actor == FIRST_PERSON else desks.Identity(*_PEOPLE[step.actor])
        time = instant(step.entered)
        stamp = f"{who.name} <{who.email}> {int(time.timestamp())} {time:%z}"
        words = message.compose(Change((step,)), policy).encode()
        content = yamlio.dump(schema.ordered(step.new.register, step.new.data))
        path = path_of(REGISTERS[step.new.register], step.new.id)
        start = b"from refs/heads/main^0\n" if number == 0 else b""
        pieces.append(f"commit refs/heads/main\nauthor {stamp}\ncommitter {stamp}\n".encode())
        pieces.append(b"data %d\n%s\n" % (len(words), words) + start)
        pieces.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content))
    desks.git(root, "fast-import", "--quiet", given=b"".join(pieces))
    desks.git(root, "reset", "--quiet", "--hard")


_PEOPLE: dict[str, tuple[str, str]] = {}


def _steps(count: int) -> Iterator[Step]:
    """Yield staff and keys as they are entered, then the acts of loans in the order of time."""
    records = desks.records(count)
    fixed: list[Step] = []
    loans: list[list[Step]] = []
    for record in records:
        steps = replay(REGISTERS[record.register], record.id, record.acts)
        if record.register == "key-loan":
            loans.append(steps)
        else:
            fixed += steps
        if record.register == "staff":
            _PEOPLE[record.id] = str(record["name"]), str(record["emails"][0])
    yield from fixed
    yield from merge(*loans, key=_entered)


def _entered(step: Step) -> tuple[float, str]:
    return instant(step.entered).timestamp(), step.new.id
