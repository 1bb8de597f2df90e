"""Run the races and print the table: `python -m bench [WORD]...` for those whose title holds one of the words."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import tabulate

from bench import desks
from bench.races import races
from bench.timing import Measured
from bench.timing import measure

HEADINGS = ("path", "svcdesk", "peer", "what the peer is", "ratio", "target", "runs", "met")


def main(words: list[str]) -> int:
    desks.OUT.mkdir(exist_ok=True)
    git = subprocess.run(["git", "version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {git}, seed {desks.SEED}", flush=True)
    found: list[Measured] = []
    try:
        for race in races():
            if not words or any(word in race.title for word in words):
                print(f"{race.title} …", file=sys.stderr, flush=True)
                found.append(measure(race))
    finally:
        # What was measured is told even where a later race breaks off.
        print(tabulate.tabulate([_row(each) for each in found], HEADINGS, disable_numparse=True), flush=True)
    return 0 if all(each.met for each in found) else 1


def _row(each: Measured) -> tuple[str, ...]:
    race = each.race
    ratio = f"{each.ratio:.2f}" + (" x faster" if race.faster else "")
    target = "-" if race.target is None else f"at {'least' if race.faster else 'most'} {race.target:g}"
    yes = "-" if race.target is None else "yes" if each.met else "NO"
    return race.title, _time(each.ours), _time(each.theirs), race.peer, ratio, target, str(race.runs), yes


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
