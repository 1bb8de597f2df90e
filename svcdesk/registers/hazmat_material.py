"""Hazardous materials (危险品): what each is, how it is stored, where, and how much there may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.claims import state_rule
from svcdesk.clock import instant
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.ledger_rules import LEAD
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text

CONTROLLED = {
    "鼠药": "rat-poison",
    "rat poison": "rat-poison",
    "敌敌畏": "dichlorvos",
    "dichlorvos": "dichlorvos",
    "灭螂药": "cockroach-killer",
    "cockroach killer": "cockroach-killer",
    "酒精": "alcohol",
    "alcohol": "alcohol",
    "稀料": "thinner",
    "thinner": "thinner",
}
"""name: substance of the controlled list (CS11-1.0)."""

COLUMNS = {
    "hazmat-draw": "drawn",
    "hazmat-use": "consumed",
    "hazmat-dispose": "disposed",
    "hazmat-count": "difference",
}
"""register: column of the balance report in which its slips are summed."""

STORAGE = ("storage", "incompatible", "sheet", "sheet_expires", "maximum", "places")


def classified(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Tell the substance from the name where none is given; what is on the list is always controlled."""
    substance = sets.get("substance") or CONTROLLED.get(str(sets.get("name", "")).casefold(), "other")
    return {"substance": substance, "controlled": substance != "other" or sets.get("controlled", False)}


@state_rule(only_flags="what was out when it was taken off the list still comes back")
def withdrawn_material_is_used_up(material: Record, books: Books) -> Iterator[Text]:
    """There is nothing left of a material that was taken off the list."""
    if material.state == "withdrawn":
        for place, quantity in stock(material.id, books).items():
            if quantity:
                yield text("{place} holds {quantity} of it", place=place, quantity=quantity)


@state_rule(only_flags="a return or a count enters what is there, and what is there may be too much")
def no_place_holds_too_much(material: Record, books: Books) -> Iterator[Text]:
    """No place holds more of a material than may lie there."""
    most = material.get("maximum")
    for place, quantity in stock(material.id, books).items() if most is not None else ():
        if quantity > most:
            yield text(
                "{place} holds {quantity}; at most {most} may lie there",
                place=place,
                quantity=quantity,
                most=most,
            )


@state_rule(only_flags="what is found not to go together may lie together already")
def incompatible_materials_lie_apart(material: Record, books: Books) -> Iterator[Text]:
    """Materials that do not go together lie in different places."""
    held = {place for place, quantity in stock(material.id, books).items() if quantity > 0}
    for other in material.get("incompatible", ()):
        beside = {place for place, quantity in stock(other, books).items() if quantity > 0}
        for place in sorted(held & beside):
            yield text("{place} holds {other} too", place=place, other=other)


def stock(material: str, books: Books) -> dict[str, int]:
    """Return what each place holds of a material by the slips so far."""
    held: Counter[str] = Counter()
    for each in books.movements(material):
        held[each.place] += each.quantity
    return dict(held)


def lot_due(material: Record, books: Books) -> str | None:
    """Return when the first lot of which there is something left expires."""
    left: Counter[str] = Counter()
    for each in books.movements(material.id):
        left[each.lot] += each.quantity
    lots = {row["lot"]: row["expires"] for row in material.get("lots", ()) if "expires" in row}
    days = [day for lot, day in lots.items() if left[lot] > 0]
    return _end_of(min(days), material) if days else None


def sheet_due(material: Record, books: Books) -> str | None:
    """Return when the safety sheet expires."""
    return _end_of(material["sheet_expires"], material) if "sheet_expires" in material.data else None


def _end_of(day: str, material: Record) -> str:
    return f"{day}T23:59:59{material.opened[19:]}"


def keeper(material: Record, books: Books) -> str:
    """Return who entered a material, and looks after its papers."""
    return str(material.acts[0]["by"])


def balances(materials: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """For each material: what was drawn, consumed, disposed of, found to differ, and what is left."""
    for material in materials:
        if material.state == "void" or instant(material.opened) > instant(at):
            continue
        sums = dict.fromkeys(COLUMNS.values(), 0)
        for each in books.movements(material.id):
            slip = books.get(each.record)
            if slip is not None and instant(each.at) <= instant(at):
                sign = -1 if slip.register in ("hazmat-use", "hazmat-dispose") else 1
                sums[COLUMNS[slip.register]] += sign * each.quantity
        left = sums["drawn"] - sums["consumed"] - sums["disposed"] + sums["difference"]
        names = ("substance", "name", "unit")
        yield {"id": material.id, **{name: material[name] for name in names}, **sums, "balance": left}


REGISTER = Register(
    name="hazmat-material",
    prefix="M",
    title="Hazardous materials",
    area="hazmat",
    book="material",
    dated=False,
    sharded=False,
    columns=("id", "state", "name", "substance", "ghs", "unit", "maximum", "places"),
    actions=(
        Action(
            "add",
            "Enter a hazardous material.",
            to="active",
            needs=("name", "unit", "ghs"),
            takes=("substance", "controlled", *STORAGE, "lots"),
            adds=("lots",),
            may=LEAD,
            completes=classified,
        ),
        Action(
            "change",
            "Change how a material is stored, or renew its safety sheet.",
            source=("active",),
            takes=STORAGE,
            may=LEAD,
        ),
        Action(
            "lot",
            "Enter a lot, or that it was opened.",
            source=("active",),
            needs=("lots",),
            adds=("lots",),
            may=LEAD,
        ),
        Action(
            "withdraw",
            "Take a material off the list.",
            to="withdrawn",
            source=("active",),
            may=LEAD,
            reason=True,
        ),
    ),
    rules=(withdrawn_material_is_used_up, no_place_holds_too_much, incompatible_materials_lie_apart),
    deadlines=(
        Deadline(
            "lot-expires",
            (),
            "What is left of a lot is used or disposed of before it expires.",
            ("active",),
            lot_due,
            keeper,
        ),
        Deadline(
            "sheet-renewed",
            (),
            "The safety data sheet is renewed before it expires.",
            ("active",),
            sheet_due,
            keeper,
        ),
    ),
    reports=(
        Report(
            "balance",
            "Balance of each substance",
            ("CS11-4.0+",),
            balances,
            headings={
                "drawn": text("drawn"),
                "consumed": text("consumed"),
                "disposed": text("disposed of"),
                "difference": text("found by counts"),
                "balance": text("balance"),
            },
        ),
    ),
    settings={
        "hazmat.leads": Setting(
            ["cs-lead", "reserve-supervisor", "supervisor", "cs-supervisor", "cs-manager"],
            "Posts of customer service that are leads or above: they draw, approve, and hand out.",
            ("CS11-2.0#1", "CS11-3.0#3"),
        ),
        "hazmat.supervisors": Setting(
            ["supervisor", "cs-supervisor", "cs-manager"],
            "Posts to which a lead passes on what was abnormal.",
            ("CS11-5.0",),
        ),
        "hazmat.key-holders": Setting(
            ["cleaning-lead"], "Posts that hold the key of a locker of hazardous materials.", ("CS11-3.0#2",)
        ),
        "hazmat.permitters": Setting(
            ["cs-manager"], "Posts that permit a loan of hazardous material.", ("CS11-6.0",)
        ),
        "hazmat.confirm-minutes": Setting(
            1440,
            "Minutes in which the second person confirms what both drew or disposed of.",
            (),
            "less",
        ),
    },
    final=("withdrawn",),
    corrects=Who(posts=("cs-manager", "cs-supervisor", "desk-admin")),
)
