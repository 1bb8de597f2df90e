"""Erasures: the keys of what is sealed about somebody are destroyed, by two people, after a while, for good."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import later_seconds
from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.sealed import Envelope
from svcdesk.sealed import parse

KEEPER = Who(rank=35)
LEAD = Who(rank=60)
DAY = 86_400  # seconds
DELAY = "erasure.delay-days"


@act_rule(actions=("request", "correct"), fixed=True)
def something_is_sealed(step: Step, books: Books) -> Iterator[Text]:
    """An erasure is asked for of whom something is sealed: what stands in clear, no key is the key of."""
    subject = step.new["subject"]
    own = books.get(subject)
    about = (*([own] if own else ()), *books.mentioning(subject))
    if not any(each.subject in (subject, record.id) for record in about for each in _envelopes(record)):
        yield text("nothing is sealed about {subject}: there is no key to destroy", subject=subject)


@act_rule(actions=("carry-out",), fixed=True)
def a_key_is_destroyed(step: Step, books: Books) -> Iterator[Text]:
    """An erasure destroys a key at the least."""
    if step.new["keys"] < 1:
        yield text(
            "no key of {subject} is in the key store: nothing would be destroyed; seal withdraw gives the erasure up",
            subject=step.new["subject"],
        )


@act_rule(actions=("carry-out",), fixed=True)
def nothing_open_is_erased(step: Step, books: Books) -> Iterator[Text]:
    """Nothing is erased of whom an open case speaks, or who still holds something of the desk's."""
    subject = step.new["subject"]
    for case in books.cases_about(subject):
        if case.record == subject:
            yield text("{record} is open", record=subject)
            continue
        yield text("{record} about {subject} is open", record=case.record, subject=subject)
    for hold in books.held_by(subject, step.at):
        yield text("{thing} is still with {subject} ({record})", thing=hold.thing, subject=subject, record=hold.record)


@act_rule(actions=("carry-out",), fixed=True)
def erasure_waits(step: Step, books: Books) -> Iterator[Text]:
    """Between approval and erasure lie the days that the policy names, for whoever objects."""
    approved = step.old.last("approve", "correct", "sign") if step.old else None
    if approved is not None:
        moment = approved.get("entered", approved["at"])
        due = later_seconds(moment, books.setting(DELAY, moment) * DAY)
        if before(step.at, due):
            yield text("it may be carried out from {due} on", due=due)


@act_rule(actions=("request",))
def one_erasure_at_a_time(step: Step, books: Books) -> Iterator[Text]:
    """While an erasure of somebody is under way, no second one is asked for."""
    for other in books.find("erasure", subject=step.new["subject"]):
        if other.id != step.new.id and other.state in ("requested", "approved"):
            yield text("{record} is under way", record=other.id)


@act_rule(actions=("correct", "void"), fixed=True)
def what_was_erased_stays_on_the_books(step: Step, books: Books) -> Iterator[Text]:
    """An erasure that was carried out is its own certificate: neither corrected nor void."""
    if step.old is not None and step.old.state == "erased":
        yield text("the keys are gone; the record says so for good")


def _envelopes(record: Record) -> Iterator[Envelope]:
    """Yield what is sealed in the acts of a record."""
    for value in (each for act in record.acts for each in act.get("sets", {}).values()):
        rows = [each.values() for each in value if isinstance(each, Mapping)] if isinstance(value, list) else [[value]]
        yield from (found for row in rows for each in row if (found := parse(each)) is not None)


REGISTER = Register(
    name="erasure",
    prefix="ER",
    title="Erasures",
    area="seal",
    columns=("id", "state", "subject", "keys", "clear"),
    lines=(
        Line("requester", "requester", KEEPER),
        Line("approver", "approver", LEAD, differs=("requester",)),
    ),
    actions=(
        Action(
            "request",
            "Ask that what is sealed about somebody be erased.",
            to="requested",
            needs=("subject", "basis"),
            may=KEEPER,
            signs="requester",
        ),
        Action(
            "approve",
            "Approve an erasure, as a second person.",
            to="approved",
            source=("requested",),
            may=LEAD,
            signs="approver",
            lines=("requester",),
        ),
        Action(
            "carry-out",
            "Destroy the keys, once the days of waiting are over.",
            to="erased",
            source=("approved",),
            needs=("keys", "digest"),
            takes=("also", "clear", "clear_on"),
            may=KEEPER,
            lines=("requester", "approver"),
        ),
        Action(
            "withdraw",
            "Give an erasure up.",
            to="withdrawn",
            source=("requested", "approved"),
            may=KEEPER,
            reason=True,
        ),
    ),
    rules=(
        something_is_sealed,
        a_key_is_destroyed,
        nothing_open_is_erased,
        erasure_waits,
        one_erasure_at_a_time,
        what_was_erased_stays_on_the_books,
    ),
    settings={DELAY: Setting(7, "Days between the approval of an erasure and its carrying out.", (), "more")},
    final=("erased", "withdrawn"),
)
