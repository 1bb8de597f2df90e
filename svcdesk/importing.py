"""Taking a sheet over: one act on the book of imports, the records that it touches, one commit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.clock import stamp
from svcdesk.contents import FIELD
from svcdesk.contents import contents
from svcdesk.desk import LAW
from svcdesk.errors import BadInput
from svcdesk.errors import Refused
from svcdesk.ids import path_of
from svcdesk.judge import judge
from svcdesk.judge import judge_each
from svcdesk.judge import judge_shape
from svcdesk.mapping import Map
from svcdesk.matching import Entry
from svcdesk.matching import Matcher
from svcdesk.matching import Tally
from svcdesk.matching import completed
from svcdesk.model import Change
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.people import fits
from svcdesk.session import Session
from svcdesk.sheet import Sheet
from svcdesk.taking import together
from svcdesk.workflow import COMMON
from svcdesk.workflow import Order
from svcdesk.workflow import act_of
from svcdesk.workflow import advance
from svcdesk.workflow import make_act

BOOK = "import"
MAY_IMPORT = next(each.may for each in COMMON if each.name == BOOK)


@dataclass(frozen=True, slots=True)
class Result:
    """What an import came to; `record` is its entry in the book of imports, None where nothing was recorded."""

    tally: Tally
    record: Record | None
    commit: str = ""


class Importer:
    """Takes one sheet over by one map within one session; raises BadInput, Refused."""

    def __init__(self, session: Session, plan: Map, map_digest: str, sheet: Sheet) -> None:
        self.session = session
        self.plan = plan
        self.sheet = sheet
        self.tally = Tally()
        self._map_digest = map_digest
        self._misshapen: dict[int, Text] = {}
        self._actor, self._identity = session.actor()
        self._entered = stamp(session.now, session.desk.zone)
        self._book = session.desk.register(BOOK)
        self._batch = session.next_ids(self._book, session.now)[0]

    def run(self, dry_run: bool = False, progress: Callable[[int], None] = lambda _count: None) -> Result:
        """Read, judge and record; on a dry run read and judge only.

        Where two people keep the desk, the first run records a proposal, and the run after a second person
        has signed it takes the rows over.
        """
        self._refuse_stranger()
        self.tally = Matcher(self.session.desk, self.plan, self.sheet).read(progress)
        proposal = self._proposal()
        if proposal is not None:
            self._batch = proposal.id
        steps, files = self._standing(progress)
        if proposal is not None and proposal.get(FIELD) != contents(steps):
            raise self._refusal([_otherwise(proposal)])
        if dry_run or not steps:
            return Result(self.tally, None)
        if proposal is None and self._second_needed():
            leading, steps, files = self._leading("propose", None, steps, {}), [], {}
        else:
            leading = self._leading("carry-out" if proposal else "load", proposal, steps, files)
        self._pass(leading)
        change = Change((leading, *steps), "import" if steps else "act")
        commit = self.session.record(change, self._identity, self.session.now, files)
        return Result(self.tally, leading.new, commit)

    def _refuse_stranger(self) -> None:
        """Refuse whoever may not import before a row is read; raises Refused."""
        if not fits(MAY_IMPORT, self._actor, self._entered, self.session.books):
            posts = " | ".join(MAY_IMPORT.posts)
            message = text(
                "{actor} may not {action}; it needs {posts}", actor=self._actor, action=BOOK, posts=posts
            )
            raise self._refusal([Finding("import-right", message)])

    def _refusal(self, findings: Sequence[Finding]) -> Refused:
        return Refused(text("{register}: import is refused", register=self.plan.register.name), findings)

    def _second_needed(self) -> bool:
        return len(self.session.books.holders_of(MAY_IMPORT.posts, self._entered)) > 1

    def _pass(self, leading: Step) -> None:
        """Let the judge look at what accounts for the rows; raises Refused."""
        findings = judge(Change((leading,)), self.session.books, LAW)
        refusals = [each for each in findings if each.severity == "error"]
        if refusals:
            raise self._refusal(refusals)

    def _proposal(self) -> Record | None:
        """Return the proposal of exactly this sheet, map and register that still waits."""
        found = self.session.books.find(BOOK, source=self.sheet.digest, map=self._map_digest)
        name = self.plan.register.name
        return next((each for each in found if each.state == "proposed" and each["book"] == name), None)

    def _standing(self, progress: Callable[[int], None]) -> tuple[list[Step], dict[str, bytes]]:
        """Return steps and files of the rows that stand; a row that cannot is rejected, and the rest judged anew."""
        while True:
            steps = self._steps()
            files: dict[str, bytes] = {}
            against = self._against(steps, progress)
            for step, entry in zip(steps, self.tally.entries, strict=True):
                try:
                    files[path_of(self.plan.register, step.new.id)] = yamlio.dump(step.new.data)
                except BadInput as error:
                    against.setdefault(entry.row, error.message)
            if not against:
                return steps, files
            self.tally.rejected |= against
            self.tally.entries = [each for each in self.tally.entries if each.row not in against]

    def _against(self, steps: Sequence[Step], progress: Callable[[int], None]) -> dict[int, Text]:
        """Return by row all that stands against it, and count what is only a warning."""
        rows = {step.new.id: entry.row for step, entry in zip(steps, self.tally.entries, strict=True)}
        leading = self._leading("load", None, (), {})
        against = dict(self._misshapen)
        self.tally.warnings = 0
        for step, findings in judge_each(Change((leading, *steps), "import"), self.session.books, LAW):
            progress(1)
            errors = [each for each in findings if each.severity == "error"]
            if step is not leading:
                self.tally.warnings += len(findings) - len(errors)
                if errors:
                    against[rows[step.new.id]] = together([each.message for each in errors])
        return against

    def _steps(self) -> list[Step]:
        self._misshapen = {}
        opened = sum(each.old is None for each in self.tally.entries)
        names = iter(self.session.next_ids(self.plan.register, self.session.now, opened))
        return [self._step(each, each.old.id if each.old else next(names)) for each in self.tally.entries]

    def _step(self, entry: Entry, record_id: str) -> Step:
        at = self._entered if entry.old else entry.taken.at or self._entered
        act = make_act(
            "import",
            self._actor,
            at,
            entered=self._entered,
            sets=entry.sets if entry.old else completed(self.plan.register, entry.sets, at),
            ref=entry.taken.ref,
            source={"import": self._batch, "row": entry.row},
            state=entry.taken.state,
        )
        return self._sealed(entry.row, self._finished(entry.old, act, self.plan.register.name, record_id))

    def _leading(
        self, action: str, old: Record | None, steps: Sequence[Step], files: Mapping[str, bytes]
    ) -> Step:
        """Return the step on the book of imports that accounts for the rows."""
        opened = [step.new.id for step in steps if step.old is None]
        sets: dict[str, Any] = {
            "book": self.plan.register.name,
            "file": self.sheet.name,
            "source": self.sheet.digest,
            "map": self._map_digest,
            **self.tally.counts(),
            FIELD: contents(steps),
        }
        if opened and action != "propose":
            sets |= {"first": opened[0], "last": opened[-1]}
        if action != "propose":
            sets["digest"] = self._digest(files)
        act = act_of(Order(BOOK, action, sets=sets), self._book, old, self._actor, self._entered)
        return self._finished(old, act, BOOK, self._batch)

    def _finished(self, old: Record | None, act: dict[str, Any], register: str, record_id: str) -> Step:
        new = advance(self.session.desk.register(register), old, act, record_id)
        return Step(old, act, Record(register, schema.ordered(register, new.data)))

    def _sealed(self, row: int, step: Step) -> Step:
        """Return a row's step sealed where the desk seals; what its clear form is rejected for is noted."""
        found = self.session.sealed(step)
        shape = judge_shape(step.new, LAW) if found is not step else ()
        if shape:
            self._misshapen[row] = together([each.message for each in shape])
        return found

    def _digest(self, files: Mapping[str, bytes]) -> str:
        blobs = sorted(self.session.desk.store.blob_id(body) for body in files.values())
        return hashlib.sha256("\n".join(blobs).encode("ascii")).hexdigest()


def _otherwise(proposal: Record) -> Finding:
    """Return that a sheet does not bring what a proposal says: it was forged, or the books have gone on since."""
    message = text(
        "the sheet does not bring what {record} says that it brings; withdraw that, and propose it anew",
        record=proposal.id,
    )
    return Finding("what-was-signed-is-imported", message, record=proposal.id)
