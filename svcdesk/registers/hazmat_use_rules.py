"""What must hold when hazardous material is handed out, used and brought back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import later
from svcdesk.feeds import Books
from svcdesk.feeds import Movement
from svcdesk.ledger_rules import entry
from svcdesk.ledger_rules import goods_are_in_date
from svcdesk.ledger_rules import lot_of
from svcdesk.ledger_rules import material_is_on_the_list
from svcdesk.ledger_rules import slip_rules
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import signers
from svcdesk.rules import since
from svcdesk.rules import when

CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def ledger(use: Record) -> Iterator[Movement]:
    """A use takes away what was issued and brings back what was returned."""
    account = use["material"], use["place"], lot_of(use)
    issued, returned = since(use, "issued", "issue"), when(use, "return")
    if issued and use.get("issued"):
        yield Movement(*account, -use["issued"], issued, use.id)
    if returned and use.get("returned"):
        yield Movement(*account, use["returned"], returned, use.id)


@act_rule("CS11-3.0#4", actions=("issue",))
def approver_hands_it_out(step: Step, books: Books) -> Iterator[Text]:
    """The lead who approved a use hands the material out himself."""
    entitled = books.posts(step.actor, step.entered) & set(books.setting("hazmat.leads", step.entered))
    approvers = signers(step.new, "approver")
    if entitled and step.actor not in approvers:
        yield text(
            "{approver} approved it and has to hand it out, not {actor}; a lead who approves it as well may too",
            approver=", ".join(approvers) or "-",
            actor=step.actor,
        )


@act_rule("CS11-4.0#1", actions=("issue",))
def quantity_issued_is_what_was_needed(step: Step, books: Books) -> Iterator[Text]:
    """No more and no less is handed out than the work needs."""
    if step.new["issued"] != step.new["quantity"]:
        yield text(
            "{issued} handed out, {needed} needed", issued=step.new["issued"], needed=step.new["quantity"]
        )


@act_rule("CS11-4.0#2", actions=("return", "close"))
def everything_issued_is_accounted_for(step: Step, books: Books) -> Iterator[Text]:
    """What was handed out is used up or goes back, to the last unit."""
    returned, consumed = step.new.get("returned", 0), step.new.get("consumed", 0)
    if returned + consumed != step.new.get("issued", 0):
        yield text(
            "{issued} handed out, but {returned} returned and {consumed} consumed",
            issued=step.new.get("issued", 0),
            returned=returned,
            consumed=consumed,
        )


@act_rule(actions=("approve",))
def nobody_approves_his_own_use(step: Step, books: Books) -> Iterator[Text]:
    """Nobody approves what he uses himself."""
    if step.actor == step.new["user"]:
        yield text("{user} is to use it; another lead has to approve", user=step.new["user"])


@act_rule(actions=("issue",))
def another_person_opens_the_locker(step: Step, books: Books) -> Iterator[Text]:
    """The locker is opened by somebody other than the lead who approves and hands out."""
    if books.setting("hazmat-use.dual-control", step.at) and step.actor in signers(step.new, "key-holder"):
        yield text("{actor} hands it out; somebody else has to open the locker", actor=step.actor)


@act_rule(actions=("approve", "issue"))
def who_counted_that_day_hands_nothing_out(step: Step, books: Books) -> Iterator[Text]:
    """Whoever counted a material approves no use of it on the same day, for he could not hand it out."""
    for count in books.find("hazmat-count", material=step.new["material"]):
        if day_of(count.opened) == day_of(step.at) and _counted(count, step):
            yield text(
                "{actor} counted it that day ({count}); another lead approves it and hands it out, or it waits a day",
                actor=step.actor,
                count=count.id,
            )


def _counted(count: Record, step: Step) -> bool:
    """Tell whether the actor had signed a count as its counter when the step was entered."""
    acts = [act for act in count.acts if before(entry(act), step.entered)]
    signed = {(each["line"], each["staff"]) for act in acts for each in act.get("signed", ())}
    return ("counter", step.actor) in signed and not any(act["action"] == "void" for act in acts)


def shift_end(use: Record, books: Books) -> str | None:
    """Return when the shift ends in which it was handed out: the user's own duty, else the next shift end."""
    issued = since(use, "issued", "issue")
    if issued is None:
        return None
    for duty in books.on_duty(issued):
        if duty.person == use["user"]:
            return duty.until
    clocks = sorted(books.setting("hazmat-use.shift-ends", issued))
    today = day_of(issued)
    ends = [f"{day_later(today, days)}T{clock}:00{issued[19:]}" for days in (0, 1) for clock in clocks]
    return next((each for each in ends if before(issued, each)), later(issued, 1440))


def shift_ends(value: Sequence[Any]) -> Iterator[Text]:
    """Yield which of the times at which shifts end are no times of day."""
    for each in value:
        if not isinstance(each, str) or not CLOCK.fullmatch(each):
            yield text("{value} is no time of day such as 08:00", value=each)


def form_due(use: Record, books: Books) -> str | None:
    """Return by when the line of a use that came back is closed."""
    returned = when(use, "return")
    return later(returned, books.setting("hazmat-use.close-minutes", returned)) if returned else None


def stock_is_short(use: Record, books: Books) -> Iterator[Text]:
    """Yield that less is there by the books than is asked for; it may come in before it is handed out."""
    there = books.balance(use["material"], use["place"], lot_of(use), use.acts[-1]["at"])
    if there < use["quantity"]:
        yield text(
            "{place} holds {balance} of {material} by the books, {quantity} are asked for",
            place=use["place"],
            balance=there,
            material=use["material"],
            quantity=use["quantity"],
        )


RULES = (
    material_is_on_the_list,
    goods_are_in_date,
    approver_hands_it_out,
    quantity_issued_is_what_was_needed,
    everything_issued_is_accounted_for,
    nobody_approves_his_own_use,
    another_person_opens_the_locker,
    who_counted_that_day_hands_nothing_out,
    *slip_rules(ledger),
)
