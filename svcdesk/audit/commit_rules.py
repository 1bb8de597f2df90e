"""Rules about a commit as git keeps it: its bytes, its time, its place, its files, its message, its author."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk import message
from svcdesk.audit.reading import RECORDS
from svcdesk.audit.subject import Subject
from svcdesk.clock import SKEW
from svcdesk.clock import instant
from svcdesk.clock import is_told_in
from svcdesk.ids import parse_path
from svcdesk.model import Finding
from svcdesk.model import Term
from svcdesk.model import text
from svcdesk.objects import FILE
from svcdesk.objects import object_id
from svcdesk.signing import unsigned_merge

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
    if not list(files_are_plain(subject)) and subject.rebuilt() != subject.commit.tree:
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
    acting = {subject.trailers.get("Svcdesk-Actor", ""), *(each.actor for each in subject.steps)}
    for other in sorted(acting - {author.id}):
        wrong = text("committed by {author} for {other}", author=author.id, other=other)
        by_hand = text("committed by {author} by hand: it does not say who acts", author=author.id)
        yield Finding("author", wrong if other else by_hand)


def signature_is_the_actors(subject: Subject) -> Iterator[Finding]:
    """A signature is made with a key that the parent's books hold for the author; where all sign, a merge has one."""
    commit = subject.commit
    person = subject.author or commit.author.email
    if commit.signature is not None and not subject.key:
        wrong = text("signed, but not with a key that {person} holds by the books", person=person)
        yield Finding("signature", wrong)
    elif len(commit.parents) > 1 and commit.signature is None:
        missing = unsigned_merge(person, commit.committed.isoformat(), subject.books)
        if missing is not None:
            yield Finding("signature", missing)


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


def entry_is_the_commit(subject: Subject) -> Iterator[Finding]:
    """An act was entered when it was committed, by the desk's own clock."""
    for step in subject.steps:
        local = is_told_in(step.entered, subject.books.zone)
        if instant(step.entered) != subject.commit.committed or not local:
            wrong = text(
                "entered at {entered}, committed at {at}",
                entered=step.entered,
                at=subject.commit.committed.isoformat(),
            )
            yield Finding("entry-time", wrong, record=step.new.id)
