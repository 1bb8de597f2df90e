"""The writing side of a desk: many acts under one lock, one commit each, each judged before it stands."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from types import TracebackType
from typing import TYPE_CHECKING
from typing import NamedTuple

from svcdesk import message
from svcdesk import schema
from svcdesk import yamlio
from svcdesk.books import OpenBooks
from svcdesk.clock import SKEW
from svcdesk.clock import instant
from svcdesk.clock import stamp
from svcdesk.contention import is_held
from svcdesk.declared import Register
from svcdesk.desk import LAW
from svcdesk.desk import Desk
from svcdesk.desk import make_row
from svcdesk.errors import BadInput
from svcdesk.errors import Busy
from svcdesk.errors import NeedsAttention
from svcdesk.errors import Refused
from svcdesk.errors import StorageFailed
from svcdesk.git import Identity
from svcdesk.ids import STATION
from svcdesk.ids import folder_of
from svcdesk.ids import make_id
from svcdesk.ids import path_of
from svcdesk.ids import split_id
from svcdesk.judge import judge
from svcdesk.judge import judge_shape
from svcdesk.model import Change
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.proofs import Proofs
from svcdesk.sealed import PREFIX
from svcdesk.signer import Signer
from svcdesk.signer import configured
from svcdesk.sshkeys import fingerprint
from svcdesk.workflow import Order
from svcdesk.workflow import act_of
from svcdesk.workflow import advance
from svcdesk.workflow import find_action
from svcdesk.workflow import touched
from svcdesk.worktree import DRAFT

if TYPE_CHECKING:
    from svcdesk.sealer import Sealer

MOST_NAMED = 5
"""Paths that a notice names."""


class Done(NamedTuple):
    """What came of an order: the record as it stands, and the commit (empty on a dry run)."""

    record: Record
    commit: str
    repeated: bool = False


class Session:
    """A context in which a desk is written to: lock, recovery, preflight on the way in, files on the way out.

    Raises Busy, NeedsAttention, StorageFailed, Violation; `act` raises Refused with the findings.
    """

    def __init__(
        self, desk: Desk, now: datetime, identity: Identity | None = None, signer: Signer | None = None
    ) -> None:
        """Open a desk; `identity` acts in the place of git's, and `signer` is then the key that he gives."""
        self.desk = desk
        self.now = now
        self.repaired: list[Text] = []
        self.notices: list[Text] = []
        """What is to be said at the end although all was recorded."""
        self._identity = identity
        self._serials: dict[tuple[str, str], int] = {}
        self._written: dict[str, None] = {}
        self._base = ""
        self._letter = ""
        self._signer = signer
        self._said_unsigned = False
        self._is_behind = False
        self._actors: dict[str, str] = {}
        self._sealer: Sealer | None = None

    def __enter__(self) -> Session:
        self.desk.require_history()
        self._lock = self.desk.store.lock()
        self._lock.__enter__()
        try:
            self.repaired = self.desk.store.recover()
            self.desk.store.preflight()
            self._status = self.desk.store.start_status()
            self.desk.__dict__.pop("tip", None)
            self._base = self.desk.tip
            self._hold_to_pin()
            self.now = self._in_step(self.now)
            if "index" in self.desk.__dict__:
                self.desk.refresh(self.desk.index)
            self._proofs = Proofs(self.desk)
            self._open_books()
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def _hold_to_pin(self) -> None:
        """Refuse to number on from a history that has lost what this clone knew; raises Violation."""
        if (self.desk.git_folder / "pin.json").exists():
            from svcdesk.pin import hold_acts

            hold_acts(self.desk.store, self._base)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._written:
                self.desk.store.materialise(list(self._written), self._base, self.desk.tip)
                self.notices += [*self.desk.store.notices, *self._dirt()]
        finally:
            self._lock.__exit__(kind, error, trace)

    def _dirt(self) -> list[Text]:
        """Name what else in the work tree differs from the commit: it is never committed and never lost."""
        try:
            paths = [each for each in self._status.result() if not self._is_own(each)]
        except StorageFailed as error:
            return [error.message]
        if not paths:
            return []
        shown = ", ".join(paths[:MOST_NAMED]) + (", …" if len(paths) > MOST_NAMED else "")
        return [text("not svcdesk's doing and left alone: {paths}", paths=shown)]

    def _is_own(self, path: str) -> bool:
        """Whether a path that differs is, or holds, what this session has just committed, or its draft."""
        meant = path.replace(DRAFT, "")
        return any(each.startswith(meant) for each in self._written)

    def _open_books(self) -> None:
        self._books = OpenBooks(self.desk.index, self.desk.registers, self.desk.zone, schema.references)
        self._books.in_order = True
        self._books.is_signed = self._proofs

    @property
    def books(self) -> OpenBooks:
        """The books as they stand now, in the middle of the session."""
        self._catch_up()
        return self._books

    def actor(self, identity: Identity | None = None) -> tuple[str, Identity]:
        """Return the acting person's staff id; raises NeedsAttention where git does not say who acts."""
        who = identity or self._identity or self.desk.store.git.identity()
        if who is None:
            raise NeedsAttention(text("git does not know who you are; set user.name and user.email"))
        if who.email not in self._actors:
            person = self.desk.staff_by_email(who.email)
            if person is None:
                raise Refused(text("{email} belongs to no member of staff of this desk", email=who.email))
            self._actors[who.email] = person.id
        actor = self._actors[who.email]
        self._proofs.signing = self.signer(actor, who) is not None
        return actor, who

    def signer(self, actor: str, who: Identity) -> Signer | None:
        """Return what signs an act of this person; None where nothing does, or with no key that is his."""
        own = self._books.keys(actor)
        if self._signer is not None:
            if self._signer.public not in own:
                raise Refused(
                    text("{key} is no key of {person}", key=fingerprint(self._signer.public), person=actor)
                )
            return self._signer
        if not own or who != self.desk.store.git.identity():
            return None
        found = configured(self.desk.store.git)
        if found is None or found.public in own:
            return found
        if not self._said_unsigned:
            self._said_unsigned = True
            self.notices.append(
                text(
                    "not signed: {key} is no key of {person}; svcdesk --key FILE signs with one that is",
                    key=fingerprint(found.public),
                    person=actor,
                )
            )
        return None

    def station(self) -> str:
        """Return this clone's letter; raises NeedsAttention where it has claimed none."""
        letter = self._letter or self.claimed()
        if not letter:
            raise NeedsAttention(
                text("this clone numbers no records yet; svcdesk station LETTER claims a letter")
            )
        return letter

    def claimed(self) -> str:
        """Return the letter that this clone has claimed, or an empty string; one that was retired is given up."""
        file = self.desk.git_folder / "station"
        letter = file.read_text("ascii").strip() if file.is_file() else ""
        stations = self._books.find("station", letter=letter) if STATION.fullmatch(letter) else []
        given_up = stations and all(each.state != "claimed" for each in stations)
        return letter if STATION.fullmatch(letter) and not given_up else ""

    def use_station(self, letter: str) -> None:
        """Number records under this letter for the rest of the session."""
        self._letter = letter

    def keep_station(self, letter: str) -> None:
        """Remember in this clone the letter that it has claimed."""
        (self.desk.git_folder / "station").write_text(f"{letter}\n", "ascii")

    def act(
        self,
        order: Order,
        identity: Identity | None = None,
        now: datetime | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Carry an order out: judge it, commit it, and return the record; raises Refused with every finding."""
        self._catch_up()
        repeated = self._seen(order)
        if repeated is not None:
            return Done(repeated, "", repeated=True)
        return self.act_together((order,), identity, now, dry_run)[0]

    def act_together(
        self,
        orders: Sequence[Order],
        identity: Identity | None = None,
        now: datetime | None = None,
        dry_run: bool = False,
    ) -> list[Done]:
        """Carry orders out in one commit that is named after the first; all stand or none; raises Refused.

        An order that opens a record may name the id that it is to get, one of `next_ids`.
        """
        self._catch_up()
        moment = now or self.now
        actor, who = self.actor(identity)
        steps = [self._step(order, actor, moment) for order in orders]
        change = Change((*steps, *(other for step in steps for other in self._touched(step))))
        refusals = [each for each in judge(change, self._books, LAW) if each.severity == "error"]
        if refusals:
            raise self._refusal(steps[0], refusals)
        commit = "" if dry_run else self.record(change, who, moment)
        return [Done(step.new, commit) for step in steps]

    def _refusal(self, step: Step, refusals: Sequence[Finding]) -> Refused:
        """Return why a change is refused, in the name of its leading step."""
        register = self.desk.register(step.new.register)
        named = find_action(register, step.action)
        message = text(
            "{record}: {action} is refused",
            record=step.new.id if step.old else register.name,
            action=named.term if named else step.action,
        )
        return Refused(message, refusals)

    def _step(self, order: Order, actor: str, moment: datetime) -> Step:
        """Return the step that an order comes to, not yet judged."""
        register = self.desk.register(order.register)
        verb = register.action(order.action)
        if verb is not None and verb.by_merge:
            raise BadInput(text("{action} is for sync to do, where two histories meet", action=verb.name))
        old = self._books.get(order.record) if order.record else None
        entered = stamp(moment, self.desk.zone)
        act = act_of(order, register, old, actor, entered, *self._gathered(register, order.action, entered))
        record_id = old.id if old else order.record or self.next_ids(register, moment)[0]
        return self._sealed(Step(old, act, self._ordered(advance(register, old, act, record_id))))

    def _touched(self, step: Step) -> list[Step]:
        """Return what the act does to other records."""
        steps = touched(step, self.desk.registers, self._books)
        return [self._sealed(Step(each.old, each.act, self._ordered(each.new))) for each in steps]

    def _sealed(self, step: Step) -> Step:
        """Return a step with its texts sealed where the desk seals; raises Refused on what no schema would take."""
        found = self.sealed(step)
        shape = judge_shape(step.new, LAW) if found is not step else ()
        if shape:
            raise self._refusal(step, shape)
        return found

    def sealed(self, step: Step) -> Step:
        """Return a step with the texts that only some may read sealed; as it is where the desk seals nothing."""
        register = self.desk.register(step.new.register)
        if not schema.sealable(register.name) or not self._books.setting("sealing", step.entered):
            return step
        from svcdesk.sealer import Sealer
        from svcdesk.sealer import has_clear

        if not has_clear(register.name, step.sets):
            return step
        if self._sealer is None:
            self._sealer = Sealer(self.desk)
        act = {**step.act, "sets": self._sealer.seal(step, self._books)}
        return Step(step.old, act, self._ordered(advance(register, step.old, act, step.new.id)))

    def record(
        self,
        change: Change,
        identity: Identity,
        moment: datetime,
        written: Mapping[str, bytes] = MappingProxyType({}),
    ) -> str:
        """Commit a change that the judge has let pass and let the index know; `written` holds files made before."""
        store, base = self.desk.store, self.desk.tip
        self._refuse_backward_clock(base, moment)
        if self._sealer is not None:
            self._sealer.keep()
        paths = (path_of(self.desk.register(step.new.register), step.new.id) for step in change.steps)
        files = {
            path: written.get(path) or yamlio.dump(step.new.data)
            for path, step in zip(paths, change.steps, strict=True)
        }
        foreign = store.foreign_edits([path for path in files if path not in self._written], base)
        if foreign:
            raise NeedsAttention(
                text("{path} was edited by hand; svcdesk salvage puts that aside", path=", ".join(foreign))
            )
        words = message.compose(change, store.tree(base, "records/policy"))
        dated = instant(stamp(moment, self.desk.zone))
        signer = self.signer(change.leading.actor, identity)
        sign = signer.sign if signer else None
        tip = store.commit(base, files, words, identity, dated, materialise=False, sign=sign)
        self.desk.__dict__["tip"] = tip
        self._books.forget()
        self._written.update(dict.fromkeys(files))
        try:
            self._index(change, files)
        except (Busy, StorageFailed):
            # The act stands, and is acknowledged; the index follows before the next one.
            self._is_behind = True
        return tip

    def _catch_up(self) -> None:
        """Bring the index up to what has been recorded, where it could not follow; raises Busy, StorageFailed."""
        if self._is_behind:
            self.desk.refresh(self.desk.index)
            self._open_books()
            self._actors.clear()
            self._is_behind = False

    def _index(self, change: Change, files: Mapping[str, bytes]) -> None:
        store, index = self.desk.store, self.desk.index
        paths = {step.new.id: path for step, path in zip(change.steps, files, strict=True)}
        rows = [
            make_row(step.new, paths[step.new.id], store.blob_id(files[paths[step.new.id]]))
            for step in change.steps
        ]
        removed = [paths[step.new.id] for step in change.steps if step.old is not None]
        if not index.update(store.tree(self.desk.tip, "records"), removed, rows):
            self.desk.refresh(index)
        if any(step.new.register in ("policy", "staff") for step in change.steps):
            self._open_books()
            self._actors.clear()

    def _gathered(self, register: Register, action: str, entered: str) -> tuple[OpenBooks | None, str]:
        """Return the books known before this entry and the tree that they lie in, where the action takes them down."""
        verb = register.action(action)
        if verb is None or not (verb.gathers or verb.stamps):
            return None, ""
        if self.desk.store.time_of(self.desk.tip) < instant(entered):
            self._books.all_known_at(entered)
        return self._books.known_at(entered), self.desk.store.tree(self.desk.tip, "records")

    def _seen(self, order: Order) -> Record | None:
        """Return the record on which this very order was carried out before; raises Refused on another one."""
        found = self.desk.index.where(order.register, "ref", order.ref) if order.ref else []
        for record in found:
            act = next(each for each in self.desk.opened(record).acts if each.get("ref") == order.ref)
            entered = act.get("sets", {})
            same = all(
                entered.get(name) == value or PREFIX in str(entered.get(name))
                for name, value in order.sets.items()
                if value is not None
            )
            if same and act["action"] == order.action and order.record in ("", record.id):
                return record
        if found:
            message = text(
                "the reference {ref} stands for something else in {record}", ref=order.ref, record=found[0].id
            )
            raise Refused(message)
        return None

    def _ordered(self, record: Record) -> Record:
        return Record(record.register, schema.ordered(record.register, record.data))

    def next_ids(self, register: Register, moment: datetime, count: int = 1) -> list[str]:
        """Return the ids that the next records of a book get; a number is used up only when its record stands."""
        station = self.station()
        month = stamp(moment, self.desk.zone)[2:7].replace("-", "") if register.dated else ""
        key = (register.name, month)
        if key not in self._serials:
            self._serials[key] = last_serial(self.desk, register, month, station)
        while self._is_taken(make_id(register, month, station, self._serials[key] + 1)):
            self._serials[key] += 1
        first = self._serials[key] + 1
        return [make_id(register, month, station, serial) for serial in range(first, first + count)]

    def _is_taken(self, record_id: str) -> bool:
        return self._books.get(record_id) is not None or is_held(record_id, self._books)

    def _in_step(self, moment: datetime) -> datetime:
        """Return the moment, or that of the last act where another clone's clock was a little ahead."""
        last = self.desk.store.time_of(self._base)
        return last if moment < last <= moment + SKEW else moment

    def _refuse_backward_clock(self, base: str, moment: datetime) -> None:
        last = self.desk.store.time_of(base)
        if moment < last:
            raise NeedsAttention(
                text(
                    "it is {now} here, but the last act was entered at {last}; set the clock right,"
                    " or where it is right, see svcdesk doctor",
                    now=stamp(moment, self.desk.zone),
                    last=stamp(last, self.desk.zone),
                )
            )


def last_serial(desk: Desk, register: Register, month: str, station: str) -> int:
    """Return the highest serial that a station has given in a book, by the names in its last folder."""
    folder = folder_of(register, month, station, 0)
    if register.dated or register.sharded:
        parent = folder.rpartition("/")[0]
        shards = [name for name in _names(desk, parent) if name.rstrip("0123456789") == station]
        if not shards:
            return 0
        folder = f"{parent}/{max(shards, key=lambda name: int(name[len(station) :]))}"
    parts = (split_id(name.removesuffix(".yaml")) for name in _names(desk, folder))
    return max((each[3] for each in parts if each is not None and each[2] == station), default=0)


def _names(desk: Desk, folder: str) -> list[str]:
    tree = desk.store.tree(desk.tip, folder)
    return [each.name for each in desk.store.entries(tree)] if tree else []
