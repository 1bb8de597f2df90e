"""What must hold of every commit, each claim in one function; the law of the registers is one of them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator

from svcdesk import message
from svcdesk.audit.lateness import LATEST
from svcdesk.audit.lateness import tardy
from svcdesk.audit.reading import RECORDS
from svcdesk.audit.rows import imports_account_for_their_rows
from svcdesk.audit.subject import Subject
from svcdesk.clock import SKEW
from svcdesk.clock import instant
from svcdesk.clock import is_told_in
from svcdesk.contention import is_held
from svcdesk.desk import LAW
from svcdesk.errors import SvcdeskError
from svcdesk.ids import parse_path
from svcdesk.ids import split_id
from svcdesk.judge import judge_form
from svcdesk.judge import judge_state
from svcdesk.judge import judge_step
from svcdesk.model import Finding
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import text
from svcdesk.objects import FILE
from svcdesk.objects import object_id
from svcdesk.rules import entered_at
from svcdesk.workflow import touched

Rule = Callable[[Subject], Iterator[Finding]]

ATTRIBUTES = ".gitattributes"

FOUNDED = ("schemas/", RECORDS)
"""What the first commit holds, beside .gitattributes; later ones change records only."""

FOUNDING = ("staff", "department", "policy", "station")
"""Registers with which a desk is founded; nobody asks there who may do what."""


def bytes_are_those_of_the_name(subject: Subject) -> Iterator[Finding]:
    """The commit is the one that its name stands for, and its tree the one that its files make."""
    if object_id("commit", subject.seen.body) != subject.commit.oid:
        yield Finding("object-id", text("its bytes are not those that its name stands for"))
        return
    if subject.rebuilt() != subject.commit.tree and not list(files_are_plain(subject)):
        yield Finding("object-id", text("its tree is not the one that its files make"))


def one_person_at_one_moment(subject: Subject) -> Iterator[Finding]:
    """Author and committer are one person at one moment."""
    if not subject.commit.is_by_one:
        yield Finding("one-author", text("author and committer are not one person at one moment"))


def time_goes_forward(subject: Subject) -> Iterator[Finding]:
    """A commit is not earlier than its parents: who has lost a post could otherwise act by it once more."""
    latest = max(subject.parents, default=None)
    if latest is not None and subject.commit.committed < latest:
        yield Finding(
            "commit-time",
            text(
                "committed at {at}, before its parent at {parent}",
                at=subject.commit.committed.isoformat(),
                parent=latest.isoformat(),
            ),
        )


def nothing_comes_from_the_future(subject: Subject) -> Iterator[Finding]:
    """A commit is not later than the moment at which it is verified, beyond what clocks may differ."""
    if subject.commit.committed > subject.now + SKEW:
        at = subject.commit.committed.isoformat()
        yield Finding("commit-time", text("committed at {at}, which is still to come", at=at))


def kind_fits_the_place(subject: Subject) -> Iterator[Finding]:
    """The first commit founds the desk and no other does; two histories are joined by a merge and nothing else."""
    expected = {0: ("init",), 1: ("act", "import"), 2: ("merge",)}[len(subject.commit.parents)]
    if subject.kind not in expected:
        yield Finding(
            "kind",
            text("a commit here is {expected}, not {kind}", expected=" | ".join(expected), kind=subject.kind),
        )
    for record in subject.found.values() if not subject.commit.parents else ():
        if record.register not in FOUNDING:
            wrong = text("{record}: a desk is founded before anything else is entered", record=record.id)
            yield Finding("kind", wrong, record=record.id)


def message_agrees_with_the_files(subject: Subject) -> Iterator[Finding]:
    """The message is word for word what the acts in the files make it."""
    if not subject.trailers:
        yield Finding("message", text("its message is not one that svcdesk writes"))
    elif subject.change is not None:
        named, found = subject.named, {each.new.id for each in subject.change.steps}
        if subject.kind == "act" and sorted(named) != sorted(found):
            yield Finding(
                "message",
                text(
                    "it names {named} and changes {found}",
                    named=", ".join(named),
                    found=", ".join(sorted(found)),
                ),
            )
        elif message.compose(subject.change, subject.policy) != subject.commit.message:
            yield Finding("message", text("its message does not say what its files hold"), record=named[0])


def files_are_plain(subject: Subject) -> Iterator[Finding]:
    """A commit adds and changes plain files among the records; none goes, and nothing else is touched."""
    for each in subject.seen.changes:
        if not each.new:
            place = parse_path(each.path, subject.registers)
            gone = text("the record is gone; nothing is ever deleted")
            yield Finding("append-only", gone, record=place[1] if place else "", path=each.path)
        elif each.new_mode != FILE or each.old_mode not in ("", FILE):
            yield Finding(
                "plain-files",
                text("{path}: only plain files belong in a desk", path=each.path),
                path=each.path,
            )
        elif each.path not in subject.seen.reads and not _is_founding(subject, each.path):
            yield Finding("footprint", text("{path}: no act changes it", path=each.path), path=each.path)


def _is_founding(subject: Subject, path: str) -> bool:
    return not subject.commit.parents and (path == ATTRIBUTES or path.startswith(FOUNDED))


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
    for step in _steps(subject):
        action = subject.registers[step.new.register].action(step.action)
        if action is not None and action.by_merge:
            message = text("{action} is for sync to do, where two histories meet", action=action.term)
            yield Finding("by-merge", message, record=step.new.id)


def author_is_the_actor(subject: Subject) -> Iterator[Finding]:
    """The author's address belongs to one member of staff, who is the one that the trailers and the acts name."""
    books = subject.books if subject.commit.parents else subject.after
    name, email = subject.commit.author
    author = books.get(subject.author)
    if author is None:
        yield Finding("author", text("{email} belongs to no member of staff of this desk", email=email))
        return
    if author.state != "active":
        state = Term(author.state, "state", register="staff")
        yield Finding("author", text("{author} is {state} and does not act", author=author.id, state=state))
    namesakes = books.people.named(name)
    if namesakes and author.id not in namesakes:
        wrong = text("{author} commits under the name of {other}", author=author.id, other=namesakes[0])
        yield Finding("author", wrong)
    acting = {subject.trailers.get("Svcdesk-Actor", ""), *(each.actor for each in _steps(subject))}
    for other in sorted(acting - {author.id}):
        yield Finding(
            "author", text("committed by {author} for {other}", author=author.id, other=other or "-")
        )


def signature_is_the_actors(subject: Subject) -> Iterator[Finding]:
    """A signature is made with a key that the books of the parent hold for the author."""
    if subject.commit.signature is not None and not subject.key:
        person = subject.author or subject.commit.author.email
        yield Finding(
            "signature", text("signed, but not with a key that {person} holds by the books", person=person)
        )


def entry_is_the_commit(subject: Subject) -> Iterator[Finding]:
    """An act was entered when it was committed, by the desk's own clock."""
    for step in _steps(subject):
        local = is_told_in(step.entered, subject.books.zone)
        if instant(step.entered) != subject.commit.committed or not local:
            wrong = text(
                "entered at {entered}, committed at {at}",
                entered=step.entered,
                at=subject.commit.committed.isoformat(),
            )
            yield Finding("entry-time", wrong, record=step.new.id)


def touched_records_are_those_declared(subject: Subject) -> Iterator[Finding]:
    """What an act does to other records is in the same commit, is what its action declares, and is all."""
    steps = _steps(subject)
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
    for step in _steps(subject):
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
        yield from _errors(judge_form(step, subject.after, LAW))
    for record in subject.found.values():
        yield from _errors(judge_state(record, subject.after, LAW))


def _errors(findings: list[Finding]) -> Iterator[Finding]:
    return (each for each in findings if each.severity == "error")


def _steps(subject: Subject) -> tuple[Step, ...]:
    return subject.change.steps if subject.change else ()


RULES: tuple[Rule, ...] = (
    bytes_are_those_of_the_name,
    one_person_at_one_moment,
    time_goes_forward,
    nothing_comes_from_the_future,
    kind_fits_the_place,
    files_are_plain,
    files_are_records,
    acts_are_only_added,
    merge_is_what_both_sides_make,
    nothing_joins_too_late,
    conflicts_arise_in_merges,
    author_is_the_actor,
    signature_is_the_actors,
    message_agrees_with_the_files,
    entry_is_the_commit,
    touched_records_are_those_declared,
    imports_account_for_their_rows,
    stamps_name_the_parents_tree,
    numbers_follow_each_other,
    acts_are_legal,
)
"""In the order in which what they find is told."""
