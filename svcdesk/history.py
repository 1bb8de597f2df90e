"""History as the business reads it: commits turned back into acts, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
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
from svcdesk.objects import parse_commit
from svcdesk.reader import FileChange
from svcdesk.reader import Logged

COMMIT = re.compile(r"[0-9a-f]{4,40}")
WINDOW = 64
"""Commits whose objects are asked for together."""

MOST_KEPT = 4_096
"""Records that are kept as read: what one commit found, an earlier one has left."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit in the words of the business; `at` and `action` are empty where svcdesk did not write it."""

    commit: str
    author: str
    at: str
    actor: str
    action: str
    records: tuple[str, ...]
    signed: tuple[str, ...]
    merge: bool
    committed: datetime
    steps: tuple[Step, ...]

    @property
    def changed(self) -> list[Changed]:
        """What the leading act changed; nothing in a merge, whose acts are commits of their own."""
        return changes(self.steps[0]) if self.steps and not self.merge else []


class Changed(NamedTuple):
    """A field that an act changed: its name, what it held before (None: nothing), what it holds now."""

    field: str
    old: Any
    new: Any


class Blame(NamedTuple):
    """A field, its value, and the act that set it last."""

    field: str
    value: Any
    act: Act


def changes(step: Step) -> list[Changed]:
    """Return what an act changed, the state first."""
    before: Mapping[str, Any] = step.old.data if step.old else {}
    names = dict.fromkeys(["state", *step.new.data, *before])
    return [
        Changed(name, before.get(name), step.new.get(name))
        for name in names
        if name not in ("id", "format", "acts") and before.get(name) != step.new.get(name)
    ]


def entries(desk: Desk, what: str) -> Iterator[Entry]:
    """Yield history newest first: all of it, one register's, or that of each record whose id ends so."""
    desk.require_history()
    wanted = (
        {_path(desk, each): each.id for each in desk.matching(what)} if _names_records(desk, what) else {}
    )
    logged = desk.store.log_changes(list(wanted) or [f"records/{what}"] * bool(what))
    known: dict[str, Record | None] = {}
    while window := list(islice(logged, WINDOW)):
        commits = _commits(desk, window)
        about = [
            _about(commit, [wanted[change.path] for change in each.changes if change.path in wanted])
            for commit, each in zip(commits, window, strict=True)
        ]
        chosen = [
            _in_order(desk, commit, each.changes, record)[:1]
            for commit, each, record in zip(commits, window, about, strict=True)
        ]
        if len(known) > MOST_KEPT:
            known.clear()
        _read(desk, (change for changes in chosen for change in changes), known)
        for commit, changes, record in zip(commits, chosen, about, strict=True):
            yield _entry(commit, record, _steps(changes, known))


def _names_records(desk: Desk, what: str) -> bool:
    return bool(what) and what not in desk.registers


def _path(desk: Desk, record: Record) -> str:
    return path_of(desk.registers[record.register], record.id)


def _about(commit: Commit, wanted: Sequence[str]) -> str:
    """Return which of the records that are wanted a commit is shown for: the leading one where it is among them."""
    named = message.parse(commit.message).get("Svcdesk-Record", "").split() if len(wanted) > 1 else ()
    return next((each for each in (*named, *wanted) if each in wanted), "")


def _commits(desk: Desk, logged: Iterable[Logged]) -> list[Commit]:
    return [parse_commit(oid, body) for oid, body in desk.store.blobs(each.oid for each in logged)]


def entry_of(desk: Desk, commit: str) -> Entry:
    """Return one commit by the beginning of its id; raises BadInput, UnknownRecord."""
    if not COMMIT.fullmatch(commit):
        raise BadInput(text("{commit} is no commit id", commit=commit))
    for logged in desk.store.log_changes():
        if logged.oid.startswith(commit):
            found = _commits(desk, [logged])[0]
            changes = _in_order(desk, found, logged.changes, "")
            known: dict[str, Record | None] = {}
            _read(desk, changes, known)
            return _entry(found, "", _steps(changes, known))
    raise UnknownRecord(text("no commit of this desk begins with {commit}", commit=commit))


def _entry(commit: Commit, wanted: str, steps: Iterable[Step]) -> Entry:
    trailers = message.parse(commit.message)
    named = trailers.get("Svcdesk-Record", "").split()
    return Entry(
        commit.oid,
        f"{commit.author} <{commit.email}>",
        trailers.get("Svcdesk-At", ""),
        trailers.get("Svcdesk-Actor", ""),
        trailers.get("Svcdesk-Action", ""),
        tuple(dict.fromkeys([*named, wanted] if wanted else named)),
        tuple(trailers.get("Svcdesk-Signed", "").split()),
        len(commit.parents) > 1,
        commit.time,
        tuple(steps),
    )


class _Change(NamedTuple):
    """A record's file in a commit: register, path, the blobs before (empty: none) and after."""

    register: str
    path: str
    old: str
    new: str


def _in_order(desk: Desk, commit: Commit, logged: Iterable[FileChange], wanted: str) -> list[_Change]:
    """Return the records that a commit changed, that wanted or else the leading one first; none at the founding."""
    if not commit.parents:
        return []
    named = message.parse(commit.message).get("Svcdesk-Record", "").split()
    first = f"/{wanted or next(iter(named), '')}.yaml"
    found = []
    for each in sorted(logged, key=lambda each: not each.path.endswith(first)):
        place = parse_path(each.path, desk.registers)
        if place is not None and each.new:
            found.append(_Change(place[0].name, each.path, each.old, each.new))
    return found


def _read(desk: Desk, changes: Iterable[_Change], known: dict[str, Record | None]) -> None:
    """Read the blobs of changes that are not known yet, all in one go; what is no record is known as None."""
    places = {oid: each for each in changes for oid in (each.old, each.new) if oid and oid not in known}
    for oid, blob in desk.store.blobs(places):
        known[oid] = None
        # What a hand has committed may be no record at all; the commit is listed all the same.
        with suppress(NeedsAttention):
            known[oid] = committed(places[oid].register, places[oid].path, blob)


def _steps(changes: Iterable[_Change], known: Mapping[str, Record | None]) -> Iterator[Step]:
    """Yield the change of each record in a commit, as its last act against what its parent held."""
    for each in changes:
        record, before = known[each.new], known.get(each.old)
        if record is not None and (before is not None or not each.old):
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
