"""Games of people at random: a case to begin with, then deeds, of which the judge lets some pass."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from random import Random

from svcdesk import yamlio
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.clock import later
from svcdesk.desk import LAW
from svcdesk.errors import BadInput
from svcdesk.judge import judge
from svcdesk.model import Act
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from tests.random_acts import Chance
from tests.random_acts import Entry
from tests.world import CASES
from tests.world import World
from tests.world import base

FOLDERS = [sorted(folder.glob("*.yaml")) for folder in sorted(CASES.iterdir()) if folder.is_dir()]


class Play(World):
    """A world that remembers what was accepted and refused on it."""

    def __init__(self, records: Iterable[Record], profile: str) -> None:
        super().__init__(records, profile)
        self.steps: list[Step] = []
        self.refused: list[Step] = []
        self._open: OpenBooks | None = None

    @property
    def fresh(self) -> list[Record]:
        """The records that are not those of the world on which all cases are set."""
        return [each for each in self.records.values() if each.id not in base(self.profile).records]

    @property
    def books(self) -> OpenBooks:
        """The books as they stand, opened once for each act."""
        if self._open is None:
            self._open = super().books
        return self._open

    def judge_by(self, step: Step, books: OpenBooks) -> list[Finding]:
        """Return what the judge says to a step by other books."""
        return judge(self.change(step), books, LAW)

    def attempt(self, entry: Entry) -> bool:
        """Carry an entry out if it is legal, and tell whether it was."""
        try:
            step = self.step(entry)
            found = self.judge(step)
        except BadInput:
            return False
        if any(each.severity == "error" for each in found):
            self.refused.append(step)
            return False
        change = self.change(step)
        self.steps += change.steps
        self.records |= {each.new.id: each.new for each in change.steps}
        self._open = None
        return True


def play(seed: int, deeds: int = 20) -> Play:
    """Return what comes of some deeds after one of the cases."""
    dice = Random(seed)
    case = yamlio.load(dice.choice(dice.choice(FOLDERS)).read_bytes())
    profile = case.get("profile", "property")
    given = [*case.get("given", ()), *([case["when"]] if case["then"] == "none" else ())]
    start = base(profile).play(given)
    game = Play(start.records.values(), profile)
    moments = [case["when"]["at"], *(act.get("entered", act["at"]) for act in acts(start))]
    moment, chance = max(moments, key=instant), Chance(seed)
    for _number in range(deeds):
        moment = later(moment, dice.choice((1, 5, 60, 600)))
        chance.known = frozenset(each.id for each in game.fresh)
        for entry in chance.entries(game.books, moment):
            if game.attempt(entry) and entry["action"] != "sign":
                break
    return game


def acts(world: World) -> Iterator[Act]:
    """Yield every act on a world."""
    return (act for record in world.records.values() for act in record.acts)
