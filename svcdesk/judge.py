"""The one judge: is this change legal? Pure; serves command, check, audit and server alike."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from svcdesk import signing
from svcdesk.books import OpenBooks
from svcdesk.clock import later_seconds
from svcdesk.contention import blocked
from svcdesk.declared import Register
from svcdesk.form import field_term
from svcdesk.form import judge_form
from svcdesk.misfits import Fault
from svcdesk.misfits import misfits
from svcdesk.model import Act
from svcdesk.model import Change
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Terms
from svcdesk.model import text
from svcdesk.right import judge_right
from svcdesk.sealable import Place
from svcdesk.sealed import Envelope
from svcdesk.sealed import parse
from svcdesk.workflow import ENTRY_ACTS
from svcdesk.workflow import advance
from svcdesk.workflow import find_action
from svcdesk.workflow import replay

Faults = Callable[[str, Mapping[str, Any]], Sequence[Fault]]
References = Callable[[str, Mapping[str, Any]], Iterable[tuple[str, str, tuple[str, ...]]]]
Texts = Callable[[str, Mapping[str, Any]], Iterable[Place]]


class Law(NamedTuple):
    """What the judge judges by: the declared registers and their schemas."""

    registers: Mapping[str, Register]
    faults: Faults
    references: References
    texts: Texts = lambda register, values: ()
    """Gives the texts of a form that only some may read."""


def judge(change: Change, books: OpenBooks, law: Law, joined: bool = False) -> list[Finding]:
    """Judge a change against the books as they stood before it; no findings means that it is legal.

    `joined` acts come from another clone: what these books say was not all known there. What such an act
    took down from the books, and its place in the order of entry, is left to the audit of its own commit.
    """
    return [finding for _step, findings in judge_each(change, books, law, joined) for finding in findings]


def judge_each(
    change: Change, books: OpenBooks, law: Law, joined: bool = False
) -> Iterator[tuple[Step, list[Finding]]]:
    """Yield each step of a change with what there is against it."""
    after = books.changed(step.new for step in change.steps)
    for step in change.steps:
        found = judge_shape(step.new, law)
        yield step, found or judge_step(step, after, law, joined)


def judge_step(step: Step, after: OpenBooks, law: Law, joined: bool = False) -> list[Finding]:
    """Judge one step of well-made records by the books in which they stand as changed."""
    found = judge_form(step, law.registers[step.new.register], after, joined)
    return found or [*_judge_whole(step, after, law, joined), *judge_state(step.new, after, law)]


def judge_shape(record: Record, law: Law) -> list[Finding]:
    """Judge a record by its schema, and by its own acts: it must be exactly what they give."""
    faults = law.faults(record.register, record.data)
    found = list(misfits(record, faults))
    return found or _fold(record, law.registers[record.register])


def _fold(record: Record, register: Register) -> list[Finding]:
    folded: Record | None = None
    for act in record.acts:
        if find_action(register, act["action"]) is None:
            message = text(
                "{register} knows no action {action}", register=register.name, action=act["action"]
            )
            return [Finding("known-action", message, record=record.id)]
        folded = advance(register, folded, act, record.id)
    assert folded is not None, "the schema asks for at least one act"
    if folded.data == record.data:
        return []
    wrong = sorted(
        name
        for name in folded.data.keys() | record.data.keys()
        if folded.data.get(name) != record.data.get(name)
    )
    message = text("{fields}: not what the acts give", fields=", ".join(wrong))
    return [Finding("fold", message, record=record.id, field=wrong[0])]


def goes_on(old: Record, acts: Sequence[Act], new: Record, law: Law) -> bool:
    """Tell whether a record, which is what its acts give, becomes just the new one by these acts more."""
    register = law.registers[new.register]
    for act in acts:
        if find_action(register, act["action"]) is None:
            return False
        old = advance(register, old, act, new.id)
    return old.data == new.data


def judge_act(step: Step, books: OpenBooks, law: Law, joined: bool = False) -> list[Finding]:
    """Judge one act: how it is made, and if that is as it should be, by whom and by which rules."""
    return judge_form(step, law.registers[step.new.register], books, joined) or _judge_whole(
        step, books, law, joined
    )


def _judge_whole(step: Step, books: OpenBooks, law: Law, joined: bool) -> list[Finding]:
    """Judge an act that is made as it should be: right, signatures, and the register's act rules."""
    register = law.registers[step.new.register]
    action = find_action(register, step.action)
    assert action is not None, "judge_shape has looked"
    found = [
        *judge_right(step, action, register, books),
        *blocked(step, register, books),
        *_sealed(step, books, law),
    ]
    if step.action not in ENTRY_ACTS:
        found += signing.judge_signatures(step, action, register, books, joined)
        found += act_rules(step, register, books)
    if step.action == "correct" and not found:
        found += _what_follows(step, register, books)
    return found


def _sealed(step: Step, books: OpenBooks, law: Law) -> Iterator[Finding]:
    """Once a desk seals, a text that only some may read is entered sealed, for the field in which it stands."""
    clear: list[str] = []
    for place in law.texts(step.new.register, step.sets):
        envelope = parse(place.value)
        if envelope is None:
            clear.append(place.field)
        elif not _made_for(envelope, place, step.new, books, law):
            message = text("{field}: sealed for another record or field", field=field_term(step, place.field))
            yield Finding("sealed-in-place", message, record=step.new.id, field=place.field)
    # Within the second in which sealing began, the order of acts is not on record.
    if clear and books.setting("sealing", later_seconds(step.entered, -1)):
        for name in dict.fromkeys(clear):
            message = text("{field}: in clear, though this desk seals it", field=field_term(step, name))
            yield Finding("sealed-not-clear", message, record=step.new.id, field=name)


def _made_for(envelope: Envelope, place: Place, record: Record, books: OpenBooks, law: Law) -> bool:
    """Tell whether a sealed text was made for this place, or taken from the one that it was made for."""
    if (envelope.record, envelope.field) == (record.id, place.field):
        return True
    source = books.get(envelope.record) if envelope.record != record.id else None
    return source is not None and any(
        (each.field, each.value) == (envelope.field, place.value)
        for act in source.acts
        for each in law.texts(source.register, act.get("sets", {}))
    )


def act_rules(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """Judge an act by the register's rules about acts of its kind."""
    for rule, weight in books.policy.bindings(step.at).binding(register, "act", step.action):
        for message in rule.test(step, books):
            yield Finding(rule.name, message, rule.clauses, record=step.new.id, severity=weight)


def _what_follows(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """A correction may give nothing that would have been refused at the time: judge the acts as corrected.

    Each corrected value is put into the act that had set it last; what that act and the later ones would
    newly have met, rules and lines, is held against the correction.
    """
    assert step.old is not None, "a correction follows other acts"
    before = list(step.old.acts)
    after = list(before)
    first = len(after)
    for name, value in step.sets.items():
        place = max(number for number, act in enumerate(before) if name in act.get("sets", {}))
        after[place] = {**after[place], "sets": {**after[place]["sets"], name: value}}
        first = min(first, place)
    told = {
        (each.rule, str(each.message))
        for former in replay(register, step.new.id, before)[first:]
        for each in _met(former, register, books)
    }
    for later in replay(register, step.new.id, after)[first:]:
        yield from (
            each for each in _met(later, register, books) if (each.rule, str(each.message)) not in told
        )


def _met(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    action = find_action(register, step.action)
    if action is not None and step.action not in (*ENTRY_ACTS, "correct", "void"):
        yield from signing.judge_lines(step, action, register, books)
        yield from act_rules(step, register, books)


def judge_state(record: Record, books: OpenBooks, law: Law) -> list[Finding]:
    """Judge a record as it stands: its references and the register's state rules."""
    return [*_references(record, books, law), *_standing(record, "state", books, law)]


def judge_open(record: Record, books: OpenBooks, law: Law) -> list[Finding]:
    """Judge what a record may be left with for a while: no act is refused for it, but a check fails."""
    return list(_standing(record, "open", books, law))


def _standing(record: Record, about: str, books: OpenBooks, law: Law) -> Iterator[Finding]:
    if record.state == "void":
        return
    bindings = books.policy.bindings(record.acts[-1]["at"])
    for rule, weight in bindings.binding(law.registers[record.register], about):
        for message in rule.test(record, books):
            yield Finding(rule.name, message, rule.clauses, record=record.id, severity=weight)


def _references(record: Record, books: OpenBooks, law: Law) -> Iterator[Finding]:
    for name, wanted, registers in law.references(record.register, record.data):
        other = books.get(wanted)
        if other is None or other.register not in registers:
            message = text(
                "{field}: there is no {registers} {record}",
                field=Term(name.rpartition(".")[2], "field", name, record.register),
                registers=Terms(law.registers[each].term for each in registers),
                record=wanted,
            )
            yield Finding("reference", message, record=record.id, field=name)
        elif other.state == "void" and record.state not in ("void", *law.registers[record.register].final):
            field = Term(name.rpartition(".")[2], "field", name, record.register)
            message = text("{field}: {record} is void", field=field, record=wanted)
            yield Finding("reference", message, record=record.id, field=name)
