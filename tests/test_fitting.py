"""The quick test of a record: it says what the validator says, of every register and every keyword."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.fitting import fits
from svcdesk.fitting import in_order

SAMPLE = Path(__file__).parent.parent / "records"


@cache
def samples() -> list[tuple[str, dict[str, Any]]]:
    """One record of each register, with most of its fields: the longest file of the sample."""
    longest = {
        folder.name: max(folder.rglob("*.yaml"), key=lambda each: each.stat().st_size)
        for folder in sorted(SAMPLE.iterdir())
        if folder.is_dir()
    }
    return [(name, yamlio.load(file.read_bytes())) for name, file in longest.items()]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping or list below a value, and each key or place in it."""
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in list(children):
        yield value, key
        if isinstance(child, (dict, list)):
            yield from places(child)


WRONG = st.sampled_from(
    (
        None,
        True,
        False,
        0,
        1,
        -1,
        10**17,
        "",
        " ",
        "x",
        "K-A0001",
        "S-A0003\n",
        "2026-02-30",
        "void",
        "x" * 4001,
    )
) | st.sampled_from(([], {}, ["S-A0001"], ["S-A0001", "S-A0001"], [1, True], [{"a": 1}], {"unknown": 1}))


@given(st.integers(0), st.integers(0), WRONG)
def test_it_says_what_the_validator_says(number: int, place: int, value: object) -> None:
    register, sample = samples()[number % len(samples())]
    record = copy.deepcopy(sample)
    assert schema._fits(register)(record)
    all_places = list(places(record))
    container, key = all_places[place % len(all_places)]
    container[key] = value
    assert schema._fits(register)(record) == schema._slow_validator(schema._effective(register)).is_valid(record)


@pytest.mark.parametrize("register", schema.names())
def test_a_test_is_made_of_every_part_of_a_schema(register: str) -> None:
    nodes = [schema._effective(register)]
    while nodes:
        node = nodes.pop()
        assert fits(node)
        nodes += node.get("properties", {}).values()
        nodes += [node["items"]] if "items" in node else []


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"type": "string", "format": "date"}, "x"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {}),
        ({"$ref": "#/$defs/id"}, "x"),
        ({"type": "object", "patternProperties": {}}, {}),
    ],
)
def test_what_no_test_is_made_of_is_refused(node: dict[str, Any], value: object) -> None:
    with pytest.raises(ValueError, match="no test is made of this"):
        fits(node)(value)


VALUES = (None, True, False, 0, 1, 2, -1, 1.5, "", "a", "ab", "abc", "b", [], [1], [1, 1], [1, True], ["a"])
OBJECTS = ({}, {"a": 1}, {"a": "a"}, {"b": 1}, {"a": 1, "b": 1}, [{"a": 1}, {"a": 1}], [[], []])


@pytest.mark.parametrize(
    "node",
    [
        {},
        {"minimum": 1},
        {"maxLength": 1, "minItems": 1, "required": ["a"]},
        {"type": ["string", "null"], "minLength": 1, "maxLength": 2},
        {"type": ["integer", "null"], "enum": [1, None]},
        {"type": "number", "maximum": 1},
        {"type": "string", "pattern": "b"},
        {"type": "array", "maxItems": 1, "items": {"type": "integer"}},
        {"type": "array", "uniqueItems": True},
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
        {"type": "object", "additionalProperties": False, "properties": {"a": {}}},
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object"},
        {"if": {"pattern": "^a"}, "then": {"maxLength": 2}, "else": {"minLength": 1}},
        {"if": {"type": "integer"}, "then": {"minimum": 1}},
        {"anyOf": [{"type": "null"}, {"type": "integer", "allOf": [{"minimum": 0}, {"maximum": 1}]}]},
    ],
)
def test_each_keyword_means_what_it_says(node: dict[str, Any]) -> None:
    test, slow = fits(node), jsonschema.Draft202012Validator(node)
    assert [test(each) for each in (*VALUES, *OBJECTS)] == [
        slow.is_valid(each) for each in (*VALUES, *OBJECTS)
    ]


def test_any_order_will_do_where_no_properties_are_named() -> None:
    assert in_order({"type": "object"}) is None
    test = in_order(
        {"properties": {"a": {"type": "object"}, "b": {"items": {"properties": {"c": {}, "d": {}}}}}}
    )
    assert test is not None
    assert test({"a": {"y": 1, "x": 2}, "b": [{"c": 1, "d": 2}, 7], "z": 1})
    assert test(None)
    assert not test({"b": [{"d": 1, "c": 2}]})
    assert not test({"z": 1, "a": 2})
