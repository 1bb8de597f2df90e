"""Schemas: every one is well made, both validators agree, and a no is explained in plain words."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk import schema
from svcdesk.canonical import dump
from svcdesk.errors import BadInput
from svcdesk.faults import FORMATS

SHARED: dict[str, Any] = schema._file("common")["$defs"]
LOAN: dict[str, Any] = {
    "id": "KL2611-A0012",
    "format": 1,
    "state": "issued",
    "key": "K-A0001",
    "borrower": "S-A0003",
    "purpose": "pump inspection",
    "due": "2026-11-22T18:00:00+08:00",
    "acts": [
        {
            "action": "request",
            "at": "2026-11-22T09:02:11+08:00",
            "by": "S-A0005",
            "sets": {"key": "K-A0001", "borrower": "S-A0003", "contractor": None},
            "signed": [{"line": "approver", "staff": "S-A0004"}],
        }
    ],
}


def loan(**changes: Any) -> dict[str, Any]:
    """A key loan that is right but for these changes; a field set to ... is left out."""
    record = copy.deepcopy(LOAN) | changes
    return {name: value for name, value in record.items() if value is not ...}


def act(**changes: Any) -> dict[str, Any]:
    """A key loan whose one act has these parts; a part set to ... is left out."""
    parts = LOAN["acts"][0] | changes
    return loan(acts=[{name: value for name, value in parts.items() if value is not ...}])


def why(record: Any, register: str = "key-loan") -> list[tuple[tuple[str | int, ...], str]]:
    """Where and why a record does not fit."""
    return [(fault.path, str(fault.message)) for fault in schema.validate(register, record)]


def nodes(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping below a schema node, itself included."""
    if isinstance(node, Mapping):
        yield node
    for child in node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ():
        yield from nodes(child)


@pytest.mark.parametrize("register", schema.names())
def test_schema_is_well_made(register: str) -> None:
    whole = schema.document(register)
    jsonschema.Draft202012Validator.check_schema(whole)
    assert whole["additionalProperties"] is False
    assert {"id", "format", "state", "acts"} <= set(whole["required"]) <= set(whole["properties"])
    assert whole["properties"]["acts"] == {"$ref": "#/$defs/acts"}
    for name, field in schema.fields(register).items():
        assert field.title, name
        assert field.description, name
        assert field.klass in ("public", "staff", "customer", "restricted"), name
        assert set(field.labels) == set(field.enum), name


@pytest.mark.parametrize("register", schema.names())
def test_the_form_of_a_text_can_be_told_in_words_or_by_an_example(register: str) -> None:
    formed = [each for each in nodes(schema.document(register)) if isinstance(each.get("pattern"), str)]
    named = {name: schema.document(register)["$defs"].get(name) for name in FORMATS}
    assert formed
    for node in formed:
        shown = node.get("examples", [])
        assert shown or any(each is node for each in named.values()), node
        assert all(re.search(node["pattern"], each) for each in shown), node


def test_a_text_of_another_form_is_told_by_an_example() -> None:
    record = {"id": "E2611-A0001", "format": 1, "state": "open", "acts": [], "period": "2026-13"}
    told = [str(each.message) for each in schema.validate("evaluation", record) if each.path == ("period",)]
    assert told == ["… was given, text such as 2026-11, 2026-Q4, 2026 is needed"]


@pytest.mark.parametrize("register", schema.names())
def test_nothing_is_fetched_from_elsewhere(register: str) -> None:
    assert not [node for node in nodes(schema._effective(register)) if isinstance(node.get("$ref"), str)]
    references = {
        node["$ref"] for node in nodes(schema.document(register)) if isinstance(node.get("$ref"), str)
    }
    assert references <= {f"#/$defs/{name}" for name in SHARED}


@pytest.mark.parametrize("register", ["nothing", "common", "../common", "key-loan.json"])
def test_unknown_register_is_refused(register: str) -> None:
    with pytest.raises(BadInput, match="no register"):
        schema.document(register)


def test_a_right_record_fits() -> None:
    assert why(LOAN) == []


@pytest.mark.parametrize(
    ("record", "path", "message"),
    [
        (loan(due=...), (), "missing: due"),
        (loan(format=True), ("format",), "true was given, a whole number is needed"),
        (loan(format=2), ("format",), "2 was given, one of these is needed: 1"),
        (loan(key=7), ("key",), "7 was given, text is needed"),
        (loan(key="K-1"), ("key",), '"K-1" was given, an id such as KL2611-A0012 is needed'),
        (loan(key=None), ("key",), "null was given, text is needed"),
        (loan(acts=[]), ("acts",), "0 was given, at least this many entries are needed: 1"),
        (
            loan(purpose="x" * 4001),
            ("purpose",),
            "4001 was given, at most this many characters are allowed: 4000",
        ),
        (act(by=...), ("acts", 0), "missing: by"),
        (
            act(sets={"key": "7"}),
            ("acts", 0, "sets", "key"),
            '"7" was given, an id such as KL2611-A0012 is needed',
        ),
        (act(sets={"key": 7}), ("acts", 0, "sets", "key"), "7 was given, text is needed"),
        (
            act(signed=[{"line": "a"}]),
            ("acts", 0, "signed", 0),
            "exactly one of these is needed: staff, customer",
        ),
        ([], (), "[] was given, a group of fields is needed"),
    ],
)
def test_a_no_is_explained(record: Any, path: tuple[str | int, ...], message: str) -> None:
    assert why(record) == [(path, message)]


@pytest.mark.parametrize("name", ["state", "id", "format", "acts", "nonsense"])
def test_a_form_sets_the_registers_own_fields_and_no_other(name: str) -> None:
    ((path, message),) = why(act(sets={name: LOAN.get(name, 1)}))
    assert path == ("acts", 0, "sets", name)
    assert message.startswith(f"no field {name} is known here; known: key, borrower, ")


def test_every_fault_is_named_at_once() -> None:
    found = why(loan(due=..., borrower=..., extra=1, key=7))
    assert [path for path, _ in found if path] == [("extra",), ("key",)]
    assert [message for path, message in found if not path] == ["missing: borrower", "missing: due"]


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


wrong = st.sampled_from([..., None, True, -1, "", " x", "K-A1\n", [], {}, [1], {"line": "a"}, "x" * 4001])


@given(st.sampled_from(list(places(LOAN))), wrong)
def test_every_no_has_a_reason_at_a_place(path: tuple[Any, ...], value: Any) -> None:
    for fault in schema.validate("key-loan", changed(LOAN, path, value)):
        assert fault.path[: len(path)] == path[: len(fault.path)]
        assert "does not fit the schema" not in str(fault.message)


def test_fields_in_the_order_of_the_schema() -> None:
    fields = schema.fields("key-loan")
    assert list(fields)[:5] == ["state", "key", "borrower", "purpose", "due"]
    assert (fields["key"].format, fields["key"].ref, fields["key"].type) == ("id", ("key",), "string")
    assert fields["key"].required
    assert fields["state"].labels["issued"] == "issued"
    assert fields["power_off"].type == "boolean"


def test_keys_come_in_the_order_of_the_schema() -> None:
    backwards = dict(reversed(LOAN.items()))
    backwards["acts"] = [dict(reversed(LOAN["acts"][0].items()))]
    backwards["acts"][0]["sets"] = {"contractor": None, "borrower": "S-A0003", "key": "K-A0001"}
    record = schema.ordered("key-loan", backwards | {"unknown": 1})
    assert list(record) == [*LOAN, "unknown"]
    assert list(record["acts"][0]) == list(LOAN["acts"][0])
    assert list(record["acts"][0]["sets"]) == ["key", "borrower", "contractor"]
    assert record == LOAN | {"unknown": 1}


def test_references_and_index_of_a_record() -> None:
    assert list(schema.references("key-loan", LOAN)) == [
        ("key", "K-A0001", ("key",)),
        ("borrower", "S-A0003", ("staff",)),
    ]
    assert list(schema.indexed("key-loan", LOAN)) == [
        ("state", "issued"),
        ("key", "K-A0001"),
        ("borrower", "S-A0003"),
    ]
    emails = {"state": "active", "emails": ["a@b.c", "d@e.f"]}
    assert list(schema.indexed("staff", emails)) == [
        ("state", "active"),
        ("emails", "a@b.c"),
        ("emails", "d@e.f"),
    ]


NAMES = st.one_of(st.just(list(LOAN)), st.permutations(list(LOAN)))
PARTS = st.one_of(st.just(list(LOAN["acts"][0])), st.permutations(list(LOAN["acts"][0])))


@given(NAMES, PARTS)
def test_keys_are_in_order_where_ordering_changes_nothing(names: list[str], parts: list[str]) -> None:
    record = {name: loan()[name] for name in names}
    record["acts"] = [{part: each[part] for part in parts} for each in record["acts"]]
    before = dump(record)
    in_order = dump(schema.ordered("key-loan", record)) == before
    assert schema.is_ordered("key-loan", record) == in_order
    assert schema.is_ordered("key-loan", schema.ordered("key-loan", record))
