"""Acts in somebody else's name, and by people who may no longer act."""

from __future__ import annotations

from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forgeries.making import words
from tests.forgeries.people import appointed
from tests.forgeries.signatures import by_key
from tests.forging import Forger
from tests.worlds import author

SUSPENDED = "2026-11-22T09:51:00+08:00"
WHEN_HE_LEFT = "2026-11-22T09:50:00+08:00"


def contact(forger: Forger, by: str, person: str, **rest: object) -> Step:
    """Return the step by which somebody changes the addresses of a member of staff."""
    return forger.step(person, "change", by, world.NOW, sets=rest)


@forgery("author", "requested", "H10")
def acts_in_a_colleagues_name(forger: Forger) -> str:
    """The clerk commits as himself what the act says the head did."""
    return honest(forger, approval(forger), author=author("clerk"))


@forgery("author", "requested", "H12")
def names_a_colleague_as_the_actor(forger: Forger) -> str:
    """The trailer names another than the act and the author."""
    step = approval(forger)
    return honest(
        forger,
        step,
        words=words(forger, step).replace(f"Actor: {forger.world.head}", f"Actor: {forger.world.manager}"),
    )


@forgery("author", "requested", "N-stranger")
def comes_from_nowhere(forger: Forger) -> str:
    """An address that belongs to no member of staff."""
    return honest(forger, approval(forger), author="Head He <head@example.com>")


@forgery("author", "requested", "N-kelvin")
def spells_an_address_with_a_twin(forger: Forger) -> str:
    """An address with the Kelvin sign, which becomes an ordinary k in small letters."""
    step = approval(forger, by=forger.world.keeper)
    return honest(forger, step, author="keeper <\u212aeeper@example.org>")


@forgery("author", "next_loan", "N-name")
def signs_with_a_colleagues_name(forger: Forger) -> str:
    """His own address under the name of the head, which is what git shows."""
    return honest(forger, request(forger), author="Head He <clerk@example.org>")


@forgery("author", "next_loan", "N-left")
def acts_after_he_left(forger: Forger) -> str:
    """One who has left asks for a key."""
    return honest(forger, request(forger, by=forger.world.leaver))


@forgery("author", "next_loan", "H15")
def dates_back_to_before_he_left(forger: Forger) -> str:
    """One who has left dates his act to when he was still there."""
    return honest(forger, request(forger, by=forger.world.leaver, at="2026-11-22T09:49:00+08:00"))


@forgery("author", "requested", "N-suspended")
def approves_while_suspended(forger: Forger) -> str:
    """A head who is suspended approves."""
    return honest(forger, approval(forger, by=forger.world.sleeper))


@forgery("author", "requested", "N-second")
def uses_the_second_of_his_suspension(forger: Forger) -> str:
    """Suspended by the last commit, he dates his approval to the very second of it."""
    base = honest(
        forger,
        forger.step(forger.world.head, "suspend", forger.world.admin, world.NOW, reason="asleep on duty"),
    )
    return honest(forger, approval(forger, base=base), base=base)


@forgery("approver-signs", "requested", "N-transfer")
def uses_the_post_that_he_had(forger: Forger) -> str:
    """Moved to another post by the last commit, he dates his approval to the very second of it."""
    at = "2026-11-22T12:00:00+08:00"
    move = appointed(forger, forger.world.admin, forger.world.head, "engineering-staff", "transfer", at=at)
    base = honest(forger, move)
    signed = [{"line": "second", "staff": forger.world.keeper}]
    second = forger.step(forger.world.head, "sign", forger.world.keeper, at, base, signed=signed)
    base = by_key(forger, "keeper", second, base=base)
    return honest(forger, approval(forger, at=at, base=base), base=base)


@forgery("others-change-only-their-own-contact", "head", "N-twin")
def takes_over_a_colleagues_record(forger: Forger) -> str:
    """The clerk enters his own address in the head's record."""
    step = contact(
        forger, forger.world.clerk, forger.world.head, emails=["head@example.org", "clerk2@example.org"]
    )
    return honest(forger, step)


@forgery("emails-are-changed-by-their-owner", "head", "H25-keeper")
def enters_an_address_for_another(forger: Forger) -> str:
    """One who keeps the desk enters his second address as the head's."""
    step = contact(
        forger, forger.world.admin, forger.world.head, emails=["head@example.org", "admin2@example.org"]
    )
    return honest(forger, step)


@forgery("email-belongs-to-one-person", "clerk", "H25")
def shares_a_colleagues_address(forger: Forger) -> str:
    """The clerk enters the head's address as his own, to be both."""
    return honest(
        forger,
        contact(
            forger, forger.world.clerk, forger.world.clerk, emails=["clerk@example.org", "head@example.org"]
        ),
    )


@forgery("email-belongs-to-one-person", "clerk", "H25-capitals")
def shares_an_address_in_capitals(forger: Forger) -> str:
    """The head's address in capitals."""
    return honest(
        forger,
        contact(
            forger, forger.world.clerk, forger.world.clerk, emails=["clerk@example.org", "HEAD@example.org"]
        ),
    )


@forgery("email-belongs-to-one-person", "clerk", "H32")
def takes_the_address_of_one_who_left(forger: Forger) -> str:
    """The address of one who has left stays his."""
    return honest(
        forger,
        contact(
            forger, forger.world.clerk, forger.world.clerk, emails=["clerk@example.org", "leaver@example.org"]
        ),
    )
