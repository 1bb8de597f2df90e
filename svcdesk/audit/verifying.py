"""History replayed: each commit held against the books of its parent by the same judge as the commands."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from functools import partial

from svcdesk import commits
from svcdesk import message
from svcdesk.audit.lateness import LATE
from svcdesk.audit.lateness import tardy
from svcdesk.audit.mirror import Mirror
from svcdesk.audit.reading import Seen
from svcdesk.audit.reading import seen
from svcdesk.audit.reviewing import compromised
from svcdesk.audit.reviewing import reviewed
from svcdesk.audit.rules import RULES
from svcdesk.audit.rules import Rule
from svcdesk.audit.scene import Scene
from svcdesk.audit.subject import Subject
from svcdesk.audit.subject import places
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.windows import Windows
from svcdesk.declared import Register
from svcdesk.errors import BadCommit
from svcdesk.errors import BadInput
from svcdesk.errors import StorageFailed
from svcdesk.joining import recompute
from svcdesk.model import Finding
from svcdesk.model import text
from svcdesk.objects import object_id
from svcdesk.reader import Reader

BEYOND_JUDGEMENT = frozenset(("object-id",))
"""Rules whose breach leaves nothing that could be judged."""


STUMBLES = (ArithmeticError, AttributeError, BadInput, LookupError, RecursionError, TypeError, ValueError)
"""What may come of a shape that nobody expects."""

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
"""When a commit was made whose bytes do not say it: what follows is held to no time by it."""


@dataclass(frozen=True)
class Judged:
    """What judging commits came to, in the order of history; what later ones say of earlier ones is not in it yet."""

    verdicts: Mapping[str, Verdict]
    late: Mapping[str, Finding]
    """commit: how late it joined."""
    signed: Mapping[str, str]
    """commit: the key that signed it."""
    suspects: Mapping[str, Finding]
    """commit: on which window of the policy it rests."""


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
        self._places: dict[str, tuple[str, datetime]] = {}
        """commit: its tree and its time."""
        self._windows = Windows()
        self._late: dict[str, Finding] = {}
        self._signed: dict[str, str] = {}
        """commit: the key that signed it; in the order of history."""

    def run(self, tip: str, known: Sequence[str] = ()) -> Iterator[Verdict]:
        """Yield a verdict on each commit up to `tip` that the `known` ones do not hold.

        What later commits may still say something about comes last.
        """
        yield from self.review(self.judge(seen(self._store, self._registers, tip, known)))

    def judge(self, commits: Iterable[Seen]) -> Judged:
        """Judge these commits, which go on from where the last ones ended."""
        verdicts = {each.oid: self._judge(each) for each in commits}
        return Judged(verdicts, self._late, self._signed, self._windows.suspects())

    def standing(self) -> str:
        """Return, in words to compare, all on which the verdict on the next commit rests."""
        return f"{self._scene.standing()} {self._windows.standing()}"

    def review(self, judged: Judged) -> Iterator[Verdict]:
        """Yield the verdicts in the light of all that is known by now."""
        stolen = compromised(judged.signed, self.compromised())
        for oid, verdict in judged.verdicts.items():
            doubts = [each[oid] for each in (stolen, judged.suspects) if oid in each]
            yield self.reviewed(verdict, doubts, judged.late.get(oid))

    def reviewed(self, verdict: Verdict, doubts: Sequence[Finding], late: Finding | None = None) -> Verdict:
        """Return the verdict on a commit in the light of these doubts and of the exceptions known by now."""
        return reviewed(verdict, late, doubts, self._scene.books)

    def compromised(self) -> Mapping[str, Sequence[str]]:
        """Return key: the last commits that were surely its owner's, for each declared compromised so far."""
        return dict(self._scene.books.people.compromised())

    def _judge(self, each: Seen) -> Verdict:
        try:
            commit = commits.parse(each.oid, each.body)
        except BadCommit as error:
            self._scene.move(each.oid)
            wrong = Finding("commit-bytes", error.message)
            return Verdict(each.oid, "invalid", tuple(_ids(places(each, self._registers))), findings=(wrong,))
        self._places[each.oid] = commit.tree, commit.committed
        self._scene.move(commit.parents[0] if commit.parents else "")
        subject = self._subject(commit, each)
        self._scene.is_signed.look(subject)
        for step in subject.steps:
            self._scene.known_before(step.entered)
        findings = tuple(_asked(self._rules, subject))
        if not findings:
            self._windows.weigh(subject)
        before = self._scene.books.policy
        self._enter(subject)
        self._signed[each.oid] = subject.key
        if not findings:
            self._windows.follow(subject, before, self._scene.books)
        if len(commit.parents) == 2:
            with suppress(*STUMBLES):  # a policy that was forged has its own verdict
                self._late |= dict(tardy(subject.brought(), commit.committed, LATE, subject.books))
        level = _level(findings) if findings else "valid" if subject.key else "consistent"
        return Verdict(each.oid, level, self._records(subject), subject.author, findings)

    def _subject(self, commit: commits.Commit, each: Seen) -> Subject:
        parents = [self._place(parent) for parent in commit.parents]
        before = parents[0][0] if parents else ""
        records = self._mirror.folder(before, "records")
        return Subject(
            commit,
            each,
            self._scene.books,
            self._registers,
            before,
            self._mirror.folder(records, "policy"),
            records,
            [time for _, time in parents],
            self._now,
            partial(self._mirror.tree, before, each.changes),
            partial(self._brought, commit),
            partial(self._joined, commit),
        )

    def _place(self, commit: str) -> tuple[str, datetime]:
        if commit not in self._places:
            self._places[commit] = self._store.tree(commit), self._time(commit)
        return self._places[commit]

    def _brought(self, commit: commits.Commit) -> list[tuple[str, datetime]]:
        first, second = commit.parents
        try:
            return self._store.brought(second, first)
        except StorageFailed:
            return []  # one of them says no time that anybody understands; it has its own verdict

    def _time(self, commit: str) -> datetime:
        try:
            return self._store.time_of(commit)
        except StorageFailed:
            return EARLIEST

    def _joined(self, commit: commits.Commit) -> tuple[Mapping[str, str], str]:
        """Join both parents anew; by whom and when, the merge says itself."""
        first, second = commit.parents
        by = message.parse(commit.message).get("Svcdesk-Actor", "")
        scene = self._scene
        merge = recompute(self._store, scene.records, scene.zone, first, second, by, commit.committed)
        return {path: object_id("blob", body) for path, body in merge.files.items()}, merge.message

    def _records(self, subject: Subject) -> tuple[str, ...]:
        """Return the records that a commit changes, first those that it names; where it changes none, what it names."""
        changed = _ids(subject.places)
        return tuple([each for each in subject.named if each in changed] or changed or subject.named)

    def _enter(self, subject: Subject) -> None:
        gone = [record_id for path, _, record_id in subject.places if path not in subject.found]
        commit, records = subject.commit, list(subject.found.values())
        self._scene.enter(commit.oid, commit.committed, records, gone)


def _asked(rules: Sequence[Rule], subject: Subject) -> list[Finding]:
    """Ask the rules; what somebody forged may have a shape that none expects, and that is no end of the audit.

    What a rule has found stays, should it stumble later.
    """
    found: list[Finding] = []
    for rule in rules:
        try:
            for each in rule(subject):
                found.append(each)
        except STUMBLES as error:
            wrong = text("it cannot be judged: {error}", error=f"{type(error).__name__} {error}")
            found.append(Finding("act", wrong))
    return found


def _ids(found: Iterable[tuple[str, Register, str]]) -> list[str]:
    return [record_id for _path, _register, record_id in found]


def _level(findings: Sequence[Finding]) -> str:
    return "unverifiable" if all(each.rule in BEYOND_JUDGEMENT for each in findings) else "invalid"
