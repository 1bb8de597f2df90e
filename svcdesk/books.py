"""The registers read together: what one means to the rest, through the feeds. Pure."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import Any

from svcdesk.clock import Calendar
from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import days_between
from svcdesk.clock import instant
from svcdesk.clock import wall_time
from svcdesk.declared import Register
from svcdesk.feeds import Awaited
from svcdesk.feeds import Case
from svcdesk.feeds import Duty
from svcdesk.feeds import Hold
from svcdesk.feeds import Merit
from svcdesk.feeds import Movement
from svcdesk.feeds import Snapshot
from svcdesk.feeds import Source
from svcdesk.holdings import Holdings
from svcdesk.ledger import Account
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.people import SECOND
from svcdesk.people import People
from svcdesk.policy import Policy
from svcdesk.snapshot import take
from svcdesk.timeline import Timeline
from svcdesk.tree import LEARNED
from svcdesk.tree import REF
from svcdesk.tree import References
from svcdesk.tree import Tree
from svcdesk.values import misfits
from svcdesk.workflow import replay

Proof = Callable[[str, Act], bool | None]
"""Whether an act on a record (its id) was signed by the one who took it; None where history is not at hand."""


def _unknown(record: str, act: Act) -> None:
    """Say that history is not at hand."""


STRETCHES = {
    "open": text("counted"),
    "closed": text("outside working hours"),
    "holiday": text("day off"),
    "make-up": text("counted, make-up working day"),
    "closure": text("closed that day"),
    "paused": text("paused"),
}
"""What the clock does in each kind of stretch."""


@dataclass
class Past:
    """What has been worked out of earlier moments: the timeline, and the books at the one asked for last."""

    timeline: Timeline | None = None
    books: dict[str, OpenBooks] = field(default_factory=dict)
    organisation: dict[int, tuple[Policy, People]] = field(default_factory=dict)


@dataclass
class Histories:
    """What has been put together of keys and materials: asked by several rules, and in a check for each record."""

    holdings: dict[str, Holdings] = field(default_factory=dict)
    movements: dict[str, Sequence[Movement]] = field(default_factory=dict)
    accounts: dict[tuple[str, str, str], Account] = field(default_factory=dict)


class OpenBooks:
    """The books of one desk, open at one tree; implements `feeds.Books`.

    What is worked out stays so: whoever writes into the tree calls `forget`, or opens new books.
    """

    in_order = False
    """Whether they are asked only about what comes after all that they hold."""

    def __init__(
        self,
        source: Source,
        registers: Mapping[str, Register],
        zone: str,
        references: References,
        changed: Iterable[Record] = (),
    ) -> None:
        self._source = source
        self._registers = registers
        self._references = references
        self._past = Past()
        self._histories = Histories()
        self.zone = zone
        self.is_signed: Proof = _unknown
        self._changed = Tree(changed, references)
        self._calendars: dict[int, Calendar] = {}

    def changed(self, records: Iterable[Record]) -> OpenBooks:
        """Return books in which these records stand as given; people and policy stay as they were."""
        books = OpenBooks(self._source, self._registers, self.zone, self._references, records)
        books._past = self._past
        books.is_signed = self.is_signed
        books.__dict__["policy"] = self.policy
        books.__dict__["people"] = self.people
        return books

    def forget(self) -> None:
        """Work histories and the past out anew when they are next asked for: the books have grown."""
        self._past = Past()
        self._histories = Histories()

    def known_at(self, moment: str) -> OpenBooks:
        """Return the books as they were known at a moment: by the acts entered strictly before it."""
        if moment not in self._past.books:
            if self._past.timeline is None:
                everything = (record for name in self._registers for record in self._source.of(name))
                self._past.timeline = Timeline(everything, self._registers, self._references)
            self._past.books = {moment: self._turned_back(self._past.timeline, moment)}
        return self._past.books[moment]

    def _turned_back(self, timeline: Timeline, moment: str) -> OpenBooks:
        """Return the books at a moment; policy and people stay as last worked out while no act touches them."""
        books = OpenBooks(timeline.before(moment), self._registers, self.zone, self._references)
        known = self._past.organisation.get(timeline.organised)
        if known is None:
            known = self._past.organisation[timeline.organised] = books.policy, books.people
        books.__dict__["policy"], books.__dict__["people"] = known
        return books

    def all_known_at(self, moment: str) -> None:
        """Take it that nothing in these books was entered at or after a moment: they need no turning back."""
        self.known_then(moment, self)

    def known_then(self, moment: str, books: OpenBooks) -> None:
        """Take it that these are the books as they were known at a moment."""
        self._past = Past(None, {moment: books})

    def before_others(self, moment: str, named: Collection[str]) -> OpenBooks:
        """Return these books as before anybody came to the staff, in the second of `moment`, but those named."""
        came = instant(moment)
        staff = self._source.of("staff")
        first = ((each, instant(each.acts[0].get("entered", each.opened))) for each in staff)
        known = [each for each, entered in first if each.id in named or entered < came]
        books = self.changed(())
        books.__dict__["people"] = self._people(known)
        return books

    @property
    def registers(self) -> Mapping[str, Register]:
        """The declared registers, by name."""
        return self._registers

    def register(self, name: str) -> Register:
        """Return a declared register."""
        return self._registers[name]

    @cached_property
    def policy(self) -> Policy:
        """The desk's settings."""
        return Policy(self._source.of("policy"))

    @cached_property
    def people(self) -> People:
        """The staff register as a history of posts."""
        return self._people(self._source.of("staff"))

    def _people(self, staff: Iterable[Record]) -> People:
        imports = self._source.of("import")
        seconded = (each.id for each in imports if each.state == "loaded" and each.signatures(SECOND))
        found = People(staff, self.policy, seconded)
        found.in_order = self.in_order
        return found

    def get(self, record: str) -> Record | None:
        """Return the record with this id."""
        return self._changed.get(record) or self._source.get(record)

    def of(self, register: str) -> Iterator[Record]:
        """Return every record of a register."""
        for record in self._source.of(register):
            if self._changed.get(record.id) is None:
                yield record
        yield from self._changed.of(register)

    def find(self, register: str, **fields: Any) -> Sequence[Record]:
        """Return the records of a register whose fields have (or, for lists, hold) these values."""
        if not fields:
            return list(self.of(register))
        name, value = next(iter(fields.items()))
        stored = self._source.where(register, name, str(value))
        fresh = (
            self._changed.where(register, name, value)
            if isinstance(value, str)
            else self._changed.of(register)
        )
        found = (*(each for each in stored if self._changed.get(each.id) is None), *fresh)
        return [each for each in found if all(_has(each, *pair) for pair in fields.items())]

    def mentioning(self, record: str) -> Sequence[Record]:
        """Return the records one of whose fields refers to this id."""
        stored = self._source.mentioning(record)
        fresh = self._changed.mentioning(record)
        return [*(each for each in stored if self._changed.get(each.id) is None), *fresh]

    def setting(self, name: str, at: str) -> Any:
        """Return the policy value in force at `at`."""
        return self.policy.value(name, at)

    def misfits(self, name: str, value: Any, at: str) -> Iterator[Text]:
        """Yield why a value does not suit a setting, or that there is no such setting."""
        return misfits(name, value, self.setting("posts", at), self.zone)

    def posts(self, staff: str, at: str) -> frozenset[str]:
        """Return the posts that a person held at `at`, delegated ones included."""
        return self.people.posts(staff, at)

    def departments(self, staff: str, at: str) -> frozenset[str]:
        """Return the departments in which a person held a post at `at`."""
        return self.people.departments(staff, at)

    def rank(self, staff: str, at: str) -> int:
        """Return a person's highest rank at `at`."""
        return self.people.rank(staff, at)

    def rank_of(self, post: str, at: str) -> int:
        """Return the rank of a post."""
        return self.people.rank_of(post, at)

    def superior(self, staff: str, at: str) -> str:
        """Return the staff id of a person's superior, or an empty string."""
        return self.people.superior(staff, at)

    def holders_of(self, posts: Iterable[str], at: str) -> Sequence[str]:
        """Return the active people who held one of these posts at `at`."""
        return self.people.holders_of(posts, at)

    def keys(self, staff: str) -> Sequence[str]:
        """Return the SSH public keys that these books hold good for a person."""
        return self.people.keys(staff)

    def awaited(self) -> Sequence[Awaited]:
        """Return the appointments and keys that wait for another desk-admin to second them."""
        return list(self.people.awaited())

    def holds(self, thing: str, at: str | None = None) -> Sequence[Hold]:
        """Return where a thing was at `at` (or ever), oldest first."""
        found = self._holdings(thing)
        return found.holds if at is None else found.at(instant(at))

    def holds_between(self, thing: str, since: str, until: str | None) -> Sequence[Hold]:
        """Return where a thing was at `since` or came to be before `until` (None: ever after), oldest first."""
        return self._holdings(thing).between(instant(since), None if until is None else instant(until))

    def _holdings(self, thing: str) -> Holdings:
        known = self._histories.holdings
        if thing not in known:
            known[thing] = Holdings([each for each in self._custody(thing) if each.thing == thing])
        return known[thing]

    def held_by(self, person: str, at: str) -> Sequence[Hold]:
        """Return what a person held at `at`."""
        return [each for each in self._custody(person) if each.holder == person and _covers(each, at)]

    def _custody(self, mentioned: str) -> list[Hold]:
        found = [
            hold
            for record in self.mentioning(mentioned)
            if record.state != "void" and (feed := self._registers[record.register].feeds.custody)
            for hold in feed(record)
        ]
        return sorted(found, key=lambda hold: (instant(hold.since), hold.record))

    def open_cases(self, person: str) -> Sequence[Case]:
        """Return the open cases that a person owns."""
        return [each for each in self.cases_about(person) if each.owner == person]

    def cases_about(self, record: str) -> Sequence[Case]:
        """Return the open cases that speak of a person or thing, its own included."""
        own = self.get(record)
        found = [
            case
            for each in (*self.mentioning(record), *([own] if own else ()))
            if each.state != "void" and (feed := self._registers[each.register].feeds.case)
            if (case := feed(each)) is not None
        ]
        return sorted(set(found), key=lambda each: each.record)

    def movements(self, material: str) -> Sequence[Movement]:
        """Return what came and went of a material, in the order of event times."""
        known = self._histories.movements
        if material not in known:
            found = (
                movement
                for record in self.mentioning(material)
                if record.state != "void" and (feed := self._registers[record.register].feeds.ledger)
                for movement in feed(record)
                if movement.material == material
            )
            known[material] = sorted(found, key=lambda each: (instant(each.at), each.record))
        return known[material]

    def account(self, material: str, place: str, lot: str) -> Account:
        """Return what came and went of a material at one place and lot as an account."""
        key, known = (material, place, lot), self._histories.accounts
        if key not in known:
            moved = (each for each in self.movements(material) if (each.place, each.lot) == (place, lot))
            known[key] = Account(moved)
        return known[key]

    def balance(self, material: str, place: str, lot: str, at: str) -> int:
        """Return what there was of a material at a place and lot at `at`, in the material's unit."""
        return self.account(material, place, lot).balance(at)

    def balance_before(self, material: str, place: str, lot: str, at: str) -> int:
        """Return what there was right before `at`."""
        return self.account(material, place, lot).before(at)

    def shortage(self, material: str, place: str, lot: str, since: str) -> tuple[str, int] | None:
        """Return the first moment from `since` on at which there was less than nothing, and how much."""
        return self.account(material, place, lot).shortage(since)

    def on_duty(self, at: str, post: str = "", known: str = "") -> Sequence[Duty]:
        """Return who stood duty at `at`, in one post or in any; by what was entered until `known`, where given.

        Overnight duties begin the day before. A rule about an act asks for what was known at its entry.
        """
        moment, today = instant(at), day_of(at)
        return [
            duty
            for duty in self.duties(day_later(today, -1), today, known)
            if post in ("", duty.post) and instant(duty.since) <= moment < instant(duty.until)
        ]

    def duties(self, first: str, last: str, known: str = "") -> Sequence[Duty]:
        """Return the duties that begin from one day to another (dates), in the order of their beginnings."""
        days = [day_later(first, each) for each in range(days_between(first, last) + 1)]
        found = [
            duty
            for register in self._registers.values()
            if (feed := register.feeds.duty)
            for day in days
            for entry in self.find(register.name, date=day)
            if (record := _as_entered(register, entry, known)) is not None and record.state != "void"
            for duty in feed(record)
        ]
        return sorted(found, key=lambda duty: (instant(duty.since), duty.record))

    def learned_on(self, day: str) -> Iterator[Record]:
        """Yield the records on which something was entered that day that had happened before."""
        for register in self._registers:
            for record in self._source.where(register, LEARNED, day):
                if self._changed.get(record.id) is None:
                    yield record
            yield from self._changed.where(register, LEARNED, day)

    def referred(self, register: str, ref: str) -> Iterator[Record]:
        """Yield the records of a register one of whose acts has this reference of another system."""
        for record in self._source.where(register, REF, ref):
            if self._changed.get(record.id) is None:
                yield record
        yield from self._changed.where(register, REF, ref)

    def snapshot(self, departments: Collection[str], since: str, at: str) -> Snapshot:
        """Return what the feeds say of departments at `at`, and what was learned late since `since`."""
        return take(self, departments, since, at)

    def merits(self, person: str, since: str, until: str) -> Sequence[Merit]:
        """Return what speaks for or against a person in a period."""
        first, last = instant(since), instant(until)
        return [
            merit
            for record in self.mentioning(person)
            if record.state != "void" and (feed := self._registers[record.register].feeds.merit)
            for merit in feed(record)
            if merit.person == person and first <= instant(merit.at) < last
        ]

    def calendar(self, at: str) -> Calendar:
        """Return the working calendar in force at `at`."""
        value = self.setting("calendar", at)
        if id(value) not in self._calendars:
            self._calendars[id(value)] = Calendar.read(value, self.zone)
        return self._calendars[id(value)]

    def wall_time(self, day: str, clock: str) -> str:
        """Return the moment at which the clocks of the desk show this (`08:00` to `24:00`) on a day."""
        return wall_time(day, clock, self.zone)

    def working_time(self, start: str, minutes: int) -> str:
        """Return the moment so many working minutes after `start`."""
        return self.calendar(start).add(start, minutes)

    def due_after(
        self, start: str, minutes: int, pauses: Sequence[tuple[str, str | None]] = ()
    ) -> str | None:
        """Return the moment so many working minutes after `start`, the pauses left out; None while paused."""
        return self.calendar(start).deadline(start, minutes, pauses)

    def clock_steps(
        self, start: str, minutes: int, pauses: Sequence[tuple[str, str | None]] = ()
    ) -> Iterator[Text]:
        """Return how such a moment comes about, a sentence for each stretch of the clock."""
        version = self.policy.record("calendar", start) or "-"
        yield text("calendar of policy {record}, {minutes} working minutes", record=version, minutes=minutes)
        for each in self.calendar(start).explain(start, minutes, pauses):
            kind, end = STRETCHES[each.kind], each.end or "…"
            yield text(
                "{start} to {end}: {kind}, {minutes} minutes so far",
                start=each.start,
                end=end,
                kind=kind,
                minutes=each.minutes,
            )


def _as_entered(register: Register, record: Record, known: str) -> Record | None:
    """Return a record as the acts entered until a moment leave it, or as it stands where none is given."""
    if not known:
        return record
    acts = [act for act in record.acts if instant(act.get("entered", act["at"])) <= instant(known)]
    if len(acts) == len(record.acts):
        return record
    return replay(register, record.id, acts)[-1].new if acts else None


def _covers(hold: Hold, at: str) -> bool:
    moment = instant(at)
    return instant(hold.since) <= moment and (hold.until is None or moment < instant(hold.until))


def _has(record: Record, name: str, value: object) -> bool:
    found = record.get(name)
    return value in found if isinstance(found, list) else found == value
