"""Two sides of one path, run in turn, so that whatever else the machine does falls on both."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.desks import environment

Run = Callable[[], float]
"""Runs one side once and returns the seconds it took."""


@dataclass(frozen=True, slots=True)
class Race:
    """One line of the table: svcdesk's side, the peer's, and the ratio wanted.

    `faster` turns the ratio round: so many times faster than the peer, instead of at most so many times its
    time; None where no ratio was agreed. Where `warm`, a first round fills caches and is not counted.
    """

    title: str
    peer: str
    target: float | None
    ours: Run
    theirs: Run
    runs: int = 7
    faster: bool = False
    warm: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one path, in seconds."""

    race: Race
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.theirs / self.ours if self.race.faster else self.ours / self.theirs

    @property
    def met(self) -> bool:
        if self.race.target is None:
            return True
        return self.ratio >= self.race.target if self.race.faster else self.ratio <= self.race.target


def measure(race: Race) -> Measured:
    """Run both sides in turn and return the medians."""
    if race.warm:
        race.theirs()
        race.ours()
    rounds = [(race.theirs(), race.ours()) for _ in range(race.runs)]
    return Measured(race, median(each[1] for each in rounds), median(each[0] for each in rounds))


def command(arguments: Sequence[str], folder: Path, ok: Sequence[int] = (0,), **more: str) -> Run:
    """Return a run of one command in a folder, its output thrown away; AssertionError where it fails."""

    def run() -> float:
        begun = time.perf_counter()
        done = subprocess.run(
            arguments,
            cwd=folder,
            env={**environment(), **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        taken = time.perf_counter() - begun
        assert done.returncode in ok, f"{list(arguments[:4])}: {done.stderr.decode()[-300:]}"
        return taken

    return run


def chain(*runs: Run) -> Run:
    """Return a run of several commands one after the other."""
    return lambda: sum(each() for each in runs)
