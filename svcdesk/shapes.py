"""What a register's schema comes to: shared shapes put in place, the fields of each act closed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svcdesk.sealable import TEXTS
from svcdesk.sealed import CLASSES
from svcdesk.sealed import PREFIX
from svcdesk.sealed import SHAPE

Node = Mapping[str, Any]

COMMON = "common.json#/$defs/"
LOCAL = "#/$defs/"
KEPT = ("id", "format", "state", "acts")
"""The properties that no act's form sets."""
END = r"(?![\s\S])"
MARKED = f"^{PREFIX}"
SEALED = {"pattern": f"^{SHAPE}{END}"}
CLEAR = ("minLength", "maxLength", "pattern")
"""What a schema asks of a text while it is clear."""
ANNOTATIONS = {"$ref", "title", "description"}


def shared_name(node: Node) -> str:
    """Return the name of the shared shape that a node refers to, or an empty string; raises ValueError.

    Nothing but a shared shape is ever referred to: no schema is fetched from anywhere.
    """
    reference: str = node.get("$ref", COMMON)
    for prefix in (COMMON, LOCAL):
        if reference.startswith(prefix):
            return reference.removeprefix(prefix)
    raise ValueError(f"$ref {reference}: only {COMMON}... is allowed")


def with_local_refs(node: Any) -> Any:
    """Return a schema whose references to the shared shapes point into its own `$defs`."""
    if isinstance(node, Mapping):
        local = {key: with_local_refs(value) for key, value in node.items()}
        if isinstance(node.get("$ref"), str):
            local["$ref"] = LOCAL + shared_name(node)
        return local
    return [with_local_refs(each) for each in node] if isinstance(node, list) else node


def effective(raw: Node, defs: Node) -> dict[str, Any]:
    """Return the schema that records are judged by: no references, and each act's `sets` closed.

    It means the same to the quick test of `fitting.py` and to a validator of draft 2020-12.
    """
    whole: dict[str, Any] = inline({key: raw[key] for key in raw if key != "$schema"}, defs)
    properties: dict[str, Any] = {name: _or_sealed(node) for name, node in whole["properties"].items()}
    whole["properties"] = properties
    form = {name: _or_null(node) for name, node in properties.items() if name not in KEPT}
    act = properties["acts"]["items"]
    act["properties"]["sets"] |= {"additionalProperties": False, "properties": form}
    return whole


def inline(node: Node, defs: Node, secrecy: str = "") -> dict[str, Any]:
    """Return a node with what it refers to in place; `x-format` keeps the name, `x-class` goes down."""
    secrecy = node.get("x-class", secrecy)
    flat = {key: _inline_keyword(key, value, defs, secrecy) for key, value in node.items() if key != "$ref"}
    if "$ref" in node:
        name = shared_name(node)
        flat = _merged(inline(defs[name], defs, secrecy) | {"x-format": name}, flat)
    if secrecy:
        flat["x-class"] = secrecy
    return _exact(flat)


def _inline_keyword(key: str, value: Any, defs: Node, secrecy: str) -> Any:
    if key == "properties":
        return {name: inline(each, defs, secrecy) for name, each in value.items()}
    if key in ("anyOf", "oneOf", "allOf"):
        return [inline(each, defs, secrecy) for each in value]
    if key in ("items", "not", "additionalProperties") and isinstance(value, Mapping):
        return inline(value, defs, secrecy)
    return value


def _merged(shape: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Both must hold: what stands beside a `$ref` narrows it, which draft-07 validators do not see."""
    clash = {key for key in shape.keys() & own.keys() if key not in ANNOTATIONS and not key.startswith("x-")}
    return own | {"allOf": [shape, *own.get("allOf", ())]} if clash else shape | own


def _exact(node: dict[str, Any]) -> dict[str, Any]:
    """Close two gaps between validators: `true` is no 1, and `$` is the end even before a newline."""
    if "const" in node:
        node["enum"] = [node.pop("const")]
    if "enum" in node and "type" not in node:
        node["type"] = sorted({_kind(each) for each in node["enum"]})
    pattern = node.get("pattern", "")
    if pattern.endswith("$") and not pattern.endswith("\\$"):
        node["pattern"] = pattern[:-1] + r"(?![\s\S])"
    return node


def _kind(value: object) -> str:
    return {str: "string", bool: "boolean", int: "integer"}.get(type(value), "null")


def _or_sealed(node: dict[str, Any]) -> dict[str, Any]:
    """Let a text that only some may read, here or in the groups of a list, stand sealed in place of clear."""
    columns = node.get("items", {}).get("properties", {})
    if columns:
        wider = {name: _or_sealed(each) for name, each in columns.items()}
        return node | {"items": node["items"] | {"properties": wider}}
    if node.get("x-class") not in CLASSES or node.get("x-format") not in TEXTS or "x-ref" in node or "x-code" in node:
        return node
    marks = {key: node[key] for key in ("x-class", "x-format")}
    clear = {key: node[key] for key in CLEAR if key in node}
    rest = {key: value for key, value in node.items() if key not in CLEAR}
    return rest | {"if": {"pattern": MARKED}, "then": marks | SEALED, "else": marks | clear}


def _or_null(node: dict[str, Any]) -> dict[str, Any]:
    """In an act, a null takes a field away."""
    if "type" not in node:
        return {"anyOf": [{"type": "null"}, node]}
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    wider = node | {"type": [*types, "null"]}
    if "enum" in wider:
        wider["enum"] = [*wider["enum"], None]
    return wider
