"""What an act does to other records: too much, too little, or hidden behind another."""

from __future__ import annotations

from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forging import Forger


def swapped(forger: Forger, person: str = world.SLEEPER) -> tuple[Step, Step]:
    """Return the step that approves the swap, and the one on the roster that belongs to it."""
    signed = [{"line": "approver", "staff": world.MANAGER}]
    sets = {"swap": world.SWAP, "instead_of": world.HEAD, "person": person}
    return (
        forger.step(world.SWAP, "approve", world.MANAGER, world.NOW, signed=signed),
        forger.step(world.DUTY, "swap", world.MANAGER, world.NOW, sets=sets),
    )


@forgery("touches", world.DUTY, "N-untouched")
def approves_a_swap_without_the_roster(forger: Forger) -> str:
    """A swap is approved; the roster stays as it was."""
    return honest(forger, swapped(forger)[0])


@forgery("touches", world.DUTY, "N-otherwise")
def turns_the_roster_otherwise(forger: Forger) -> str:
    """The roster gets another person than the swap names."""
    return honest(forger, *swapped(forger, world.ENGINEER))


@forgery("touches", world.SWAP, "N-behind")
def hides_an_act_behind_what_it_touches(forger: Forger) -> str:
    """The message leads with the roster; the approval of the swap comes along."""
    leading, turned = swapped(forger)
    return honest(forger, turned, leading)


@forgery("touches", world.HEAD, "N-beside")
def does_two_things_in_one_commit(forger: Forger) -> str:
    """Two honest acts that have nothing to do with each other."""
    second = forger.step(world.HEAD, "change", world.HEAD, world.NOW, sets={"phone": "12345"})
    return honest(forger, approval(forger), second)
