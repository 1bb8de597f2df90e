"""The fields of a register, read from its schema for options, prompts, headings, forms and help. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from typing import NamedTuple

Node = Mapping[str, Any]

UNSHOWN = ("id", "format", "acts")


class Field(NamedTuple):
    """One field: what people call it, what it holds, who may read it, what it refers to.

    `format` is the name of the shared shape. For a list, `items` are the columns of its groups, or None;
    `item_type` and `item_format` say what any other list holds, and `enum` and `ref` are its entries'.
    """

    name: str
    title: str
    description: str
    type: str
    format: str
    enum: tuple[str, ...]
    labels: Mapping[str, str]
    ref: tuple[str, ...]
    klass: str
    clauses: tuple[str, ...]
    indexed: bool
    required: bool
    items: Mapping[str, Field] | None
    item_type: str
    item_format: str
    option: str
    """The singular, where an option that may be repeated is named otherwise than the field."""
    subject: str = ""
    """The class of the texts beside it that are about whom it names."""
    code: bool = False
    """Whether it is a word of the policy or of a department, by which rules compare."""
    words: tuple[str, ...] = ()
    """Words of the default policy that it may hold, which are called otherwise in another language."""
    examples: tuple[str, ...] = ()
    """How it is written, where its shape says more than its type."""


def read_fields(document: Node) -> Mapping[str, Field]:
    """Return the fields that a schema with local `$defs` declares, in its order."""
    return _read(document, document["$defs"], UNSHOWN)


def _read(node: Node, defs: Node, left_out: tuple[str, ...] = ()) -> Mapping[str, Field]:
    required = node.get("required", ())
    named = {name: each for name, each in node["properties"].items() if name not in left_out}
    return MappingProxyType(
        {name: _field(name, each, defs, name in required) for name, each in named.items()}
    )


def _field(name: str, own: Node, defs: Node, required: bool) -> Field:
    node = _whole(own, defs)
    item = _whole(node.get("items", {}), defs)
    scalar = node if "properties" in item else {**item, **node}
    return Field(
        name=name,
        title=own.get("title", ""),
        description=node.get("description", ""),
        type=_type(node),
        format=_format(own),
        enum=tuple(str(each) for each in scalar.get("enum", ())),
        labels=MappingProxyType(dict(scalar.get("x-labels", {}))),
        ref=_listed(scalar.get("x-ref", ())),
        klass=node.get("x-class", ""),
        clauses=_listed(node.get("x-clauses", ())),
        indexed=bool(scalar.get("x-index", False)),
        required=required,
        items=_read(item, defs) if "properties" in item else None,
        item_type=_type(item),
        item_format=_format(node.get("items", {})),
        option=node.get("x-option", ""),
        subject=own.get("x-subject", ""),
        code=bool(own.get("x-code", False)),
        words=tuple(scalar.get("x-words", ())),
        examples=tuple(scalar.get("examples", ())),
    )


def _whole(node: Node, defs: Node) -> Node:
    """Return a node together with the shared shape that it refers to."""
    return {**defs[_format(node)], **node} if "$ref" in node else node


def _type(node: Node) -> str:
    """Return the JSON type; a list of words is text though its schema need not say so."""
    if "type" in node:
        return str(node["type"])
    return "string" if "enum" in node else ""


def _format(node: Node) -> str:
    """Return the name of the shared shape that a node refers to, or an empty string."""
    return str(node.get("$ref", "")).removeprefix("#/$defs/")


def _listed(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
