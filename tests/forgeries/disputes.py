"""Conflicts that no merge found, exceptions that nobody else approved."""

from __future__ import annotations

from typing import Any

from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forging import Forger


def arisen(forger: Forger) -> Step:
    """Return the step by which a conflict about the loan that is asked for would arise."""
    held = {"record": forger.world.requested, "action": "approve", "by": forger.world.head, "at": world.NOW}
    sets = {
        "kind": "rule",
        "records": [forger.world.requested],
        "things": [forger.world.key],
        "held": [{**held, "commit": forger.tip}],
    }
    return forger.step(forger.world.conflict, "arise", forger.world.clerk, world.NOW, sets=sets, new=True)


@forgery("by-merge", "conflict", "N-arise")
def invents_a_dispute(forger: Forger) -> str:
    """A conflict that no merge found, to block a key."""
    return honest(forger, arisen(forger))


@forgery("open-conflict", "requested", "C3-blocked")
def acts_on_what_is_in_dispute(forger: Forger) -> str:
    """An approval of a loan about which there is an open conflict."""
    base = honest(forger, arisen(forger))
    return honest(forger, approval(forger, at=world.LATER, base=base), base=base)


def decided(forger: Forger, by: str) -> str:
    """A conflict that has arisen is decided, by whom it is not for."""
    base = honest(forger, arisen(forger))
    step = forger.step(
        forger.world.conflict, "resolve", by, world.LATER, base, sets={"keep": "local"}, reason="so be it"
    )
    return honest(forger, step, base=base)


@forgery("resolve-right", "conflict", "C3-resolve")
def decides_a_dispute_without_the_right(forger: Forger) -> str:
    """The clerk decides a conflict."""
    return decided(forger, forger.world.clerk)


@forgery("resolver-acted-in-neither", "conflict", "C3-own")
def decides_his_own_dispute(forger: Forger) -> str:
    """The head whose act was held back decides."""
    return decided(forger, forger.world.head)


def excused(forger: Forger, by: str = "", **rest: Any) -> Step:
    """Return the step that proposes to let the last commit stand: by the founder, unless told otherwise."""
    by = by or forger.world.admin
    sets = {"commit": forger.tip, "broken": ["author"]}
    signed = [{"line": "proposer", "staff": by}]
    return forger.step(
        forger.world.exception,
        "propose",
        by,
        world.NOW,
        sets=sets,
        signed=signed,
        reason="known",
        new=True,
        **rest,
    )


def granted(forger: Forger, base: str) -> str:
    """Commit the approval of an exception."""
    by, at = forger.world.admin, "2026-11-22T12:30:00+08:00"
    signed = [{"line": "approver", "staff": by}]
    return honest(
        forger, forger.step(forger.world.exception, "approve", by, at, base, signed=signed), base=base
    )


@forgery("second-admin-approves", "exception", "H40")
def excepts_by_himself(forger: Forger) -> str:
    """One proposes an exception and approves it."""
    return granted(forger, honest(forger, excused(forger)))


@forgery("an-exception-stays", "exception", "H40-corrected")
def changes_what_is_to_be_excepted(forger: Forger) -> str:
    """A proposal becomes one about another commit, and nobody's signature is on it any more."""
    base = honest(forger, excused(forger))
    sets = {"commit": forger.git("rev-parse", "main~1")}
    step = forger.step(
        forger.world.exception,
        "correct",
        forger.world.keeper,
        world.LATER,
        base,
        sets=sets,
        reason="wrong one",
    )
    return granted(forger, honest(forger, step, base=base))


@forgery("propose-right", "exception", "H40-right")
def asks_for_an_exception_without_the_right(forger: Forger) -> str:
    """The clerk proposes an exception."""
    return honest(forger, excused(forger, forger.world.clerk))
