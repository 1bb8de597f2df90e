"""History replayed: each commit held against the books of its parent by the same judge as the commands."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from svcdesk import commits
from svcdesk.audit.reading import Mirror
from svcdesk.audit.reading import Seen
from svcdesk.audit.reading import seen
from svcdesk.audit.rules import RULES
from svcdesk.audit.rules import Rule
from svcdesk.audit.scene import Scene
from svcdesk.audit.subject import Subject
from svcdesk.audit.verdicts import Verdict
from svcdesk.errors import BadCommit
from svcdesk.ids import parse_path
from svcdesk.model import Finding
from svcdesk.model import Register
from svcdesk.reader import Reader

BEYOND_JUDGEMENT = frozenset(("object-id",))
"""Rules whose breach leaves nothing that could be judged."""


class Verifier:
    """Judges the commits of one desk, parents before children; `scene` stands where history is known."""

    def __init__(
        self,
        store: Reader,
        registers: Mapping[str, Register],
        scene: Scene,
        now: datetime,
        rules: Sequence[Rule] = RULES,
    ) -> None:
        """Take the state of history that `scene` stands on for good; `now` is the moment of the verification."""
        self._store = store
        self._registers = registers
        self._scene = scene
        self._rules = rules
        self._now = now
        self._mirror = Mirror(lambda oid: next(store.blobs([oid]))[1])
        self._times: dict[str, datetime] = {}

    def run(self, tip: str, known: Sequence[str] = ()) -> Iterator[Verdict]:
        """Yield a verdict on each commit up to `tip` that the `known` ones do not hold."""
        for each in seen(self._store, self._registers, tip, known):
            yield self._judge(each)

    def _judge(self, each: Seen) -> Verdict:
        try:
            commit = commits.parse(each.oid, each.body)
        except BadCommit as error:
            self._scene.move(each.oid)
            return Verdict(each.oid, "invalid", findings=(Finding("commit-bytes", error.message),))
        self._times[each.oid] = commit.committed
        self._scene.move(commit.parents[0] if commit.parents else "")
        subject = self._subject(commit, each)
        findings = tuple(finding for rule in self._rules for finding in rule(subject))
        self._enter(subject)
        return Verdict(
            each.oid,
            _level(findings),
            tuple(subject.named),
            subject.trailers.get("Svcdesk-Actor", ""),
            findings,
        )

    def _subject(self, commit: commits.Commit, each: Seen) -> Subject:
        before = self._store.tree(commit.parents[0]) if commit.parents else ""
        entries = {entry.name: entry for entry in self._mirror.entries(before)} if before else {}
        records = entries["records"].oid if "records" in entries else ""
        inner = {entry.name: entry.oid for entry in self._mirror.entries(records)} if records else {}
        return Subject(
            commit,
            each,
            self._scene.books,
            self._registers,
            before,
            inner.get("policy", ""),
            records,
            [self._time(parent) for parent in commit.parents],
            self._now,
            partial(self._mirror.tree, before, each.changes),
        )

    def _time(self, commit: str) -> datetime:
        if commit not in self._times:
            self._times[commit] = self._store.time_of(commit)
        return self._times[commit]

    def _enter(self, subject: Subject) -> None:
        gone = [
            place[1]
            for change in subject.seen.changes
            if change.path not in subject.found
            and (place := parse_path(change.path, self._registers)) is not None
        ]
        self._scene.enter(subject.commit.oid, subject.found.values(), gone)


def _level(findings: Sequence[Finding]) -> str:
    if not findings:
        return "consistent"
    return "unverifiable" if all(each.rule in BEYOND_JUDGEMENT for each in findings) else "invalid"
