"""Rules that every slip of the ledger obeys: no balance below nothing, no change before a signed count. Pure."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from svcdesk.claims import Rule
from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import day_of
from svcdesk.clock import instant
from svcdesk.clock import later
from svcdesk.declared import Line
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Movement
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import signers

Ledger = Callable[[Record], Iterable[Movement]]

LEAD = Who(setting="hazmat.leads")
"""Leads of customer service, and those above them."""

SECOND = Line("second", "second person", differs=("first",), assurance="attested")
"""Two people see to what comes and goes for good; the second says so himself in a confirmation."""
FIRST = Line("first", "first person", differs=("second",))


def entry(act: Act) -> str:
    """Return when an act was written down."""
    return str(act.get("entered", act["at"]))


def known(record: Record, name: str, entered: str) -> Any:
    """Return a field of a record as it was known at an entry: what was changed later does not count."""
    found = None
    for act in record.acts:
        if not before(entered, entry(act)):
            found = act.get("sets", {}).get(name, found)
    return found


def on_books(record: Record, entered: str, *ends: str) -> bool:
    """Tell whether a record was in the books at an entry, and not yet void or ended by one of these actions."""
    over = (entry(act) for act in record.acts if act["action"] in ("void", *ends))
    return not before(entered, entry(record.acts[0])) and all(before(entered, each) for each in over)


def lot_of(record: Record) -> str:
    """Return the lot of a slip, empty where lots are not told apart."""
    return str(record.get("lot", ""))


def slips(register: str, record: Record, books: Books) -> list[Record]:
    """Return what a register holds about the material, place and lot of a record, itself and what is void left out."""
    return [
        each
        for each in books.find(register, material=record["material"], place=record["place"])
        if lot_of(each) == lot_of(record) and each.id != record.id and each.state != "void"
    ]


def changed(step: Step, ledger: Ledger) -> list[Movement]:
    """Return the movements that an act adds, and those that it takes away as their opposites."""
    old = [] if step.old is None else list(ledger(step.old))
    new = [] if step.new.state == "void" else list(ledger(step.new))
    gone = [each._replace(quantity=-each.quantity) for each in old if each not in new]
    return gone + [each for each in new if each not in old]


def signed_since(count: Record) -> str:
    """Return at which entry a count had been signed by counter and second, or an empty string."""
    signed: set[str] = set()
    for act in count.acts:
        if act["action"] == "correct":
            signed.clear()
        signed |= {each["line"] for each in act.get("signed", ())}
        if {"counter", "second"} <= signed:
            return entry(act)
    return ""


def holds_good(count: Record, books: Books) -> bool:
    """Tell whether a count says what the books say, its own difference included.

    Of slips dated at its very second nobody can say which side of it they lie on: either will do.
    """
    at, own = count.opened, count.get("difference", 0)
    account = count["material"], count["place"], lot_of(count)
    low = high = books.balance_before(*account, at) + own
    others = (each for each in books.movements(account[0]) if each.record != count.id)
    for each in (each for each in others if instant(each.at) == instant(at)):
        if (each.place, each.lot) == account[1:]:
            low, high = low + min(each.quantity, 0), high + max(each.quantity, 0)
    return bool(low <= count["quantity"] <= high)


def closes(count: Record, moved: Movement, step: Step, books: Books) -> bool:
    """Tell whether a count had closed its place and lot to this movement when the act was entered."""
    signed = signed_since(count)
    if not signed or before(count.opened, moved.at) or before(step.entered, signed):
        return False
    if not on_books(count, step.entered):
        return False
    # Within one second only the figures tell which of the two came first; on a void count nothing rests.
    if instant(moved.at) == instant(count.opened) or instant(signed) == instant(step.entered):
        return count.state != "void" and not holds_good(count, books)
    return True


def slip_rules(ledger: Ledger) -> tuple[Rule, ...]:
    """Return the rules of a register whose records move stock; `ledger` is its feed."""

    @act_rule("CS11-4.0+")
    def balance_is_never_negative(step: Step, books: Books) -> Iterator[Text]:
        """A balance is never negative, at any instant."""
        for each in changed(step, ledger):
            short = books.shortage(each.material, each.place, each.lot, each.at)
            if each.quantity < 0 and short is not None:
                yield text(
                    "{material} in {place}: the balance would be {balance} at {at}",
                    material=each.material,
                    place=each.place,
                    balance=short[1],
                    at=short[0],
                )

    @act_rule()
    def signed_count_closes_what_lies_before(step: Step, books: Books) -> Iterator[Text]:
        """A signed count closes its place and lot: nothing is entered before it until both signers void it."""
        for each in changed(step, ledger):
            for count in books.find("hazmat-count", material=each.material, place=each.place):
                same = lot_of(count) == each.lot and count.id != step.new.id
                if same and closes(count, each, step, books):
                    yield text(
                        "{at} lies before the signed count {count} of {counted}",
                        at=each.at,
                        count=count.id,
                        counted=count.opened,
                    )

    return balance_is_never_negative, signed_count_closes_what_lies_before


@act_rule(actions=("add", "request"))
def material_is_on_the_list(step: Step, books: Books) -> Iterator[Text]:
    """Only what is on the list of materials is drawn or asked for."""
    material = books.get(step.new["material"])
    if material is not None and not on_books(material, step.entered, "withdraw"):
        yield text("{material} was taken off the list", material=material.id)


@act_rule(actions=("add", "issue"))
def goods_are_in_date(step: Step, books: Books) -> Iterator[Text]:
    """What comes in or goes out is of a known lot that has not expired, and has a safety sheet that is good."""
    material, day = books.get(step.new["material"]), day_of(step.at)
    if material is None:
        return
    sheet = known(material, "sheet_expires", step.entered)
    if sheet and sheet < day:
        yield text("the safety sheet of {material} expired on {day}", material=material.id, day=sheet)
    lot = lot_of(step.new)
    rows = [each for each in lots_known(material, step.entered) if each["lot"] == lot]
    if lot and not rows:
        yield text("{material} has no lot {lot}", material=material.id, lot=lot)
    expires = next((each["expires"] for each in reversed(rows) if "expires" in each), "")
    if expires and expires < day:
        yield text("lot {lot} expired on {day}", lot=lot, day=expires)


def lots_known(material: Record, entered: str) -> list[dict[str, Any]]:
    """Return the lots of a material as they were known at an entry, a line for each time one was entered."""
    rows: list[dict[str, Any]] = []
    for act in material.acts:
        if not before(entered, entry(act)):
            given = act.get("sets", {}).get("lots")
            corrected = act["action"] == "correct" and given is not None
            rows = list(given) if corrected else [*rows, *(given or ())]
    return rows


@act_rule(actions=("confirm",))
def second_person_confirms(step: Step, books: Books) -> Iterator[Text]:
    """What two people saw to is confirmed by the second of them in person."""
    seconds = signers(step.new, "second")
    if step.actor not in seconds:
        second = ", ".join(seconds) or "-"
        yield text("{second} was there as the second person, not {actor}", second=second, actor=step.actor)


def second_of(slip: Record, books: Books) -> str:
    """Return the second person of a slip."""
    return next(iter(signers(slip, "second")), str(slip.acts[0]["by"]))


def confirmation_due(slip: Record, books: Books) -> str:
    """Return by when the second person confirms a slip."""
    return later(slip.opened, books.setting("hazmat.confirm-minutes", slip.opened))
