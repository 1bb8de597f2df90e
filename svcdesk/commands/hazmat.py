"""svcdesk hazmat balance and room: what there is of hazardous materials, and what is in one place now."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import click

from svcdesk import output
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.commands.environment import Environment
from svcdesk.commands.listing import FORMATS
from svcdesk.commands.listing import width
from svcdesk.commands.page import group_words
from svcdesk.commands.page import value_words
from svcdesk.commands.wording import labelled
from svcdesk.desk import Desk
from svcdesk.feeds import Movement
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import label
from svcdesk.ledger import Account
from svcdesk.model import Record
from svcdesk.registers import REGISTERS

MATERIAL = "hazmat-material"
COLUMNS = ("material", "name", "place", "where", "lot", "balance", "unit")
ON_PAGE = ("substance", "ghs", "controlled", "storage", "incompatible", "sheet", "sheet_expires", "maximum")
"""Fields of a material that a fireman, or whoever stands before the door, has to know."""


def balance_command() -> click.Command:
    """Return `hazmat balance`."""
    parameters: list[click.Parameter] = [
        click.Option(["--material"], metavar="HAZMAT-MATERIAL", help=_("Only this material.")),
        click.Option(["--place"], metavar="PLACE", help=_("Only this place.")),
        click.Option(["--as-of"], metavar="TIME", help=_("As it was at TIME, by when things happened.")),
        click.Option(["--format", "form"], type=FORMATS, default="table", help=_("How to print.")),
    ]

    @click.pass_obj
    def run(env: Environment, /, **given: Any) -> None:
        at = env.moment(given["as_of"]) if given["as_of"] else env.at
        wanted = {
            "material": env.desk.resolve(given["material"], (MATERIAL,)) if given["material"] else "",
            "place": env.desk.resolve(given["place"], ("place",)) if given["place"] else "",
        }
        rows = [
            row
            for row in balance_rows(env.desk.books, at)
            if all(not value or row[name] == value for name, value in wanted.items())
        ]
        headings = {name: heading(MATERIAL, name) for name in ("name", "unit")}
        headings |= {"material": _("material"), "place": _("place"), "where": _("where"), "lot": _("lot")}
        headings["balance"] = _("balance")
        pieces = output.render(given["form"], rows, COLUMNS, headings, width=width(), fold=True, shown=_shown)
        output.write(sys.stdout, pieces)

    return click.Command(
        "balance",
        params=parameters,
        callback=run,
        help=_("List what there is of each material, by place and lot."),
    )


def _shown(name: str, value: Any) -> str:
    return label(MATERIAL, name, value) if name == "unit" else output.words(value)


def balance_rows(books: OpenBooks, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield a row for each material, place and lot in which anything had moved by a moment."""
    for material in books.of(MATERIAL):
        accounts: dict[tuple[str, str], list[Movement]] = {}
        for each in books.movements(material.id):
            accounts.setdefault((each.place, each.lot), []).append(each)
        for (place, lot), moved in sorted(accounts.items()):
            if instant(moved[0].at) <= instant(at):
                where = books.get(place)
                yield {
                    "material": material.id,
                    "name": material["name"],
                    "place": place,
                    "where": where["name"] if where else "",
                    "lot": lot,
                    "balance": Account(moved).balance(at),
                    "unit": material["unit"],
                }


def room_command() -> click.Command:
    """Return `hazmat room`."""

    @click.pass_obj
    def run(env: Environment, /, place: str) -> None:
        found = env.desk.get(place, "place")
        output.write(sys.stdout, room_page(env.desk, found, env.at))

    return click.Command(
        "room",
        params=[click.Argument(["place"], metavar="PLACE")],
        callback=run,
        help=_("Print what is in a place now, and in all places within it, on one page."),
    )


def room_page(desk: Desk, place: Record, at: str) -> Iterator[str]:
    """Yield the lines of the page: every material that lies in the place, or is out in use from there."""
    books = desk.books
    title = _("Hazardous materials in {place} {name}", place=place.id, name=output.safe(place["name"]))
    yield f"{title}\n{at}\n"
    inside = set(places_within(books, place.id))
    rows = [row for row in balance_rows(books, at) if row["place"] in inside and row["balance"]]
    if not rows:
        yield "  " + _("none by the books") + "\n"
    for material in dict.fromkeys(row["material"] for row in rows):
        lying = [row for row in rows if row["material"] == material]
        yield from _material_lines(desk, books.get(material), lying)
    out = [
        use
        for each in sorted(inside)
        for use in books.find("hazmat-use", place=each)
        if use.state == "issued"
    ]
    if out:
        yield "\n" + _("Handed out and not accounted for") + "\n"
    for use in out:
        yield f"  {use.id}  {_in_words(desk, use, 'material')}  {use['issued']}  {_in_words(desk, use, 'user')}\n"


def places_within(books: OpenBooks, place: str) -> Iterator[str]:
    """Yield a place and every place inside it."""
    seen, waiting = set[str](), [place]
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            yield each
            waiting += [inner.id for inner in books.find("place", within=each) if inner.state != "void"]


def _material_lines(desk: Desk, material: Record | None, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what there is of one material, and what has to be known about it."""
    if material is None:
        return
    register = REGISTERS[MATERIAL]
    yield f"\n{material.id}  {output.safe(material['name'])}\n"
    for row in rows:
        lot = _("lot {lot}", lot=output.safe(row["lot"])) if row["lot"] else ""
        parts = (f"{row['balance']} {label(MATERIAL, 'unit', row['unit'])}", row["place"], row["where"], lot)
        yield "  " + "  ".join(output.safe(each) for each in parts if each) + "\n"
    for name in ON_PAGE:
        if name in material.data:
            words = value_words(desk, register, name, material[name])
            if name == "maximum":
                words = f"{words} {label(MATERIAL, 'unit', material['unit'])}"
            yield f"  {labelled(heading(MATERIAL, name), words)}\n"
    lying = {row["lot"] for row in rows}
    for row in (each for each in material.get("lots", ()) if each["lot"] in lying):
        yield f"  {group_words(desk, register, 'lots', row)}\n"


def _in_words(desk: Desk, use: Record, name: str) -> str:
    return value_words(desk, REGISTERS["hazmat-use"], name, use[name])
