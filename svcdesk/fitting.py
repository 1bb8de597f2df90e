"""Tests made of a schema: whether a value fits, and whether its keys stand in order. Pure.

A test is a function put together once for each node; it says yes or no and nothing else. It knows the
keywords that our schemas use, and refuses a schema with any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from functools import cache
from functools import lru_cache
from functools import reduce
from operator import call
from typing import Any

Node = Mapping[str, Any]
Test = Callable[[Any], bool]
Keys = tuple[str, ...]

ENDLESS = float("inf")
FORMS_KEPT = 1024
"""Sets of keys, and texts, that a test remembers: few forms and few people fill many records."""

KEYWORDS = {
    "any": ("type", "enum", "oneOf", "anyOf", "allOf", "if", "then", "else"),
    "object": ("properties", "required", "additionalProperties"),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
    "string": ("pattern", "minLength", "maxLength"),
    "number": ("minimum", "maximum"),
    "nothing": ("title", "description", "examples"),
}
"""What a keyword is about: keywords."""


def fits(node: Node) -> Test:
    """Return a test of whether a value fits a schema without references; raises ValueError on a keyword unknown."""
    known = {each for keywords in KEYWORDS.values() for each in keywords}
    unknown = [each for each in node if each not in known and not each.startswith("x-")]
    if unknown or node.get("additionalProperties") not in (None, False):
        raise ValueError(f"{unknown or 'additionalProperties'}: no test is made of this")
    return _all_of([_typed(node) if "type" in node else _untyped(node), *_choices(node)])


def _typed(node: Node) -> Test:
    kinds = node["type"]
    return _any_of([KINDS[each](node) for each in ([kinds] if isinstance(kinds, str) else kinds)])


def _untyped(node: Node) -> Test:
    """Return a test for a node that names no type: a keyword asks something of one kind of value only."""
    tests = {
        each: KINDS[kind](node)
        for kind, types in TYPES.items()
        if node.keys() & set(KEYWORDS[kind])
        for each in types
    }
    return lambda value: tests.get(type(value), _anything)(value)


def _any_of(tests: list[Test]) -> Test:
    return reduce(_either, tests)


def _either(first: Test, second: Test) -> Test:
    return lambda value: first(value) or second(value)


def _all_of(tests: list[Test]) -> Test:
    return reduce(_both, tests)


def _both(first: Test, second: Test) -> Test:
    return lambda value: first(value) and second(value)


def _choices(node: Node) -> Iterator[Test]:
    """Yield the tests that come after the one of the type."""
    if "enum" in node:
        yield frozenset(node["enum"]).__contains__
    if "allOf" in node:
        yield _all_of([fits(each) for each in node["allOf"]])
    if "anyOf" in node:
        yield _any_of([fits(each) for each in node["anyOf"]])
    if "oneOf" in node:
        choices = [fits(each) for each in node["oneOf"]]
        yield lambda value: sum(each(value) for each in choices) == 1
    if "if" in node:
        asked, met, unmet = (fits(node.get(each, {})) for each in ("if", "then", "else"))
        yield lambda value: (met if asked(value) else unmet)(value)


def _text(node: Node) -> Test:
    return _text_of(node.get("pattern", ""), node.get("minLength", 0), node.get("maxLength", ENDLESS))


@cache
def _text_of(pattern: str, least: float, most: float) -> Test:
    search = re.compile(pattern).search if pattern else None

    @lru_cache(FORMS_KEPT)
    def is_right(value: str) -> bool:
        return least <= len(value) <= most and (search is None or search(value) is not None)

    return lambda value: type(value) is str and is_right(value)


def _number(node: Node, kinds: tuple[type, ...]) -> Test:
    least, most = node.get("minimum", -ENDLESS), node.get("maximum", ENDLESS)
    return lambda value: type(value) in kinds and least <= value <= most


def _list(node: Node) -> Test:
    least, most = node.get("minItems", 0), node.get("maxItems", ENDLESS)
    entry = fits(node["items"]) if "items" in node else None
    once = node.get("uniqueItems", False)

    def test(value: Any) -> bool:
        return (
            type(value) in (list, tuple)
            and least <= len(value) <= most
            and (entry is None or all(map(entry, value)))
            and not (once and _repeats(value))
        )

    return test


def _repeats(value: list[Any]) -> bool:
    return len({json.dumps(each, sort_keys=True) for each in value}) < len(value)


def _mapping(node: Node) -> Test:
    known: Mapping[str, Node] = node.get("properties", {})
    required = frozenset(node.get("required", ()))
    closed = "additionalProperties" in node

    # One record shows few of the fields that there may be: a test is made when it is first needed.
    @cache
    def place(name: str) -> Test:
        return fits(known[name]) if name in known else _anything

    @lru_cache(FORMS_KEPT)
    def tests(keys: Keys) -> tuple[Test, ...] | None:
        """Return a test for each of these keys; None where one is missing or unknown."""
        whole = required.issubset(keys) and (not closed or known.keys() >= set(keys))
        return tuple(place(each) for each in keys) if whole else None

    def test(value: Any) -> bool:
        wanted = tests(tuple(value)) if type(value) is dict else None
        return wanted is not None and all(map(call, wanted, value.values()))

    return test


def _anything(value: Any) -> bool:
    return True


KINDS: Mapping[str, Callable[[Node], Test]] = {
    "string": _text,
    "integer": lambda node: _number(node, (int,)),
    "number": lambda node: _number(node, (int, float)),
    "boolean": lambda node: lambda value: type(value) is bool,
    "null": lambda node: lambda value: value is None,
    "array": _list,
    "object": _mapping,
}
"""type: what makes the test of it."""

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list, tuple),
    "string": (str,),
    "number": (int, float),
}
"""type that has keywords of its own: what values of it are in Python."""


def in_order(node: Node) -> Test | None:
    """Return a test of whether keys stand in the order of a schema, those it does not know last.

    None where any order will do: below a node without properties.
    """
    entry = in_order(node["items"]) if "items" in node else None
    places = node.get("properties", {})
    if entry is None and not places:
        return None
    deeper = ((name, in_order(each)) for name, each in places.items())
    below = [(name, each) for name, each in deeper if each is not None]

    @lru_cache(FORMS_KEPT)
    def stand(keys: Keys) -> bool:
        given = [name for name in places if name in keys]
        return [*given, *(key for key in keys if key not in places)] == list(keys)

    def test(value: Any) -> bool:
        if type(value) is dict:
            return stand(tuple(value)) and all(each(value[name]) for name, each in below if name in value)
        return entry is None or type(value) is not list or all(map(entry, value))

    return test
