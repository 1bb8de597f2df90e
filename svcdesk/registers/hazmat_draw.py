"""Draws (危险品使用登记表): hazardous materials taken from the storeroom into a locker, by two people."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import instant
from svcdesk.clock import later
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Movement
from svcdesk.ledger_rules import FIRST
from svcdesk.ledger_rules import SECOND
from svcdesk.ledger_rules import confirmation_due
from svcdesk.ledger_rules import goods_are_in_date
from svcdesk.ledger_rules import known
from svcdesk.ledger_rules import lot_of
from svcdesk.ledger_rules import material_is_on_the_list
from svcdesk.ledger_rules import on_books
from svcdesk.ledger_rules import second_of
from svcdesk.ledger_rules import second_person_confirms
from svcdesk.ledger_rules import slip_rules
from svcdesk.ledger_rules import slips
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import post_terms

DRAWER = Who(setting="hazmat.leads", clauses=("CS11-2.0#1",))


def ledger(draw: Record) -> Iterator[Movement]:
    """A draw brings in what was drawn."""
    if "quantity" in draw.data:
        yield Movement(draw["material"], draw["place"], lot_of(draw), draw["quantity"], draw.opened, draw.id)


def neighbours(books: Books, old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Take down what lay in the place by the books when the draw was entered."""
    place, own = sets.get("place", ""), sets.get("material", "")
    held = {each.id: _held(each.id, place, books, at) for each in books.find("hazmat-material")}
    beside = [each for each, quantity in held.items() if quantity > 0 and each != own]
    return {"stock": max(held.get(own, 0), 0), **({"beside": beside} if beside else {})}


def _held(material: str, place: str, books: Books, at: str) -> int:
    moved = (each for each in books.movements(material) if each.place == place)
    return sum(each.quantity for each in moved if instant(each.at) <= instant(at))


@act_rule("CS11-3.0#1", actions=("add",))
def drawn_into_a_place_set_apart_and_locked(step: Step, books: Books) -> Iterator[Text]:
    """What is drawn goes into a place that is set apart and locked."""
    place = books.get(step.new["place"])
    for name in ("separate", "locked") if place else ():
        if place and not known(place, name, step.entered):
            yield text("{place} is not entered as {mark}", place=place.id, mark=MARKS[name])


MARKS = {"separate": text("set apart"), "locked": text("locked")}


@act_rule("CS11-3.0#2", actions=("add",))
def locker_key_is_with_the_cleaning_lead(step: Step, books: Books) -> Iterator[Text]:
    """The key of the locker is held by the cleaning lead."""
    keys = [
        each
        for each in books.find("key", opens=step.new["place"])
        if on_books(each, step.entered, "withdraw") and each.get("set_kind") != "sealed"
    ]
    if not keys:
        yield text("no key that opens {place} is entered, with its custodian", place=step.new["place"])
    wanted = books.setting("hazmat.key-holders", step.at)
    for key in keys:
        custodian = known(key, "custodian", step.entered) or ""
        if not books.posts(custodian, step.at) & set(wanted):
            yield text(
                "{key} is kept by {custodian}; it needs {posts}",
                key=key.id,
                custodian=custodian or "-",
                posts=post_terms(wanted, step.at, books),
            )


@act_rule(actions=("add",))
def place_is_one_of_the_materials_own(step: Step, books: Books) -> Iterator[Text]:
    """What is drawn goes where the material is stored."""
    material = books.get(step.new["material"])
    places = known(material, "places", step.entered) if material else None
    if material and places and step.new["place"] not in places:
        yield text("{material} is stored in {places}", material=material.id, places=", ".join(places))


@act_rule(actions=("add",))
def no_more_lies_there_than_may(step: Step, books: Books) -> Iterator[Text]:
    """Of a material no more is drawn than may lie in one place."""
    material = books.get(step.new["material"])
    most = known(material, "maximum", step.entered) if material else None
    there = step.new.get("stock", 0) + step.new.get("quantity", 0)
    if most is not None and there > most:
        yield text(
            "{place} would hold {quantity}; at most {most} may lie there",
            place=step.new["place"],
            quantity=there,
            most=most,
        )


@act_rule(actions=("add",))
def nothing_incompatible_lies_there(step: Step, books: Books) -> Iterator[Text]:
    """What is drawn does not go where something lies that it does not go together with."""
    own = step.new["material"]
    for other in step.new.get("beside", ()):
        if other in _incompatible(own, step, books) or own in _incompatible(other, step, books):
            yield text(
                "{place} holds {other}, which does not go with it", place=step.new["place"], other=other
            )


def _incompatible(material: str, step: Step, books: Books) -> list[str]:
    found = books.get(material)
    return (known(found, "incompatible", step.entered) or []) if found else []


def count_due(draw: Record, books: Books) -> str | None:
    """Return when what was first drawn into a place is counted for the first time; None once it has been."""
    if slips("hazmat-count", draw, books) or any(
        before(other.opened, draw.opened) or (other.opened == draw.opened and other.id < draw.id)
        for other in slips("hazmat-draw", draw, books)
    ):
        return None
    return later(draw.opened, books.setting("hazmat-count.days", draw.opened) * 1440)


def drawer(draw: Record, books: Books) -> str:
    """Return who drew it."""
    return str(draw.acts[0]["by"])


REGISTER = Register(
    name="hazmat-draw",
    prefix="HD",
    title="Draws of hazardous materials",
    area="hazmat",
    book="draw",
    columns=("id", "state", "material", "place", "lot", "quantity"),
    lines=(FIRST, SECOND),
    actions=(
        Action(
            "add",
            "Enter what was drawn from the storeroom.",
            to="drawn",
            needs=("material", "place", "quantity"),
            takes=("lot", "store", "remark"),
            may=DRAWER,
            signs="first",
            lines=("second",),
            clauses=("CS11-2.0#2",),
            gathers=neighbours,
        ),
        Action("confirm", "Confirm a draw as the second person.", to="confirmed", source=("drawn",)),
    ),
    rules=(
        drawn_into_a_place_set_apart_and_locked,
        locker_key_is_with_the_cleaning_lead,
        place_is_one_of_the_materials_own,
        no_more_lies_there_than_may,
        nothing_incompatible_lies_there,
        material_is_on_the_list,
        goods_are_in_date,
        second_person_confirms,
        *slip_rules(ledger),
    ),
    deadlines=(
        Deadline(
            "draw-confirmed",
            (),
            "The second person confirms what both drew.",
            ("drawn",),
            confirmation_due,
            second_of,
        ),
        Deadline(
            "first-count",
            (),
            "What was drawn into a place is counted there for the first time.",
            ("drawn", "confirmed"),
            count_due,
            drawer,
        ),
    ),
    feeds=Feeds(ledger=ledger),
    final=("confirmed",),
    computed=("stock", "beside"),
)
