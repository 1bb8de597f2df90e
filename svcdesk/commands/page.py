"""One record as a page: its fields under their headings, then every act in the order of entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcdesk import output
from svcdesk import schema
from svcdesk.desk import Desk
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import label
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.model import Register


def page(desk: Desk, register: Register, record: Record) -> Iterator[str]:
    """Yield the lines of a record's page."""
    yield f"{record.id}  {_(register.title)}  {label(register.name, 'state', record.state)}\n"
    for name in schema.fields(register.name):
        if name != "state" and name in record.data:
            yield f"  {heading(register.name, name)}: {value_words(desk, register, name, record[name])}\n"
    yield _("Acts") + "\n"
    for number, act in enumerate(record.acts, 1):
        yield from act_lines(desk, register, number, act)


def act_lines(desk: Desk, register: Register, number: int, act: Act) -> Iterator[str]:
    """Yield the lines of one act: what, when, who; then fields, signatures and papers."""
    entered = _(" (entered {entered})", entered=act["entered"]) if "entered" in act else ""
    yield f"  {number}. {act['at']}  {act['action']}  {person_words(desk, act['by'])}{entered}\n"
    if act.get("reason"):
        yield "     " + _("reason: {reason}", reason=act["reason"]) + "\n"
    for name, value in act.get("sets", {}).items():
        yield f"     {heading(register.name, name)}: {value_words(desk, register, name, value)}\n"
    for entry in act.get("signed", ()):
        signer = entry.get("staff") or entry["customer"]
        line = register.line(entry["line"])
        how = _("identified") if signer == act["by"] else _("attested")
        yield (
            "     "
            + _(
                "signed as {line}: {signer} ({how})",
                line=_(line.title) if line else entry["line"],
                signer=person_words(desk, signer),
                how=how,
            )
            + "\n"
        )
    for paper in act.get("papers", ()):
        yield "     " + _("paper: {kind} {number}", kind=paper["kind"], number=paper["number"]) + "\n"


def person_words(desk: Desk, person: str) -> str:
    """Return a person's id with the name."""
    found = desk.index.get(person)
    return f"{person} {output.safe(str(found.get('name', '')))}".strip() if found else person


def value_words(desk: Desk, register: Register, name: str, value: Any) -> str:
    """Return a field's value in words: labels for choices, names beside ids."""
    field = schema.fields(register.name).get(name)
    if isinstance(value, str):
        if field is not None and field.ref:
            return person_words(desk, value)
        return label(register.name, name, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return output.safe(output.words(value))
