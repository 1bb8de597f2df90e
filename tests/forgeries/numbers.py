"""Numbers skipped, taken twice, under letters that nobody holds."""

from __future__ import annotations

from svcdesk import yamlio
from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forging import Forger


def claimed(forger: Forger, station: str, letter: str, at: str = world.NOW) -> Step:
    """Return the step by which the clerk claims a letter."""
    return forger.step(station, "claim", forger.world.clerk, at, sets={"letter": letter}, new=True)


@forgery("serial-gap", "KL2611-*0007", "H19-skipped")
def skips_numbers(forger: Forger) -> str:
    """A slip is numbered as if two had been torn out before it."""
    return honest(forger, request(forger, forger.world.number("KL2611-*0007")))


@forgery("serial-gap", "KL2611-*0000", "N-zero")
def numbers_from_nought(forger: Forger) -> str:
    """A slip before the first."""
    return honest(forger, request(forger, forger.world.number("KL2611-*0000")))


@forgery("path", "", "N-digits")
def writes_a_number_with_more_digits(forger: Forger) -> str:
    """The number of a slip once more, with a nought before it."""
    longer = forger.world.number("KL2611-*00001")
    blob = yamlio.dump({**forger.record(forger.world.requested).data, "id": longer})
    name = f"records/key-loan/2611/{forger.world.letter}00/{longer}.yaml"
    return honest(forger, request(forger), files={name: blob})


@forgery("station", "KL2611-Q0001", "N-letter")
def numbers_under_an_unclaimed_letter(forger: Forger) -> str:
    """A slip of a station that there is not."""
    return honest(forger, request(forger, "KL2611-Q0001"))


@forgery("station", "next_loan", "N-retired")
def numbers_under_a_retired_letter(forger: Forger) -> str:
    """A slip of a station that was given up."""
    base = honest(
        forger, forger.step(forger.world.station, "retire", forger.world.admin, "2026-11-22T10:30:00+08:00")
    )
    return honest(forger, request(forger), base=base)


@forgery("letter-is-claimed-once", "ST-*0002", "N-claimed")
def claims_a_letter_that_is_taken(forger: Forger) -> str:
    """A second station of the same letter."""
    return honest(forger, claimed(forger, forger.world.number("ST-*0002"), forger.world.letter))


@forgery("letter-stays", "station", "N-corrected-letter")
def corrects_a_stations_letter(forger: Forger) -> str:
    """A station gets another letter, and its numbers nobody's."""
    step = forger.step(
        forger.world.station,
        "correct",
        forger.world.keeper,
        world.NOW,
        sets={"letter": "Q"},
        reason="typing error",
    )
    return honest(forger, step)


@forgery("serial-month", "KL2510-*0001", "N-month")
def writes_into_an_old_book(forger: Forger) -> str:
    """A slip in the book of a month that is past."""
    return honest(forger, request(forger, forger.world.number("KL2510-*0001")))


@forgery("serial-month", "KL2612-*0001", "N-month-ahead")
def writes_into_a_coming_book(forger: Forger) -> str:
    """A slip in the book of a month to come."""
    return honest(forger, request(forger, forger.world.number("KL2612-*0001")))


@forgery("ref-once", "KL2611-*0006", "H17")
def enters_a_reference_twice(forger: Forger) -> str:
    """What another system gave one number is entered as two records."""
    base = honest(forger, request(forger, ref="order 66"))
    step = request(
        forger,
        forger.world.number("KL2611-*0006"),
        world.LATER,
        ref="order 66",
        sets={"key": forger.world.closed_key},
    )
    return honest(forger, step, base=base)
