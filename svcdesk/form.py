"""How an act is made, whatever its register: transition, footprint, times, and what it has to give. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.acts import own_parts
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.model import Act
from svcdesk.model import Finding
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Terms
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.workflow import ENTRY_ACTS
from svcdesk.workflow import NOT_TAKEN_OVER
from svcdesk.workflow import allowed_from
from svcdesk.workflow import correctable
from svcdesk.workflow import decided
from svcdesk.workflow import find_action
from svcdesk.workflow import taken_over


def judge_form(step: Step, register: Register, books: OpenBooks, joined: bool = False) -> list[Finding]:
    """Judge how an act is made: transition, footprint, times, then its form; only what is whole meets the rules."""
    action = find_action(register, step.action)
    assert action is not None, "judge_shape has looked"
    if step.action in ENTRY_ACTS:
        return [*_entry(step, register, books), *own_parts(step, action, books), *_times(step, joined)]
    found = [*_transition(step, action), *_closed(step, action, register)]
    found += [*_footprint(step, action, register, books, joined), *own_parts(step, action, books)]
    return [*found, *_times(step, joined)] or list(_form(step, action))


def state_term(step: Step, name: str) -> Term:
    """Return a state as a sentence names it."""
    return Term(name, "state", register=step.new.register)


def field_term(step: Step, name: str) -> Term:
    """Return a field as a sentence names it."""
    return Term(name, "field", register=step.new.register)


def _transition(step: Step, action: Action) -> Iterator[Finding]:
    record = step.new.id
    if step.old is None:
        if not action.creates:
            message = text("{action} needs a record that is open", action=action.term)
            yield Finding("transition", message, record=record)
    elif action.creates or not allowed_from(action, step.old.state):
        sources = (each for each in action.source if each != "*")
        needed = Terms(state_term(step, each) for each in sources)
        message = _not_from(record, state_term(step, step.old.state), action, needed)
        yield Finding("transition", message, action.clauses, record=record)


def _not_from(record: str, state: Term, action: Action, needed: Terms) -> Text:
    """Return why an action cannot be taken on a record as it stands."""
    if action.to == state.name and not needed:
        return text("{record} is {state} already", record=record, state=state)
    if not needed and not action.creates:
        return text("{record} is {state}; nothing is done to it any more", record=record, state=state)
    return text(
        "{record} is {state}; {action} needs {needed}",
        record=record,
        state=state,
        action=action.term,
        needed=needed or text("no earlier act"),
    )


def _closed(step: Step, action: Action, register: Register) -> Iterator[Finding]:
    """What a closed record says stays: an act that leaves it closed adds to it, and replaces nothing."""
    old = step.old
    if (
        old is None
        or old.state not in register.final
        or step.new.state != old.state
        or action.name == "correct"
    ):
        return
    for name in step.sets:
        if name in old.data and name not in action.adds and step.new.get(name) != old[name]:
            message = text(
                "{field}: {record} is {state}, and what it says stays; correct changes it, with a reason",
                field=field_term(step, name),
                record=old.id,
                state=state_term(step, old.state),
            )
            yield Finding("closed-record-stays", message, action.clauses, record=old.id, field=name)


def _entry(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """A record is taken over by an import that the desk knows, and again only while nobody has acted on it."""
    record = step.new.id
    source = books.get(step.act.get("source", {}).get("import", ""))
    if register.name in NOT_TAKEN_OVER:
        message = text("{register} is never imported", register=register.name)
        yield Finding("import-source", message, record=record)
    elif source is None or source.state != "loaded" or source["book"] != register.name:
        message = text("no import into {register} accounts for it", register=register.name)
        yield Finding("import-source", message, record=record, field="acts")
    if step.old is not None and len(taken_over(step.old.acts)) < len(step.old.acts):
        message = text("{record} was acted on since it was imported", record=record)
        yield Finding("transition", message, record=record)
    if step.new.state not in register.states or step.new.state == "void":
        message = text(
            "an import leaves no record in the state {state}", state=state_term(step, step.new.state)
        )
        yield Finding("transition", message, record=record, field="state")


def _footprint(
    step: Step, action: Action, register: Register, books: OpenBooks, joined: bool
) -> Iterator[Finding]:
    entered = dict(step.sets)
    if action.name == "correct":
        allowed: frozenset[str] = correctable(register, step.old) if step.old else frozenset()
        given: Mapping[str, Any] = {}
        if step.old is not None and all(step.old.get(name) == value for name, value in entered.items()):
            yield Finding("footprint", text("the correction changes nothing"), record=step.new.id)
    else:
        form = {
            name: entered[name] for name in entered if name in action.fields and entered[name] is not None
        }
        author = {action.author: step.actor} if action.author else {}
        known = books.known_at(step.entered) if action.gathers and not joined else None
        given = author | dict(decided(action, step.old, form | author, step.at, known))
        unseen = register.computed if action.gathers and joined else ()
        allowed = frozenset(action.fields) | given.keys() | {action.stamps, *unseen}
    for name in sorted(entered.keys() - allowed):
        message = text("{field}: {action} does not set it", field=field_term(step, name), action=action.term)
        yield Finding("footprint", message, record=step.new.id, field=name)
    for name in [each for each in allowed & entered.keys() if entered[each] is None]:
        if name not in given and action.name != "correct":
            message = text("{field}: only a correction takes a value away", field=field_term(step, name))
            yield Finding("footprint", message, record=step.new.id, field=name)
    for name, value in given.items():
        if entered.get(name) != value:
            message = text(
                "{field}: not what {action} decides", field=field_term(step, name), action=action.term
            )
            yield Finding("footprint", message, record=step.new.id, field=name)


def _times(step: Step, joined: bool) -> Iterator[Finding]:
    record = step.new.id
    if instant(step.at) > instant(step.entered):
        message = text("{at} lies after its entry at {entered}", at=step.at, entered=step.entered)
        yield Finding("times", message, record=record, field="at")
    last: Act | None = step.old.acts[-1] if step.old else None
    if joined and last is not None and instant(step.entered) < instant(last.get("entered", last["at"])):
        return
    if last is not None and instant(step.at) < instant(last["at"]):
        message = text(
            "{at} lies before the last act of {record} at {last}", at=step.at, record=record, last=last["at"]
        )
        yield Finding("times", message, record=record, field="at")
    if last is not None and instant(step.entered) < instant(last.get("entered", last["at"])):
        message = text("entered at {entered}, before the act that it follows", entered=step.entered)
        yield Finding("times", message, record=record, field="entered")


def _form(step: Step, action: Action) -> Iterator[Finding]:
    name = f"{action.name}-form"
    missing_fields = [each for each in action.needs if not _is_given(step, action, each)]
    if not (step.sets or action.to or action.needs or step.act.get("signed") or action.signs):
        message = text("nothing is given to {action}", action=action.term)
        yield Finding(name, message, action.clauses, record=step.new.id)
    for missing in missing_fields:
        message = text("{action} needs {field}", action=action.term, field=field_term(step, missing))
        yield Finding(name, message, action.clauses, record=step.new.id, field=missing)
    if action.reason and not step.act.get("reason"):
        yield Finding(
            name, text("{action} needs a reason", action=action.term), action.clauses, record=step.new.id
        )
    shown = {paper["kind"] for paper in step.act.get("papers", ())}
    for paper in (each for each in action.papers if each not in shown):
        message = text("{action} rests on a written paper: {paper}", action=action.term, paper=paper)
        yield Finding(name, message, action.clauses, record=step.new.id)


def _is_given(step: Step, action: Action, name: str) -> bool:
    """An empty list is a value, except where it was to add something."""
    value = step.sets.get(name)
    return value not in (None, "") and not (value == [] and name in action.adds)
