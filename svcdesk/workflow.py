"""A record and an act in, the next record out; a record folded from its acts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any
from typing import NamedTuple

from svcdesk.clock import instant
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.errors import BadInput
from svcdesk.feeds import Books
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import text

FORMAT = 1
"""The record format that this version writes."""

ENTRY_ACTS = ("import",)
"""Acts that carry the state themselves: rows taken over from another book."""

NOT_TAKEN_OVER = ("audit-exception", "conflict", "erasure", "import", "policy", "station")
"""Registers that begin with the desk: what another book says cannot stand in for their acts."""

COMMON = (
    Action("correct", "Correct what a form was filled in with.", source=("*",), reason=True),
    Action("void", "Declare a record void.", to="void", source=("*",), reason=True),
    Action("sign", "Sign an open line.", source=("*",)),
    Action("import", "Take a record over from another book.", to="*", may=Who(posts=("desk-admin",))),
)
"""The verbs that every register has."""


def find_action(register: Register, name: str) -> Action | None:
    """Return the register's own action of that name, or the common one."""
    return register.action(name) or next((each for each in COMMON if each.name == name), None)


def allowed_from(action: Action, state: str) -> bool:
    """Tell whether the action may be taken in this state; nothing may be done to a void record."""
    return state in action.source or ("*" in action.source and state != "void")


def advance(register: Register, old: Record | None, act: Act, record_id: str = "") -> Record:
    """Return the record after one more act; `record_id` names a record that the act opens.

    Lists that the action adds to grow, other fields are replaced, a null takes a field away.
    The act is trusted to name an action of the register: the judge has looked before.
    """
    data: dict[str, Any] = dict(old.data) if old else {"id": record_id, "format": FORMAT, "state": ""}
    action = find_action(register, act["action"])
    adds = action.adds if action else ()
    for name, value in act.get("sets", {}).items():
        if name in adds:
            data[name] = [*data.get(name, ()), *(value or ())]
        elif value is None:
            data.pop(name, None)
        else:
            data[name] = value
    if act["action"] in ENTRY_ACTS:
        data["state"] = act.get("state", "")
    elif action and action.to:
        data["state"] = action.to
    data["acts"] = [*(old.acts if old else ()), act]
    return Record(register.name, data)


def replay(register: Register, record_id: str, acts: Sequence[Act]) -> list[Step]:
    """Return the steps by which these acts make a record, in the order of entry."""
    steps: list[Step] = []
    record: Record | None = None
    for act in acts:
        new = advance(register, record, act, record_id)
        steps.append(Step(record, act, new))
        record = new
    return steps


def as_of(register: Register, record: Record, moment: str) -> Record | None:
    """Return the record as the acts up to this event time leave it, or None before the first."""
    limit = instant(moment)
    acts = [act for act in record.acts if instant(act["at"]) <= limit]
    return replay(register, record.id, acts)[-1].new if acts else None


def correctable(register: Register, record: Record) -> frozenset[str]:
    """Return the fields that a correction may change: those that some act's form has set."""
    deciding = (
        each for each in register.actions if each.completes or each.gathers or each.stamps or each.author
    )
    computed = {name for each in deciding for name in _computed(each, record)}
    return frozenset(name for act in record.acts for name in act.get("sets", {})) - computed


def _computed(action: Action, record: Record) -> set[str]:
    acts = [act for act in record.acts if act["action"] == action.name]
    return {name for act in acts for name in act.get("sets", {}) if name not in action.fields}


def taken_over(acts: Sequence[Act]) -> Sequence[Act]:
    """Return the acts up to the last by which the record was taken over; none where it was opened here."""
    last = max((number for number, act in enumerate(acts, 1) if act["action"] in ENTRY_ACTS), default=0)
    return acts[:last]


class Order(NamedTuple):
    """What a person asks to be done: an action on a record, or on a new one where `record` is empty.

    `record` may also be the id that a new one is to get.
    """

    register: str
    action: str
    record: str = ""
    sets: Mapping[str, Any] = MappingProxyType({})
    signed: Sequence[Mapping[str, str]] = ()
    papers: Sequence[Mapping[str, str]] = ()
    reason: str = ""
    at: str = ""
    ref: str = ""


def decided(
    action: Action, old: Record | None, form: Mapping[str, Any], at: str, books: Books | None
) -> Mapping[str, Any]:
    """Return the fields that an action decides itself: completed from its form, gathered from the books."""
    found = dict(action.completes(old, form, at)) if action.completes else {}
    if action.gathers and books is not None:
        found.update(action.gathers(books, old, form, at))
    return found


def act_of(
    order: Order,
    register: Register,
    old: Record | None,
    actor: str,
    entered: str,
    books: Books | None = None,
    tree: str = "",
) -> dict[str, Any]:
    """Return the act that carrying an order out comes to; raises BadInput on an action that there is not.

    `books` are those known before the entry, `tree` is the records/ tree that they lie in.
    """
    action = find_action(register, order.action)
    if action is None:
        raise BadInput(
            text("{register} knows no action {action}", register=register.name, action=order.action)
        )
    at = order.at or entered
    instant(at)
    sets = {
        name: value for name, value in order.sets.items() if value is not None or order.action == "correct"
    }
    if action.author:
        sets[action.author] = actor
    sets.update(decided(action, old, sets, at, books))
    if action.stamps and tree:
        sets[action.stamps] = tree
    signed = [dict(each) for each in order.signed]
    if action.signs and not any(each["line"] == action.signs for each in signed):
        signed.insert(0, {"line": action.signs, "staff": actor})
    return make_act(
        order.action,
        actor,
        at,
        entered=entered,
        sets=sets,
        reason=order.reason,
        signed=signed,
        papers=[dict(each) for each in order.papers],
        ends=list(action.ends),
        ref=order.ref,
    )


def touched(step: Step, registers: Mapping[str, Register], books: Books) -> Iterator[Step]:
    """Yield what an act does to other records in the same commit, in the order of their ids.

    Such an act is entered like any other, but takes nothing down from the books.
    """
    action = registers[step.new.register].action(step.action)
    found = action.touches(books, step.new) if action and action.touches else ()
    for touch in sorted(found, key=lambda each: each.record):
        old = books.get(touch.record)
        if old is None:
            raise BadInput(text("there is no record {record}", record=touch.record))
        register = registers[old.register]
        verb = find_action(register, touch.action)
        reason = str(step.act.get("reason", "")) if verb and verb.reason else ""
        order = Order(register.name, touch.action, old.id, sets=touch.sets, reason=reason, at=step.at)
        act = act_of(order, register, old, step.actor, step.entered)
        yield Step(old, act, advance(register, old, act, old.id))


def make_act(
    action: str,
    actor: str,
    at: str,
    *,
    entered: str = "",
    sets: Mapping[str, Any] | None = None,
    **rest: Any,
) -> dict[str, Any]:
    """Return an act with its keys in order; empty parts are left out."""
    act: dict[str, Any] = {"action": action, "at": at}
    if entered and entered != at:
        act["entered"] = entered
    act["by"] = actor
    for name in ("reason",):
        if rest.get(name):
            act[name] = rest[name]
    if sets:
        act["sets"] = dict(sets)
    for name in ("signed", "papers", "ends", "ref", "source", "state"):
        if rest.get(name):
            act[name] = rest[name]
    return act
