"""Signature lines judged: who signed, with which right, how strongly, and what is still open. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from svcdesk.books import OpenBooks
from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.model import ASSURANCES
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Signature
from svcdesk.model import Step
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.people import fits
from svcdesk.people import wanted_posts
from svcdesk.rules import post_terms
from svcdesk.rules import ranked

ASSURED = (text("attested"), text("by his own act"), text("signed with his own key"))
"""How a line is to be filled, as ASSURANCES go."""


def judge_signatures(
    step: Step, action: Action, register: Register, books: OpenBooks, joined: bool = False
) -> list[Finding]:
    """Judge the signatures that an act gives, and those that it needs before it may be taken.

    Of `joined` acts two clones may each have filled the last place of a line: both signatures stand.
    """
    found = [*_signed_act(step, action, books), *_given(step, register, books)]
    if not joined:
        found += _one_too_many(step, action, register, books)
    if action.signs and not any(each["line"] == action.signs for each in step.act.get("signed", ())):
        message = text(
            "{action} is signed as {line} by the one who takes it",
            action=action.term,
            line=_named(register, action.signs),
        )
        found.append(Finding(f"{action.signs}-signs", message, record=step.new.id))
    return [*found, *judge_lines(step, action, register, books)]


def _signed_act(step: Step, action: Action, books: OpenBooks) -> Iterator[Finding]:
    """An act for which the policy asks it, or the register of one who holds a key, is signed."""
    if must_be_signed(step, step.entered, books) and books.is_signed(step.new.id, step.act) is False:
        sentence = (
            text(
                "{actor} has to sign {action} with an SSH key that he holds: svcdesk --key FILE;"
                " another desk-admin ends one that is lost"
            )
            if books.keys(step.actor)
            else text("{actor} has to sign {action} with an SSH key of his own; svcdesk whoami --setup tells")
        )
        message = text(sentence.template, actor=step.actor, action=action.term)
        yield Finding("signed-act", message, record=step.new.id)


def must_be_signed(step: Step, at: str, books: OpenBooks) -> bool:
    """Tell whether an act has to be signed: by the policy in force at `at`, or as one that a key holder signs.

    A person's first key cannot sign itself.
    """
    by_key = books.register(step.new.register).by_key
    if by_key is not None and by_key(step) and books.keys(step.actor):
        return True
    asked = books.setting("signing.least", at)
    if asked.get(step.new.register, asked.get("*")) != "signed":
        return False
    return step.action != "add-key" or step.actor != step.new.id or bool(books.keys(step.actor))


def unsigned_merge(person: str, at: str, books: OpenBooks) -> Text | None:
    """Return why two histories are not joined unsigned: the policy asks for a signature on all that is done."""
    if books.setting("signing.least", at).get("*") != "signed":
        return None
    return text(
        "{person} has to sign the joining with an SSH key of his own; svcdesk whoami --setup tells", person=person
    )


def judge_lines(step: Step, action: Action, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """Judge whether the lines that an action needs are complete."""
    for line in lines_needed(action, register, step.new, books):
        yield from _complete(step, line, action, books)


def lines_needed(action: Action, register: Register, record: Record, books: OpenBooks) -> Iterator[Line]:
    """Yield the lines that an action on a record waits for."""
    for name in action.lines:
        line = register.line(name)
        assert line is not None, "a test holds that every line is declared"
        if line.needed is None or line.needed(record, books):
            yield line


def _complete(step: Step, line: Line, action: Action, books: OpenBooks) -> Iterator[Finding]:
    moments = dict.fromkeys((step.at, step.entered))
    signed = [each.signer for each in step.new.signatures(line.name)]
    count = len(dict.fromkeys(signed))
    strong = min(len(strong_enough(step.new, line, each, books)) for each in moments)
    if strong >= line.count:
        return
    ended = lapsed(step.new, line) if count < line.count else None
    if ended is not None and ended.signer not in signed:
        message = text(
            "{line}: {signer} signed at {at}, before the last entry; sign again: svcdesk sign {record} {name}",
            line=line.term,
            signer=ended.signer,
            at=ended.at,
            record=step.new.id,
            name=line.name,
        )
    elif count < line.count:
        message = text(
            "{line} has not signed; {action} needs {count}, there are {signed}",
            line=line.term,
            action=action.term,
            count=line.count,
            signed=count,
        )
    else:
        message = text(
            "{line}: {signers} signed, but {action} needs it {assurance}; svcdesk sign {record} {name}",
            line=line.term,
            signers=", ".join(signed),
            action=action.term,
            assurance=ASSURED[max(least(step.new.register, line, each, books) for each in moments)],
            record=step.new.id,
            name=line.name,
        )
    yield Finding(f"{line.name}-signs", message, line.clauses, record=step.new.id, field=line.name)


def lapsed(record: Record, line: Line) -> Signature | None:
    """Return the last signature of staff on a line that a later act has ended, or None."""
    standing = {each.place for each in record.signatures(line.name)}
    for place in reversed(range(len(record.acts))):
        act = record.acts[place]
        for entry in act.get("signed", ()) if place not in standing else ():
            if entry["line"] == line.name and "staff" in entry:
                return Signature(line.name, entry["staff"], "attested", act["at"], act["by"], place)
    return None


def least(register: str, line: Line, at: str, books: OpenBooks) -> int:
    """Return the place in ASSURANCES of the weakest signature that counts on a line at `at`."""
    asked = books.setting("signing.least", at).get(f"{register}.{line.name}", line.assurance)
    return max(ASSURANCES.index(asked), ASSURANCES.index(line.assurance))


def strong_enough(record: Record, line: Line, at: str, books: OpenBooks) -> list[str]:
    """Return who has signed a line of a record as strongly as the policy asks at `at`.

    Where history is not at hand (a check of files), a person's own act is taken for signed: audit looks.
    """
    needed = least(record.register, line, at, books)
    found = (
        each for each in record.signatures(line.name) if _reaches(needed, each, record, books) is not False
    )
    return list(dict.fromkeys(each.signer for each in found))


def _reaches(needed: int, signature: Signature, record: Record, books: OpenBooks) -> bool | None:
    """Whether a signature is as strong as needed; None where only history could tell."""
    if signature.assurance == "attested" or needed < ASSURANCES.index("signed"):
        return ASSURANCES.index(signature.assurance) >= needed
    return books.is_signed(record.id, record.acts[signature.place])


def _given(step: Step, register: Register, books: OpenBooks) -> Iterator[Finding]:
    record = step.new.id
    count = len(step.act.get("signed", ()))
    every = step.new.signatures() if count else ()
    for signature in every[-count:]:
        line = register.line(signature.line)
        if line is None:
            message = text(
                "{register} has no signature line {line}", register=register.name, line=signature.line
            )
            yield Finding("known-line", message, record=record)
            continue
        yield from _fit(signature, line, step, books)
        yield from _on_duty(signature, line, step, books)
        yield from _distinct(signature, line, step, every, books)


def _one_too_many(step: Step, action: Action, register: Register, books: OpenBooks) -> Iterator[Finding]:
    """A line that is full takes nobody else, other than the one whose act it is that it is signed by."""
    given = step.act.get("signed", ())
    every = step.new.signatures() if given else ()
    for place in range(len(every) - len(given), len(every)):
        name, signer = every[place].line, every[place].signer
        line = register.line(name)
        if line is None or name == action.signs or _is_awaited(line, step, books):
            continue
        needed = least(register.name, line, step.entered, books)
        earlier = (each for each in every[:place] if each.line == name)
        full = dict.fromkeys(each.signer for each in earlier if _reaches(needed, each, step.new, books))
        if signer not in full and len(full) >= line.count:
            message = text(
                "{signers} signed {line} already; it does not wait for {signer}",
                signers=", ".join(full),
                line=line.term,
                signer=signer,
            )
            yield Finding(f"{name}-signs", message, line.clauses, record=step.new.id)


def _is_awaited(line: Line, step: Step, books: OpenBooks) -> bool:
    """Whether something on the record that stands already waits for a line, whoever has signed it before."""
    return line.awaits is not None and any(each.record == step.new.id for each in line.awaits(books))


def _fit(signature: Signature, line: Line, step: Step, books: OpenBooks) -> Iterator[Finding]:
    name, record = f"{line.name}-signs", step.new.id
    clauses = line.clauses + tuple(each for each in line.who.clauses if each not in line.clauses)
    if line.who.customer:
        known = books.get(signature.signer)
        if known is None or known.register != "customer":
            message = text(
                "{signer} is no customer; {line} is signed by one", signer=signature.signer, line=line.term
            )
            yield Finding(name, message, clauses, record=record)
        return
    if not fits(line.who, signature.signer, step.entered, books):
        posts = wanted_posts(line.who, step.entered, books) or line.who.departments
        rank = line.who.rank
        needed = post_terms(posts, step.entered, books) or (
            ranked(rank, step.entered, books) if rank else text("a post")
        )
        message = text(
            "{signer} may not sign as {line}; it needs {needed}",
            signer=signature.signer,
            line=line.term,
            needed=needed,
        )
        yield Finding(name, message, clauses, record=record)
    elif ASSURANCES.index(signature.assurance) < ASSURANCES.index(line.assurance):
        message = text(
            "{signer} has to sign {line} himself; nobody else can say so",
            signer=signature.signer,
            line=line.term,
        )
        yield Finding(name, message, clauses, record=record)


def _on_duty(signature: Signature, line: Line, step: Step, books: OpenBooks) -> Iterator[Finding]:
    """Where the policy asks for it, a line is filled by people who were on duty at that minute."""
    post = books.setting("signing.on-duty", signature.at).get(f"{step.new.register}.{line.name}")
    if post is None:
        return
    if signature.signer not in {each.person for each in books.on_duty(signature.at, post, step.entered)}:
        message = text(
            "{signer} was not on duty at {at} and cannot sign as {line}",
            signer=signature.signer,
            at=signature.at,
            line=line.term,
        )
        yield Finding(f"{line.name}-signs", message, line.clauses, record=step.new.id)


def _named(register: Register, line: str) -> Term:
    found = register.line(line)
    return found.term if found else Term(line, "line")


def _distinct(
    signature: Signature, line: Line, step: Step, every: Sequence[Signature], books: OpenBooks
) -> Iterator[Finding]:
    register = books.register(step.new.register)
    others = [each for each in every if each is not signature and each != signature]
    others += _opener(register, step, others)
    for other in others:
        declared = register.line(other.line)
        apart = other.line in line.differs or (declared is not None and line.name in declared.differs)
        if apart and other.signer == signature.signer:
            message = text(
                "{signer} has signed as {other} and cannot sign as {line}",
                signer=signature.signer,
                other=_named(register, other.line),
                line=line.term,
            )
            yield Finding(f"{line.name}-differs", message, line.clauses, record=step.new.id)
    if _again(signature, line, step, every, books):
        message = text("{signer} has signed {line} already", signer=signature.signer, line=line.term)
        yield Finding(f"{line.name}-signs", message, record=step.new.id)


def _again(
    signature: Signature, line: Line, step: Step, every: Sequence[Signature], books: OpenBooks
) -> bool:
    """Whether a person signs a line a second time, other than to sign it as strongly as the policy asks by now."""
    own = [each for each in every if (each.signer, each.line) == (signature.signer, line.name)]
    if len(own) < 2:
        return False
    needed = least(step.new.register, line, step.entered, books)
    reached = [_reaches(needed, each, step.new, books) for each in own]
    return True in reached[:-1] or reached[-1] is False


def _opener(register: Register, step: Step, others: Sequence[Signature]) -> Iterator[Signature]:
    """Yield the signature of who opened the record, where a correction has ended it: it is still he who did."""
    act = step.new.acts[0]
    action = register.action(act["action"])
    if action is not None and action.signs and all(each.line != action.signs for each in others):
        yield Signature(action.signs, act["by"], "identified", act["at"], act["by"])
