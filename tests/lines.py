"""A line to a server that breaks: before anything, while objects come, before or after the server has moved."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clones import hook

BREAK = "[ -e {flag} ] && kill -9 $PPID && exit 1"


class Line:
    """The line to one bare repository; how often it broke in which way is in `broken`."""

    def __init__(self, bare: Path, home: Path) -> None:
        self.bare = bare
        self.broken = dict.fromkeys(("away", "receiving", "before", "after"), 0)
        flags = {name: bare / f"{name}.flag" for name in self.broken}
        judged = bare / "hooks/pre-receive"
        rest = judged.read_text("utf-8").partition("\n")[2] if judged.exists() else ""
        hook(bare, "pre-receive", BREAK.format(flag=flags["before"]) + "\n" + rest)
        after = BREAK.format(flag=flags["after"])
        hook(bare, "reference-transaction", f'[ "$1" = committed ] || exit 0\n{after}\nexit 0')
        pack = home / "pack-objects"
        pack.write_text(f'#!/bin/sh\n[ -e {flags["receiving"]} ] || exec "$@"\n"$@" | head -c 300\nkill -9 $PPID\n')
        pack.chmod(0o755)
        with (home / ".gitconfig").open("a") as settings:
            settings.write(f"[uploadpack]\n\tpackObjectsHook = {pack}\n")

    @contextmanager
    def uncertain(self, chance: random.Random) -> Iterator[None]:
        """Let the line break in one of its ways, or hold."""
        name = chance.choice((*self.broken, *["holds"] * 4))
        away = self.bare.with_name("away.git")
        if name == "away":
            self.bare.rename(away)
        elif name != "holds":
            (self.bare / f"{name}.flag").touch()
        yield
        if name == "away":
            away.rename(self.bare)
        elif name != "holds":
            (self.bare / f"{name}.flag").unlink()
        if name in self.broken:
            self.broken[name] += 1
