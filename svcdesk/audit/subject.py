"""A commit as the rules of verification see it: bytes, files, the books of its parent, the acts it holds."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from svcdesk import message
from svcdesk.audit.reading import Seen
from svcdesk.books import OpenBooks
from svcdesk.commits import Commit
from svcdesk.declared import Register
from svcdesk.ids import parse_path
from svcdesk.model import Change
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.sshsig import verify
from svcdesk.workflow import replay

KINDS = ("init", "import", "merge", "upgrade")
"""Values of the trailer `Svcdesk-Action` that name a kind of commit; any other names an action."""


@dataclass(frozen=True)
class Subject:
    """What there is to say something about; `books` are those of the first parent."""

    commit: Commit
    seen: Seen
    books: OpenBooks
    registers: Mapping[str, Register]
    before: str
    """The first parent's tree, empty before the first commit."""
    policy: str
    """The tree of the policy in the first parent."""
    records: str
    """The tree of all records in the first parent."""
    parents: Sequence[datetime]
    """When the parents were committed."""
    now: datetime
    """The moment of the verification: nothing is committed after it."""
    rebuilt: Callable[[], str]
    """Works out the tree that the changes make of the parent's."""
    brought: Callable[[], Sequence[tuple[str, datetime]]]
    """Works out which commits a merge brings to its first parent, and when they were committed."""
    joined: Callable[[], tuple[Mapping[str, str], str]]
    """Works out the files, path to blob, and the message of the merge of both parents."""

    @cached_property
    def trailers(self) -> Mapping[str, str]:
        """What the message says in its trailers; nothing where they are not as svcdesk writes them."""
        return message.parse(self.commit.message)

    @property
    def kind(self) -> str:
        """What kind of commit it says it is."""
        action = self.trailers.get("Svcdesk-Action", "")
        return action if action in KINDS else "act"

    @property
    def named(self) -> list[str]:
        """The records that the message names, the leading one first."""
        return self.trailers.get("Svcdesk-Record", "").split()

    @cached_property
    def places(self) -> Sequence[tuple[str, Register, str]]:
        """The records that the commit changes or takes away: the path of each, its register, its id."""
        return places(self.seen, self.registers)

    @cached_property
    def found(self) -> Mapping[str, Record]:
        """The records that the commit leaves, by path; only those that can be read as such."""
        found = {}
        for path, register, _record_id in self.places:
            read = self.seen.reads.get(path)
            if read is not None and read.data is not None:
                found[path] = Record(register.name, read.data)
        return found

    @cached_property
    def author(self) -> str:
        """The one member of staff to whom the author's address belongs; empty where there is no such one."""
        books = self.books if self.commit.parents else self.after
        email = self.commit.author.email
        # Beyond ASCII, different addresses are the same in small letters.
        people = books.find("staff", emails=email.casefold() if email.isascii() else email)
        found = [each.id for each in people if each.state != "void"]
        return found[0] if len(found) == 1 else ""

    @cached_property
    def key(self) -> str:
        """The key of the author's that made the signature; empty where none did, or where there is none."""
        if self.commit.signature is None or not self.author:
            return ""
        return verify(self.commit.payload, self.commit.signature, self.books.keys(self.author)) or ""

    def old(self, record: Record) -> Record | None:
        """Return the record as the parent holds it."""
        return self.books.get(record.id)

    def added(self, record: Record) -> Sequence[Mapping[str, Any]]:
        """Return the acts that the commit adds to a record; none where it changes what stood before."""
        old = self.old(record)
        before = list(old.acts) if old else []
        return record.acts[len(before) :] if is_same(list(record.acts[: len(before)]), before) else ()

    @cached_property
    def change(self) -> Change | None:
        """The acts of the commit, the leading one first; None where the files or the message give none."""
        steps = [step for record in self.found.values() for step in self._steps(record)]
        place = {record_id: number for number, record_id in enumerate(self.named)}
        steps.sort(key=lambda each: place.get(each.new.id, len(place)))
        if not steps or not place or self.kind in ("merge", "upgrade"):
            return None
        return Change(tuple(steps), self.kind if self.kind in ("init", "import") else "act")  # type: ignore[arg-type]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The acts that the commit adds; none where it holds no change that could be judged."""
        return self.change.steps if self.change else ()

    def _steps(self, record: Record) -> list[Step]:
        acts = self.added(record)
        if len(acts) == len(record.acts):
            return replay(self.registers[record.register], record.id, acts)
        return [Step(self.old(record), acts[0], record)] if len(acts) == 1 else []

    @cached_property
    def after(self) -> OpenBooks:
        """The parent's books in which the commit's records stand as it leaves them."""
        return self.books.changed(self.found.values())


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values are written alike: yes is not 1, and a mapping in another order is another."""
    if one is other or type(one) is not type(other):
        return one is other
    if isinstance(one, dict):
        return list(one) == list(other) and all(is_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


def places(seen: Seen, registers: Mapping[str, Register]) -> list[tuple[str, Register, str]]:
    """Return path, register and id of each record among the files that a commit changes."""
    found = ((each.path, parse_path(each.path, registers)) for each in seen.changes)
    return [(path, *place) for path, place in found if place is not None]
