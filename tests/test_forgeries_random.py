"""Acts put together by chance from what a desk holds: whatever they are, the judge has an answer."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from svcdesk import schema
from svcdesk.books import OpenBooks
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.desk import LAW
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.judge import judge_shape
from svcdesk.judge import judge_step
from svcdesk.model import Record
from svcdesk.registers import REGISTERS
from svcdesk.tree import Tree
from svcdesk.workflow import COMMON
from svcdesk.workflow import make_act
from svcdesk.workflow import touched
from tests.forgeries import world
from tests.forgeries.world import template as template
from tests.forging import stepped

ACTS = 1_500
LITTLE: Mapping[str, Sequence[Any]] = {
    "integer": (0, 1, -5),
    "boolean": (True, False),
    "array": ([],),
    "time": (world.NOW, "2026-11-25T18:00:00+08:00"),
    "date": ("2026-11-22",),
    "money": ("5.00",),
}
"""type or format of a field: what it might hold where the desk has no example."""


class Chance:
    """Draws acts on the records of a desk."""

    def __init__(self, records: Sequence[Record], books: OpenBooks, seed: int) -> None:
        self.random = Random(seed)
        self.records = records
        self.books = books
        self.values: dict[tuple[str, str], list[Any]] = {}
        for record in records:
            for act in record.acts:
                for name, value in act.get("sets", {}).items():
                    self.values.setdefault((record.register, name), []).append(value)

    def value(self, register: str, name: str) -> Any:
        """Draw what a field might hold: what one holds, one of its words, something that it refers to, nothing."""
        field = schema.fields(register)[name]
        little = LITTLE.get(field.format) or LITTLE.get(field.type) or ("x",)
        known = self.values.get((register, name), little)
        named = [each.id for each in self.records if each.register in (field.ref or ())]
        return self.random.choice([self.random.choice(each) for each in (known, field.enum, named) if each] + [None])

    def sets(self, register: Register, action: Action, old: Record | None) -> Mapping[str, Any]:
        """Draw a form, completed as the action would where that can be done at all."""
        known = [each for each in schema.fields(register.name) if each != "state"]
        wanted = [each for each in action.fields if each in action.needs or self.random.random() < 0.6]
        names = wanted if action.fields else self.random.sample(known, min(len(known), 3))
        form = {name: self.value(register.name, name) for name in names if self.random.random() < 0.95}
        try:
            return form | dict(action.completes(old, form, world.NOW)) if action.completes else form
        except (LookupError, TypeError, BadInput):
            return form

    def act(self) -> tuple[str, Record | None, Mapping[str, Any]]:
        """Draw an act: on which record, as it stands, and what is done."""
        register = self.random.choice(list(REGISTERS.values()))
        action = self.random.choice([*register.actions, *COMMON])
        there = [each for each in self.records if each.register == register.name]
        old = self.random.choice(there) if there and not (action.creates and action.fields) else None
        staff = [each.id for each in self.records if each.register == "staff"]
        signed = [{"line": each.name, "staff": self.random.choice(staff)} for each in register.lines]
        act = make_act(
            action.name,
            self.random.choice(staff),
            self.random.choice([world.NOW, "2026-11-22T11:00:00+08:00"]),
            entered=world.NOW,
            sets=self.sets(register, action, old),
            signed=[each for each in signed if self.random.random() < 0.5],
            ends=list(action.ends),
            reason=self.random.choice(["", "why"]),
        )
        return old.id if old else f"{register.prefix}{'2611' * register.dated}-A9999", old, act


@pytest.fixture
def records(template: Path) -> Sequence[Record]:
    desk = Desk(template)
    found = [record for name in REGISTERS for record in desk.index.of(name)]
    desk.store.close()
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_judge_has_an_answer_to_any_act(records: Sequence[Record], seed: int) -> None:
    books = OpenBooks(Tree(records, schema.references), REGISTERS, "Asia/Shanghai", schema.references)
    books.in_order = True
    chance = Chance(records, books, seed)
    judged = 0
    for _ in range(ACTS):
        try:
            step = stepped(*chance.act())
        except TypeError:
            continue  # what no list can take: a file with such an act never gets past its schema
        if not judge_shape(step.new, LAW):
            judged += 1
            judge_step(step, books.changed([step.new]), LAW)
            list(touched(step, REGISTERS, books))
    assert judged > ACTS / 10
