"""The vocabulary: texts, records, acts, rules, registers. Frozen values, standard library only."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from typing import Literal
from typing import NamedTuple
from typing import Protocol

Act = Mapping[str, Any]
"""One entry of a record's `acts`: action, at, entered, by, reason, sets, signed, papers, ref."""

Severity = Literal["error", "warning"]
Assurance = Literal["attested", "identified", "signed"]
ASSURANCES: tuple[Assurance, ...] = ("attested", "identified", "signed")


class Text(NamedTuple):
    """A sentence before translation: an English template and what goes into it."""

    template: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.template.format(**self.values)


def text(template: str, /, **values: object) -> Text:
    """Return a translatable sentence; `template` is the key in the message catalogue."""
    return Text(template, values)


class Term(NamedTuple):
    """A word of the program's own inside a sentence: as it is typed, and what people call it elsewhere."""

    name: str
    kind: Literal["action", "state", "field", "line", "post", "value"]
    title: str = ""
    """Its English title; of a value, the dotted path of the field that labels it."""
    register: str = ""

    def __str__(self) -> str:
        return self.name


class Terms(tuple[Term, ...]):
    """Words of which one is needed."""

    __slots__ = ()

    def __str__(self) -> str:
        return " | ".join(each.name for each in self)


class Identity(NamedTuple):
    """Who a commit is by, as git knows a person."""

    name: str
    email: str


class Signature(NamedTuple):
    """A line that a person has filled, as an act states it; whether it is `signed` too, only history says."""

    line: str
    signer: str
    assurance: Assurance
    at: str
    by: str
    place: int = 0
    """Which of the record's acts gives it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a register: the fold of its acts, as its YAML file holds it."""

    register: str
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The serial id, such as `KL2611-A0012`."""
        return str(self.data["id"])

    @property
    def state(self) -> str:
        """The state that the last act left the record in."""
        return str(self.data["state"])

    @property
    def acts(self) -> Sequence[Act]:
        """What was done to the record, in the order of entry."""
        acts: Sequence[Act] = self.data["acts"]
        return acts

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field of the record, or `default` where no act has set it."""
        return self.data.get(name, default)

    def first(self, *actions: str) -> Act | None:
        """Return the first act of one of these actions."""
        for act in self.acts:
            if act["action"] in actions:
                return act
        return None

    def last(self, *actions: str) -> Act | None:
        """Return the last act of one of these actions."""
        for act in reversed(self.acts):
            if act["action"] in actions:
                return act
        return None

    @property
    def opened(self) -> str:
        """The event time of the first act."""
        return str(self.acts[0]["at"])

    def signatures(self, line: str = "") -> tuple[Signature, ...]:
        """Return the signatures in force: a correction, or an act that says so, ends earlier ones."""
        found: list[Signature] = []
        for place, act in enumerate(self.acts):
            if act["action"] == "correct":
                found.clear()
            elif "ends" in act:
                found = [each for each in found if each.line not in act["ends"]]
            for entry in act.get("signed", ()):
                if line and entry["line"] != line:
                    continue
                signer = entry.get("staff") or entry["customer"]
                assurance: Assurance = "identified" if signer == act["by"] else "attested"
                found.append(Signature(entry["line"], signer, assurance, act["at"], act["by"], place))
        return tuple(found)


class Step(NamedTuple):
    """One act on one record: what stood before, the act, what stands after."""

    old: Record | None
    act: Act
    new: Record

    @property
    def action(self) -> str:
        """The verb of the act."""
        return str(self.act["action"])

    @property
    def actor(self) -> str:
        """The staff id of the person who acted."""
        return str(self.act["by"])

    @property
    def at(self) -> str:
        """Event time: when it happened."""
        return str(self.act["at"])

    @property
    def entered(self) -> str:
        """Entry time: when it was written down; the event time unless the entry was late."""
        return str(self.act.get("entered", self.act["at"]))

    @property
    def sets(self) -> Mapping[str, Any]:
        """The fields as entered."""
        sets: Mapping[str, Any] = self.act.get("sets", {})
        return sets


class Change(NamedTuple):
    """One commit's worth of acts: the leading step first, then the records that it touches."""

    steps: tuple[Step, ...]
    kind: Literal["init", "act", "import"] = "act"

    @property
    def leading(self) -> Step:
        """The step that names the commit."""
        return self.steps[0]


class Finding(NamedTuple):
    """What a check reports: where, which rule, which clauses, and the sentence."""

    rule: str
    message: Text
    clauses: tuple[str, ...] = ()
    record: str = ""
    path: str = ""
    line: int = 0
    column: int = 0
    severity: Severity = "error"
    field: str = ""


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


class Touch(NamedTuple):
    """What an act on one record does to another in the same commit: the action taken there, and its fields."""

    record: str
    action: str
    sets: Mapping[str, Any]


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


StateTest = Callable[[Record, Books], Iterable[Text]]
ActTest = Callable[[Step, Books], Iterable[Text]]


class Rule(NamedTuple):
    """One claim that must hold, the clauses that it serves, and the function that tests it."""

    name: str
    clauses: tuple[str, ...]
    sentence: str
    about: Literal["state", "act", "open"]
    test: Callable[[Any, Books], Iterable[Text]]
    actions: tuple[str, ...] = ()
    fixed: bool = False
    only_flags: str = ""
    since: int = 1


def _claim(test: Callable[..., Any]) -> tuple[str, str]:
    """Name and sentence of a rule: the function's name and the first line of its docstring."""
    return test.__name__.replace("_", "-"), (test.__doc__ or "").strip().splitlines()[0]


def state_rule(
    *clauses: str, only_flags: str = "", fixed: bool = False, since: int = 1
) -> Callable[[StateTest], Rule]:
    """Make a rule about a record as it stands; the docstring is its sentence, `fixed` as of act rules."""

    def wrap(test: StateTest) -> Rule:
        name, sentence = _claim(test)
        return Rule(name, clauses, sentence, "state", test, (), fixed, only_flags, since)

    return wrap


def open_rule(*clauses: str, since: int = 1) -> Callable[[StateTest], Rule]:
    """Make a rule about what a record may be left with for a while: nothing is refused, but check fails."""

    def wrap(test: StateTest) -> Rule:
        name, sentence = _claim(test)
        return Rule(name, clauses, sentence, "open", test, since=since)

    return wrap


def act_rule(
    *clauses: str, actions: tuple[str, ...] = (), fixed: bool = False, since: int = 1
) -> Callable[[ActTest], Rule]:
    """Make a rule about an act (of these actions, or of any); `fixed` rules cannot be switched off."""

    def wrap(test: ActTest) -> Rule:
        name, sentence = _claim(test)
        return Rule(name, clauses, sentence, "act", test, actions, fixed, since=since)

    return wrap


class Who(NamedTuple):
    """Who may act or sign: by post, rank or department; nobody outside the staff register ever may."""

    posts: tuple[str, ...] = ()
    rank: int = 0
    departments: tuple[str, ...] = ()
    setting: str = ""
    customer: bool = False
    clauses: tuple[str, ...] = ()


ANYBODY = Who()
"""Any active member of staff."""


@dataclass(frozen=True, slots=True)
class Line:
    """A named signature line: how many people, who, different from whom, how strong."""

    name: str
    title: str
    who: Who = ANYBODY
    count: int = 1
    differs: tuple[str, ...] = ()
    assurance: Assurance = "identified"
    clauses: tuple[str, ...] = ()
    needed: Callable[[Record, Books], bool] | None = None
    """Where given, the line is asked for only when this says so (a pure question of record and books)."""

    @property
    def term(self) -> Term:
        """The line as a sentence names it."""
        return Term(self.name, "line", self.title)


class Action(NamedTuple):
    """A verb of a register: from which states, to which, what it sets, whom it needs."""

    name: str
    title: str
    to: str = ""
    source: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    may: Who = ANYBODY
    signs: str = ""
    lines: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    reason: bool = False
    papers: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    completes: Callable[[Record | None, Mapping[str, Any], str], Mapping[str, Any]] | None = None
    """A pure function (record before, fields entered, event time) that gives the fields decided by them."""
    gathers: Callable[[Books, Record | None, Mapping[str, Any], str], Mapping[str, Any]] | None = None
    """The same with the books as they were known before the entry: what a snapshot takes down."""
    touches: Callable[[Books, Record], Iterable[Touch]] | None = None
    """What the same commit does to other records, given the record after the act; rules hold that it is done."""
    stamps: str = ""
    """The field that takes down which records/ tree the act was entered on."""
    author: str = ""
    """The field that takes down who acts; the form may go by it."""
    by_merge: bool = False
    """Taken where two histories are joined, and by no command."""

    @property
    def term(self) -> Term:
        """The action as a sentence names it."""
        return Term(self.name, "action", self.title)

    @property
    def creates(self) -> bool:
        """Whether this action opens a record."""
        return not self.source

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that this action may set."""
        return self.needs + self.takes


class Deadline(NamedTuple):
    """A time by which a record must have left a state, and who answers for it."""

    name: str
    clauses: tuple[str, ...]
    sentence: str
    states: tuple[str, ...]
    due: Callable[[Record, Books], str | None]
    person: Callable[[Record, Books], str]
    how: Callable[[Record, Books], Iterable[Text]] | None = None
    """Where the moment was computed: the steps of it, for `explain`."""
    told: Callable[[Record, Books], Text] | None = None
    """What the record says of it, where the sentence alone is too little."""
    anyone: Callable[[Record, Books, str], Sequence[str]] | None = None
    """Where it is nobody's in particular: who may see to it at a moment."""


class Owed(NamedTuple):
    """Something that is to be on the books by a time and is not: because of which record, and who answers for it."""

    record: str
    due: str
    person: str


class Watch(NamedTuple):
    """A time by which a record has to be there at all; what is owed follows from records of other registers."""

    name: str
    clauses: tuple[str, ...]
    sentence: str
    owed: Callable[[Books, str], Iterable[Owed]]
    """A pure question of the books, up to a moment."""


class Report(NamedTuple):
    """A list or table over a register that a clause asks for."""

    name: str
    title: str
    clauses: tuple[str, ...]
    rows: Callable[[Sequence[Record], Books, str], Iterable[Mapping[str, Any]]]
    """A pure function (records of the register, books, moment) that gives the rows."""
    headings: Mapping[str, Text] = MappingProxyType({})
    """Headings of the columns that are no fields of the register."""


class Feeds(NamedTuple):
    """What a register's records mean to the rest; each reads one record."""

    custody: Callable[[Record], Iterable[Hold]] | None = None
    case: Callable[[Record], Case | None] | None = None
    ledger: Callable[[Record], Iterable[Movement]] | None = None
    duty: Callable[[Record], Iterable[Duty]] | None = None
    """A register with this feed indexes the field `date`, the day on which a duty begins."""
    merit: Callable[[Record], Iterable[Merit]] | None = None
    """A merit whose time is still to come stands unless something is done before: a key that is brought back."""


class Setting(NamedTuple):
    """A value that the desk's policy holds; for a number, whether more or less of it is stricter."""

    default: Any
    sentence: str
    clauses: tuple[str, ...] = ()
    stricter: Literal["more", "less", ""] = ""
    suits: Callable[[Any], Iterable[Text]] | None = None
    """What is wrong with a value of the right kind, where its shape is the setting's own; None: nothing can be."""


class Register(NamedTuple):
    """A book, declared: its verbs, signature lines, rules, deadlines, columns and feeds."""

    name: str
    prefix: str
    title: str
    area: str
    actions: tuple[Action, ...]
    columns: tuple[str, ...]
    book: str = ""
    lines: tuple[Line, ...] = ()
    rules: tuple[Rule, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    watches: tuple[Watch, ...] = ()
    reports: tuple[Report, ...] = ()
    feeds: Feeds = Feeds()
    settings: Mapping[str, Setting] = MappingProxyType({})
    final: tuple[str, ...] = ()
    dated: bool = True
    sharded: bool = True
    corrects: Who = ANYBODY
    computed: tuple[str, ...] = ()
    """Fields that only `completes` of some action sets."""
    blind: tuple[str, ...] = ()
    """Fields that prompts and forms never show before they are entered."""

    def action(self, name: str) -> Action | None:
        """Return the action of that name."""
        for each in self.actions:
            if each.name == name:
                return each
        return None

    def line(self, name: str) -> Line | None:
        """Return the signature line of that name."""
        for each in self.lines:
            if each.name == name:
                return each
        return None

    @property
    def states(self) -> tuple[str, ...]:
        """Every state that an action leads to, in the order declared, then `void`."""
        named = dict.fromkeys(each.to for each in self.actions if each.to)
        return (*(state for state in named if state != "void"), "void")


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
