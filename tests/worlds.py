"""The desks on which a story is played for forgers: who is who there, and what has which number."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.settings import SETTINGS

LOGINS = ("manager", "engineer", "head", "clerk", "leaver", "sleeper", "boss", "keeper")
"""Whom the story brings to a desk, in the order of their numbers."""


class World:
    """The parts and numbers of the story on a desk: they differ by the letter of the station that numbers them.

    `founder` is the e-mail address of the one who keeps the desk already; so many people and settings have a number
    of this letter before the story begins.
    """

    def __init__(self, letter: str, founder: str, people: int, settings: int) -> None:
        self.letter = letter
        self.founder = founder
        self.admin = "S-A0001"
        staff = list(self._numbers("S", len(LOGINS) + 1, people))
        self.manager, self.engineer, self.head, self.clerk = staff[:4]
        self.leaver, self.sleeper, self.boss, self.keeper, self.new_person = staff[4:]
        self.requested, self.approved, self.returned, self.issued, self.next_loan = self._numbers("KL2611", 5)
        self.key, self.other_key, self.closed_key, self.lent_key, self.free_key = self._numbers("K", 5)
        self.sheet, self.next_sheet = self._numbers("IM2611", 2)
        self.imported, _second, self.next_customer = self._numbers("CU", 3)
        self.handover, self.next_handover = self._numbers("H2611", 2)
        self.duty, self.swap, self.station = map(self.number, ("W2611-*0001", "WS2611-*0001", "ST-*0001"))
        self.in_force = "P-A0001"
        self.proposed, self.next_setting = self._numbers("P", 2, settings)
        self.conflict, self.exception = map(self.number, ("X2611-*0001", "AX-*0001"))
        self.logins = {self.admin: founder.partition("@")[0], **dict(zip(staff, LOGINS, strict=False))}
        self.authors = {each: author(login) for each, login in self.logins.items()}
        self.authors[self.admin] = f"{self.logins[self.admin]} <{founder}>"

    def number(self, name: str) -> str:
        """Return the number of a part of the story, or one given as such, with * for the letter."""
        return str(getattr(self, name)) if name.isidentifier() else name.replace("*", self.letter)

    def _numbers(self, prefix: str, count: int, before: int = 0) -> Iterator[str]:
        return (f"{prefix}-{self.letter}{number:04d}" for number in range(before + 1, before + count + 1))


def author(login: str) -> str:
    """Return the author line of somebody whom the story brings."""
    return f"{login} <{login}@example.org>"


SMALL = World("A", "admin@example.org", 1, len(SETTINGS))
"""The desk that is founded for the story."""
DEMO = World("B", "gao.yuan@tower-a.example", 0, 0)
"""A clone of the demo desk."""
