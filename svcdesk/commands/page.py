"""One record as a page: its fields under their headings, then every act in the order of entry."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk import output
from svcdesk import schema
from svcdesk.commands.whereabouts import where_line
from svcdesk.commands.wording import action_words
from svcdesk.commands.wording import labelled
from svcdesk.commands.wording import word
from svcdesk.declared import Register
from svcdesk.desk import Desk
from svcdesk.language import _
from svcdesk.language import heading
from svcdesk.language import label
from svcdesk.model import Act
from svcdesk.model import Record
from svcdesk.schema import Field


def page(desk: Desk, register: Register, record: Record) -> Iterator[str]:
    """Yield the lines of a record's page."""
    yield f"{record.id}  {_(register.title)}  {label(register.name, 'state', record.state)}\n"
    covered = covered_fields(register, record)
    shown = register.presents(record) if register.presents else record.data
    for name in schema.fields(register.name):
        if name != "state" and name in shown and name not in covered:
            yield from field_lines(desk, register, name, shown[name], "  ")
    yield from where_line(desk, record)
    yield _("Acts") + "\n"
    for number, act in enumerate(record.acts, 1):
        yield from act_lines(desk, register, number, act, covered)


def covered_fields(register: Register, record: Record) -> tuple[str, ...]:
    """Return the fields that who is still to count does not get to see: until it leaves its first state."""
    opening = {each.to for each in register.actions if each.creates}
    return register.blind if record.state in opening else ()


def act_lines(
    desk: Desk, register: Register, number: int, act: Act, covered: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the lines of one act: what, when, who; then fields, signatures and papers."""
    entered = _(" (entered {entered})", entered=act["entered"]) if "entered" in act else ""
    done = action_words(register, act["action"])
    yield f"  {number}. {act['at']}  {done}  {person_words(desk, act['by'])}{entered}\n"
    if act.get("reason"):
        yield "     " + _("reason: {reason}", reason=act["reason"]) + "\n"
    if "source" in act:
        source = act["source"]
        words = _("from {record}, row {row}", record=source.get("import", "-"), row=source["row"])
        yield f"     {words}\n"
    for name, value in act.get("sets", {}).items():
        if name not in covered:
            yield from field_lines(desk, register, name, value, "     ")
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
    return (
        f"{person} {word(desk, found.register, 'name', str(found.get('name', '')))}".strip()
        if found
        else person
    )


def field_lines(desk: Desk, register: Register, name: str, value: Any, indent: str) -> Iterator[str]:
    """Yield a field under its heading: one line, or one for each group or text of a list and entry of a mapping."""
    title, groups = heading(register.name, name), _groups(desk, register, name, value)
    if groups is None:
        yield f"{indent}{labelled(title, value_words(desk, register, name, value))}\n"
        return
    yield f"{indent}{labelled(title, '').rstrip()}\n"
    yield from (f"{indent}  {each}\n" for each in groups)


def _groups(desk: Desk, register: Register, name: str, value: Any) -> list[str] | None:
    """Return the groups of a list, or the entries of a mapping, each in words; None for anything else."""
    if isinstance(value, Mapping) and value:
        return [labelled(output.safe(str(each)), output.safe(_plain(value[each]))) for each in value]
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        return [group_words(desk, register, name, each) for each in value]
    field = _field(register, name)
    if isinstance(value, list) and len(value) > 1 and field is not None and field.item_format == "text":
        return [f"{number}. {output.safe(str(each))}" for number, each in enumerate(value, 1)]
    return None


def group_words(desk: Desk, register: Register, name: str, group: Mapping[str, Any]) -> str:
    """Return one group of a list in words: `post cs-manager, department customer-service, from …`."""
    parts = []
    for column, value in group.items():
        title = heading(register.name, f"{name}.{column}")
        words = value_words(desk, register, f"{name}.{column}", value)
        capitals = title[:2].isupper()
        parts.append(f"{title if capitals else title[:1].lower() + title[1:]} {words}")
    return _(", ").join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return _(", ").join(f"{name} {_plain(each)}" for name, each in value.items())
    return output.words(value)


def _field(register: Register, path: str) -> Field | None:
    """Return a field by name, or a column of one by `field.column`."""
    name, _dot, column = path.partition(".")
    field = schema.fields(register.name).get(name)
    return (field.items or {}).get(column) if field and column else field


def value_words(desk: Desk, register: Register, name: str, value: Any) -> str:
    """Return a field's value in words: labels for choices, names beside ids; `name` may be `field.column`."""
    field = _field(register, name)
    if isinstance(value, list):
        between = _("; ") if any(isinstance(each, Mapping) for each in value) else _(", ")
        return between.join(value_words(desk, register, name, each) for each in value)
    if isinstance(value, str):
        if field is not None and field.ref:
            return person_words(desk, value)
        return word(desk, register.name, name, value)
    if isinstance(value, Mapping):
        return group_words(desk, register, name, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return output.safe(output.words(value))
