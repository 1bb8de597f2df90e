"""Why a record does not fit its schema, in words that can be translated. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import Protocol

from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text


class Fault(NamedTuple):
    """Where a record does not fit its schema (keys and list indexes from the top), and why."""

    path: tuple[str | int, ...]
    message: Text


class Error(Protocol):
    """What a validator says of one keyword that does not hold."""

    validator: Any
    validator_value: Any
    instance: Any
    schema: Any
    absolute_path: Any
    relative_schema_path: Any
    context: Any


SHOWN = 60
TWO = 2
"""Shapes of a field in an act: null, and its own."""
MOST = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum")
SECRET = ("customer", "restricted")

KINDS = {
    "string": text("text"),
    "integer": text("a whole number"),
    "boolean": text("true or false"),
    "array": text("a list"),
    "object": text("a group of fields"),
    "null": text("null"),
}
FORMATS = {
    "id": text("an id such as KL2611-A0012 is needed"),
    "time": text("a time with seconds and offset such as 2026-11-22T18:00:00+08:00 is needed"),
    "date": text("a day such as 2026-11-22 is needed"),
    "clock": text("a time of day such as 18:00 is needed"),
    "money": text("an amount such as 12.50 is needed"),
    "name": text("one line that neither begins nor ends with a space is needed"),
    "text": text("more than spaces is needed"),
    "email": text("an e-mail address is needed"),
    "ssh-key": text("an SSH public key is needed: type and base64, as in a .pub file"),
    "commit": text("the id of a commit, 40 hexadecimal digits, is needed"),
    "digest": text("a SHA-256 digest of 64 hexadecimal digits is needed"),
}
LIMITS = {
    "minLength": text("at least this many characters are needed"),
    "maxLength": text("at most this many characters are allowed"),
    "minItems": text("at least this many entries are needed"),
    "maxItems": text("at most this many entries are allowed"),
    "minProperties": text("at least this many fields are needed"),
    "maxProperties": text("at most this many fields are allowed"),
    "minimum": text("the least that is allowed"),
    "maximum": text("the most that is allowed"),
    "exclusiveMinimum": text("more than this is needed"),
    "exclusiveMaximum": text("less than this is needed"),
    "multipleOf": text("a multiple of this is needed"),
}


def meant(error: Error) -> Iterator[Error]:
    """Yield what is wrong by the one shape that a value can be meant to have: in an act, a null takes a field away."""
    shapes = error.validator_value
    if error.validator == "anyOf" and shapes[0] == {"type": "null"} and len(shapes) == TWO:
        for each in error.context:
            if each.relative_schema_path[0]:
                yield from meant(each)
    else:
        yield error


def strictest(errors: Iterable[Error]) -> Iterator[Error]:
    """Leave out the wider of two limits that one value breaks."""
    limits: dict[tuple[Any, ...], Error] = {}
    for each in errors:
        if each.validator not in LIMITS:
            yield each
            continue
        place = (each.validator, *each.absolute_path)
        other = limits.setdefault(place, each)
        wider = each.validator_value < other.validator_value
        if wider == (each.validator in MOST):
            limits[place] = each
    yield from limits.values()


def explain(error: Error, register: str = "") -> Iterator[Fault]:
    """Yield the faults that a validator's error about a record of a register stands for, in our own words."""
    path = tuple(error.absolute_path)
    if error.validator == "required":
        missing = (name for name in error.validator_value if name not in error.instance)
        yield from (Fault(path, text("missing: {name}", name=field(register, (*path, name)))) for name in missing)
    elif error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = (name for name in error.instance if name not in known)
        yield from (Fault((*path, name), _unknown(name, known)) for name in unknown)
    else:
        yield Fault(path, _sentence(error, register))


def field(register: str, path: Sequence[str | int]) -> Term:
    """Return the field of a record, or the column of one, that stands at a path."""
    names = [str(each) for each in path if not isinstance(each, int)]
    own = names[2:] if names[:2] == ["acts", "sets"] else names[names[:1] == ["acts"] :]
    return Term(names[-1], "field", ".".join(own), register)


def _unknown(name: str, known: Mapping[str, Any]) -> Text:
    return text("no field {name} is known here; known: {names}", name=name, names=_listed(known))


def _sentence(error: Error, register: str) -> Text:
    """Return what is wrong with one value, and what would be needed."""
    keyword, limit, value = error.validator, error.validator_value, _shown(error)
    if keyword == "type":
        return text("{value} was given, {kind} is needed", value=value, kind=_kind(limit))
    if keyword == "enum":
        named = field(register, error.absolute_path).title
        known = tuple(Term(str(each), "value", named, register) for each in limit if each is not None)
        return text("{value} was given, one of these is needed: {values}", value=value, values=known)
    if keyword == "pattern":
        return text("{value} was given, {needed}", value=value, needed=_form(error.schema))
    if keyword in LIMITS:
        return text(
            "{found} was given, {needed}: {limit}", found=_size(error), needed=LIMITS[keyword], limit=limit
        )
    if keyword == "uniqueItems":
        return text("an entry stands twice")
    return _alternatives(error)


def _form(schema: Mapping[str, Any]) -> Text:
    """Return the form that a text is to have; a schema shows one by examples where no word of ours names it."""
    named = FORMATS.get(schema.get("x-format", ""))
    return named or text("text such as {examples} is needed", examples=_listed(schema.get("examples", ())))


def _alternatives(error: Error) -> Text:
    """Return what is wrong where one of several shapes is needed."""
    shapes = error.validator_value if isinstance(error.validator_value, list) else []
    names = [name for each in shapes for name in each.get("required", ())]
    if error.validator == "oneOf" and names:
        return text("exactly one of these is needed: {names}", names=", ".join(names))
    return text("{value} was given, which is not allowed here", value=_shown(error))


def _kind(types: str | list[str]) -> Text:
    """Return the words for a type; the null that takes a field away is left out."""
    named = [types] if isinstance(types, str) else [each for each in types if each != "null"]
    return KINDS.get(named[0], KINDS["null"]) if named else KINDS["null"]


def _size(error: Error) -> str:
    """Return how large a value is: a number itself, else how many characters, entries or fields it has."""
    return str(error.instance if isinstance(error.instance, (int, float)) else len(error.instance))


def _shown(error: Error) -> str:
    """Return a value as it may be shown: cut short, and never what only some may read."""
    if error.schema.get("x-class") in SECRET:
        return "…"
    value = json.dumps(error.instance, ensure_ascii=False, default=str)
    return value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"


def _listed(names: Any) -> str:
    return ", ".join(str(each) for each in names)
