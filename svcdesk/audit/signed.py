"""Which acts were signed with a key that was good in their commit's parent, taken in commit by commit."""

from __future__ import annotations

from svcdesk.audit.subject import Subject
from svcdesk.books import Proof
from svcdesk.model import Act


def _none(record: str, act: Act) -> bool:
    return False


class SignedActs:
    """Answers whether an act is signed; `earlier` answers for what lies before where verification begins."""

    def __init__(self, earlier: Proof = _none) -> None:
        self._earlier = earlier
        self.signed: set[str] = set()
        """The acts that are signed, of those taken in."""
        self._under_way: dict[str, bool] = {}

    def look(self, subject: Subject) -> None:
        """Take in the commit that is about to be judged."""
        self._under_way = {_name(each.new.id, each.act): bool(subject.key) for each in subject.steps}
        # Of two acts that read the same, within one second, the later may not pass for the earlier.
        for name, signed in self._under_way.items():
            (self.signed.add if signed else self.signed.discard)(name)

    def __call__(self, record: str, act: Act) -> bool | None:
        """Whether an act on a record is signed by the one who took it."""
        name = _name(record, act)
        if name in self.signed:
            return True
        return False if name in self._under_way else self._earlier(record, act)


class Supposed:
    """Takes every act of earlier commits for signed: where the policy asks, one that is not had been refused."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        """The acts about which this was asked."""

    def __call__(self, record: str, act: Act) -> bool:
        """Suppose that an act is signed, and remember it."""
        self.asked.add(_name(record, act))
        return True


def _name(record: str, act: Act) -> str:
    return f"{record} {sorted(act.items())}"
