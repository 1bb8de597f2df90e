"""Shared shapes at their limits; a schema means the same to the quick test and to the validator."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from referencing import Registry

from svcdesk import schema
from svcdesk.fitting import fits
from svcdesk.shapes import effective
from svcdesk.shapes import inline
from svcdesk.shapes import with_local_refs

SHARED: dict[str, Any] = schema._file("common")["$defs"]
TIME = "2026-11-22T18:00:00+08:00"
BOOK: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "acts", "lines"],
    "properties": {
        "id": {"$ref": "common.json#/$defs/id"},
        "format": {"const": 1},
        "state": {"enum": ["open", "shut"], "x-labels": {"open": "open", "shut": "shut"}},
        "code": {"$ref": "common.json#/$defs/name", "maxLength": 3},
        "word": {"type": "string", "pattern": "^[a-z]+$", "x-class": "restricted"},
        "fit": {"enum": ["good", "poor"], "x-clauses": ["CS1-1"]},
        "watch": {
            "type": "array",
            "uniqueItems": True,
            "items": {"$ref": "common.json#/$defs/id", "x-ref": "staff"},
        },
        "lines": {
            "type": "array",
            "maxItems": 2,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["item"],
                "properties": {
                    "item": {
                        "$ref": "common.json#/$defs/id",
                        "x-ref": ["key", "material"],
                        "x-class": "staff",
                    },
                    "count": {"$ref": "common.json#/$defs/quantity"},
                },
            },
        },
        "acts": {"$ref": "common.json#/$defs/acts"},
    },
}


def judgements(whole: Mapping[str, Any], value: Any) -> tuple[bool, bool]:
    """What the quick test and the slow validator say of a value."""
    return fits(whole)(value), jsonschema.Draft202012Validator(whole, registry=Registry()).is_valid(value)


@pytest.mark.parametrize(
    "reference", ["https://example.org/a.json", "other.json#/$defs/id", "#/properties/id"]
)
def test_only_shared_shapes_may_be_referred_to(reference: str) -> None:
    with pytest.raises(ValueError, match="only common"):
        with_local_refs({"properties": {"a": {"$ref": reference}}})


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (
            "id",
            "KL2611-A0012 K-A0001 CU2611-AB12345",
            "KL2611-A012 kl-A0001 KL261-A0001 ABCD-A0001 K-A0001\n K-Ａ0001",
        ),
        (
            "time",
            "2026-11-22T09:02:11+08:00 2024-02-29T23:59:59-05:30 2000-02-29T00:00:00+14:00",
            "2026-11-22T09:02:11Z 2026-11-22T09:02+08:00 2026-11-22T24:00:00+08:00 1900-02-29T09:02:11+08:00",
        ),
        (
            "time",
            "2000-01-01T00:00:00+00:00",
            "2026-02-29T09:02:11+08:00 2026-11-22T09:02:60+08:00 2026-11-22T09:02:11+15:00",
        ),
        (
            "time",
            "1970-01-01T00:00:00+00:00 2199-12-31T23:59:59-14:00",
            "1969-12-31T23:59:59+00:00 0001-01-01T00:00:00+00:00 2200-01-01T00:00:00+00:00",
        ),
        ("date", "0001-01-01 2199-12-31", "2200-01-01 9999-12-31"),
        ("date", "2026-11-30 2024-02-29", "2026-11-31 2026-13-01 0000-01-01 2026-1-1 20261122"),
        ("clock", "00:00 23:59", "24:00 9:00 12:60"),
        ("money", "0 12.50 -3 999999999999999.9999", "1. .5 01 1e3 1,5 +1 1.23456"),
        ("email", "a@b.c 张@例.cn", "a a@ @b a@b@c <a@b>"),
        ("digest", "0f" * 32, "0f" * 31 + " " + "0F" * 32),
    ],
)
def test_shared_shapes_at_their_limits(shape: str, good: str, bad: str) -> None:
    whole = inline({"$ref": f"#/$defs/{shape}"}, SHARED)
    assert [each for each in good.split(" ") if judgements(whole, each) != (True, True)] == []
    assert [each for each in bad.split(" ") if judgements(whole, each) != (False, False)] == []
    assert [each for each in good.split(" ") if judgements(whole, each + "\n") != (False, False)] == []


@pytest.mark.parametrize(
    ("shape", "value", "right"),
    [
        ("name", "x" * 200, True),
        ("name", "x" * 201, False),
        ("name", "x", True),
        ("name", "", False),
        ("name", " x", False),
        ("name", "a\nb", False),
        ("text", "x" * 4000, True),
        ("text", "x" * 4001, False),
        ("text", "a\nb\n", True),
        ("text", " \n", False),
        ("quantity", 0, True),
        ("quantity", -1, False),
        ("quantity", True, False),
        ("signature", {"line": "a", "staff": "S-A0001"}, True),
        ("signature", {"line": "a"}, False),
        ("signature", {"line": "a", "staff": "S-A0001", "customer": "CU-A0001"}, False),
        ("source", {"import": "IM2611-A0001", "row": 1}, True),
        ("source", {"import": "IM2611-A0001", "row": 0}, False),
    ],
)
def test_shared_shapes_that_are_no_patterns(shape: str, value: object, right: bool) -> None:
    assert judgements(inline({"$ref": f"#/$defs/{shape}"}, SHARED), value) == (right, right)


def test_what_only_some_may_read_is_not_shown() -> None:
    whole = effective(BOOK, SHARED)
    (error,) = jsonschema.Draft202012Validator(whole["properties"]["word"]).iter_errors("S3CRET")
    (fault,) = schema.explain(error)
    assert "S3CRET" not in str(fault.message)


def test_what_stands_beside_a_reference_binds() -> None:
    whole = effective(BOOK, SHARED)["properties"]["code"]
    assert judgements(whole, "abc") == (True, True)
    assert judgements(whole, "abcd") == judgements(whole, "a\nb") == (False, False)


def test_a_dollar_is_the_end() -> None:
    word = effective(BOOK, SHARED)["properties"]["word"]
    assert judgements(word, "abc") == (True, True)
    assert judgements(word, "abc\n") == (False, False)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.sampled_from(
        ["", " ", "open", "good", "abc", "abcd", "a\n", "K-A0001", "K-A0001\n", "x" * 201, "S-A0001"]
    ),
    st.sampled_from([TIME, "2026-02-30T00:00:00+08:00"]),
)
keys = st.sampled_from(
    ["id", "line", "staff", "customer", "item", "count", "row", "key", "state", "kind", "number"]
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a record that can be changed."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


def changed(record: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A record in which one place holds another value; ... takes it out."""
    whole = copy.deepcopy(record)
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    if value is ...:
        del inner[path[-1]]
    return whole


BOOK_RECORD: dict[str, Any] = {
    "id": "K-A0001",
    "format": 1,
    "state": "open",
    "code": "abc",
    "word": "abc",
    "fit": "good",
    "watch": ["S-A0001", "S-A0002"],
    "lines": [{"item": "K-A0001", "count": 0}],
    "acts": [
        {
            "action": "open",
            "at": TIME,
            "entered": TIME,
            "by": "S-A0001",
            "reason": "a\nb",
            "sets": {"code": None, "fit": "good", "lines": [{"item": "K-A0001"}], "watch": None},
            "signed": [{"line": "a", "customer": "CU-A0001"}],
            "papers": [{"kind": "pass", "number": "12", "sha256": "0" * 64}],
            "ends": ["a"],
            "ref": "x",
            "source": {"import": "IM2611-A0001", "row": 3},
            "state": "open",
        }
    ],
}
WHOLE = effective(BOOK, SHARED)
QUICK = fits(WHOLE)
SLOW = jsonschema.Draft202012Validator(WHOLE, registry=Registry())


def test_the_sample_uses_every_part_of_an_act() -> None:
    assert set(BOOK_RECORD["acts"][0]) == set(SHARED["act"]["properties"])
    assert judgements(WHOLE, BOOK_RECORD) == (True, True)


@given(st.sampled_from(list(places(BOOK_RECORD))), anything | st.just(...))
def test_the_quick_test_agrees_with_the_validator(path: tuple[Any, ...], value: Any) -> None:
    record = changed(BOOK_RECORD, path, value)
    assert QUICK(record) == SLOW.is_valid(record)
