"""The pin: which history this clone has verified last; what a server shows later has to extend it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from svcdesk.durable import save
from svcdesk.errors import Violation
from svcdesk.model import text
from svcdesk.reader import Reader

FILE = "svcdesk/pin.json"
EVIDENCE = "svcdesk/evidence"


class Pin(NamedTuple):
    """The first commit of a desk's history, by which a desk is known, and the last one that was verified."""

    genesis: str
    tip: str


def read_pin(git_dir: Path) -> Pin | None:
    """Return what this clone has pinned, or None where it has verified nothing yet; raises Violation."""
    path = git_dir / FILE
    try:
        kept = json.loads(path.read_bytes())
        return Pin(str(kept["genesis"]), str(kept["tip"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        message = text("the pin in {path} cannot be read; restore it from a backup", path=FILE)
        raise Violation(message) from error


def write_pin(git_dir: Path, pin: Pin) -> None:
    """Remember what was verified; raises OSError."""
    save(git_dir / FILE, json.dumps(pin._asdict()).encode("ascii"))


def first_of(store: Reader, tip: str) -> str:
    """Return the first commit of a history, along first parents."""
    found = store.git.run("rev-list", "--first-parent", "--max-parents=0", "--end-of-options", tip)
    return found.decode("ascii").strip()


def hold_to_pin(store: Reader, pin: Pin, tip: str) -> None:
    """Raise Violation where `tip` does not extend the pinned history; both heads are kept as evidence."""
    if store.extends(tip, pin.tip):
        return
    missing = store.between(tip, pin.tip)
    lost = missing[0] if missing else pin.tip
    _keep_evidence(store, pin, tip, lost)
    raise Violation(
        text(
            "the server's history {tip} does not extend {pin}, which this clone has verified:"
            " {lost} ({subject}) is lost or rewritten; both are kept in .git/{folder}",
            tip=tip[:12],
            pin=pin.tip[:12],
            lost=lost[:12],
            subject=store.commit_of(lost).message.partition("\n")[0],
            folder=EVIDENCE,
        )
    )


def _keep_evidence(store: Reader, pin: Pin, tip: str, lost: str) -> None:
    """Write down both heads, and hold them by refs so that git's own cleaning spares them."""
    folder = store.git.git_dir / EVIDENCE
    folder.mkdir(parents=True, exist_ok=True)
    told = {**pin._asdict(), "shown": tip, "first_lost": lost}
    save(folder / f"{pin.tip[:12]}-{tip[:12]}.json", json.dumps(told, indent=2).encode("ascii"))
    for head in (pin.tip, tip):
        store.git.run("update-ref", f"refs/svcdesk/evidence/{head}", head)
