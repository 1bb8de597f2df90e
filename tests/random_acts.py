"""Acts at random for the properties: on any register, with fields by its schema, most such as a person might enter."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from random import Random
from typing import Any

from svcdesk import schema
from svcdesk.books import OpenBooks
from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import later
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.fields import Field
from svcdesk.model import Record
from svcdesk.people import fits
from svcdesk.registers import REGISTERS
from svcdesk.workflow import COMMON
from svcdesk.workflow import allowed_from
from svcdesk.workflow import correctable

Entry = dict[str, Any]
"""What one person enters, as `World.step` reads it."""

LEFT_ALONE = ("audit-exception", "conflict", "department", "erasure", "import", "policy", "station")
"""Registers in which nothing is entered at random: what holds of all others rests on them."""
WORDS = {
    "department": ("customer-service", "engineering", "security", "cleaning", "reception"),
    "kept_by": ("customer-service", "security"),
    "post": ("duty-person", "cs-assistant", "security-guard", "receptionist"),
    "shift": ("early", "middle", "night", "day"),
    "item": ("work surface", "handover book", "rounds", "lighting"),
    "hook": ("7", "8", "9"),
    "lot": ("L1", "L2"),
    "period": ("2026-10", "2026-11", "2026-Q4"),
    "month": ("2026-10", "2026-11"),
    "points": ("0.5", "2"),
}
"""field: texts that mean something there."""
SHAPES = {"commit": "0" * 40, "money": "12.50", "clock": "12:00"}
NUMBERS = (0, 1, 1, 1, 2, 5, 20, 200)
MINUTES = (-600, -60, -10, 0, 0, 30, 240, 1440)
DAYS = (-1, 0, 0, 0, 1, 2)


class Chance:
    """What people enter next, drawn from one seed; ids that are `known` are chosen more often than others."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.known: frozenset[str] = frozenset()

    def entries(self, books: OpenBooks, moment: str) -> Iterator[Entry]:
        """Yield what may be tried at a moment: signatures that an act needs, then the act, by several people."""
        register, record, action = self._deed(books)
        late = self.dice.choice((0, 0, 0, 0, 30, 300))
        times = {"at": later(moment, -late), "entered": moment}
        entry: Entry = {"register": register.name, "action": action.name, "reason": "so it was", **times}
        if record is not None:
            entry["record"] = record.id
        entry["sets"] = self._form(register, record, action, books, moment)
        entry["papers"] = [{"kind": kind, "number": "7"} for kind in action.papers]
        signs = register.line(action.signs)
        rights = [action.may, *([signs.who] if signs else ())]
        people = self._actors(rights, record, books, moment)
        if record is not None:
            yield from self._signatures(register, record, action, books, entry, people)
        if action.name == "sign":
            return
        entry["signed"] = self._attested(register, record, action, books, moment)
        for person in people:
            yield {**entry, "by": person}

    def _deed(self, books: OpenBooks) -> tuple[Register, Record | None, Action]:
        """Choose what is done: something on a record that is there, or a new one."""
        registers = [each for name, each in REGISTERS.items() if name not in LEFT_ALONE]
        everything = [each for register in registers for each in books.of(register.name)]
        records = [each for each in everything if each.state != "void"]
        fresh = [each for each in records if each.id in self.known] or records
        if self.dice.random() < 0.75 and records:
            record = self.dice.choice(fresh if self.dice.random() < 0.8 else records)
            register = REGISTERS[record.register]
            own = [each for each in register.actions if not each.creates and allowed_from(each, record.state)]
            if own and self.dice.random() < 0.8:
                return register, record, self.dice.choice(own)
            return register, record, self.dice.choices(COMMON, (5, 2, 4, 0))[0]
        near = [each for each in registers if each.area in {REGISTERS[one.register].area for one in fresh}]
        register = self.dice.choice(near if self.dice.random() < 0.7 else registers)
        return register, None, self.dice.choice([each for each in register.actions if each.creates])

    def _form(
        self, register: Register, record: Record | None, action: Action, books: OpenBooks, moment: str
    ) -> Entry:
        fields = schema.fields(register.name)
        names = [*action.needs, *(each for each in action.takes if self.dice.random() < 0.4)]
        if action.name == "correct" and record is not None:
            names = self.dice.sample(sorted(correctable(register, record)) or ["state"], 1)
        form = {name: self._value(fields[name], books, moment) for name in names}
        return {name: value for name, value in form.items() if value is not None}

    def _value(self, field: Field, books: OpenBooks, moment: str) -> Any:
        if field.type != "array":
            return self._scalar(field, field.type, field.format, books, moment)
        if field.items is None:
            entry = self._scalar(field, field.item_type, field.item_format, books, moment)
            return None if entry is None else [entry]
        chosen = [each for each in field.items.values() if each.required or self.dice.random() < 0.5]
        row = {each.name: self._value(each, books, moment) for each in chosen}
        return [{name: value for name, value in row.items() if value is not None}]

    def _scalar(self, field: Field, kind: str, shape: str, books: OpenBooks, moment: str) -> Any:
        if field.ref:
            return self._id(field.ref, books)
        if field.enum:
            return self.dice.choice(field.enum)
        if kind == "boolean":
            return self.dice.random() < 0.8
        if kind == "integer" or shape == "quantity":
            return self.dice.choice(NUMBERS)
        if shape == "time":
            return later(moment, self.dice.choice(MINUTES))
        if shape == "date":
            return day_later(day_of(moment), self.dice.choice(DAYS))
        fixed = {
            "commit": "0" * 40,
            "money": "12.50",
            "clock": "12:00",
            "email": f"p{self.dice.randrange(99)}@example.org",
        }
        return fixed.get(shape) or self.dice.choice(WORDS.get(field.name, ("some words",)))

    def _id(self, registers: Sequence[str], books: OpenBooks) -> str | None:
        found = [each.id for name in registers for each in books.of(name) if each.state != "void"]
        fresh = [each for each in found if each in self.known]
        return self.dice.choice(fresh if fresh and self.dice.random() < 0.7 else found) if found else None

    def _actors(
        self, rights: Sequence[Who], record: Record | None, books: OpenBooks, moment: str
    ) -> list[str]:
        """Return some who may act: those whom the record names first, and somebody who perhaps may not."""
        staff = [each.id for each in books.of("staff") if each.state == "active"]
        fit = [each for each in staff if all(fits(who, each, moment, books) for who in rights)]
        near = [each for each in fit if record is not None and each in str(record.data)]
        chosen = [*self.dice.sample(near, min(len(near), 3)), *self.dice.sample(fit, min(len(fit), 3))]
        return list(dict.fromkeys([*chosen, self.dice.choice(staff)]))

    def _signatures(
        self,
        register: Register,
        record: Record,
        action: Action,
        books: OpenBooks,
        entry: Entry,
        people: list[str],
    ) -> Iterator[Entry]:
        """Yield the signing of the lines that an act needs, each by somebody who may."""
        wanted = action.lines if action.name != "sign" else [each.name for each in register.lines]
        for name in wanted:
            line = register.line(name)
            if line is None or line.who.customer or record.signatures(name):
                continue
            fit = [each for each in people if fits(line.who, each, entry["entered"], books)]
            staff = [
                each.id for each in books.of("staff") if fits(line.who, each.id, entry["entered"], books)
            ]
            for signer in [*fit[:2], *self.dice.sample(staff, min(len(staff), 2))]:
                rest = {"sets": {}, "papers": [], "signed": {name: signer}, "by": signer}
                yield {**entry, "action": "sign", **rest}

    def _attested(
        self, register: Register, record: Record | None, action: Action, books: OpenBooks, moment: str
    ) -> dict[str, list[str]]:
        """Return who signs the lines that somebody else may attest: those whom the record names first."""
        lines = [line for name in (*action.lines, action.signs) if (line := register.line(name))]
        found = {}
        for line in (each for each in lines if each.assurance == "attested"):
            book = "customer" if line.who.customer else "staff"
            everybody = [each.id for each in books.of(book)]
            fit = [each for each in everybody if line.who.customer or fits(line.who, each, moment, books)]
            near = [each for each in fit if record is not None and each in str(record.data)]
            chosen = near if near and self.dice.random() < 0.8 else fit
            found[line.name] = self.dice.sample(chosen, min(line.count, len(chosen)))
        return found
