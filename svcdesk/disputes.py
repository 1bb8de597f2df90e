"""What two sides contradict each other in, and the conflict record that says so. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.contention import CONFLICT
from svcdesk.contention import OPEN
from svcdesk.contention import new_holds
from svcdesk.contention import new_movements
from svcdesk.feeds import Source
from svcdesk.ids import ID
from svcdesk.ids import make_id
from svcdesk.ids import split_id
from svcdesk.model import Act
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.workflow import advance
from svcdesk.workflow import correctable
from svcdesk.workflow import find_action
from svcdesk.workflow import make_act

SERIES = "X"
"""The letter of all conflicts. Only joining opens one, and that is done on one published line, one after the
other: a single series is enough, and a server, which numbers under no letter, comes to the same ids."""

MOST_ACTS = 20
"""Acts that a conflict holds word for word; of more it names record, action, person and commit."""

NOT_OPPOSED = ("right", "dispute")
"""Kinds in which nothing that was published waits for the resolution: who has left, another conflict."""

FORM = ("transition", "times", "footprint")
"""Rules that are broken where others took a record further in the meantime."""


@dataclass
class Dispute:
    """A contradiction: its kind, the published records on the other side, the things at stake, the acts held back."""

    kind: str
    opposing: dict[str, None] = field(default_factory=dict)
    things: dict[str, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    held: list[tuple[str, Step]] = field(default_factory=list)
    """Commit and step."""


def dispute_of(
    steps: Sequence[Step], errors: Sequence[Finding], books: OpenBooks, since: Mapping[str, int]
) -> Dispute:
    """Return the dispute in which steps are that the law refuses, by what was published since."""
    found = _about(steps, errors, books, since)
    found.rules = dict.fromkeys(each.rule for each in errors)
    return found


def _about(
    steps: Sequence[Step], errors: Sequence[Finding], books: OpenBooks, since: Mapping[str, int]
) -> Dispute:
    if all(each.rule == OPEN for each in errors):
        known = {each.id for step in steps for each in books.find(CONFLICT, records=step.new.id)}
        return Dispute("dispute", dict.fromkeys(sorted(known & since.keys())))
    gone_on = dict.fromkeys(each.record for each in errors if each.rule in FORM and each.record in since)
    if gone_on:
        return Dispute("outcome", gone_on)
    for kind, rivals in (("double-claim", _holders), ("overdrawn", _takers)):
        pairs = list(rivals(steps, books, since))
        if pairs:
            others, things = ([each[part] for each in pairs] for part in (1, 0))
            return Dispute(kind, dict.fromkeys(others), dict.fromkeys(things))
    named = dict.fromkeys(each for error in errors for each in _ids(error.message) if each in since)
    twins = [each for each in named if (other := books.get(each)) and other.register == steps[0].new.register]
    register = books.register(steps[0].new.register)
    about_state = {rule.name for rule in register.rules if rule.about == "state"}
    same_name = twins and any(each.rule in about_state for each in errors)
    return Dispute("name" if same_name else "rule", named)


def _holders(steps: Sequence[Step], books: OpenBooks, since: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield each thing that a step gives to somebody, with the published record by which another has it."""
    for step in steps:
        for mine in new_holds(step, books.register(step.new.register)):
            for other in books.holds(mine.thing) if mine.holder else ():
                lasts = other.until is None or instant(mine.since) < instant(other.until)
                if lasts and other.holder and other.record in since and other.record != step.new.id:
                    yield mine.thing, other.record


def _takers(steps: Sequence[Step], books: OpenBooks, since: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield each material of which a step takes more than there is, with the published records that took of it."""
    after = books.changed(step.new for step in steps)
    for step in steps:
        for mine in new_movements(step, books.register(step.new.register)):
            account = mine.material, mine.place, mine.lot
            if mine.quantity < 0 and after.shortage(*account, mine.at) is not None:
                for other in books.movements(mine.material):
                    if other.record in since and other[:3] == account and other.record != step.new.id:
                        yield mine.material, other.record


def _ids(value: object) -> Iterator[str]:
    """Yield the ids of records that a sentence names."""
    if isinstance(value, Text):
        for each in value.values.values():
            yield from _ids(each)
    elif isinstance(value, str) and ID.fullmatch(value):
        yield value


def next_serial(source: Source, month: str) -> int:
    """Return the number that the next conflict of a month gets."""
    parts = (split_id(each.id) for each in source.of(CONFLICT))
    return max((each[3] for each in parts if each and each[1:3] == (month, SERIES)), default=0) + 1


def conflict_of(
    dispute: Dispute, books: OpenBooks, news: Mapping[str, Sequence[Act]], serial: int, by: str, at: str
) -> Record:
    """Return the record of a conflict that somebody found by joining; `news` are the acts of the other side."""
    register = books.register(CONFLICT)
    held = dict.fromkeys(step.new.id for _commit, step in dispute.held)
    opposing = {} if dispute.kind in NOT_OPPOSED else dispute.opposing
    whole = len(dispute.held) <= MOST_ACTS
    rows = {
        "kind": dispute.kind,
        "records": [*held, *(each for each in opposing if each not in held)],
        "held": [_held_row(commit, step, whole) for commit, step in dispute.held],
        "things": list(dispute.things),
        "published": [_row(each, act) for each in dispute.opposing for act in news.get(each, ())],
        "differences": list(_differences(dispute, books)),
        "rules": list(dispute.rules),
    }
    act = make_act("arise", by, at, sets={name: value for name, value in rows.items() if value})
    return advance(register, None, act, make_id(register, at[2:7].replace("-", ""), SERIES, serial))


def _held_row(commit: str, step: Step, whole: bool) -> dict[str, Any]:
    row = _row(step.new.id, step.act) | {"commit": commit}
    return row | {"act": dict(step.act)} if whole else row


def _row(record_id: str, act: Act) -> dict[str, Any]:
    return {"record": record_id, "action": act["action"], "by": act["by"], "at": act["at"]}


def _differences(dispute: Dispute, books: OpenBooks) -> Iterator[dict[str, Any]]:
    """Yield the fields to which the later side gave another value than the one that stands."""
    wanted: dict[str, dict[str, Any]] = {}
    for _commit, step in dispute.held:
        action = find_action(books.register(step.new.register), step.action)
        adds = action.adds if action else ()
        values = {name: value for name, value in step.sets.items() if name not in adds and value is not None}
        wanted.setdefault(step.new.id, {}).update(values)
    for record_id, values in wanted.items():
        record = books.get(record_id)
        fields = correctable(books.register(record.register), record) if record else frozenset()
        for name, value in values.items():
            if record is not None and name in fields and record.get(name) != value:
                stands = {"published": record[name]} if name in record.data else {}
                yield {"record": record_id, "field": name, **stands, "local": value}
