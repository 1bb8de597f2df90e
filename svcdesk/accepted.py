"""What a server has judged and let in: main stands on it, unless somebody moved it by other means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from svcdesk.durable import save
from svcdesk.reader import Reader

FILE = "svcdesk/accepted"
COMMITS = re.compile(r"(?:[0-9a-f]{40}\n){1,2}")


def keep_accepted(folder: Path, commits: Sequence[str]) -> None:
    """Remember what main stood on and what was let in onto it, at most two commits that were judged.

    A hook ends before main moves, and not always to what it let in: so the next holds main's tip against both.
    What cannot be written costs the next push a verification.
    """
    with suppress(OSError):
        save(folder / FILE, "".join(f"{each}\n" for each in commits if each).encode("ascii"))


def judged_up_to(store: Reader, tip: str) -> str:
    """Return the last commit up to `tip` that is known to have been judged; empty where none is."""
    known = _accepted(store.git.git_dir)
    if tip in known:
        return tip
    return next((each for each in reversed(known) if store.exists(each) and store.holds(tip, each)), "")


def _accepted(folder: Path) -> list[str]:
    with suppress(OSError, UnicodeDecodeError):
        written = (folder / FILE).read_text("ascii")
        return written.split() if COMMITS.fullmatch(written) else []
    return []
