"""Settings that were weakened, used and restored: each act was legal, and would not have been before or after."""

from __future__ import annotations

from collections.abc import Container
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import NamedTuple

from svcdesk.audit.subject import Subject
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.desk import LAW
from svcdesk.desk import committed
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.judge import judge_act
from svcdesk.judge import judge_step
from svcdesk.model import Finding
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.people import People
from svcdesk.policy import Policy
from svcdesk.reader import Reader
from svcdesk.rules import entered_at
from svcdesk.settings import SETTINGS

WINDOW = "policy-window"
"""What is said of an act that rested on a window."""

LONGEST = timedelta(days=31)
"""A value that has held for longer is the desk's policy, and no window."""

POLICY = "records/policy"
LAST = "9999-12-31T00:00:00+00:00"


@dataclass
class Window:
    """A setting that has another value than before, and the commits that would have been refused before."""

    setting: str
    before: Any
    since: datetime
    relied: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    """commit: the acts in it."""
    people: tuple[People, People] | None = None
    """The staff register as it stands, and as it would by the former value."""


class Former(Policy):
    """A policy in which one setting still has the value that it had."""

    def __init__(self, policy: Policy, setting: str, before: Any) -> None:
        self.__dict__.update(policy.__dict__)
        self._setting = setting
        self._before = before

    def value(self, name: str, at: str) -> Any:
        """Return the value of a setting in force at `at`, of the one setting the value that it had."""
        return self._before if name == self._setting else super().value(name, at)


class Windows:
    """Follows the settings through history; `suspects` names what rested on a window once it is closed."""

    def __init__(self) -> None:
        self._open: list[Window] = []
        self._suspects: dict[str, Finding] = {}

    def standing(self) -> str:
        """Return, in words to compare, which windows are open."""
        return repr([(each.setting, each.before, each.since, list(each.relied)) for each in self._open])

    def suspects(self) -> dict[str, Finding]:
        """Return commit: what is to be said of it."""
        return dict(self._suspects)

    def weigh(self, subject: Subject) -> None:
        """Take a legal commit in before the books go on to it."""
        now = subject.commit.committed
        self._open = [each for each in self._open if now - each.since <= LONGEST]
        for window in self._open:
            if subject.change is not None and self._was_illegal(subject, window):
                window.relied[subject.commit.oid] = subject.steps

    def follow(self, subject: Subject, before: Policy, books: OpenBooks) -> None:
        """Take in how a legal commit changes the policy, which is now that of `books`."""
        for record in subject.found.values():
            if record.register == "policy" and record.state == "approved" and subject.commit.parents:
                self._changed(record["setting"], subject, before, books)

    def _changed(self, setting: str, subject: Subject, former: Policy, books: OpenBooks) -> None:
        before, value = (each.value(setting, LAST) for each in (former, books.policy))
        for window in [each for each in self._open if each.setting == setting]:
            closed = window.before == value
            if closed:
                self._open.remove(window)
            since, until = window.since.isoformat(), subject.commit.committed.isoformat()
            for commit, steps in window.relied.items():
                # Another value than before closes it too for what that does not allow either.
                if not (closed or _newly_illegal(steps, books, setting, before, value)):
                    continue
                message = text(
                    "legal only while {setting} had another value, from {since} to {until}",
                    setting=setting,
                    since=since,
                    until=until,
                )
                self._suspects[commit] = Finding(WINDOW, message)
        if before != value:
            self._open.append(Window(setting, before, subject.commit.committed))

    def _was_illegal(self, subject: Subject, window: Window) -> bool:
        books = subject.books.changed(subject.found.values())
        former = Former(subject.books.policy, window.setting, window.before)
        books.__dict__["policy"] = former
        if window.people is None or window.people[0] is not subject.books.people:
            del books.__dict__["people"]
            window.people = subject.books.people, books.people
        books.__dict__["people"] = window.people[1]
        return any(each.severity == "error" for step in subject.steps for each in judge_step(step, books, LAW))


def _newly_illegal(steps: Sequence[Step], books: OpenBooks, setting: str, before: Any, value: Any) -> bool:
    """Tell whether one value of a setting speaks against acts otherwise than the value before it did."""
    told, tells = (set(_against(steps, books, Former(books.policy, setting, each))) for each in (before, value))
    return not tells <= told


def _against(steps: Sequence[Step], books: OpenBooks, policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield what there is against acts by a policy."""
    after = books.changed(step.new for step in steps)
    after.__dict__["policy"] = policy
    del after.__dict__["people"]
    for step in steps:
        yield from (
            (each.rule, str(each.message)) for each in judge_act(step, after, LAW) if each.severity == "error"
        )


class Version(NamedTuple):
    """A value that a setting was given: when, by which record."""

    entered: datetime
    record: str
    setting: str
    value: Any


def opening(store: Reader, known: str, tip: str) -> str:
    """Return where to begin, so as to see each window that was open at `known` and is closed by `tip`.

    That is `known` itself where there is none such, and empty where history began with one.
    """
    trees = [store.tree(each, POLICY) for each in (known, tip)]
    if trees[0] == trees[1]:
        return known
    stood, stands = ({each.record: each for each in _versions(store, tree)} for tree in trees)
    ordered = sorted(stands.values(), key=lambda each: each[:2])
    changed = {stands[each].setting for each in stands.keys() - stood.keys()}
    opened = [
        since for name in changed for since in _opened([each for each in ordered if each.setting == name], stood)
    ]
    return store.commit_at(min(opened) - timedelta(seconds=1), known) if opened else known


def _opened(versions: Sequence[Version], stood: Container[str]) -> Iterator[datetime]:
    """Yield when a setting came to another value than it had, by what stood, and what came since gave it one more."""
    values = [SETTINGS[versions[0].setting].default, *(each.value for each in versions)]
    for late, closing in enumerate(versions):
        for early, opened in enumerate(versions[:late]):
            within = opened.record in stood and closing.entered - opened.entered <= LONGEST
            if closing.record not in stood and within and values[early] != opened.value != closing.value:
                yield opened.entered


def _versions(store: Reader, tree: str) -> Iterator[Version]:
    """Yield the approved settings below a tree; what somebody forged may be none."""
    for _oid, blob in store.blobs(oid for _path, oid in store.files(tree)):
        with suppress(NeedsAttention, BadInput, LookupError, TypeError, ValueError):
            found = committed("policy", POLICY, blob)
            approved = found.last("approve")
            if found.state == "approved" and approved and found["setting"] in SETTINGS:
                yield Version(instant(entered_at(approved)), found.id, found["setting"], found["value"])
