"""A row of a sheet read as a map says: reference, event time, state and fields of one record."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from functools import partial
from typing import Any
from typing import NamedTuple

from svcdesk import schema
from svcdesk.canonical import INTEGER
from svcdesk.canonical import clean
from svcdesk.clock import read_moment
from svcdesk.clock import stamp
from svcdesk.errors import BadInput
from svcdesk.errors import SvcdeskError
from svcdesk.fields import Field
from svcdesk.mapping import NOTHING
from svcdesk.mapping import PLACEHOLDER
from svcdesk.mapping import Map
from svcdesk.mapping import Reading
from svcdesk.mapping import placeholders
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.sheet import Row

Find = Callable[[Sequence[str], str, str], str]
"""Gives the id for (registers, field looked up or empty, value); raises BadInput, UnknownRecord."""

JOIN = " | "
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9].*")
_EPOCH = datetime.fromtimestamp(0, UTC)  # what is written in full needs no "now"


class Taken(NamedTuple):
    """What a row comes to: the source's own number, event time (or empty), state, and the fields to set."""

    ref: str
    at: str
    state: str
    sets: Mapping[str, Any]


def together(problems: Sequence[Text]) -> Text:
    """Return several problems as one sentence, each said once."""
    said = list({str(each): each for each in problems}.values())
    whole = said[0]
    for each in said[1:]:
        whole = text("{problem}; {another}", problem=whole, another=each)
    return whole


class Taker:
    """Reads the rows of one sheet; raises BadInput on a map whose columns the sheet does not have."""

    def __init__(self, plan: Map, headings: Sequence[str], find: Find) -> None:
        self._map = plan
        self._place = {name.strip(): number for number, name in enumerate(headings)}
        self._find = find
        self._fields = schema.fields(plan.register.name)
        missing = sorted({name for name in plan.columns if name not in self._place})
        if plan.state.column in missing:
            states = ", ".join(each for each in plan.register.states if each != "void")
            raise BadInput(
                text(
                    "state: {value} is neither a state ({states}) nor a column",
                    value=plan.state.column,
                    states=states,
                )
            )
        if missing:
            raise BadInput(
                text(
                    "the file has no column {columns}; it has {headings}",
                    columns=", ".join(missing),
                    headings=", ".join(self._place),
                )
            )

    def ref(self, row: Row) -> str:
        """Return what tells the row apart; raises BadInput where it is empty."""
        parts = [self._cell(row, name) for name in self._map.key]
        if not all(parts):
            raise BadInput(
                text("{column} is empty; it tells the rows apart", column=self._map.key[parts.index("")])
            )
        return clean(JOIN.join(parts))

    def take(self, row: Row) -> Taken:
        """Return what the row comes to; raises BadInput with the column and what is wrong there."""
        problems: list[Text] = []
        at = self._tried(problems, lambda: self._read(row, self._map.at, None) if self._map.at else NOTHING)
        state = self._tried(problems, lambda: self._state(row))
        sets = self._tried(problems, lambda: self._group(row, self._map.fields))
        if problems:
            raise BadInput(together(problems))
        return Taken(self.ref(row), "" if at is NOTHING else str(at), state, sets)

    def _state(self, row: Row) -> str:
        state = self._read(row, self._map.state, None, form="")
        states = [each for each in self._map.register.states if each != "void"]
        if not isinstance(state, str):
            raise BadInput(text("state: nothing says in which state this row is"))
        if state not in states:
            raise BadInput(text("state: {value} is none of {states}", value=state, states=", ".join(states)))
        return state

    @staticmethod
    def _tried(problems: list[Text], read: Callable[[], Any]) -> Any:
        """Return what a part of the row comes to, or note what is wrong with it."""
        try:
            return read()
        except BadInput as error:
            problems.append(error.message)
            return None

    def _group(
        self, row: Row, readings: Mapping[str, Reading], columns: Mapping[str, Field] | None = None
    ) -> dict[str, Any]:
        known = self._fields if columns is None else columns
        problems: list[Text] = []
        found = {
            name: self._tried(problems, partial(self._read, row, each, known[name]))
            for name, each in readings.items()
        }
        if problems:
            raise BadInput(together(problems))
        return {name: value for name, value in found.items() if value is not NOTHING and value is not None}

    def _read(self, row: Row, reading: Reading, known: Field | None, form: str = "time") -> Any:
        if reading.groups and known is not None:
            groups = [self._group(row, each, known.items) for each in reading.groups]
            return [each for each in groups if each] or NOTHING
        raw = self._raw(row, reading)
        if raw == "":
            if reading.empty is NOTHING or reading.empty is None:
                return NOTHING
            raw, reading = reading.empty, replace(reading, constant=reading.empty)
        where = reading.column or (known.name if known else form or "state")
        try:
            if known is None:
                found = self._word(raw, reading)
                return self._scalar(found, reading, form) if form and found is not None else found
            return self._value(raw, reading, known)
        except SvcdeskError as error:
            raise BadInput(text("{column}: {problem}", column=where, problem=error.message)) from None

    def _raw(self, row: Row, reading: Reading) -> Any:
        if reading.constant is not NOTHING:
            return reading.constant
        if reading.column:
            return self._cell(row, reading.column)
        if not any(self._cell(row, name) for name in placeholders(reading.template)):
            return ""
        return PLACEHOLDER.sub(lambda found: self._cell(row, found[1]), reading.template).strip()

    def _cell(self, row: Row, column: str) -> str:
        return row.cells[self._place[column]].replace("\r\n", "\n").strip()

    def _value(self, raw: Any, reading: Reading, known: Field) -> Any:
        if known.type != "array" or isinstance(raw, list):
            found = self._word(raw, reading)
            return self._typed(found, reading, known) if found is not None else NOTHING
        parts = [each.strip() for each in raw.split(reading.split)] if reading.split else [raw]
        words = [self._word(each, reading) for each in parts if each]
        return [self._typed(each, reading, known) for each in words if each is not None] or NOTHING

    def _word(self, raw: Any, reading: Reading) -> Any:
        """Return what the value table makes of a cell."""
        if reading.values is None or reading.constant is not NOTHING:
            return raw
        found = reading.values.get(raw, reading.otherwise)
        if found is NOTHING:
            raise BadInput(text('"{value}" is not in the table of values', value=raw))
        return found

    def _typed(self, value: Any, reading: Reading, known: Field) -> Any:
        if not isinstance(value, str):
            return value
        if known.ref:
            return self._find(known.ref, reading.lookup, clean(value))
        if known.type == "boolean":
            return _boolean(value)
        form = known.item_format if known.type == "array" else known.format
        if known.type == "integer" or known.item_type == "integer" or form == "quantity":
            return _integer(value)
        return self._scalar(value, reading, form)

    def _scalar(self, value: Any, reading: Reading, form: str) -> str:
        if form == "time":
            return self._moment(str(value), reading)
        if form == "date":
            return self._date(str(value), reading)
        return clean(str(value)).casefold() if form == "email" else clean(str(value))

    def _moment(self, written: str, reading: Reading) -> str:
        """Return the stored form of a time, at the offset that the map's zone had then."""
        formats = reading.formats or self._map.formats
        if not formats:
            if not WRITTEN.fullmatch(written):
                raise BadInput(
                    text(
                        '"{value}" is no time such as 2026-11-22 18:00; the map may say formats: ["%d/%m/%Y"]',
                        value=written,
                    )
                )
            return read_moment(written, self._map.zone, _EPOCH)
        moment = _parsed(written, formats)
        if moment.tzinfo is not None:
            return stamp(moment, self._map.zone)
        return read_moment(moment.isoformat(" ", "seconds"), self._map.zone, _EPOCH)

    def _date(self, written: str, reading: Reading) -> str:
        formats = reading.formats or self._map.formats
        return _parsed(written, formats).date().isoformat() if formats else written


def _parsed(written: str, formats: Sequence[str]) -> datetime:
    for each in formats:
        try:
            return datetime.strptime(written, each)  # noqa: DTZ007  (the map names the zone)
        except ValueError:
            continue
    raise BadInput(
        text(
            '"{value}" is not written as {formats} (as in strptime: %d day, %m month, %Y year)',
            value=written,
            formats=" | ".join(formats),
        )
    )


def _integer(written: str) -> int:
    if not INTEGER.fullmatch(written):
        raise BadInput(text('"{value}" is no whole number', value=written))
    return int(written)


def _boolean(written: str) -> bool:
    words = {
        "yes": True,
        "true": True,
        "y": True,
        "是": True,
        "no": False,
        "false": False,
        "n": False,
        "否": False,
    }
    found = words.get(written.casefold())
    if found is None:
        raise BadInput(text('"{value}" is neither yes nor no', value=written))
    return found
