"""Rules about the records that a commit leaves and the acts that it adds; the law of the registers is one of them."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.audit.subject import Subject
from svcdesk.contention import is_held
from svcdesk.desk import LAW
from svcdesk.errors import SvcdeskError
from svcdesk.form import judge_form
from svcdesk.ids import split_id
from svcdesk.judge import judge_state
from svcdesk.judge import judge_step
from svcdesk.model import Finding
from svcdesk.model import text
from svcdesk.rules import entered_at
from svcdesk.workflow import touched


def files_are_records(subject: Subject) -> Iterator[Finding]:
    """Every file is a record by the schemas, in canonical form, and just what its acts give."""
    for read in subject.seen.reads.values():
        yield from read.findings


def acts_are_only_added(subject: Subject) -> Iterator[Finding]:
    """A commit adds one act to each record that it changes, and touches nothing that stood before."""
    if len(subject.commit.parents) > 1:
        return
    for path, record in subject.found.items():
        added = subject.added(record)
        if not added:
            wrong = text("acts were changed; an act adds to the end and touches nothing else")
        elif len(added) > 1 and subject.commit.parents:
            wrong = text("{count} acts in one commit; each act is a commit of its own", count=len(added))
        else:
            continue
        yield Finding("append-only", wrong, record=record.id, path=path)


def touched_records_are_those_declared(subject: Subject) -> Iterator[Finding]:
    """What an act does to other records is in the same commit, is what its action declares, and is all."""
    steps = subject.steps
    if subject.kind != "act" or not steps:
        return
    leading, others = steps[0], steps[1:]
    named = {each for _, each, _ in LAW.references(leading.new.register, leading.sets)}
    opened = [each for each in others if each.old is None and each.new.id in named]
    try:
        expected = [
            (each.new.id, each.act)
            for step in (leading, *opened)
            for each in touched(step, subject.registers, subject.books)
        ]
    except SvcdeskError as error:
        yield Finding("touches", error.message)
        return
    given = [(each.new.id, each.act) for each in others if each not in opened]
    missing, beside = (
        text("{record}: {action} belongs to the act and is not in it"),
        text("{record}: {action} does not belong to the act and is in it"),
    )
    for sentence, acts, against in ((missing, expected, given), (beside, given, expected)):
        for record, act in acts:
            if (record, act) not in against:
                wrong = text(sentence.template, record=record, action=act["action"])
                yield Finding("touches", wrong, record=record)


def stamps_name_the_parents_tree(subject: Subject) -> Iterator[Finding]:
    """An act that takes down in which tree it found the books names its parent's."""
    for step in subject.steps:
        action = subject.registers[step.new.register].action(step.action)
        if action and action.stamps and step.sets.get(action.stamps) != subject.records:
            wrong = text("{field}: not the tree of its parent", field=action.stamps)
            yield Finding("stamp", wrong, record=step.new.id)


def numbers_follow_each_other(subject: Subject) -> Iterator[Finding]:
    """A new record takes the next number of its book, under a letter that a station has claimed."""
    if len(subject.commit.parents) > 1:
        return
    for record in subject.found.values():
        parts = split_id(record.id)
        if parts is None or subject.old(record) is not None:
            continue
        letter, serial = parts[2], parts[3]
        previous = f"{record.id[: record.id.rindex(letter) + len(letter)]}{serial - 1:04d}"
        taken = subject.after.get(previous) is not None or is_held(previous, subject.after)
        if serial < 1 or (serial > 1 and not taken):
            yield Finding(
                "serial-gap",
                text("{record}: {previous} is not taken yet", record=record.id, previous=previous),
                record=record.id,
            )
        if all(each.state != "claimed" for each in subject.after.find("station", letter=letter)):
            yield Finding(
                "station",
                text("{record}: no station has claimed {letter}", record=record.id, letter=letter),
                record=record.id,
            )
        entered = entered_at(record.acts[0])
        if parts[1] and parts[1] != entered[2:4] + entered[5:7]:
            wrong = text("{record}: it was entered at {entered}, in another month", record=record.id, entered=entered)
            yield Finding("serial-month", wrong, record=record.id)


def acts_are_legal(subject: Subject) -> Iterator[Finding]:
    """Every act is legal by the books of the parent: transition, right, signatures, every rule of the register."""
    change = subject.change
    if change is None:
        if len(subject.commit.parents) < 2:
            yield Finding("act", text("it holds no act"))
        return
    if subject.commit.parents:
        for step in change.steps:
            yield from _errors(judge_step(step, subject.after, LAW))
        return
    for step in change.steps:
        yield from _errors(judge_form(step, LAW.registers[step.new.register], subject.after))
    for record in subject.found.values():
        yield from _errors(judge_state(record, subject.after, LAW))


def _errors(findings: list[Finding]) -> Iterator[Finding]:
    return (each for each in findings if each.severity == "error")
