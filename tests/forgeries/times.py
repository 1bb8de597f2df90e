"""Acts that say they were entered at another time than they were."""

from __future__ import annotations

from svcdesk import schema
from svcdesk.books import OpenBooks
from svcdesk.desk import Desk
from svcdesk.model import Step
from svcdesk.workflow import Order
from svcdesk.workflow import act_of
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forging import Forger
from tests.forging import stepped


def handed_over(forger: Forger, tree: str) -> Step:
    """Return the step by which the head opens a handover that took the books down as they stood in a tree."""
    desk = Desk(forger.folder)
    books = OpenBooks(desk.index, desk.registers, desk.zone, schema.references)
    books.all_known_at(world.NOW)
    order = Order("handover", "open", sets={"kind": "department", "incoming": forger.world.engineer})
    act = act_of(order, desk.register("handover"), None, forger.world.head, world.NOW, books, tree)
    desk.store.close()
    return stepped(forger.world.next_handover, None, act)


@forgery("entry-time", "requested", "N-entry")
def was_entered_before_it_was_committed(forger: Forger) -> str:
    """The act says an earlier time than the commit."""
    return honest(forger, approval(forger), at=world.LATER)


@forgery("entry-time", "requested", "N-entry-late")
def claims_an_early_entry_of_a_late_act(forger: Forger) -> str:
    """A late entry that says it was entered at once."""
    step = approval(forger, at="2026-11-22T11:00:00+08:00", entered="2026-11-22T11:01:00+08:00")
    return honest(forger, step, at=world.NOW)


@forgery("times", "requested", "N-future")
def happens_after_its_entry(forger: Forger) -> str:
    """An act that is to happen only later."""
    step = approval(forger, at=world.LATER, entered=world.NOW)
    return honest(forger, step)


@forgery("times", "requested", "N-before")
def happens_before_what_it_follows(forger: Forger) -> str:
    """An approval from before the request."""
    step = approval(forger, at="2026-11-22T08:00:00+08:00", entered=world.NOW)
    return honest(forger, step)


@forgery("commit-time", "requested", "H9")
def comes_from_the_future(forger: Forger) -> str:
    """A commit of the year 2100, which would be the latest for ever."""
    return honest(forger, approval(forger, at="2100-01-01T00:00:00+08:00"))


@forgery("stamp", "next_handover", "N-stamp")
def takes_another_tree_down(forger: Forger) -> str:
    """A handover that says it found other books than its parent's."""
    return honest(forger, handed_over(forger, forger.git("rev-parse", "main~1:records")))


@forgery("entry-time", "next_loan", "N-zone")
def lives_in_another_zone(forger: Forger) -> str:
    """The same moment in a zone in which it is already tomorrow."""
    at = "2026-11-22T18:00:00+14:00"
    return honest(forger, request(forger, at=at))


@forgery("times", "requested", "N-zone-event")
def happens_in_another_zone(forger: Forger) -> str:
    """An event time in a zone in which it was another day."""
    step = approval(forger, at="2026-11-21T23:00:00-05:00", entered=world.LATER)
    return honest(forger, step)
