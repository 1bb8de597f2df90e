"""Keys: what each opens, where it hangs, who keeps it. Where it is now follows from the custody feed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.key_where import HEADINGS
from svcdesk.registers.key_where import whereabouts
from svcdesk.rules import unknown_departments
from svcdesk.rules import when

KEEPER = Who(
    posts=(
        "cs-assistant",
        "key-custodian",
        "cs-manager",
        "security-manager",
        "property-manager",
        "desk-admin",
    )
)
HEADED = Who(posts=("cs-manager", "property-manager", "security-manager", "desk-admin"))
"""Who corrects a key: what an assistant may lend rests on its category and department."""

MASTERED = (
    "management-office",
    "storeroom",
    "material-storeroom",
    "machine-room",
    "fire-passage",
    "estate-gate",
)
"""Categories of CS13-1.1 to 1.4; the storerooms belong to the first."""

GONE = ("lost", "replaced", "handed-to-owner")
"""Statuses of a key that its department does not have, and does not expect back on a hook."""

PLAN = [
    *({"category": each, "department": "security", "set_kind": "sealed", "sets": 1} for each in MASTERED),
    {"category": "machine-room", "department": "engineering", "set_kind": "working", "sets": 1},
    {"category": "machine-room", "department": "customer-service", "set_kind": "spare", "sets": 1},
    {"category": "material-storeroom", "department": "reception", "set_kind": "working", "sets": 2},
    {"category": "vacant-unit", "department": "customer-service", "set_kind": "working", "sets": 1},
    {"category": "in-unit-room", "department": "customer-service", "set_kind": "working", "sets": 1},
]


@state_rule("CS13-3#2")
def key_has_a_slot_of_its_own(key: Record, books: Books) -> Iterator[Text]:
    """A key has a slot of its own, which only keys of the same bunch share."""
    if key.state != "active":
        return
    if not key.get("hook"):
        yield text("{key} has no hook; give it one", key=key.id)
        return
    for other in _beside(key, books, hook=key["hook"]):
        if not key.get("bunch") or key["bunch"] != other.get("bunch"):
            yield text(
                "hook {hook} is that of {other}, {name}", hook=key["hook"], other=other.id, name=other["name"]
            )


@state_rule("CS13-3#2")
def key_has_a_label_of_its_own(key: Record, books: Books) -> Iterator[Text]:
    """A key's label names this key and no other."""
    if key.state != "active" or not key.get("label"):
        return
    for other in _beside(key, books, label=key["label"]):
        yield text(
            "label {label} is that of {other}, {name}", label=key["label"], other=other.id, name=other["name"]
        )


@state_rule()
def departments_of_a_key_are_known(key: Record, books: Books) -> Iterator[Text]:
    """The departments that own and keep a key are departments that there are."""
    yield from unknown_departments(key, books, "department", "kept_by")


@act_rule(actions=("withdraw",))
def withdrawn_key_is_not_with_anybody(step: Step, books: Books) -> Iterator[Text]:
    """A key that somebody has is taken back before it is taken out of use."""
    for hold in books.holds(step.new.id, step.at):
        if hold.status in ("on-loan", "unsealed"):
            yield text(
                "{key} is with {holder} since {since} ({record})",
                key=hold.thing,
                holder=hold.holder,
                since=hold.since,
                record=hold.record,
            )


def _beside(key: Record, books: Books, **fields: Any) -> Iterator[Record]:
    """Yield the other keys in use that hang at the same department and agree in these fields."""
    for other in books.find("key", **fields):
        if other.id != key.id and other.state == "active" and keeper(other) == keeper(key):
            yield other


def keeper(key: Record) -> str:
    """Return the code of the department that keeps a key: the owning one unless another is entered."""
    return str(key.get("kept_by") or key["department"])


def stock_take(keys: Sequence[Record], books: Books, at: str) -> Iterable[Mapping[str, Any]]:
    """For each door that a key of a planned category opens: the sets that are planned, and those held."""
    held: Counter[tuple[str, str, str, str]] = Counter()
    doors: dict[str, set[str]] = {}
    for key in keys:
        if _in_use(key, at):
            doors.setdefault(key["category"], set()).add(key.get("opens", ""))
            if not any(hold.status in GONE for hold in books.holds(key.id, at)):
                kind = key.get("set_kind", "working")
                held[key["category"], key.get("opens", ""), keeper(key), kind] += key.get("sets", 1)
    for planned in books.setting("key.custody-plan", at):
        for door in sorted(doors.get(planned["category"], ())):
            found = held[planned["category"], door, planned["department"], planned["set_kind"]]
            place = books.get(door)
            yield {
                "category": planned["category"],
                "opens": door,
                "door": place["name"] if place else "",
                "department": planned["department"],
                "set_kind": planned["set_kind"],
                "planned": planned["sets"],
                "held": found,
                "difference": found - planned["sets"],
            }


def _in_use(key: Record, at: str) -> bool:
    """Tell whether a key was entered by a moment and not yet withdrawn."""
    withdrawn = when(key, "withdraw", "void")
    return not before(at, key.opened) and (withdrawn is None or before(at, withdrawn))


REGISTER = Register(
    name="key",
    prefix="K",
    title="Keys",
    area="key",
    dated=False,
    sharded=False,
    columns=("id", "state", "name", "category", "department", "hook"),
    actions=(
        Action(
            "add",
            "Enter a key.",
            to="active",
            needs=("name", "category", "department"),
            takes=(
                "hook",
                "label",
                "opens",
                "set_kind",
                "sets",
                "pieces",
                "bunch",
                "kept_by",
                "custodian",
                "owner",
                "seal",
                "sealed_on",
            ),
            may=KEEPER,
        ),
        Action(
            "change",
            "Change a key; its hook, label, bunch, keeper or seal.",
            source=("active",),
            takes=(
                "name",
                "hook",
                "label",
                "opens",
                "bunch",
                "sets",
                "pieces",
                "kept_by",
                "custodian",
                "owner",
                "seal",
                "sealed_on",
            ),
            may=KEEPER,
        ),
        Action(
            "withdraw", "Take a key out of use.", to="withdrawn", source=("active",), may=KEEPER, reason=True
        ),
    ),
    rules=(
        key_has_a_slot_of_its_own,
        key_has_a_label_of_its_own,
        departments_of_a_key_are_known,
        withdrawn_key_is_not_with_anybody,
    ),
    reports=(
        Report(
            "stock-take",
            "Sets held against the custody plan",
            ("CS13-2+",),
            stock_take,
            headings={
                "door": text("door"),
                "planned": text("sets planned"),
                "held": text("sets held"),
                "difference": text("difference"),
            },
        ),
        Report("where", "Where every key is", (), whereabouts, headings=HEADINGS),
    ),
    settings={
        "key.custody-plan": Setting(
            PLAN,
            "Which department holds how many sets of a door's keys, by category and kind of set.",
            (
                "CS3-B1",
                "CS3-C1#1",
                "CS13-2.1#1",
                "CS13-2.2.1",
                "CS13-2.2.2",
                "CS13-2.2.3#1",
                "CS13-2.2.3#2",
            ),
        ),
        "key.master-categories": Setting(
            list(MASTERED),
            "Categories whose sealed set is a master set, kept for emergencies.",
            ("CS13-2.1#1",),
        ),
    },
    final=("withdrawn",),
    corrects=HEADED,
)
