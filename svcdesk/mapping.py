"""The map of an import: which column of a sheet is which field, and how its cells are to be read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.calendars import zone_of
from svcdesk.declared import Register
from svcdesk.errors import BadInput
from svcdesk.errors import BadYaml
from svcdesk.fields import Field
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.sheet import ENCODINGS

PARTS = ("register", "encoding", "delimiter", "zone", "formats", "key", "at", "state", "fields")
KEYS = ("column", "text", "constant", "values", "otherwise", "empty", "formats", "split", "lookup", "groups")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
NOTHING: Any = object()
"""Stands where a map says nothing; `null` in a map says: leave the field out."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one field comes from a row: a column, a text of several, a constant, or groups of such."""

    column: str = ""
    template: str = ""
    constant: Any = NOTHING
    values: Mapping[str, Any] | None = None
    otherwise: Any = NOTHING
    empty: Any = NOTHING
    formats: tuple[str, ...] = ()
    split: str = ""
    lookup: str = ""
    groups: tuple[Mapping[str, Reading], ...] = ()


@dataclass(frozen=True, slots=True)
class Map:
    """A whole map, checked against the register that it fills."""

    register: Register
    key: tuple[str, ...]
    state: Reading
    at: Reading | None
    fields: Mapping[str, Reading]
    zone: str
    encoding: str = "utf-8"
    delimiter: str = ","
    formats: tuple[str, ...] = field(default=())

    @property
    def columns(self) -> Iterator[str]:
        """Every column that the map names."""
        yield from self.key
        for reading in (self.state, *([self.at] if self.at else ()), *self.fields.values()):
            yield from _columns(reading)


def read_map(blob: bytes, register: Register, zone: str) -> Map:
    """Return the map that a YAML file holds; raises BadInput on whatever the register does not know.

    `zone` is the desk's, for maps that name none.
    """
    try:
        found = yamlio.load_any(blob)
    except BadYaml as error:
        place = text("line {line}, column {column}", line=error.line, column=error.column)
        raise BadInput(text("map: {place}: {problem}", place=place, problem=error.message)) from None
    if not isinstance(found, Mapping):
        raise _wrong("", text("a mapping of {parts} is needed", parts=", ".join(PARTS)))
    _known(found, PARTS, "")
    if found.get("register", register.name) != register.name:
        raise _wrong("register", text("this map is for {register}", register=str(found["register"])))
    known = schema.fields(register.name)
    fields = found.get("fields")
    if not isinstance(fields, Mapping) or not fields:
        raise _wrong("fields", text("which field comes from which column is needed"))
    _known(fields, tuple(name for name in known if name != "state"), "fields")
    return Map(
        register=register,
        key=_key(found.get("key")),
        state=_state(found.get("state"), register),
        at=_reading(found["at"], None, "at") if "at" in found else None,
        fields={name: _reading(each, known[name], f"fields.{name}") for name, each in fields.items()},
        zone=zone_of(str(found.get("zone", zone))).key,
        encoding=_encoding(found.get("encoding", "utf-8")),
        delimiter=_delimiter(found.get("delimiter", ",")),
        formats=_texts(found.get("formats", ()), "formats"),
    )


def _state(value: Any, register: Register) -> Reading:
    states = [each for each in register.states if each != "void"]
    if value is None:
        raise _wrong("state", text("needed; the states are {states}", states=", ".join(states)))
    if isinstance(value, str) and value in states:
        return Reading(constant=value)
    reading = _reading(value, None, "state")
    given = [
        reading.constant,
        reading.otherwise,
        reading.empty,
        *(reading.values or {}).values(),
    ]
    for each in given:
        if each is not NOTHING and each not in states:
            problem = text("{value} is none of {states}", value=str(each), states=", ".join(states))
            raise _wrong("state", problem)
    return reading


def _reading(value: Any, known: Field | None, place: str) -> Reading:
    """Return how a field is read; a text alone names the column."""
    if isinstance(value, str):
        return Reading(column=value)
    if not isinstance(value, Mapping):
        raise _wrong(place, text("the name of a column, or a mapping, is needed"))
    _known(value, KEYS, place)
    sources = [name for name in ("column", "text", "constant", "groups") if name in value]
    if len(sources) != 1:
        raise _wrong(place, text("one of column, text, constant, groups is needed"))
    values = value.get("values")
    if values is not None and not isinstance(values, Mapping):
        raise _wrong(f"{place}.values", text("a mapping from what the file says is needed"))
    reading = Reading(
        column=_one_text(value, "column", place),
        template=_one_text(value, "text", place),
        constant=value.get("constant", NOTHING),
        values=values,
        otherwise=value.get("otherwise", NOTHING),
        empty=value.get("empty", NOTHING),
        formats=_texts(value.get("formats", ()), f"{place}.formats"),
        split=_one_text(value, "split", place),
        lookup=_one_text(value, "lookup", place),
        groups=_groups(value["groups"], known, place) if "groups" in value else (),
    )
    _refuse_unknown_words(reading, known, place)
    return reading


def _groups(value: Any, known: Field | None, place: str) -> tuple[Mapping[str, Reading], ...]:
    columns = known.items if known is not None else None
    if columns is None or not isinstance(value, list):
        raise _wrong(f"{place}.groups", text("a list, of a field that holds groups, is needed"))
    groups = []
    for number, each in enumerate(value):
        inner = f"{place}.groups.{number}"
        if not isinstance(each, Mapping):
            raise _wrong(inner, text("a mapping of {parts} is needed", parts=", ".join(columns)))
        _known(each, tuple(columns), inner)
        groups.append({name: _reading(one, columns[name], f"{inner}.{name}") for name, one in each.items()})
    return tuple(groups)


def _refuse_unknown_words(reading: Reading, known: Field | None, place: str) -> None:
    """Refuse, before any row is read, a word that the field does not have."""
    if known is None or not known.enum:
        return
    for each in (reading.constant, reading.otherwise, reading.empty, *(reading.values or {}).values()):
        if each is not NOTHING and each is not None and str(each) not in known.enum:
            words = ", ".join(known.enum)
            raise _wrong(place, text("{value} is none of {words}", value=str(each), words=words))


def _columns(reading: Reading) -> Iterator[str]:
    if reading.column:
        yield reading.column
    yield from placeholders(reading.template)
    for group in reading.groups:
        for each in group.values():
            yield from _columns(each)


def placeholders(template: str) -> list[str]:
    """Return the columns that a text such as `{Street} {Number}` is made of."""
    return PLACEHOLDER.findall(template)


def _key(value: Any) -> tuple[str, ...]:
    names = _texts(value if value is not None else (), "key")
    if not names:
        raise _wrong("key", text("the column that tells the rows apart is needed"))
    return names


def _encoding(value: Any) -> str:
    try:
        name = codecs.lookup(str(value)).name
    except LookupError:
        name = ""
    aliases = {codecs.lookup(each).name: each for each in ENCODINGS}
    if name.removesuffix("-sig") not in aliases:
        raise _wrong(
            "encoding", text("{value} is none of {words}", value=str(value), words=", ".join(ENCODINGS))
        )
    return aliases[name.removesuffix("-sig")]


def _delimiter(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 1 or value in '"\r\n{}':
        raise _wrong("delimiter", text("one character is needed, such as , or ;"))
    return value


def _texts(value: Any, place: str) -> tuple[str, ...]:
    given: Sequence[Any] = [value] if isinstance(value, str) else value
    if not isinstance(given, (list, tuple)) or not all(isinstance(each, str) and each for each in given):
        raise _wrong(place, text("a text, or a list of texts, is needed"))
    return tuple(given)


def _one_text(value: Mapping[str, Any], name: str, place: str) -> str:
    found = value.get(name, "")
    if not isinstance(found, str) or (name in value and not found):
        raise _wrong(f"{place}.{name}", text("a text is needed"))
    return found


def _known(value: Mapping[str, Any], names: Sequence[str], place: str) -> None:
    for each in value:
        if each not in names:
            problem = text("{value} is none of {words}", value=str(each), words=", ".join(names))
            raise _wrong(place, problem)


def _wrong(place: str, problem: Text) -> BadInput:
    if not place:
        return BadInput(text("map: {problem}", problem=problem))
    return BadInput(text("map: {place}: {problem}", place=place, problem=problem))
