"""What verification says of a commit, from good to bad. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from svcdesk.model import Finding
from svcdesk.model import text

LEVELS = ("valid", "consistent", "late", "excepted", "suspect", "unverifiable", "invalid")
"""From good to bad: signed by a key that the books held, and legal; legal but unsigned; legal but admitted
late; illegal or suspect, and excepted by approval; legal, but resting on what was taken back later; not to be
judged, since something is missing; illegal."""

LABELS = {
    "valid": text("valid"),
    "consistent": text("consistent"),
    "late": text("late"),
    "excepted": text("excepted"),
    "suspect": text("suspect"),
    "unverifiable": text("unverifiable"),
    "invalid": text("invalid"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one commit; `findings` gives the reasons for anything worse than consistent."""

    commit: str
    level: str
    records: tuple[str, ...] = ()
    actor: str = ""
    findings: tuple[Finding, ...] = ()

    def place(self, finding: Finding) -> str:
        """Return what one of the findings is about: a record, else a file, else the first record of the commit."""
        return finding.record or finding.path or " ".join(self.records[:1])


def is_worse(level: str, accepted: str) -> bool:
    """Tell whether a verdict is worse than what is accepted."""
    return LEVELS.index(level) > LEVELS.index(accepted)


def worst(levels: Iterable[str]) -> str:
    """Return the worst of these verdicts; valid where there is none."""
    return max(levels, key=LEVELS.index, default=LEVELS[0])
