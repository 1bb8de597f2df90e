"""What a register declares: lines, actions, deadlines, reports, feeds, settings. Frozen values."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from typing import Literal
from typing import NamedTuple

from svcdesk.claims import Rule
from svcdesk.feeds import Awaited
from svcdesk.feeds import Books
from svcdesk.feeds import Case
from svcdesk.feeds import Duty
from svcdesk.feeds import Hold
from svcdesk.feeds import Merit
from svcdesk.feeds import Movement
from svcdesk.model import Assurance
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import Touch


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
    awaits: Callable[[Books], Iterable[Awaited]] | None = None
    """What stands already and counts only once the line is signed, though no action waits for that."""

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
    remarks: Callable[[Record, Books], Iterable[Text]] | None = None
    """What is said to the person once the act stands, given the record after it: no reason to refuse it."""
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
    figures: Mapping[str, Callable[[Record, Books], Iterable[Text]]] = MappingProxyType({})
    """field: how its figure came about, a sentence for each step, for `explain`."""
    blind: tuple[str, ...] = ()
    """Fields that prompts and forms never show before they are entered."""
    presents: Callable[[Record], Mapping[str, Any]] | None = None
    """What a page shows of a record, where some of its fields only say what its last act was about."""
    by_key: Callable[[Step], bool] | None = None
    """Which acts whoever holds a key signs with it, whatever the policy asks."""

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
    def term(self) -> Term:
        """The register as a sentence names it."""
        return Term(self.name, "register", self.title)

    @property
    def states(self) -> tuple[str, ...]:
        """Every state that an action leads to, in the order declared, then `void`."""
        named = dict.fromkeys(each.to for each in self.actions if each.to)
        return (*(state for state in named if state != "void"), "void")
