"""What the feeds say of some departments at a moment: what is out, what is open, what there is. Pure."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING

from svcdesk.clock import before
from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import instant
from svcdesk.declared import Register
from svcdesk.feeds import Case
from svcdesk.feeds import Hold
from svcdesk.feeds import Late
from svcdesk.feeds import Movement
from svcdesk.feeds import Snapshot
from svcdesk.model import Record

if TYPE_CHECKING:
    from svcdesk.books import OpenBooks

KEEPERS = ("department", "kept_by")
"""Fields by which a thing says whose it is."""


def take(books: OpenBooks, departments: Collection[str], since: str, at: str) -> Snapshot:
    """Return what the feeds say of departments at `at`, and what was learned of before `since` only after it."""
    shot = _Shot(books, frozenset(departments), at)
    holds: list[Hold] = []
    cases: list[Case] = []
    for register, record in shot.unfinished():
        holds += shot.holds_of(register, record)
        cases += shot.cases_of(register, record)
    return Snapshot(
        tuple(sorted(holds, key=lambda each: (each.thing, instant(each.since), each.record))),
        tuple(sorted(cases, key=lambda each: each.record)),
        tuple(shot.stock()),
        tuple(sorted(shot.learned(since), key=lambda each: (instant(each.entered), each.record))),
    )


class _Shot:
    """One snapshot being taken; who stands where in the organisation is asked once a person."""

    def __init__(self, books: OpenBooks, departments: frozenset[str], at: str) -> None:
        self.books = books
        self.departments = departments
        self.at = at
        self._ours: dict[str, bool] = {}

    def unfinished(self) -> Iterator[tuple[Register, Record]]:
        """Yield the records that are neither final nor void, of the registers that feed custody or cases."""
        for register in self.books.registers.values():
            if register.feeds.custody or register.feeds.case:
                for state in register.states:
                    if state not in ("void", *register.final):
                        for record in self.books.find(register.name, state=state):
                            yield register, record

    def holds_of(self, register: Register, record: Record) -> Iterator[Hold]:
        """Yield the things of the departments that a record says are with a member of staff."""
        for hold in register.feeds.custody(record) if register.feeds.custody else ():
            if self._covers(hold) and self._is_staff(hold.holder) and self._is_ours(hold.thing):
                yield hold

    def cases_of(self, register: Register, record: Record) -> Iterator[Case]:
        """Yield a record's case if somebody of the departments owns it."""
        case = register.feeds.case(record) if register.feeds.case else None
        if case is not None and not before(self.at, case.opened) and self._works_here(case.owner):
            yield case

    def stock(self) -> Iterator[Movement]:
        """Yield what there is of each material at each place and lot."""
        totals: dict[tuple[str, str, str], int] = {}
        for each in self._movements():
            if not before(self.at, each.at):
                key = each.material, each.place, each.lot
                totals[key] = totals.get(key, 0) + each.quantity
        for (material, place, lot), quantity in sorted(totals.items()):
            if quantity:
                yield Movement(material, place, lot, quantity, self.at, "")

    def _movements(self) -> Iterator[Movement]:
        for register in self.books.registers.values():
            if register.feeds.ledger:
                for record in self.books.of(register.name):
                    if record.state != "void":
                        yield from register.feeds.ledger(record)

    def learned(self, since: str) -> Iterator[Late]:
        """Yield the acts about the time before `since` that were entered from then on."""
        day, last = day_of(since or self.at), day_of(self.at)
        while since and day <= last:
            for record in self.books.learned_on(day):
                yield from self._late_acts(record, since, day)
            day = day_later(day, 1)

    def _late_acts(self, record: Record, since: str, day: str) -> Iterator[Late]:
        for act in record.acts:
            entered = act.get("entered", "")
            told_now = entered[:10] == day and not before(entered, since)
            if told_now and before(act["at"], since) and self._concerns(record, act["by"]):
                yield Late(record.id, act["action"], act["at"], entered)

    def _concerns(self, record: Record, author: str) -> bool:
        """Tell whether an act is of the departments: by its author, its record, or a thing that it moved."""
        custody = self.books.register(record.register).feeds.custody
        things = (hold.thing for hold in custody(record)) if custody else ()
        return self._works_here(author) or self._keeps(record.data) or any(map(self._is_ours, things))

    def _covers(self, hold: Hold) -> bool:
        ended = hold.until is not None and not before(self.at, hold.until)
        return not ended and not before(self.at, hold.since)

    def _is_staff(self, holder: str) -> bool:
        found = self.books.get(holder) if holder else None
        return found is not None and found.register == "staff"

    def _is_ours(self, thing: str) -> bool:
        if thing not in self._ours:
            found = self.books.get(thing)
            self._ours[thing] = found is not None and self._keeps(found.data)
        return self._ours[thing]

    def _keeps(self, data: Mapping[str, object]) -> bool:
        return any(data.get(name) in self.departments for name in KEEPERS)

    def _works_here(self, person: str) -> bool:
        return bool(self.books.departments(person, self.at) & self.departments)
