"""Two histories joined: the acts that came later are replayed by the judge onto what was published first. Pure.

What comes out follows from the two histories, the person who joins them and the moment: whoever asks again,
a server too, comes to the same records. What was published stands; an act that cannot stand beside it
becomes part of a conflict, for a person to resolve. Nothing is reordered and nothing is renamed.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Literal

from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.clock import later_seconds
from svcdesk.contention import claims
from svcdesk.disputes import Dispute
from svcdesk.disputes import dispute_of
from svcdesk.errors import NeedsAttention
from svcdesk.feeds import Source
from svcdesk.hindsight import judge_in_hindsight
from svcdesk.ids import split_id
from svcdesk.judge import Law
from svcdesk.judge import judge
from svcdesk.judge import judge_state
from svcdesk.layered import Layered
from svcdesk.model import Act
from svcdesk.model import Change
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.people import ADMIN
from svcdesk.people import fits
from svcdesk.signing import must_be_signed
from svcdesk.workflow import advance
from svcdesk.workflow import find_action
from svcdesk.workflow import replay

ORGANISING = ("import", "policy", "staff")
"""Registers from which people and policy are read."""

FOR_TWO = ("audit-exception", *ORGANISING)
"""Registers in which two who keep the desk act together."""


@dataclass(frozen=True, slots=True)
class Local:
    """One commit that the published history lacks: its acts as they were made, the leading one first."""

    commit: str
    kind: Literal["act", "import"]
    steps: tuple[Step, ...]
    key: str = ""
    """By which it is signed, as the staff register writes keys."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the acts are replayed onto: the published books, and what came into them since the two parted."""

    source: Source
    since: Mapping[str, int]
    """Each record that was published since: how many acts it had when the two parted."""
    moment: str
    """When the last of it was published."""
    zone: str
    law: Law
    ordered: Callable[[Record], Record]
    """Gives a record the order of its schema."""

    def news(self, record_id: str) -> Sequence[Act]:
        """Return the acts that were published on a record since the two parted."""
        record = self.source.get(record_id) if record_id in self.since else None
        return record.acts[self.since[record_id] :] if record else ()


@dataclass(frozen=True, slots=True)
class Joined:
    """What the published books lack after the replay: records as they stand now, and what is in dispute."""

    records: tuple[Record, ...]
    disputes: tuple[Dispute, ...]


def join(ground: Ground, local: Sequence[Local]) -> Joined:
    """Replay what came later onto what was published first; raises NeedsAttention where that cannot be done.

    Mostly nothing contradicts anything, so each act is judged by itself and the whole once at the end; only
    where the whole is not sound is each act weighed against all that was published.
    """
    for careful in (False, True):
        found = Replay(ground, careful)
        for each in local:
            found.take(each)
        unfit = found.unfit(list(dict.fromkeys([*ground.since, *found.begun])))
        if not unfit:
            records = (found.above.get(each) for each in found.begun)
            return Joined(tuple(each for each in records if each is not None), tuple(found.disputes))
    first = unfit[0]
    raise NeedsAttention(
        text(
            "{record}: {fault}; the two histories cannot be joined", record=first.record, fault=first.message
        )
    )


@dataclass
class Replay:
    """The published books while acts are replayed onto them."""

    ground: Ground
    careful: bool
    begun: dict[str, int] = field(default_factory=dict)
    """Each record that a replayed act changed: how many acts it had before."""
    disputes: list[Dispute] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.above = Layered(self.ground.source, self.ground.law.references)
        self.books = self._open()

    def _open(self) -> OpenBooks:
        law = self.ground.law
        return OpenBooks(self.above, law.registers, self.ground.zone, law.references)

    def take(self, local: Local) -> None:
        """Replay one commit, or hold it back in a dispute."""
        known = next((each for each in self.disputes if self._depends(local, each)), None)
        if known is None:
            steps = self._replayed(local)
            known = self._contradiction(local, steps)
            if known is None:
                self._put([step.new for step in steps])
                for step in steps:
                    self.begun.setdefault(step.new.id, len(step.old.acts) if step.old else 0)
                return
            self.disputes.append(known)
        known.held.extend((local.commit, step) for step in local.steps)

    def _depends(self, local: Local, dispute: Dispute) -> bool:
        """Tell whether a commit goes on with what a dispute holds back, or claims what is at stake in it."""
        law, held = self.ground.law, {step.new.id for _commit, step in dispute.held}
        for step in local.steps:
            referred = {each[1] for each in law.references(step.new.register, step.new.data)}
            missing = {each for each in held & referred if self.above.get(each) is None}
            claimed = claims(step, law.registers[step.new.register])
            if step.new.id in held or missing or not dispute.things.keys().isdisjoint(claimed):
                return True
        return False

    def _replayed(self, local: Local) -> tuple[Step, ...]:
        """Return the steps of a commit as they are when taken now."""
        standing: dict[str, Record] = {}
        steps = []
        for step in local.steps:
            now = standing.get(step.new.id) or self.above.get(step.new.id)
            if step.old is None and now is not None and step.new.id not in standing:
                raise _taken_twice(step, now)
            same = now is step.old or (now and step.old and now.data == step.old.data)
            new = step.new if same else self._advanced(now, step)
            standing[step.new.id] = new
            steps.append(Step(now, step.act, new))
        return tuple(steps)

    def _advanced(self, now: Record | None, step: Step) -> Record:
        register = self.ground.law.registers[step.new.register]
        return self.ground.ordered(advance(register, now, step.act, step.new.id))

    def _put(self, records: Sequence[Record]) -> None:
        for record in records:
            self.above.put(record)
        if any(record.register in ORGANISING for record in records):
            self.books = self._open()
        else:
            self.books.forget()

    def _contradiction(self, local: Local, steps: tuple[Step, ...]) -> Dispute | None:
        """Return the dispute that a commit gives rise to, or None where it stands."""
        for step in steps:
            if step.old is not None and self._rewrites(step):
                return Dispute("field", {step.new.id: None})
        found = judge(Change(steps, local.kind), self.books, self.ground.law, joined=True)
        errors = [each for each in found if each.severity == "error"]
        if errors:
            return dispute_of(steps, errors, self.books, self.ground.since)
        if any(not self._still_entitled(step, local.key) for step in steps):
            actors = dict.fromkeys(step.actor for step in steps if step.actor in self.ground.since)
            return Dispute("right", actors)
        return self._upsets(steps) if self.careful else None

    def _rewrites(self, step: Step) -> bool:
        """Tell whether an act gives a field another value than a published one did, or signs what was corrected."""
        news = self.ground.news(step.new.id)
        register = self.ground.law.registers[step.new.register]
        action = find_action(register, step.action)
        left_out = {*register.computed, *(action.adds if action else ())}
        given = {name: value for act in news for name, value in act.get("sets", {}).items()}
        if any(given.get(name, value) != value for name, value in step.sets.items() if name not in left_out):
            return True
        return bool(step.act.get("signed")) and any(act["action"] == "correct" for act in news)

    def _still_entitled(self, step: Step, key: str) -> bool:
        """Tell whether who acted or signed still could after what was published, where that changed who may."""
        registers = {
            record.register for each in self.ground.since if (record := self.ground.source.get(each))
        }
        register = self.ground.law.registers[step.new.register]
        action = find_action(register, step.action)
        if not registers & {"staff", "policy"} or action is None:
            return True
        moment = later_seconds(max(step.entered, self.ground.moment, key=instant), 1)
        if key not in self.books.keys(step.actor) if key else must_be_signed(step, moment, self.books):
            return False
        alone, still = map(self._keeps_alone, (later_seconds(step.entered, -1), moment))
        if step.new.register in FOR_TWO and alone and not still:
            return False
        needed = [(action.may, step.actor)]
        for entry in step.act.get("signed", ()):
            line = register.line(entry["line"])
            if line is not None and not line.who.customer:
                needed.append((line.who, entry["staff"]))
        return all(fits(who, person, moment, self.books) for who, person in needed)

    def _keeps_alone(self, moment: str) -> bool:
        """Tell whether one alone kept the desk: what he then did by himself is for two as soon as there are."""
        return len(self.books.holders_of((ADMIN,), moment)) < 2

    def _upsets(self, steps: tuple[Step, ...]) -> Dispute | None:
        """Return the dispute with what no longer stands beside a commit, or None."""
        before = [(step.new.id, self.above.get(step.new.id)) for step in steps]
        self._put([step.new for step in steps])
        unfit = self.unfit(self._near(steps))
        if not unfit:
            return None
        for record_id, record in before:
            if record is None:
                self.above.remove(record_id)
            else:
                self.above.put(record)
        self.books = self._open()
        upset = dict.fromkeys(each.record for each in unfit if each.record in self.ground.since)
        return Dispute("rule", upset, rules=dict.fromkeys(each.rule for each in unfit))

    def _near(self, steps: tuple[Step, ...]) -> list[str]:
        """Return the records published since that are, or refer to, what a commit is about."""
        about = {step.new.id for step in steps}
        about |= {wanted for step in steps for wanted in self._referred(step.new)}
        found = []
        for each in self.ground.since:
            record = self.above.get(each)
            if record is not None and (each in about or not about.isdisjoint(self._referred(record))):
                found.append(each)
        return found

    def _referred(self, record: Record) -> Iterator[str]:
        return (each[1] for each in self.ground.law.references(record.register, record.data))

    def unfit(self, records: Sequence[str]) -> list[Finding]:
        """Return what speaks against these records, and against those that refer to what was replayed."""
        known: set[tuple[str, str, str]] | None = None
        found = []
        mentioning = {each.id for begun in self.begun for each in self.above.mentioning(begun)}
        for record_id in [*records, *sorted(mentioning - set(records))]:
            for finding in self._against(record_id, self.above, self.books):
                known = self._known(records) if known is None else known
                if (finding.record, finding.rule, str(finding.message)) not in known:
                    found.append(finding)
        return found

    def _known(self, records: Sequence[str]) -> set[tuple[str, str, str]]:
        """Return what spoke against the published side before anything was replayed."""
        law, source = self.ground.law, self.ground.source
        books = OpenBooks(source, law.registers, self.ground.zone, law.references)
        found = (each for record in records for each in self._against(record, source, books))
        return {(each.record, each.rule, str(each.message)) for each in found}

    def _against(self, record_id: str, source: Source, books: OpenBooks) -> Iterator[Finding]:
        """Yield the errors in a record as it stands, and in the acts that either side has added to it."""
        record, law = source.get(record_id), self.ground.law
        if record is None:
            return
        first = min(
            self.ground.since.get(record_id, len(record.acts)), self.begun.get(record_id, len(record.acts))
        )
        steps = replay(law.registers[record.register], record_id, record.acts)[first:]
        found = [each for step in steps for each in judge_in_hindsight(step, books, law, joined=True)]
        yield from (each for each in [*found, *judge_state(record, books, law)] if each.severity == "error")


def _taken_twice(step: Step, standing: Record) -> NeedsAttention:
    """Return why two records of one number cannot be joined: their clones number under one letter."""
    parts = split_id(step.new.id)
    return NeedsAttention(
        text(
            "{record} stands on both sides: the letter {letter} was claimed by two clones, first by {by};"
            " svcdesk doctor tells the way out",
            record=step.new.id,
            letter=parts[2] if parts else "",
            by=str(standing.acts[0]["by"]),
        )
    )
