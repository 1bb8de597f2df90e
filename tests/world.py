"""The desk that cases are set on, in memory: a founding, people in posts, keys, places, customers."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.books import OpenBooks
from svcdesk.desk import LAW
from svcdesk.founding import Beginning
from svcdesk.founding import founding_steps
from svcdesk.git import Identity
from svcdesk.ids import make_id
from svcdesk.judge import judge
from svcdesk.model import Change
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.registers import REGISTERS
from svcdesk.tree import Tree
from svcdesk.workflow import Order
from svcdesk.workflow import act_of
from svcdesk.workflow import advance
from svcdesk.workflow import touched

FOUNDED = "2026-11-01T08:00:00+08:00"
ZONE = "Asia/Shanghai"
MONTH = "2611"
CASES = Path(__file__).parent / "cases"


class World:
    """Records in memory that acts are played on, judged as the desk would."""

    def __init__(self, records: Iterable[Record], profile: str = "property") -> None:
        self.records = {record.id: record for record in records}
        self.profile = profile

    @property
    def books(self) -> OpenBooks:
        """The books as they stand."""
        return OpenBooks(Tree(self.records.values(), schema.references), REGISTERS, ZONE, schema.references)

    def step(self, entry: Mapping[str, Any]) -> Step:
        """Return the step that an entry of a case comes to, not yet judged."""
        record = self.records.get(entry.get("record", ""))
        register = REGISTERS[record.register if record else entry["register"]]
        order = Order(
            register.name,
            entry["action"],
            record.id if record else "",
            sets=entry.get("sets", {}),
            signed=[
                signature(register, line, who)
                for line, names in entry.get("signed", {}).items()
                for who in listed(names)
            ],
            papers=entry.get("papers", ()),
            reason=entry.get("reason", ""),
            at=entry["at"],
        )
        entered = entry.get("entered", entry["at"])
        known = self.books.known_at(entered)
        act = act_of(order, register, record, entry["by"], entered, known, "0" * 40)
        new = advance(register, record, act, record.id if record else self._next(register))
        return Step(record, act, ordered(new))

    def change(self, step: Step) -> Change:
        """Return a step together with what it does to other records."""
        others = touched(step, REGISTERS, self.books)
        return Change((step, *(Step(each.old, each.act, ordered(each.new)) for each in others)))

    def judge(self, step: Step) -> list[Finding]:
        """Return what the judge says to a step."""
        return judge(self.change(step), self.books, LAW)

    def play(self, entries: Iterable[Mapping[str, Any]]) -> World:
        """Carry entries out one after the other; each must be legal."""
        for entry in entries:
            step = self.step(entry)
            findings = [each for each in self.judge(step) if each.severity == "error"]
            assert not findings, f"{entry}: {[str(each.message) for each in findings]}"
            self.records |= {each.new.id: each.new for each in self.change(step).steps}
        return self

    def copy(self) -> World:
        """Return a world of its own with the same records."""
        return World(self.records.values(), self.profile)

    def _next(self, register: Any) -> str:
        taken = [each for each in self.records.values() if each.register == register.name]
        return make_id(register, MONTH, "A", len(taken) + 1)


def ordered(record: Record) -> Record:
    """Return a record with its fields as its file holds them."""
    return Record(record.register, schema.ordered(record.register, record.data))


def listed(names: Any) -> list[str]:
    """Return one name or several as a list."""
    return names if isinstance(names, list) else [names]


def signature(register: Any, line: str, who: str) -> dict[str, str]:
    """Return a signature as an act holds it."""
    declared = register.line(line)
    kind = "customer" if declared is not None and declared.who.customer else "staff"
    return {"line": line, kind: who}


@cache
def _base(profile: str) -> tuple[Record, ...]:
    beginning = Beginning("World", ZONE, profile, Identity("Admin", "admin@example.org"))
    world = World((), profile)
    for step in founding_steps(beginning, FOUNDED):
        world.records[step.new.id] = step.new
    entries = yamlio.load((CASES / "world.yaml").read_bytes())["entries"]
    return tuple(world.play(entries).records.values())


def base(profile: str = "property") -> World:
    """Return a fresh copy of the world that cases are set on."""
    return World(_base(profile), profile)
