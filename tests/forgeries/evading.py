"""What looks right: a key that has ended, an older history, an act that reads like a signed one, a name like one."""

from __future__ import annotations

from dataclasses import replace

from svcdesk import yamlio
from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.content import path
from tests.forgeries.making import approval
from tests.forgeries.making import borrowed
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forgeries.merges import OFFLINE
from tests.forgeries.merges import joined
from tests.forgeries.people import appointed
from tests.forgeries.policy import approved
from tests.forgeries.policy import proposed
from tests.forgeries.signatures import by_key
from tests.forgeries.signatures import key
from tests.forgeries.signatures import keyed
from tests.forgeries.signatures import must_be_signed
from tests.forging import Forger
from tests.forging import written


def all_sign(forger: Forger) -> str:
    """Commit the policy that every act on the desk is signed."""
    sets = {"setting": "signing.least", "value": {"*": "signed"}}
    people, at = forger.world, "2026-11-22T10:31:00+08:00"
    base = honest(forger, proposed(forger, people.admin, "2026-11-22T10:30:00+08:00", sets=sets))
    return honest(forger, approved(forger, people.keeper, at, people.next_setting, base=base), base=base)


@forgery("merge", "requested", "H15-retired")
def brings_what_a_retired_key_has_signed(forger: Forger) -> str:
    """The head retires his key; who found it dates an approval to before that, and a colleague joins it."""
    head = forger.world.head
    first = by_key(forger, "head", keyed(forger, "retire-key", head, head, "head"))
    step = approval(forger, at="2026-11-22T11:59:00+08:00")
    return joined(forger, first, by_key(forger, "head", step), written(step))


@forgery("merge", "head", "H25-older")
def brings_a_key_from_before_the_first(forger: Forger) -> str:
    """A key in the head's name is dated to before he held one; a colleague joins the history of then."""
    head, at = forger.world.head, "2026-11-22T09:11:30+08:00"
    base = forger.git("rev-list", "-1", f"--before={at}", "main")
    step = keyed(forger, "add-key", head, head, world.STRANGER, base=base, at=at)
    second = honest(replace(forger, keys=None), step, base=base)
    mine, theirs = forger.record(head), step.act
    both = {**mine.data, "keys": [*mine["keys"], theirs["sets"]["key"]], "acts": [*mine.acts, theirs]}
    return joined(forger, forger.tip, second, {path(head): yamlio.dump(both)})


@forgery("merge", "next_loan", "H29-older")
def brings_what_is_unsigned_from_before_all_sign(forger: Forger) -> str:
    """Every act has to be signed by now; one in the head's name is dated to before that, and signed by nobody."""
    unsigned = replace(forger, keys=None)
    step = request(forger, at="2026-11-22T10:00:00+08:00", by=forger.world.head)
    return joined_by_key(forger, all_sign(forger), honest(unsigned, step), written(step))


def joined_by_key(forger: Forger, first: str, second: str, files: dict[str, bytes | None]) -> str:
    """Commit a merge by the clerk, signed with his key."""
    unsigned = replace(forger, keys=None)
    body = forger.git("cat-file", "commit", joined(unsigned, first, second, files)) + "\n"
    return joined(unsigned, first, second, files, more=forger.signature(body, key(forger, "clerk")))


def signed_on_both_sides(forger: Forger) -> tuple[str, str, Step]:
    """Return two tips where every act has to be signed: an approval, and a request, which is given as a step too."""
    base = all_sign(forger)
    step = request(forger, at=OFFLINE, base=base)
    first = by_key(forger, "head", approval(forger, base=base), base=base)
    return first, by_key(forger, "clerk", step, base=base), step


def signed_merge(forger: Forger) -> str:
    """Join two signed acts where every act has to be signed."""
    first, second, step = signed_on_both_sides(forger)
    return joined_by_key(forger, first, second, written(step))


@forgery("signature", "next_loan", "H10-merge")
def joins_without_a_key_where_all_sign(forger: Forger) -> str:
    """Every act has to be signed; who joins the acts of others, and in whose name, nobody could tell."""
    first, second, step = signed_on_both_sides(forger)
    return joined(replace(forger, keys=None), first, second, written(step))


def _again(forger: Forger, base: str) -> Step:
    """Return the step by which the head signs anew, at the second at which he approved."""
    signed = [{"line": "approver", "staff": forger.world.head}]
    return forger.step(forger.world.requested, "sign", forger.world.head, world.NOW, base, signed=signed)


@forgery("approver-signs", "requested", "H16-twin")
def repeats_an_act_that_was_signed(forger: Forger) -> str:
    """The head signs, a correction ends it, and what reads like his act of that second is signed by nobody."""
    people, unsigned = forger.world, replace(forger, keys=None)
    base = must_be_signed(forger)
    for corrector, purpose in ((people.manager, "visit"), (people.boss, "moving house")):
        sets = {"purpose": purpose}
        head = approval(forger, base=base) if purpose == "visit" else _again(forger, base)
        base = by_key(forger, "head", head, base=base)
        step = forger.step(people.requested, "correct", corrector, world.NOW, base, sets=sets, reason="mistyped")
        base = honest(forger, step, base=base)
    base = honest(unsigned, _again(forger, base), base=base)
    step = forger.step(people.requested, "issue", people.clerk, world.LATER, base, signed=borrowed(forger))
    return honest(forger, step, base=base)


@forgery("merge", "clerk", "H22-before")
def appoints_alone_before_there_were_two(forger: Forger) -> str:
    """One of the two who keep the desk dates an appointment to when he kept it alone, on the history of then."""
    people, at = forger.world, "2026-11-22T09:54:00+08:00"
    base = forger.git("rev-list", "-1", "--before=2026-11-22T09:54:30+08:00", "main")
    step = appointed(forger, people.admin, people.clerk, "general-manager", base=base, at=at)
    return joined(forger, forger.tip, honest(forger, step, base=base), written(step), by=people.admin)


@forgery("author", "next_loan", "N-name-spaced")
def signs_with_what_looks_like_a_colleagues_name(forger: Forger) -> str:
    """The head's name with another kind of space in it."""
    return honest(forger, request(forger), author="Head\u00a0He <clerk@example.org>")


@forgery("author", "next_loan", "N-name-script")
def signs_with_a_colleagues_name_in_other_letters(forger: Forger) -> str:
    """The head's name with a Cyrillic letter, and a blank one."""
    return honest(forger, request(forger), author="H\u0435ad He\u3164 <clerk@example.org>")


@forgery("append-only", "next_setting", "H26-kind")
def writes_yes_for_one(forger: Forger) -> str:
    """An approval of what reads the same to a computer: the number proposed has become a yes."""
    people, setting = forger.world, forger.world.next_setting
    sets = {"setting": "key-loan.check-minutes", "value": 1}
    base = honest(forger, proposed(forger, people.admin, sets=sets))
    step = approved(forger, people.keeper, world.LATER, setting, base=base)
    blob = yamlio.dump(step.new.data).replace(b"value: 1\n", b"value: true\n")
    return honest(forger, step, base=base, tree=forger.tree({path(setting): blob}, base))
