"""Which values of a form are sealed: texts of a class that only some may read. Pure.

Ids, codes, choices, moments, numbers and yes or no stay clear: registers refer, count and remind by them.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from svcdesk.fields import Field
from svcdesk.sealed import CLASSES

Fields = Mapping[str, Field]
Values = Mapping[str, Any]
Plan = Mapping[str, tuple[Field, Fields]]
"""Fields, each with those of its columns that count where it is a list of groups."""

TEXTS = ("name", "text")
"""The shared shapes of free text: names, telephone numbers, addresses, words."""


class Place(NamedTuple):
    """A text that is, or is to be, sealed: `field` or `field.column`, its class, and the group that it stands in."""

    field: str
    klass: str
    group: Values
    value: str


def plan(fields: Fields) -> Plan:
    """Return which fields of a register hold, or which columns of their groups hold, texts that are sealed."""
    found = {
        name: (field, {column: each for column, each in (field.items or {}).items() if _is_text(each)})
        for name, field in fields.items()
    }
    return {name: each for name, each in found.items() if each[1] or _is_text(each[0])}


def places(wanted: Plan, values: Values) -> Iterator[Place]:
    """Yield the texts of a form, or of a whole record, that are of a class that only some may read."""
    for name, (field, columns) in wanted.items():
        value = values.get(name)
        if isinstance(value, str):
            yield Place(name, field.klass, values, value)
        elif isinstance(value, (list, tuple)):
            for group in (each for each in value if isinstance(each, Mapping)):
                for column, each in columns.items():
                    if isinstance(group.get(column), str):
                        yield Place(f"{name}.{column}", each.klass, group, group[column])


def replaced(wanted: Plan, values: Values, change: Callable[[Place], str]) -> dict[str, Any]:
    """Return a form, or a record, with each such text as `change` gives it."""
    found = dict(values)
    for name, (field, columns) in wanted.items():
        value = values.get(name)
        if isinstance(value, str):
            found[name] = change(Place(name, field.klass, values, value))
        elif isinstance(value, (list, tuple)):
            found[name] = [_group(name, columns, each, change) for each in value]
    return found


def subject(fields: Fields, values: Values, klass: str) -> str:
    """Return whom the texts of a class are about, by the field that the schema names for that; else nothing."""
    named = (values.get(name) for name, field in fields.items() if field.subject == klass)
    return next((each for each in named if isinstance(each, str)), "")


def _group(name: str, columns: Fields, group: Any, change: Callable[[Place], str]) -> Any:
    if not isinstance(group, Mapping):
        return group
    texts = {
        column: change(Place(f"{name}.{column}", each.klass, group, group[column]))
        for column, each in columns.items()
        if isinstance(group.get(column), str)
    }
    return {**group, **texts}


def _is_text(field: Field) -> bool:
    plain = not (field.ref or field.enum or field.code)
    return field.klass in CLASSES and field.type == "string" and plain and field.format in TEXTS
