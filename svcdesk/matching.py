"""The rows of a sheet against the records there are: new, changed, unchanged, left alone, rejected."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import NamedTuple

from svcdesk.clock import instant
from svcdesk.declared import Register
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.errors import SvcdeskError
from svcdesk.mapping import Map
from svcdesk.model import Record
from svcdesk.model import Terms
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.sheet import Row
from svcdesk.sheet import Sheet
from svcdesk.taking import Taken
from svcdesk.taking import Taker
from svcdesk.workflow import replay
from svcdesk.workflow import taken_over

KEPT = ("id", "format", "state", "acts")


class Entry(NamedTuple):
    """A row that opens a record, or changes one that an earlier import has opened."""

    row: int
    taken: Taken
    old: Record | None
    sets: Mapping[str, Any]


@dataclass
class Tally:
    """What became of the rows; `rejected` says why, by the row's number."""

    rows: int = 0
    entries: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    left_alone: list[str] = field(default_factory=list)
    rejected: dict[int, Text] = field(default_factory=dict)
    warnings: int = 0

    def counts(self) -> dict[str, int]:
        """Return how many rows of each kind there were, as the import's record states them."""
        opened = sum(each.old is None for each in self.entries)
        return {
            "rows": self.rows,
            "new": opened,
            "changed": len(self.entries) - opened,
            "unchanged": self.unchanged,
            "left_alone": len(self.left_alone),
            "rejected": len(self.rejected),
        }


class Matcher:
    """Reads one sheet by one map and finds for each row the record that it speaks of."""

    def __init__(self, desk: Desk, plan: Map, sheet: Sheet) -> None:
        self._desk = desk
        self._plan = plan
        self._sheet = sheet
        self._found: dict[tuple[Sequence[str], str, str], str] = {}

    def read(self, advance: Callable[[int], None]) -> Tally:
        """Return what becomes of each row; raises BadInput where the sheet as a whole cannot be trusted."""
        rows = self._sheet.rows()
        taker = Taker(self._plan, next(rows).cells, self._find)
        tally = Tally()
        seen: dict[str, int] = {}
        for row in rows:
            tally.rows += 1
            advance(1)
            try:
                ref = taker.ref(row)
            except BadInput as error:
                tally.rejected[row.number] = error.message
                continue
            self._refuse_second(ref, row, seen)
            try:
                self._sort(row.number, taker.take(row), tally)
            except SvcdeskError as error:
                tally.rejected[row.number] = error.message
        return tally

    def _refuse_second(self, ref: str, row: Row, seen: dict[str, int]) -> None:
        first = seen.setdefault(ref, row.number)
        if first != row.number:
            raise BadInput(
                text(
                    "{file}: {ref} stands in row {first} and again in row {row}; the key has to tell rows apart",
                    file=self._sheet.name,
                    ref=ref,
                    first=first,
                    row=row.number,
                )
            )

    def _find(self, registers: Sequence[str], name: str, value: str) -> str:
        """Return the id for what a cell says: an id or the end of one, or the value of a field."""
        asked = (tuple(registers), name, value)
        if asked not in self._found:
            self._found[asked] = self._search(registers, name, value)
        return self._found[asked]

    def _search(self, registers: Sequence[str], name: str, value: str) -> str:
        if not name:
            return self._desk.resolve(value, registers)
        found = [
            record
            for register in registers
            for record in self._desk.index.where(register, name, value)
            if record.state != "void"
        ]
        if len(found) != 1:
            raise BadInput(
                text(
                    "{count} records of {registers} have {field} {value}; one is needed",
                    count=len(found),
                    registers=Terms(self._desk.registers[each].term for each in registers),
                    field=name,
                    value=value,
                )
            )
        return found[0].id

    def _sort(self, row: int, taken: Taken, tally: Tally) -> None:
        """Say whether a row is new, or what it would do to the record that has its number."""
        found = self._desk.index.where(self._plan.register.name, "ref", taken.ref)
        if not found:
            tally.entries.append(Entry(row, taken, None, taken.sets))
            return
        record = next((each for each in found if taken_over(each.acts)), found[0])
        acts = taken_over(record.acts)
        if not acts:
            tally.left_alone.append(record.id)
            return
        self._refuse_other_time(record, acts[0]["at"], taken)
        before = self._desk.opened(replay(self._plan.register, record.id, acts)[-1].new)
        was = {name: value for name, value in before.data.items() if name not in KEPT}
        sets = completed(self._plan.register, taken.sets, acts[0]["at"])
        if was == sets and before.state == taken.state:
            tally.unchanged += 1
        elif len(acts) < len(record.acts):
            tally.left_alone.append(record.id)
        else:
            gone = {name: None for name in was if name not in sets}
            changed = {name: value for name, value in sets.items() if was.get(name) != value}
            tally.entries.append(Entry(row, taken, record, {**changed, **gone}))

    def _refuse_other_time(self, record: Record, was: str, taken: Taken) -> None:
        if taken.at and instant(taken.at) != instant(was):
            raise BadInput(
                text(
                    "{record} was taken over with the time {was}, not {at}; void it if that was wrong",
                    record=record.id,
                    was=was,
                    at=taken.at,
                )
            )


def completed(register: Register, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Return the fields of a row with those that the book's first form computes from such, and a sheet does not hold.

    So a person with post and department is appointed to it from the row's own event time.
    """
    opening = register.actions[0]
    if opening.completes is None or not set(opening.needs) <= sets.keys():
        return sets
    found = opening.completes(None, sets, at)
    return {**{name: found[name] for name in register.computed if found.get(name) is not None}, **sets}
