"""People who act by chance at several clones, some of whose clocks are wrong, over a line that breaks."""

from __future__ import annotations

import random
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import Any

from svcdesk import yamlio
from svcdesk.clock import instant
from tests.clones import Clones
from tests.conftest import Result
from tests.conftest import Svcdesk
from tests.conftest import identity
from tests.desks import git
from tests.lines import Line

BEGIN = "2026-11-22T10:00:00+08:00"
KEY = "key add --category machine-room --department engineering"
ASK = "key loan request --borrower S-A0003 --purpose inspection --due +4h --key"
DONE, REFUSED, STORAGE, CONFLICT, ATTENTION = 0, 4, 5, 6, 7
PARTING = 0.15
"""How often somebody syncs after an act."""


@dataclass
class Contest:
    """A thing to which two clones do what cannot both stand; `commits` are what they did, `sides` where."""

    kind: str
    key: str
    sides: list[str] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)
    records: list[str] = field(default_factory=list)


class Clerks:
    """Clones at which people act by chance; `entered` is every act that was acknowledged, by its commit.

    Each clone has a key of its own, on which nobody else acts; on the keys of the contests two clones do.
    """

    def __init__(self, clones: Clones, seed: int, line: Line | None = None) -> None:
        self.clones = clones
        self.line = line
        self.chance = random.Random(seed)
        self.moment = instant(BEGIN)
        self.late = dict.fromkeys(clones.desks, timedelta())
        """How far the clock of a clone is behind."""
        self.entered: dict[str, tuple[str, dict[str, Any]]] = {}
        self.own: dict[str, str] = {}
        self.open: list[Contest] = []
        self.over: list[Contest] = []

    def found(self, contests: int) -> None:
        """Enter the keys, and let every clone know of them."""
        kinds = self.chance.choices(("withdrawn", "field", "name", "lent"), k=contests)
        self.own = {letter: self._key(f"own {letter}") for letter in self.clones.desks}
        self.open = [Contest(kind, self._key(f"shared {number}")) for number, kind in enumerate(kinds)]
        self.in_step()

    def _key(self, name: str) -> str:
        return self._start("A", f"{KEY} --name '{name}' --hook '{name}'", "admin").stdout.split()[0]

    def run(self, rounds: int) -> None:
        """Let everybody act, and sync now and then."""
        for _round in range(rounds):
            for letter in self.clones.desks:
                self.act(letter)
                if self.chance.random() < PARTING:
                    self.sync(letter)

    def in_step(self) -> None:
        """Sync everywhere, over a line that holds, until nobody has anything new."""
        for letter in [*self.clones.desks] * 2:
            self.sync(letter, breaks=False)

    def act(self, letter: str) -> None:
        """Let somebody at a clone do something that comes to his mind; not all of it is allowed."""
        ready = [each for each in self.open if letter not in each.sides]
        if ready and self.chance.random() < 0.2:
            self._contest(letter, max(ready, key=lambda each: len(each.sides)))
        else:
            self._enter(letter, *self._alone(letter))

    def _alone(self, letter: str) -> tuple[str, str]:
        """Return what nobody at another clone can contradict, and who does it."""
        mine = [each for each, key in self._loans(letter) if key == self.own[letter]]
        asking = (f"{ASK} {self.own[letter]}", "clerk")
        if not mine or self.chance.random() < 0.4:
            name = f"{letter} {len(self.entered)}"
            return self.chance.choice([asking, asking, (f"{KEY} --name '{name}' --hook '{name}'", "admin")])
        loan = self.chance.choice(mine)
        return self.chance.choice(
            [
                (f"key loan approve {loan}", "head"),
                (f"key loan refuse {loan} --reason no", "head"),
                (f"key loan withdraw {loan}", "clerk"),
                (f"key loan issue {loan} --as borrower=S-A0003", "clerk"),
                (f"key loan return {loan}", "clerk"),
            ]
        )

    def _loans(self, letter: str) -> Iterator[tuple[str, str]]:
        for commit in self.entered.values():
            record, act = commit
            if record.startswith("KL") and f"-{letter}" in record and act["action"] == "request":
                yield record, act["sets"]["key"]

    def _contest(self, letter: str, contest: Contest) -> None:
        """Take the one side or the other; who knows of the other side already leaves it."""
        second = bool(contest.sides)
        contest.sides.append(letter)
        if second:
            self.open.remove(contest)
            if contest.commits and self._knows(letter, contest.commits[0]):
                return
            self.over.append(contest)
        for line, person in self._side(contest, letter):
            commit = self._enter(letter, line.format(loan=contest.records[-1] if contest.records else ""), person)
            if not commit:
                self.over = [each for each in self.over if each is not contest]
                self.open = [each for each in self.open if each is not contest]
                return
            contest.commits.append(commit)
            contest.records.append(self.entered[commit][0])

    def _side(self, contest: Contest, letter: str) -> list[tuple[str, str]]:
        if contest.kind == "name":
            return [(f"{KEY} --name '{contest.key} at {letter}' --hook 'for {contest.key}'", "admin")]
        if contest.kind == "lent":
            issue = "key loan issue {loan} --as borrower=S-A0003"
            return [(f"{ASK} {contest.key}", "clerk"), ("key loan approve {loan}", "head"), (issue, "clerk")]
        if contest.kind == "withdrawn":
            return [(f"key withdraw {contest.key} --reason 'broken at {letter}'", "admin")]
        return [(f"key change {contest.key} --hook '{contest.key} at {letter}'", "admin")]

    def _knows(self, letter: str, commit: str) -> bool:
        return commit in git(self.clones[letter].cwd, "rev-list", "main").split()

    def _enter(self, letter: str, line: str, person: str) -> str:
        """Enter an act and return its commit; empty where it was refused, by a rule or for the clock."""
        desk = self.clones[letter]
        before = git(desk.cwd, "rev-parse", "main").strip()
        result = self._start(letter, line, person)
        assert result.exit_code in (DONE, REFUSED, ATTENTION), result
        assert result.exit_code != ATTENTION or "set the clock right" in result.stderr, result
        tip = git(desk.cwd, "rev-parse", "main").strip()
        assert (tip != before) is (result.exit_code == DONE)
        if tip == before:
            return ""
        path = git(desk.cwd, "diff-tree", "-r", "--name-only", before, tip).strip()
        record = yamlio.load((desk.cwd / path).read_bytes())
        self.entered[tip] = record["id"], record["acts"][-1]
        return tip

    def sync(self, letter: str, breaks: bool = True) -> None:
        """Sync a clone; where the line breaks, nothing is half done, and some later sync goes on."""
        if self.line is None or not breaks:
            result = self._start(letter, "sync", "admin")
            assert result.exit_code in (DONE, CONFLICT), result
            return
        with self.line.uncertain(self.chance):
            result = self._start(letter, "sync", "admin")
        # Where the clock here is far behind, what others did has yet to come.
        waits = result.exit_code == ATTENTION and "one of the two clocks is wrong" in result.stderr
        assert waits or result.exit_code in (DONE, CONFLICT, STORAGE), result
        assert git(self.clones[letter].cwd, "status", "--porcelain") == ""

    def _start(self, letter: str, line: str, person: str) -> Result:
        desk = self.clones[letter]
        self.moment += timedelta(seconds=self.chance.randint(20, 180))
        desk.now = (self.moment - self.late[letter]).isoformat()
        settings = {"SVCDESK_NOW": desk.now, **identity(person, desk.cwd)}
        return desk.start(shlex.split(line), desk.cwd, settings, "")


def assert_all_there_once(clerks: Clerks) -> None:
    """Hold that each acknowledged act stands in its record once, or is held back once, and is in the history."""
    desk = clerks.clones["A"]
    back = Counter(each["commit"] for record in conflicts(desk) for each in record["held"])
    history = set(git(desk.cwd, "rev-list", "main").split())
    standing = {path.stem: yamlio.load(path.read_bytes())["acts"] for path in desk.cwd.glob("records/*/**/*.yaml")}
    for commit, (record, act) in clerks.entered.items():
        assert commit in history
        assert standing.get(record, []).count(act) + back[commit] == 1, (record, act)


def assert_each_contradiction_is_one_conflict(clerks: Clerks) -> None:
    """Hold that there is a conflict for each contest that two clones fought out, and no other."""
    held = [{each["commit"] for each in record["held"]} for record in conflicts(clerks.clones["A"])]
    fought = [set(each.commits) for each in clerks.over]
    for contest in clerks.over:
        assert sum(not each.isdisjoint(contest.commits) for each in held) == 1, contest
    for each in held:
        assert sum(each <= commits for commits in fought) == 1, each


def conflicts(desk: Svcdesk) -> list[dict[str, Any]]:
    """Return the conflicts as their files hold them."""
    return [yamlio.load(path.read_bytes()) for path in sorted(desk.cwd.glob("records/conflict/**/*.yaml"))]
