"""What serves which clause, found from the declarations: rules, lines, forms, fields, deadlines, reports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

from svcdesk import schema
from svcdesk.binding import document
from svcdesk.declared import Register
from svcdesk.registers import REGISTERS
from svcdesk.settings import PROFILES
from svcdesk.settings import SETTINGS


class Clause(NamedTuple):
    """A row of the catalogue: `clause` may name several that say the same, joined by ` = `."""

    register: str
    clause: str
    kind: str
    rule: str

    @property
    def ids(self) -> tuple[str, ...]:
        """Each clause that the row stands for."""
        return tuple(self.clause.split(" = "))


def catalogue() -> list[Clause]:
    """Return the catalogue of clauses as it is shipped."""
    written = (files("svcdesk") / "data" / "clauses.csv").read_text(encoding="utf-8")
    rows = csv.reader(io.StringIO(written))
    next(rows)
    return [Clause(*row) for row in rows]


def served() -> dict[str, list[str]]:
    """Return for each clause what serves it, as `rule:…`, `field:…`, `deadline:…`, `report:…`."""
    found: dict[str, list[str]] = {}
    for register in REGISTERS.values():
        for clause, item in _items(register):
            items = found.setdefault(clause, [])
            if item not in items:
                items.append(item)
    for name, setting in SETTINGS.items():
        for clause in setting.clauses:
            found.setdefault(clause, []).append(f"field:policy.{name}")
    return found


def serving(row: Clause, by_clause: dict[str, list[str]]) -> list[str]:
    """Return what serves a row of the catalogue."""
    return list(dict.fromkeys(item for each in row.ids for item in by_clause.get(each, ())))


def _items(register: Register) -> Iterator[tuple[str, str]]:
    name = register.name
    for rule in register.rules:
        yield from ((clause, f"rule:{name}.{rule.name}") for clause in rule.clauses)
    for line in register.lines:
        yield from (
            (clause, f"rule:{name}.{line.name}-signs") for clause in (*line.clauses, *line.who.clauses)
        )
    for action in register.actions:
        yield from ((clause, f"rule:{name}.{action.name}-form") for clause in action.clauses)
        yield from ((clause, f"rule:{name}.{action.name}-right") for clause in action.may.clauses)
    for deadline in register.deadlines:
        yield from ((clause, f"deadline:{name}.{deadline.name}") for clause in deadline.clauses)
    for watch in register.watches:
        yield from ((clause, f"deadline:{name}.{watch.name}") for clause in watch.clauses)
    for report in register.reports:
        yield from ((clause, f"report:{name}.{report.name}") for clause in report.clauses)
    for field in schema.fields(name).values():
        yield from _field_items(name, field)


def _field_items(register: str, field: schema.Field) -> Iterator[tuple[str, str]]:
    yield from ((clause, f"field:{register}.{field.name}") for clause in field.clauses)
    for column in (field.items or {}).values():
        yield from ((clause, f"field:{register}.{field.name}.{column.name}") for clause in column.clauses)


def scope(row: Clause) -> list[str]:
    """Return the profiles in which a row of the catalogue binds."""
    documents = {document(each) for each in row.ids}
    return [profile for profile, excluded in PROFILES.items() if not documents <= set(excluded)]
