"""What an act does to other records: too much, too little, or hidden behind another."""

from __future__ import annotations

from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forging import Forger


def reinstated(forger: Forger) -> str:
    """Commit that the one who stands in is back."""
    return honest(forger, forger.step(forger.world.sleeper, "reinstate", forger.world.admin, world.NOW))


def swapped(forger: Forger, base: str, person: str = "") -> tuple[Step, Step]:
    """Return the step that approves the swap, and the one on the roster that belongs to it."""
    signed = [{"line": "approver", "staff": forger.world.manager}]
    sets = {
        "swap": forger.world.swap,
        "instead_of": forger.world.head,
        "person": person or forger.world.sleeper,
    }
    return (
        forger.step(forger.world.swap, "approve", forger.world.manager, world.LATER, base, signed=signed),
        forger.step(forger.world.duty, "swap", forger.world.manager, world.LATER, base, sets=sets),
    )


@forgery("touches", "duty", "N-untouched")
def approves_a_swap_without_the_roster(forger: Forger) -> str:
    """A swap is approved; the roster stays as it was."""
    base = reinstated(forger)
    return honest(forger, swapped(forger, base)[0], base=base)


@forgery("touches", "duty", "N-otherwise")
def turns_the_roster_otherwise(forger: Forger) -> str:
    """The roster gets another person than the swap names."""
    base = reinstated(forger)
    return honest(forger, *swapped(forger, base, forger.world.engineer), base=base)


@forgery("touches", "swap", "N-behind")
def hides_an_act_behind_what_it_touches(forger: Forger) -> str:
    """The message leads with the roster; the approval of the swap comes along."""
    base = reinstated(forger)
    leading, turned = swapped(forger, base)
    return honest(forger, turned, leading, base=base)


@forgery("touches", "head", "N-beside")
def does_two_things_in_one_commit(forger: Forger) -> str:
    """Two honest acts that have nothing to do with each other."""
    second = forger.step(forger.world.head, "change", forger.world.head, world.NOW, sets={"phone": "12345"})
    return honest(forger, approval(forger), second)
