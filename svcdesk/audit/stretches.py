"""A whole history judged in stretches, each on a core of its own, from the books of the commit where it begins.

What a stretch begins with is held against what the one before it came to. Where they differ, none of them
counts, and all is judged in one piece: so no verdict depends on the number of cores.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from itertools import pairwise

from svcdesk.audit.reading import seen
from svcdesk.audit.scene import Scene
from svcdesk.audit.signed import Supposed
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verifying import BEYOND_JUDGEMENT
from svcdesk.audit.verifying import Judged
from svcdesk.audit.verifying import Verifier
from svcdesk.audit.windows import LONGEST
from svcdesk.audit.windows import POLICY
from svcdesk.desk import Desk
from svcdesk.errors import SvcdeskError
from svcdesk.model import Finding
from svcdesk.parallel import at_once
from svcdesk.parallel import cores
from svcdesk.reader import Ancestor
from svcdesk.reader import Reader

SHORTEST = 1_000
"""Commits in a stretch: to read the books at the beginning of a shorter one takes longer than it saves."""

OPENING = 0.1
"""What each commit before a stretch costs it, as a part of what it costs to judge one: the books have to be read."""

TRIED = 50
"""Places that are tried for a cut."""


@dataclass(frozen=True)
class Outcome:
    """What came of one stretch; the first commit of all but the first is the last of the one before."""

    judged: Judged
    begun: str
    """On what its verdicts rest after its first commit."""
    ended: str
    """On what the verdict on the next commit rests."""
    signed: frozenset[str]
    """The acts in it that are signed."""
    supposed: frozenset[str]
    """The earlier acts that it took for signed."""


def judged_in_stretches(desk: Desk, tip: str, now: datetime) -> Iterator[Verdict] | None:
    """Return a verdict on each commit up to `tip`; None where the history cannot be cut, or not with this outcome."""
    if cores() < 2:
        return None
    try:
        line = list(desk.store.line(tip))
        cuts = _cuts(desk.store, line, min(cores(), len(line) // SHORTEST))
        return judged_at(desk, line, cuts, now) if cuts else None
    except (SvcdeskError, EOFError, OSError):
        return None  # whatever is wrong shows again, in the place where it belongs


def judged_at(
    desk: Desk, line: Sequence[Ancestor], cuts: Sequence[int], now: datetime
) -> Iterator[Verdict] | None:
    """Return a verdict on each commit of a history that is cut at these of its places, or None.

    Raises SvcdeskError, EOFError and OSError where a stretch was not judged to its end.
    """
    begins = ["", *(line[each - 1].oid for each in cuts)]
    ends = [line[each].oid for each in (*cuts, -1)]
    stretches = [_Stretch(desk, now, *each) for each in zip(begins, ends, strict=True)]
    outcomes = at_once([each.judge for each in stretches])
    judged = _joined([each.judged for each in outcomes])
    if list(judged.verdicts) != [each.oid for each in line] or not _meet(outcomes):
        return None
    return stretches[-1].verifier.review(judged)


def _cuts(store: Reader, line: Sequence[Ancestor], count: int) -> list[int]:
    """Return the places in history of the commits at which it is cut into so many stretches, or fewer."""
    places = narrow(line) if count > 1 else []
    found = []
    for number in range(1, count):
        wanted, reach = _fair(len(line), number, count), len(line) // count // 4
        near = (each for each in places if abs(each - wanted) <= reach)
        ordered = sorted(near, key=partial(_distance, wanted))
        tried = ordered[:: len(ordered) // TRIED + 1]
        found += [each for each in tried if _is_quiet(store, line, each)][:1]
    return found


def _fair(commits: int, number: int, count: int) -> int:
    """Return where a stretch begins so that all take equally long: later ones are shorter, and read more books."""
    return int(commits * (1 - (1 - OPENING) ** number) / (1 - (1 - OPENING) ** count))


def _distance(wanted: int, place: int) -> int:
    return abs(place - wanted)


def narrow(line: Sequence[Ancestor]) -> list[int]:
    """Return the places at which history can be cut: all of it before the commit there is in its only parent.

    In another second than the parent, since what was known before a second is not read from a tree.
    """
    place = {each.oid: number for number, each in enumerate(line)}
    found, reached = [], len(line)
    for number in range(len(line) - 1, 0, -1):
        reached = min([reached, *(place[each] for each in line[number].parents)])
        if reached == number - 1 and line[number].seconds != line[number - 1].seconds:
            found.append(number)
    return found[::-1]


def _is_quiet(store: Reader, line: Sequence[Ancestor], cut: int) -> bool:
    """Tell whether the policy stood still before a cut for so long that no window can be open there."""
    since = line[cut].seconds - LONGEST.total_seconds()
    before = max(bisect_left(line, since, key=lambda each: each.seconds) - 1, 0)
    return store.tree(line[before].oid, POLICY) == store.tree(line[cut].oid, POLICY)


class _Stretch:
    """The commits after `begin` (empty: from the first on) up to `end`."""

    def __init__(self, desk: Desk, now: datetime, begin: str, end: str) -> None:
        # Processes cannot share the git that serves reads: each starts its own when it first asks.
        self._store = Reader(desk.store.git)
        self._registers = desk.registers
        self._begin = begin
        self._end = end
        self._supposed = Supposed()
        self._scene = Scene(self._store, desk.registers, desk.zone, is_signed=self._supposed if begin else None)
        self.verifier = Verifier(self._store, desk.registers, self._scene, now)

    def judge(self) -> Outcome:
        """Judge the commits by the books at `begin`."""
        self._scene.move(self._begin)
        known = [self._begin] if self._begin else []
        commits = seen(self._store, self._registers, self._end, known)
        opening = self.verifier.judge(islice(commits, 1))
        begun = self.verifier.standing()
        rest = self.verifier.judge(commits)
        return Outcome(
            replace(rest, verdicts={**opening.verdicts, **rest.verdicts}),
            begun,
            self.verifier.standing(),
            frozenset(self._scene.is_signed.signed),
            frozenset(self._supposed.asked),
        )


def _joined(parts: Sequence[Judged]) -> Judged:
    verdicts: dict[str, Verdict] = {}
    late: dict[str, Finding] = {}
    signed: dict[str, str] = {}
    suspects: dict[str, Finding] = {}
    for each in parts:
        verdicts |= each.verdicts
        late |= each.late
        signed |= each.signed
        suspects |= each.suspects
    return Judged(verdicts, late, signed, suspects)


def _meet(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether each stretch begins where the one before it ends, and supposes nothing that is not so."""
    signed: set[str] = set()
    for former, latter in pairwise(outcomes):
        signed |= former.signed
        cut, verdict = next(iter(latter.judged.verdicts.items()))
        if former.ended != latter.begun or former.judged.verdicts[cut] != verdict or not latter.supposed <= signed:
            return False
    # Where objects are not what their names say, what was read depends on where reading began.
    return not any(
        finding.rule in BEYOND_JUDGEMENT
        for outcome in outcomes
        for verdict in outcome.judged.verdicts.values()
        for finding in verdict.findings
    )
