"""What registers tell each other: the feeds, and the books that answer by them. Frozen values."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import Protocol

from svcdesk.model import Record
from svcdesk.model import Text


class Hold(NamedTuple):
    """The custody feed: a thing is with a holder, or in a condition, from..until."""

    thing: str
    holder: str
    status: str
    since: str
    until: str | None
    record: str
    due: str | None = None
    """By when it is to be back, where that was agreed."""


class Case(NamedTuple):
    """The case feed: something open that has an owner."""

    record: str
    owner: str
    opened: str
    due: str | None


class Movement(NamedTuple):
    """The ledger feed: a signed quantity of a material at a place and lot, in the material's own unit."""

    material: str
    place: str
    lot: str
    quantity: int
    at: str
    record: str


class Duty(NamedTuple):
    """The duty feed: a person stands a post from..until."""

    person: str
    post: str
    place: str
    since: str
    until: str
    record: str


class Late(NamedTuple):
    """An act that was entered after what it tells of had happened."""

    record: str
    action: str
    at: str
    entered: str


class Snapshot(NamedTuple):
    """What was known of some departments at a moment, by the feeds.

    What their people hold, what is open with them, what there is of each material, and what was learned of late.
    """

    holds: tuple[Hold, ...]
    cases: tuple[Case, ...]
    stock: tuple[Movement, ...]
    learned: tuple[Late, ...]


class Merit(NamedTuple):
    """The merit feed: something that speaks for or against a person."""

    person: str
    kind: str
    at: str
    record: str


class Awaited(NamedTuple):
    """An appointment or a key that waits to be seconded: on whose record, by which action, who entered it."""

    record: str
    action: str
    authors: frozenset[str]
    key: str = ""


class Books(Protocol):
    """What a rule may ask of the other registers: answers at a moment, never a clock."""

    def get(self, record: str) -> Record | None:
        """Return the record with this id."""

    def find(self, register: str, **fields: Any) -> Sequence[Record]:
        """Return the records of a register whose fields have (or, for lists, hold) these values."""

    def mentioning(self, record: str) -> Sequence[Record]:
        """Return the records one of whose fields refers to this id."""

    def setting(self, name: str, at: str) -> Any:
        """Return the policy value in force at `at`."""

    def misfits(self, name: str, value: Any, at: str) -> Iterable[Text]:
        """Return why a value does not suit a setting, or that there is no such setting."""

    def posts(self, staff: str, at: str) -> frozenset[str]:
        """Return the posts that a person held at `at`, delegated ones included."""

    def departments(self, staff: str, at: str) -> frozenset[str]:
        """Return the departments in which a person held a post at `at`."""

    def rank(self, staff: str, at: str) -> int:
        """Return a person's highest rank at `at`; 0 outside the organisation."""

    def rank_of(self, post: str, at: str) -> int:
        """Return the rank of a post."""

    def superior(self, staff: str, at: str) -> str:
        """Return the staff id of a person's superior, or an empty string."""

    def holders_of(self, posts: Iterable[str], at: str) -> Sequence[str]:
        """Return the active people who held one of these posts at `at`."""

    def keys(self, staff: str) -> Sequence[str]:
        """Return the SSH public keys that these books hold good for a person."""

    def awaited(self) -> Sequence[Awaited]:
        """Return the appointments and keys that wait for another desk-admin to second them."""

    def holds(self, thing: str, at: str | None = None) -> Sequence[Hold]:
        """Return where a thing was at `at` (or ever), by the custody feeds, oldest first."""

    def holds_between(self, thing: str, since: str, until: str | None) -> Sequence[Hold]:
        """Return where a thing was at `since` or came to be before `until` (None: ever after), oldest first."""

    def held_by(self, person: str, at: str) -> Sequence[Hold]:
        """Return what a person held at `at`."""

    def open_cases(self, person: str) -> Sequence[Case]:
        """Return the open cases that a person owns."""

    def cases_about(self, record: str) -> Sequence[Case]:
        """Return the open cases that speak of a person or thing, its own included."""

    def movements(self, material: str) -> Sequence[Movement]:
        """Return what came and went of a material, in the order of event times."""

    def balance(self, material: str, place: str, lot: str, at: str) -> int:
        """Return what there was of a material at a place and lot at `at`, by the ledger feeds."""

    def balance_before(self, material: str, place: str, lot: str, at: str) -> int:
        """Return what there was of a material at a place and lot right before `at`."""

    def shortage(self, material: str, place: str, lot: str, since: str) -> tuple[str, int] | None:
        """Return the first moment from `since` on at which there was less than nothing, and how much."""

    def on_duty(self, at: str, post: str = "", known: str = "") -> Sequence[Duty]:
        """Return who stood duty at `at`, in one post or in any; by what was entered until `known`, where given."""

    def duties(self, first: str, last: str) -> Sequence[Duty]:
        """Return the duties that begin from one day to another (dates), in the order of their beginnings."""

    def snapshot(self, departments: Collection[str], since: str, at: str) -> Snapshot:
        """Return what the feeds say of departments at `at`.

        Learned late is what was entered from `since` on of the time before it; nothing where `since` is empty.
        """

    def merits(self, person: str, since: str, until: str) -> Sequence[Merit]:
        """Return what speaks for or against a person in a period."""

    def wall_time(self, day: str, clock: str) -> str:
        """Return the moment at which the clocks of the desk show this (`08:00` to `24:00`) on a day."""

    def working_time(self, start: str, minutes: int) -> str:
        """Return the moment so many working minutes after `start`."""

    def due_after(
        self, start: str, minutes: int, pauses: Sequence[tuple[str, str | None]] = ()
    ) -> str | None:
        """Return the moment so many working minutes after `start`, the pauses left out; None while paused."""

    def clock_steps(
        self, start: str, minutes: int, pauses: Sequence[tuple[str, str | None]] = ()
    ) -> Iterable[Text]:
        """Return how such a moment comes about, a sentence for each stretch of the clock."""


class Source(Protocol):
    """Where books get their records from: a tree in memory, or the index."""

    def get(self, record: str) -> Record | None:
        """Return the record with this id."""

    def of(self, register: str) -> Iterator[Record]:
        """Return every record of a register in the order of ids."""

    def where(self, register: str, name: str, value: str) -> Sequence[Record]:
        """Return the records whose field `name` is, or whose list `name` holds, this value."""

    def mentioning(self, record: str) -> Sequence[Record]:
        """Return the records one of whose top-level fields refers to this id."""
