"""Conditions on records and the SQL that answers them: constant fragments, every value bound. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Literal
from typing import NamedTuple

Operator = Literal["=", ".not", ".before", ".after", ".has"]

Value = str | int | None

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_COMPARISONS = {"=": "=", ".not": "=", ".before": "<", ".after": ">"}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field must be: times compare as instants, integers as numbers, all else as text.

    On a list, `.has` asks for an element and every other operator for one element that fits;
    `.not` is the opposite of `=`, so a field that is missing fits it, and fits nothing else.
    """

    field: str
    operator: Operator
    value: str


class Criterion(NamedTuple):
    """A piece of SQL that speaks of `record`, and what is bound to it.

    `leads` selects the ids and numbers of the records that fit, where the field table knows them;
    `ordered` says that they come once each and in the order of ids.
    """

    sql: str
    values: tuple[Value, ...]
    leads: str = ""
    bound: tuple[Value, ...] = ()
    ordered: bool = False


class Statement(NamedTuple):
    """SQL that is ready to run."""

    sql: str
    values: tuple[Value, ...]


def moment(value: object) -> int | None:
    """Return the seconds since 1970 UTC of an ISO 8601 time with offset, or None for anything else."""
    if not isinstance(value, str) or len(value) < 17 or not _TIME.fullmatch(value):
        return None
    try:
        since = datetime.fromisoformat(value) - _EPOCH
    except ValueError:
        return None
    return since.days * 86400 + since.seconds


def spelled(value: object) -> tuple[str, ...]:
    """Return a field's value as the index compares it: one text for each scalar."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, int):
        return (str(value),)
    if isinstance(value, Sequence):
        return tuple(each for part in value if not isinstance(part, list | tuple) for each in spelled(part))
    return ()


# `json_each` matches names as they are, where a JSON path could not quote every one.
_PARTS = """
SELECT held.type AS shape, part.type AS kind, part.value AS value,
    CASE part.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(part.value AS TEXT) END AS word
FROM json_each(record.document) AS held, json_each(
    CASE held.type WHEN 'array' THEN held.value WHEN 'object' THEN '[]' WHEN 'null' THEN '[]'
        WHEN 'true' THEN '[true]' WHEN 'false' THEN '[false]' ELSE json_array(held.value) END) AS part
WHERE held.key = ? AND part.type IN ('text', 'integer', 'true', 'false')"""

_SORT_KEY = f"""
(SELECT CASE kind WHEN 'integer' THEN value ELSE coalesce(moment(word), word) END FROM ({_PARTS}) LIMIT 1)"""


def _stored(condition: Condition) -> Criterion:
    """Ask the stored document."""
    value = condition.value
    instant = moment(value)
    values: tuple[Value, ...] = (value,)
    if condition.operator == ".has":
        test, values = "CASE shape WHEN 'array' THEN word = ? ELSE instr(word, ?) > 0 END", (value, value)
    else:
        sign = _COMPARISONS[condition.operator]
        test = f"word {sign} ?"
        if instant is not None:
            test = f"CASE WHEN moment(word) IS NULL THEN word {sign} ? ELSE moment(word) {sign} ? END"
            values = (value, instant)
        elif sign != "=" and _INTEGER.fullmatch(value):
            test = f"CASE kind WHEN 'integer' THEN value {sign} ? ELSE word {sign} ? END"
            values = (int(value), value)
    return Criterion(f"EXISTS (SELECT 1 FROM ({_PARTS}) WHERE {test})", (condition.field, *values))


def exactly(register: str, name: str, value: str) -> Criterion:
    """Ask the field table for records whose field is, or whose list holds, exactly this text."""
    return Criterion(
        "EXISTS (SELECT 1 FROM field WHERE register = ? AND name = ? AND value = ?"
        " AND id = record.id AND record = record.number)",
        (register, name, value),
        "SELECT id, record FROM field WHERE register = ? AND name = ? AND value = ?",
        (register, name, value),
        ordered=True,
    )


def _indexed(register: str, condition: Condition) -> Criterion:
    """Ask the field table, which holds texts and instants."""
    instant = moment(condition.value)
    sign = _COMPARISONS[condition.operator]
    if instant is None and sign == "=":
        return exactly(register, condition.field, condition.value)
    place = (register, condition.field)
    leads = f"SELECT id, record FROM field WHERE register = ? AND name = ? AND value {sign} ?"
    bound: tuple[Value, ...] = (*place, condition.value)
    if instant is not None:
        leads += " AND moment IS NULL UNION ALL SELECT id, record FROM field"
        leads += f" WHERE register = ? AND name = ? AND moment {sign} ?"
        bound += (*place, instant)
    return Criterion(f"record.number IN (SELECT record FROM ({leads}))", bound, leads, bound)


def criterion(register: str, condition: Condition, indexed: bool) -> Criterion:
    """Return the SQL for one condition; `indexed` where the field table holds the field of every record."""
    number = condition.operator in (".before", ".after") and _INTEGER.fullmatch(condition.value)
    if indexed and condition.operator != ".has" and not number:
        found = _indexed(register, condition)
    else:
        found = _stored(condition)
    return Criterion(f"NOT {found.sql}", found.values) if condition.operator == ".not" else found


def statement(
    register: str,
    criteria: Sequence[Criterion],
    lead: Criterion | None = None,
    order: str = "",
    descending: bool = False,
    limit: int | None = None,
) -> Statement:
    """Return the SQL for records of a register that meet all criteria, starting from `lead` where given."""
    source, ids = "record", "record.id"
    values: tuple[Value, ...] = ()
    if lead:
        leads = lead.leads if lead.ordered else f"SELECT DISTINCT id, record FROM ({lead.leads})"
        source = f"({leads}) AS lead CROSS JOIN record ON record.number = lead.record"
        values = lead.bound
        ids = "lead.id" if lead.ordered else ids
    kept = [each for each in criteria if each is not lead]
    tests = " AND ".join(("record.register = ?", *(each.sql for each in kept)))
    values += (register, *(value for each in kept for value in each.values))
    way = "DESC" if descending else "ASC"
    sorting = f"{ids} {way}, record.path {way}"
    if order not in ("", "id"):
        sorting = f"{_SORT_KEY} {way} NULLS LAST, {sorting}"
        values += (order,)
    sql = f"SELECT record.register, record.document FROM {source} WHERE {tests} ORDER BY {sorting} LIMIT ?"
    return Statement(sql, (*values, -1 if limit is None else limit))
