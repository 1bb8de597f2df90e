"""The one judge: is this change legal? Pure; serves command, check, audit and server alike."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from svcdesk import signing
from svcdesk.acts import own_parts
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.clock import later_seconds
from svcdesk.contention import blocked
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.misfits import Fault
from svcdesk.misfits import misfits
from svcdesk.model import Act
from svcdesk.model import Change
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Terms
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.people import fits
from svcdesk.people import wanted_posts
from svcdesk.rules import post_terms
from svcdesk.sealable import Place
from svcdesk.sealed import Envelope
from svcdesk.sealed import parse
from svcdesk.workflow import ENTRY_ACTS
from svcdesk.workflow import NOT_TAKEN_OVER
from svcdesk.workflow import advance
from svcdesk.workflow import allowed_from
from svcdesk.workflow import correctable
from svcdesk.workflow import decided
from svcdesk.workflow import find_action
from svcdesk.workflow import replay
from svcdesk.workflow import taken_over

LEAD = 60
"""The rank from which a person corrects what somebody without a rank has entered (annex c: cs-lead)."""

Faults = Callable[[str, Mapping[str, Any]], Sequence[Fault]]
References = Callable[[str, Mapping[str, Any]], Iterable[tuple[str, str, tuple[str, ...]]]]
Texts = Callable[[str, Mapping[str, Any]], Iterable[Place]]


class Law(NamedTuple):
    """What the judge judges by: the declared registers and their schemas."""

    registers: Mapping[str, Register]
    faults: Faults
    references: References
    texts: Texts = lambda register, values: ()
    """Gives the texts of a form that only some may read."""


def judge(change: Change, books: OpenBooks, law: Law, joined: bool = False) -> list[Finding]:
    """Judge a change against the books as they stood before it; no findings means that it is legal.

    `joined` acts come from another clone: what these books say was not all known there. What such an act
    took down from the books, and its place in the order of entry, is left to the audit of its own commit.
    """
    return [finding for _step, findings in judge_each(change, books, law, joined) for finding in findings]


def judge_each(
    change: Change, books: OpenBooks, law: Law, joined: bool = False
) -> Iterator[tuple[Step, list[Finding]]]:
    """Yield each step of a change with what there is against it."""
    after = books.changed(step.new for step in change.steps)
    for step in change.steps:
        found = judge_shape(step.new, law)
        yield step, found or judge_step(step, after, law, joined)


def judge_step(step: Step, after: OpenBooks, law: Law, joined: bool = False) -> list[Finding]:
    """Judge one step of well-made records by the books in which they stand as changed."""
    found = judge_form(step, after, law, joined)
    return found or [*_judge_whole(step, after, law, joined), *judge_state(step.new, after, law)]


def judge_shape(record: Record, law: Law) -> list[Finding]:
    """Judge a record by its schema, and by its own acts: it must be exactly what they give."""
    faults = law.faults(record.register, record.data)
    found = list(misfits(record, faults))
    return found or _fold(record, law.registers[record.register])


def _fold(record: Record, register: Register) -> list[Finding]:
    folded: Record | None = None
    for act in record.acts:
        if find_action(register, act["action"]) is None:
            message = text(
                "{register} knows no action {action}", register=register.name, action=act["action"]
            )
            return [Finding("known-action", message, record=record.id)]
        folded = advance(register, folded, act, record.id)
    assert folded is not None, "the schema asks for at least one act"
    if folded.data == record.data:
        return []
    wrong = sorted(
        name
        for name in folded.data.keys() | record.data.keys()
        if folded.data.get(name) != record.data.get(name)
    )
    message = text("{fields}: not what the acts give", fields=", ".join(wrong))
    return [Finding("fold", message, record=record.id, field=wrong[0])]


def goes_on(old: Record, acts: Sequence[Act], new: Record, law: Law) -> bool:
    """Tell whether a record, which is what its acts give, becomes just the new one by these acts more."""
    register = law.registers[new.register]
    for act in acts:
        if find_action(register, act["action"]) is None:
            return False
        old = advance(register, old, act, new.id)
    return old.data == new.data


def judge_form(step: Step, books: OpenBooks, law: Law, joined: bool = False) -> list[Finding]:
    """Judge how an act is made: transition, footprint, times, then its form; only what is whole meets the rules."""
    register = law.registers[step.new.register]
    action = find_action(register, step.action)
    assert action is not None, "judge_shape has looked"
    if step.action in ENTRY_ACTS:
        return [*_entry(step, register, books), *own_parts(step, action, books), *_times(step, joined)]
    found = [*_transition(step, action), *_closed(step, action, register)]
    found += [*_footprint(step, action, register, books, joined), *own_parts(step, action, books)]
    return [*found, *_times(step, joined)] or list(_form(step, action))


def judge_act(step: Step, books: OpenBooks, law: Law, joined: bool = False) -> list[Finding]:
    """Judge one act: how it is made, and if that is as it should be, by whom and by which rules."""
    return judge_form(step, books, law, joined) or _judge_whole(step, books, law, joined)


def _judge_whole(step: Step, books: OpenBooks, law: Law, joined: bool) -> list[Finding]:
    """Judge an act that is made as it should be: right, signatures, and the register's act rules."""
    register = law.registers[step.new.register]
    action = find_action(register, step.action)
    assert action is not None, "judge_shape has looked"
    found = [*_right(step, action, register, books), *blocked(step, register, books), *_sealed(step, books, law)]
    if step.action not in ENTRY_ACTS:
        found += signing.judge_signatures(step, action, register, books, joined)
        found += act_rules(step, register, books)
    if step.action == "correct" and not found:
        found += _what_follows(step, register, books)
    return found


def _sealed(step: Step, books: OpenBooks, law: Law) -> Iterator[Finding]:
    """Once a desk seals, a text that only some may read is entered sealed, for the field in which it stands."""
    clear: list[str] = []
    for place in law.texts(step.new.register, step.sets):
        envelope = parse(place.value)
        if envelope is None:
            clear.append(place.field)
        elif not _made_for(envelope, place, step.new, books, law):
            message = text("{field}: sealed for another record or field", field=_field(step, place.field))
            yield Finding("sealed-in-place", message, record=step.new.id, field=place.field)
    # Within the second in which sealing began, the order of acts is not on record.
    if clear and books.setting("sealing", later_seconds(step.entered, -1)):
        for name in dict.fromkeys(clear):
            message = text("{field}: in clear, though this desk seals it", field=_field(step, name))
            yield Finding("sealed-not-clear", message, record=step.new.id, field=name)


def _made_for(envelope: Envelope, place: Place, record: Record, books: OpenBooks, law: Law) -> bool:
    """Tell whether a sealed text was made for this place, or taken from the one that it was made for."""
    if (envelope.record, envelope.field) == (record.id, place.field):
        return True
    source = books.get(envelope.record) if envelope.record != record.id else None
    return source is not None and any(
        (each.field, each.value) == (envelope.field, place.value)
        for act in source.acts
        for each in law.texts(source.register, act.get("sets", {}))
    )


def act_rules(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """Judge an act by the register's rules about acts of its kind."""
    for rule, weight in books.policy.bindings(step.at).binding(register, "act", step.action):
        for message in rule.test(step, books):
            yield Finding(rule.name, message, rule.clauses, record=step.new.id, severity=weight)


def _what_follows(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """A correction may give nothing that would have been refused at the time: judge the acts as corrected.

    Each corrected value is put into the act that had set it last; what that act and the later ones would
    newly have met, rules and lines, is held against the correction.
    """
    assert step.old is not None, "a correction follows other acts"
    before = list(step.old.acts)
    after = list(before)
    first = len(after)
    for name, value in step.sets.items():
        place = max(number for number, act in enumerate(before) if name in act.get("sets", {}))
        after[place] = {**after[place], "sets": {**after[place]["sets"], name: value}}
        first = min(first, place)
    told = {
        (each.rule, str(each.message))
        for former in replay(register, step.new.id, before)[first:]
        for each in _met(former, register, books)
    }
    for later in replay(register, step.new.id, after)[first:]:
        yield from (
            each for each in _met(later, register, books) if (each.rule, str(each.message)) not in told
        )


def _met(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    action = find_action(register, step.action)
    if action is not None and step.action not in (*ENTRY_ACTS, "correct", "void"):
        yield from signing.judge_lines(step, action, register, books)
        yield from act_rules(step, register, books)


def judge_state(record: Record, books: OpenBooks, law: Law) -> list[Finding]:
    """Judge a record as it stands: its references and the register's state rules."""
    return [*_references(record, books, law), *_standing(record, "state", books, law)]


def judge_open(record: Record, books: OpenBooks, law: Law) -> list[Finding]:
    """Judge what a record may be left with for a while: no act is refused for it, but a check fails."""
    return list(_standing(record, "open", books, law))


def _standing(record: Record, about: str, books: OpenBooks, law: Law) -> Iterator[Finding]:
    if record.state == "void":
        return
    bindings = books.policy.bindings(record.acts[-1]["at"])
    for rule, weight in bindings.binding(law.registers[record.register], about):
        for message in rule.test(record, books):
            yield Finding(rule.name, message, rule.clauses, record=record.id, severity=weight)


def _state(step: Step, name: str) -> Term:
    return Term(name, "state", register=step.new.register)


def _field(step: Step, name: str) -> Term:
    return Term(name, "field", register=step.new.register)


def _transition(step: Step, action: Action) -> Iterator[Finding]:
    record = step.new.id
    if step.old is None:
        if not action.creates:
            message = text("{action} needs a record that is open", action=action.term)
            yield Finding("transition", message, record=record)
    elif action.creates or not allowed_from(action, step.old.state):
        sources = (each for each in action.source if each != "*")
        needed = Terms(_state(step, each) for each in sources)
        message = _not_from(record, _state(step, step.old.state), action, needed)
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
                field=_field(step, name),
                record=old.id,
                state=_state(step, old.state),
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
        message = text("an import leaves no record in the state {state}", state=_state(step, step.new.state))
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
        form = {name: entered[name] for name in entered if name in action.fields and entered[name] is not None}
        author = {action.author: step.actor} if action.author else {}
        known = books.known_at(step.entered) if action.gathers and not joined else None
        given = author | dict(decided(action, step.old, form | author, step.at, known))
        unseen = register.computed if action.gathers and joined else ()
        allowed = frozenset(action.fields) | given.keys() | {action.stamps, *unseen}
    for name in sorted(entered.keys() - allowed):
        message = text("{field}: {action} does not set it", field=_field(step, name), action=action.term)
        yield Finding("footprint", message, record=step.new.id, field=name)
    for name in [each for each in allowed & entered.keys() if entered[each] is None]:
        if name not in given and action.name != "correct":
            message = text("{field}: only a correction takes a value away", field=_field(step, name))
            yield Finding("footprint", message, record=step.new.id, field=name)
    for name, value in given.items():
        if entered.get(name) != value:
            message = text("{field}: not what {action} decides", field=_field(step, name), action=action.term)
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


def _right(step: Step, action: Action, register: Register, books: OpenBooks) -> Iterator[Finding]:
    who = action.may
    if action.name in ("correct", "void"):
        yield from _right_to_correct(step, action, register, books)
        if action.name == "void":
            yield from _dependents(step, books)
            yield from _still_out(step, register)
    elif not fits(who, step.actor, step.entered, books):
        yield _no_right(step, action, who, books)


def _no_right(step: Step, action: Action, who: Who, books: OpenBooks) -> Finding:
    needed = wanted_posts(who, step.entered, books) or who.departments
    if needed:
        message = text(
            "{actor} may not {action}; it needs {posts}",
            actor=step.actor,
            action=action.term,
            posts=post_terms(needed, step.entered, books),
        )
    elif who.rank:
        message = text(
            "{actor} may not {action}; it needs rank {rank} or above",
            actor=step.actor,
            action=action.term,
            rank=who.rank,
        )
    else:
        message = text(
            "{actor} may not {action}; no post was held at {at}",
            actor=step.actor,
            action=action.term,
            at=step.entered,
        )
    return Finding(f"{step.action}-right", message, who.clauses, record=step.new.id)


def _right_to_correct(step: Step, action: Action, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """A correction is signed by somebody above the one who entered; master data by those who keep it."""
    if register.corrects.posts:
        if not fits(register.corrects, step.actor, step.entered, books):
            yield _no_right(step, action, register.corrects, books)
        return
    own = books.rank(step.actor, step.entered)
    names = step.sets.keys()
    acts: Sequence[Act] = step.old.acts if step.old else ()
    entered = [act for act in acts if act["action"] != "sign" and names & act.get("sets", {}).keys()]
    for author, moment in sorted({(act["by"], act.get("entered", act["at"])) for act in entered or acts[:1]}):
        # Who entered it without a rank (the desk-admin, an import) is corrected by a lead or above.
        needed = max(books.rank(author, moment) + 1, LEAD if not books.rank(author, moment) else 0)
        if own < needed or author == step.actor:
            message = text(
                "{author} entered it; somebody above, of rank {rank} or higher, has to do this",
                author=author,
                rank=needed,
            )
            yield Finding("correct-from-above", message, record=step.new.id)


def _dependents(step: Step, books: OpenBooks) -> Iterator[Finding]:
    for other in books.mentioning(step.new.id):
        if other.id != step.new.id and other.state not in ("void", *_final(other, books)):
            message = text("{record} depends on it", record=other.id)
            yield Finding("void-without-dependents", message, record=step.new.id)


def _still_out(step: Step, register: Register) -> Iterator[Finding]:
    """What a record holds is given back before the record is void, or nobody would look for it."""
    feed = register.feeds.custody
    for hold in feed(step.old) if feed and step.old else ():
        if hold.until is None and hold.holder:
            message = text("{thing} is still with {holder} by it", thing=hold.thing, holder=hold.holder)
            yield Finding("void-without-dependents", message, record=step.new.id)


def _final(record: Record, books: OpenBooks) -> tuple[str, ...]:
    return books.register(record.register).final


def _form(step: Step, action: Action) -> Iterator[Finding]:
    name = f"{action.name}-form"
    missing_fields = [each for each in action.needs if not _is_given(step, action, each)]
    if not (step.sets or action.to or action.needs or step.act.get("signed") or action.signs):
        message = text("nothing is given to {action}", action=action.term)
        yield Finding(name, message, action.clauses, record=step.new.id)
    for missing in missing_fields:
        message = text("{action} needs {field}", action=action.term, field=_field(step, missing))
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


def _references(record: Record, books: OpenBooks, law: Law) -> Iterator[Finding]:
    for name, wanted, registers in law.references(record.register, record.data):
        other = books.get(wanted)
        if other is None or other.register not in registers:
            message = text(
                "{field}: there is no {registers} {record}",
                field=Term(name.rpartition(".")[2], "field", name, record.register),
                registers=Terms(law.registers[each].term for each in registers),
                record=wanted,
            )
            yield Finding("reference", message, record=record.id, field=name)
        elif other.state == "void" and record.state not in ("void", *law.registers[record.register].final):
            field = Term(name.rpartition(".")[2], "field", name, record.register)
            message = text("{field}: {record} is void", field=field, record=wanted)
            yield Finding("reference", message, record=record.id, field=name)
