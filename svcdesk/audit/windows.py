"""Settings that were weakened, used and restored: each act was legal, and would not have been before or after."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Any

from svcdesk.audit.subject import Subject
from svcdesk.desk import LAW
from svcdesk.judge import judge_step
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.people import People
from svcdesk.policy import Policy

LONGEST = timedelta(days=31)
"""A value that has held for longer is the desk's policy, and no window."""

LAST = "9999-12-31T00:00:00+00:00"


@dataclass
class Window:
    """A setting that has another value than before, and the commits that would have been refused before."""

    setting: str
    before: Any
    since: datetime
    relied: list[str] = field(default_factory=list)
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
        return repr([(each.setting, each.before, each.since, each.relied) for each in self._open])

    def suspects(self) -> dict[str, Finding]:
        """Return commit: what is to be said of it."""
        return dict(self._suspects)

    def weigh(self, subject: Subject) -> None:
        """Take a legal commit in before the books go on to it."""
        now = subject.commit.committed
        self._open = [each for each in self._open if now - each.since <= LONGEST]
        for window in self._open:
            if subject.change is not None and self._was_illegal(subject, window):
                window.relied.append(subject.commit.oid)

    def follow(self, subject: Subject, before: Policy, after: Policy) -> None:
        """Take in how a legal commit changes the policy."""
        for record in subject.found.values():
            if record.register == "policy" and record.state == "approved" and subject.commit.parents:
                self._changed(record, subject, before, after)

    def _changed(self, record: Record, subject: Subject, former: Policy, latter: Policy) -> None:
        setting = record["setting"]
        before, value = (each.value(setting, LAST) for each in (former, latter))
        for window in [each for each in self._open if each.setting == setting and each.before == value]:
            self._open.remove(window)
            since, until = window.since.isoformat(), subject.commit.committed.isoformat()
            for commit in window.relied:
                message = text(
                    "legal only while {setting} had another value, from {since} to {until}",
                    setting=setting,
                    since=since,
                    until=until,
                )
                self._suspects[commit] = Finding("policy-window", message)
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
        steps = subject.change.steps if subject.change else ()
        return any(each.severity == "error" for step in steps for each in judge_step(step, books, LAW))
