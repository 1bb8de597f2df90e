"""What a person is to type into a field: the placeholder of its option, and what a prompt adds to its heading."""

from __future__ import annotations

from svcdesk import schema
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import text
from svcdesk.schema import Field

PLACEHOLDERS = {
    "time": "TIME",
    "date": "DATE",
    "clock": "HH:MM",
    "money": "AMOUNT",
    "email": "EMAIL",
    "ssh-key": "FILE|KEY",
    "commit": "COMMIT",
    "digest": "SHA256",
    "id": "ID",
}
"""format: what stands for an answer in a help."""

HINTS = {
    "time": text("such as 18:00, +4h or 2026-11-22 18:00"),
    "date": text("such as 2026-11-22"),
    "clock": text("such as 18:00"),
    "money": text("such as 12.50"),
}
"""format: how an answer is written."""

WIDEST = 40
"""Characters of a placeholder that lists choices; where they are more, the help's sentence lists them."""


def placeholder(field: Field) -> str:
    """Return what stands for an answer behind the option of a field: choices, examples, or the kind of it."""
    form = field.format or field.item_format
    if field.enum:
        return "|".join(_first(field.enum))
    if field.ref:
        return _reference(field.ref)
    if form in PLACEHOLDERS:
        return PLACEHOLDERS[form]
    if field.examples:
        return "|".join(field.examples)
    return "NUMBER" if "integer" in (field.type, field.item_type) else "TEXT"


def is_cut(field: Field) -> bool:
    """Whether the placeholder of a field leaves choices out."""
    return _first(field.enum) != field.enum


def _first(choices: tuple[str, ...]) -> tuple[str, ...]:
    for count in range(1, len(choices)):
        if len("|".join(choices[: count + 1])) > WIDEST:
            return (*choices[:count], "…")
    return choices


def _reference(registers: tuple[str, ...]) -> str:
    if all(_have_names(each) for each in registers):
        return "NAME|ID"
    return f"{registers[0].upper()}-ID" if len(registers) == 1 else "ID"


def _have_names(register: str) -> bool:
    return "name" in schema.fields(register)


def hint(field: Field) -> str:
    """Return how an answer to the prompt for a field is written, where its heading does not say so."""
    form = field.format or field.item_format
    if field.items is not None:
        return ",".join(f"{each}=…" for each in field.items)
    if field.type == "boolean":
        return _("yes or no")
    if field.ref:
        return _("name or id") if all(_have_names(each) for each in field.ref) else _("id, or its end")
    if form in HINTS:
        return say(HINTS[form])
    if field.examples and form not in PLACEHOLDERS:
        return _("such as {examples}", examples=field.examples)
    return _("a whole number") if "integer" in (field.type, field.item_type) else ""
