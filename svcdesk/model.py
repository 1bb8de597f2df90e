"""The vocabulary: texts, records, acts, changes, findings. Frozen values, standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Literal
from typing import NamedTuple

Act = Mapping[str, Any]
"""One entry of a record's `acts`: action, at, entered, by, reason, sets, signed, papers, ref."""

NAMED = 6
"""Words of which one is needed that are named; of the others, how many there are is said."""

Severity = Literal["error", "warning"]
Assurance = Literal["attested", "identified", "signed"]
ASSURANCES: tuple[Assurance, ...] = ("attested", "identified", "signed")


class Text(NamedTuple):
    """A sentence before translation: an English template and what goes into it."""

    template: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.template.format(**{name: _plain(value) for name, value in self.values.items()})


def _plain(value: object) -> object:
    return ", ".join(map(str, value)) if type(value) in (tuple, list) else value  # type: ignore[call-overload]


def text(template: str, /, **values: object) -> Text:
    """Return a translatable sentence; `template` is the key in the message catalogue."""
    return Text(template, values)


class Term(NamedTuple):
    """A word of the program's own inside a sentence: as it is typed, and what people call it elsewhere."""

    name: str
    kind: Literal["action", "state", "field", "line", "post", "register", "value"]
    title: str = ""
    """Its English title; of a value or a column, the dotted path of the field that labels it or that it is."""
    register: str = ""

    def __str__(self) -> str:
        return self.name


class Terms(tuple[Term, ...]):
    """Words of which one is needed."""

    __slots__ = ()

    def __str__(self) -> str:
        more = len(self) - NAMED
        return " | ".join([*(each.name for each in self[:NAMED]), *([f"{more} more"] if more > 0 else [])])


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


class Touch(NamedTuple):
    """What an act on one record does to another in the same commit: the action taken there, and its fields."""

    record: str
    action: str
    sets: Mapping[str, Any]
