"""The registers' schemas: fields, validation, order, references; the one door to the validator, late."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from svcdesk.errors import BadInput
from svcdesk.faults import Fault
from svcdesk.faults import explain
from svcdesk.faults import meant
from svcdesk.faults import strictest
from svcdesk.fields import Field
from svcdesk.fields import read_fields
from svcdesk.fitting import Test
from svcdesk.fitting import fits
from svcdesk.fitting import in_order
from svcdesk.model import text
from svcdesk.sealable import Place
from svcdesk.sealable import Plan
from svcdesk.sealable import places
from svcdesk.sealable import plan
from svcdesk.shapes import effective
from svcdesk.shapes import with_local_refs

__all__ = [
    "Fault",
    "Field",
    "document",
    "fields",
    "fingerprint",
    "indexed",
    "is_ordered",
    "names",
    "ordered",
    "raw",
    "references",
    "validate",
]

PACKAGE = "svcdesk.schemas"
SHARED = "common"

Names = tuple[str, ...]


@cache
def names() -> tuple[str, ...]:
    """Return the registers that have a schema, in the order of their names."""
    return tuple(sorted(each.stem for each in _folder().glob("*.json") if each.stem != SHARED))


@cache
def _folder() -> Path:
    """Return where the schemas lie; importlib.resources would take longer to find them than a record to be judged."""
    return Path(str(import_module(PACKAGE).__file__)).parent


def raw(name: str) -> bytes:
    """Return the bytes of a schema file, `common` included, as a desk gets them to read without svcdesk."""
    return (_folder() / f"{name}.json").read_bytes()


@cache
def fingerprint() -> str:
    """Return a text that changes whenever a schema does: what an index was built by."""
    from hashlib import sha256

    return sha256(b"".join(raw(name) for name in (*names(), SHARED))).hexdigest()[:16]


@cache
def document(register: str) -> Mapping[str, Any]:
    """Return a register's schema as one document; raises BadInput where there is no such register.

    It is the file as it stands, with the shared shapes among its `$defs` and references to them local.
    """
    if register not in names():
        raise BadInput(text("no register {name} is known", name=register))
    whole: dict[str, Any] = with_local_refs(_file(register))
    return whole | {"$defs": _shared() | whole.get("$defs", {})}


@cache
def _shared() -> dict[str, Any]:
    """Return the shapes that schemas share, with local references."""
    shapes: dict[str, Any] = with_local_refs(_file(SHARED)["$defs"])
    return shapes


@cache
def fields(register: str) -> Mapping[str, Field]:
    """Return the fields of a register in the order of its schema: `state` and what its forms set."""
    return read_fields(document(register))


@cache
def sealable(register: str) -> Plan:
    """Return which fields of a register are sealed."""
    return plan(fields(register))


def texts_of_some(register: str, values: Mapping[str, Any]) -> Iterator[Place]:
    """Yield the texts of a form of a register that only some may read, sealed or clear."""
    return places(sealable(register), values)


def validate(register: str, data: Any) -> list[Fault]:
    """Return why a record does not fit the schema of its register; none where it fits.

    A quick test says yes; only a no is worth the slow validator that can say why.
    """
    return [] if _fits(register)(data) else _explained(register, _effective(register), data)


def validate_field(register: str, name: str, value: Any) -> list[Fault]:
    """Return why a value does not fit one field of a register; none where it fits."""
    form = {"type": "object", "properties": {name: _effective(register)["properties"][name]}}
    return [] if fits(form)({name: value}) else _explained(register, form, {name: value})


def ordered(register: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with its keys in the order of the schema, at every depth; unknown keys last."""
    record: dict[str, Any] = _ordered(_effective(register), data)
    return record


def is_ordered(register: str, data: Mapping[str, Any]) -> bool:
    """Tell whether `ordered` would leave a record as it is; several times cheaper than trying it."""
    return _in_order(register)(data)


def references(register: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each id that a record's fields hold: dotted field, id, the registers that it may belong to."""
    for field, path, registers in _links(register):
        value = data.get(path[0])
        if value is None:
            continue
        if type(value) is str and len(path) == 1:  # as most are; asked of every record that is read
            yield field, value, registers
        else:
            for each in _values(value, path[1:]):
                yield field, str(each), registers


def indexed(register: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield field and value, as text, of what queries may ask for; each entry of a list on its own."""
    for name in indexed_names(register):
        for value in _values(data, (name,)):
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def _file(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(raw(name))
    return content


@cache
def _effective(register: str) -> dict[str, Any]:
    """Return the schema that records are judged by."""
    whole = document(register)
    return effective({key: whole[key] for key in whole if key != "$defs"}, whole["$defs"])


@cache
def _fits(register: str) -> Test:
    """Return the quick test of a register's records."""
    return fits(_effective(register))


@cache
def _in_order(register: str) -> Test:
    """Return the quick test of the order of a record's keys."""
    test = in_order(_effective(register))
    assert test is not None, "every register has properties"
    return test


def _slow_validator(form: Mapping[str, Any]) -> Any:
    """Return the validator that can explain; what it reads holds no reference, so it fetches nothing."""
    from jsonschema import Draft202012Validator
    from referencing import Registry

    return Draft202012Validator(form, registry=Registry())


def _explained(register: str, form: Mapping[str, Any], data: Any) -> list[Fault]:
    """Return the faults that the slow validator finds; where a value is of the wrong type, that alone."""
    found = (each for error in _slow_validator(form).iter_errors(data) for each in meant(error))
    errors = list(strictest(found))
    mistyped = {tuple(each.absolute_path) for each in errors if each.validator == "type"}
    faults: list[Fault] = []
    for error in errors:
        if error.validator != "type" and tuple(error.absolute_path) in mistyped:
            continue
        faults += [each for each in explain(error, register) if each not in faults]
    return faults or [Fault((), text("the record does not fit the schema of {name}", name=register))]


def _ordered(node: Mapping[str, Any], value: Any) -> Any:
    """Put the keys of a value in the order of its schema node."""
    if isinstance(value, Mapping):
        properties = node.get("properties", {})
        keys = [
            *(key for key in properties if key in value),
            *(key for key in value if key not in properties),
        ]
        return {key: _ordered(properties.get(key, {}), value[key]) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_ordered(node.get("items", {}), each) for each in value]
    return value


@cache
def _links(register: str) -> tuple[tuple[str, Names, Names], ...]:
    """Return each dotted field at which a register holds ids, the path to it, and the registers of these."""
    return tuple((".".join(path), path, registers) for path, registers in _linked(fields(register), ()))


def _linked(named: Mapping[str, Field], path: Names) -> Iterator[tuple[Names, Names]]:
    for name, field in named.items():
        if field.ref:
            yield (*path, name), field.ref
        yield from _linked(field.items or {}, (*path, name))


@cache
def indexed_names(register: str) -> Names:
    """Return the top-level fields that queries may ask for."""
    scalars = (each for each in fields(register).values() if each.items is None)
    return tuple(each.name for each in scalars if each.ref or each.enum or each.indexed)


def _values(value: Any, path: Names) -> Iterator[Any]:
    """Yield the scalars at a path, each entry of a list on its own; pass over what does not fit."""
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _values(each, path)
    elif path:
        if isinstance(value, Mapping):
            yield from _values(value.get(path[0]), path[1:])
    elif value is not None and not isinstance(value, Mapping):
        yield value
