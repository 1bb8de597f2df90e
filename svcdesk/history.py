"""History as the business reads it: commits turned back into acts, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any
from typing import NamedTuple

from svcdesk import message
from svcdesk.desk import Desk
from svcdesk.desk import committed
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.errors import UnknownRecord
from svcdesk.ids import parse_path
from svcdesk.ids import path_of
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.objects import Commit

COMMIT = re.compile(r"[0-9a-f]{4,40}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit in the words of the business."""

    commit: str
    author: str
    at: str
    actor: str
    action: str
    records: tuple[str, ...]
    signed: str
    steps: tuple[Step, ...]

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """The fields that the leading act changed: name, old, new."""
        return changes(self.steps[0]) if self.steps else []


class Blame(NamedTuple):
    """A field, its value, and the act that set it last."""

    field: str
    value: Any
    act: Act


def changes(step: Step) -> list[tuple[str, str, str]]:
    """Return what an act changed as (field, old, new), state first."""
    before: Mapping[str, Any] = step.old.data if step.old else {}
    names = dict.fromkeys(["state", *step.new.data])
    return [
        (name, _short(before.get(name)), _short(step.new.get(name)))
        for name in names
        if name not in ("id", "format", "acts") and before.get(name) != step.new.get(name)
    ]


def _short(value: Any) -> str:
    if value is None:
        return "-"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def entries(desk: Desk, what: str) -> Iterator[Entry]:
    """Yield history newest first: all of it, one register's, or one record's."""
    desk.require_history()
    wanted = "" if not what or what in desk.registers else desk.get(what).id
    for commit in desk.store.log(_paths(desk, what)):
        yield _entry(desk, commit, wanted, most=1)


def _paths(desk: Desk, what: str) -> list[str]:
    if not what:
        return []
    if what in desk.registers:
        return [f"records/{what}"]
    record = desk.get(what)
    return [path_of(desk.registers[record.register], record.id)]


def entry_of(desk: Desk, commit: str) -> Entry:
    """Return one commit by the beginning of its id; raises BadInput, UnknownRecord."""
    if not COMMIT.fullmatch(commit):
        raise BadInput(text("{commit} is no commit id", commit=commit))
    for found in desk.store.log():
        if found.oid.startswith(commit):
            return _entry(desk, found)
    raise UnknownRecord(text("no commit of this desk begins with {commit}", commit=commit))


def _entry(desk: Desk, commit: Commit, wanted: str = "", most: int | None = None) -> Entry:
    """Return a commit, at `most` so many of its steps, that of the record wanted or else of the leading one first."""
    trailers = message.parse(commit.message)
    named = trailers.get("Svcdesk-Record", "").split()
    first = wanted or next(iter(named), "")
    return Entry(
        commit.oid,
        f"{commit.author} <{commit.email}>",
        trailers.get("Svcdesk-At", ""),
        trailers.get("Svcdesk-Actor", ""),
        trailers.get("Svcdesk-Action", "?"),
        tuple(dict.fromkeys([*named, first] if first else named)),
        trailers.get("Svcdesk-Signed", ""),
        tuple(islice(_steps(desk, commit, first), most)),
    )


def _steps(desk: Desk, commit: Commit, first: str) -> Iterator[Step]:
    """Yield the change of each record in a commit, as its last act against what its parent held."""
    if not commit.parents:
        return
    parent = commit.parents[0]
    old_tree, new_tree = desk.store.tree(parent, "records"), desk.store.tree(commit.oid, "records")
    changes = desk.store.changes(old_tree, new_tree)
    for path, old, new in sorted(changes, key=lambda each: not each[0].endswith(f"/{first}.yaml")):
        place = parse_path("records/" + path, desk.registers)
        if place is None or not new:
            continue
        blobs = dict(desk.store.blobs([each for each in (old, new) if each]))
        # What a hand has committed may be no record at all; the commit is listed all the same.
        with suppress(NeedsAttention):
            record = committed(place[0].name, path, blobs[new])
            before = committed(place[0].name, path, blobs[old]) if old else None
            yield Step(before, record.acts[-1], record)


def blame_of(record: Record) -> list[Blame]:
    """Return for each field the act that set it last; for a list, the act that added to it last."""
    found: dict[str, Act] = {}
    for act in record.acts:
        for name in act.get("sets", {}):
            found[name] = act
    fields = [name for name in record.data if name in found]
    return [
        Blame("state", record.state, record.acts[-1]),
        *(Blame(name, record[name], found[name]) for name in fields),
    ]
