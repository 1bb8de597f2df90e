"""What the help of an action says of it: who may take it, whose signatures it needs, from which state to which."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.declared import ANYBODY
from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.language import say
from svcdesk.model import Term
from svcdesk.model import Terms
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.posts import POSTS


def rights(register: Register, action: Action) -> str:
    """Return the paragraph that ends an action's help; its lines stay as they are."""
    return "\b\n" + "\n".join(say(each) for each in _sentences(register, action))


def _sentences(register: Register, action: Action) -> Iterator[Text]:
    if action.source and action.to:
        before = Terms(Term(each, "state", register=register.name) for each in action.source)
        after = Term(action.to, "state", register=register.name)
        yield text("State: {before} → {after}.", before=before, after=after)
    signs = register.line(action.signs) if action.signs else None
    if signs is None or action.may != ANYBODY:
        yield text("Who: {who}.", who=_who(action.may))
    if signs is not None:
        yield text("Signed by who takes it, as {line}: {who}.", line=signs.term, who=_who(signs.who))
    for line in (each for each in map(register.line, action.lines) if each is not None and each != signs):
        if line.needed is None:
            yield text("Needs the signature {line}: {who}.", line=line.term, who=_signers(line))
        else:
            yield text("In some cases, the signature {line}: {who}.", line=line.term, who=_signers(line))


def _signers(line: Line) -> Text:
    """Return who signs a line, and how many of them."""
    who = _who(line.who)
    if line.assurance == "attested":
        who = text("{who} (--as {line}=ID will do)", who=who, line=line.name)
    return text("{count} of {who}", count=line.count, who=who) if line.count > 1 else who


def _who(who: Who) -> Text:
    """Return who is meant, as far as that is known without the policy of a desk."""
    if who.customer:
        return text("a customer")
    found = text("any member of staff")
    if who.setting:
        found = text("whom svcdesk policy show {setting} names", setting=who.setting)
    elif who.posts:
        found = text("{posts}", posts=Terms(Term(each, "post", POSTS[each][0]) for each in who.posts))
    if who.rank:
        found = text("{who}, of rank {rank} or above", who=found, rank=who.rank)
    if who.departments:
        found = text("{who}, of {departments}", who=found, departments=" | ".join(who.departments))
    return found
