"""Rules about the joining of two histories."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.audit.lateness import LATEST
from svcdesk.audit.lateness import tardy
from svcdesk.audit.subject import Subject
from svcdesk.errors import SvcdeskError
from svcdesk.ids import parse_path
from svcdesk.model import Finding
from svcdesk.model import text


def merge_is_what_both_sides_make(subject: Subject) -> Iterator[Finding]:
    """A merge holds just what replaying the second history onto the first comes to, conflicts included."""
    if len(subject.commit.parents) < 2:
        return
    try:
        files, words = subject.joined()
    except SvcdeskError as error:
        yield Finding("merge", error.message)
        return
    found = {each.path: each.new for each in subject.seen.changes}
    for path in sorted(path for path in files.keys() | found.keys() if files.get(path) != found.get(path)):
        place = parse_path(path, subject.registers)
        wrong = text("{path}: not what joining the two sides gives", path=path)
        yield Finding("merge", wrong, record=place[1] if place else "", path=path)
    if words != subject.commit.message:
        yield Finding("merge", text("its message does not say what its files hold"))


def nothing_joins_too_late(subject: Subject) -> Iterator[Finding]:
    """A merge brings in nothing that was away for longer than the policy allows."""
    if len(subject.commit.parents) == 2:
        for _commit, found in tardy(subject.brought(), subject.commit.committed, LATEST, subject.books):
            yield found


def conflicts_arise_in_merges(subject: Subject) -> Iterator[Finding]:
    """What only the joining of two histories does is in no act of a person."""
    for step in subject.steps:
        action = subject.registers[step.new.register].action(step.action)
        if action is not None and action.by_merge:
            message = text("{action} is for sync to do, where two histories meet", action=action.term)
            yield Finding("by-merge", message, record=step.new.id)
