"""Fields as options, prompts, headings and forms need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svcdesk import schema
from svcdesk.fields import Field
from svcdesk.fields import read_fields

ID = {"$ref": "#/$defs/id"}
COLUMNS = {
    "item": ID | {"title": "Item", "x-ref": ["key", "material"], "x-class": "staff"},
    "count": {"$ref": "#/$defs/quantity", "title": "Count"},
}
BOOK: dict[str, Any] = {
    "required": ["id", "fit"],
    "$defs": schema.document("key")["$defs"],
    "properties": {
        "id": ID,
        "format": {"const": 1},
        "state": {"enum": ["open", "shut"], "x-labels": {"open": "open", "shut": "shut"}},
        "fit": {
            "enum": ["good", "poor"],
            "x-clauses": ["CS1-1"],
            "title": "Fit",
            "description": "How.",
        },
        "code": {"$ref": "#/$defs/name", "x-index": True, "x-class": "restricted"},
        "watch": {"type": "array", "items": ID | {"x-ref": "staff"}, "x-option": "watcher"},
        "moods": {"type": "array", "items": {"enum": ["fine"], "x-labels": {"fine": "all well"}}},
        "lines": {"type": "array", "items": {"type": "object", "required": ["item"], "properties": COLUMNS}},
        "value": {"title": "Value"},
        "acts": {"$ref": "#/$defs/acts"},
    },
}
FIELDS: Mapping[str, Field] = read_fields(BOOK)


def test_a_field_is_what_forms_set_or_the_state() -> None:
    assert list(FIELDS) == ["state", "fit", "code", "watch", "moods", "lines", "value"]


def test_words_have_labels() -> None:
    assert (FIELDS["state"].type, FIELDS["state"].enum) == ("string", ("open", "shut"))
    assert FIELDS["state"].labels == {"open": "open", "shut": "shut"}


def test_what_people_read_and_what_binds() -> None:
    fit = FIELDS["fit"]
    assert (fit.title, fit.description, fit.clauses, fit.required) == ("Fit", "How.", ("CS1-1",), True)


def test_a_shared_shape_gives_type_and_format() -> None:
    code = FIELDS["code"]
    assert (code.type, code.format, code.indexed, code.klass, code.required) == (
        *("string", "name", True, "restricted"),
        False,
    )
    assert (FIELDS["value"].type, FIELDS["value"].format) == ("", "")


def test_a_list_tells_of_its_entries() -> None:
    watch = FIELDS["watch"]
    assert (watch.type, watch.item_type, watch.item_format, watch.items) == ("array", "string", "id", None)
    assert (watch.ref, watch.option) == (("staff",), "watcher")
    assert (FIELDS["moods"].enum, FIELDS["moods"].labels) == (("fine",), {"fine": "all well"})


def test_a_list_of_groups_has_columns() -> None:
    columns = FIELDS["lines"].items or {}
    assert list(columns) == ["item", "count"]
    assert (columns["item"].ref, columns["item"].klass) == (("key", "material"), "staff")
    assert (columns["count"].type, columns["count"].format) == ("integer", "quantity")
    assert [name for name, column in columns.items() if column.required] == ["item"]
