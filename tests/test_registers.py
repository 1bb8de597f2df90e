"""A register that is only half declared is named here."""

from __future__ import annotations

import pytest

from svcdesk import schema
from svcdesk.commands.register import verb
from svcdesk.commands.register import verb_names
from svcdesk.coverage import catalogue
from svcdesk.declared import Register
from svcdesk.registers import REGISTERS
from tests.world import CASES

KNOWN = {each for row in catalogue() for each in row.ids}
EACH = pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.name)


def test_the_table_is_in_the_order_of_names() -> None:
    assert list(REGISTERS) == sorted(REGISTERS)
    assert [each.name for each in REGISTERS.values()] == list(REGISTERS)


def test_prefixes_differ() -> None:
    prefixes = [each.prefix for each in REGISTERS.values()]
    assert len(set(prefixes)) == len(prefixes)


def test_every_schema_has_a_register() -> None:
    assert set(schema.names()) == set(REGISTERS)


@EACH
def test_states_are_those_of_the_schema(register: Register) -> None:
    assert sorted(schema.fields(register.name)["state"].enum) == sorted(register.states)


@EACH
def test_every_state_is_left_from_or_final(register: Register) -> None:
    sources = {state for action in register.actions for state in action.source}
    assert sources <= set(register.states)
    assert set(register.final) <= set(register.states)


@EACH
def test_actions_set_fields_of_the_schema(register: Register) -> None:
    fields = set(schema.fields(register.name))
    for action in register.actions:
        assert {*action.fields, *action.adds} <= fields, action.name
        assert set(action.adds) <= set(action.fields), action.name


@EACH
def test_every_field_is_set_by_an_action(register: Register) -> None:
    given = {name for action in register.actions for name in action.fields}
    computed = set(register.computed)
    assert set(schema.fields(register.name)) - {"state"} <= given | computed


@EACH
def test_every_field_is_described_and_classed(register: Register) -> None:
    for field in schema.fields(register.name).values():
        assert field.title, field.name
        assert field.description, field.name
        assert field.klass in ("public", "staff", "customer", "restricted"), field.name
        assert set(field.ref) <= set(REGISTERS), field.name
        assert set(field.labels) == set(field.enum), field.name


@EACH
def test_lines_are_declared_and_used(register: Register) -> None:
    names = [line.name for line in register.lines]
    used = {
        name for action in register.actions for name in (*action.lines, action.signs, *action.ends) if name
    }
    assert used <= set(names)
    for line in register.lines:
        assert set(line.differs) <= set(names), line.name


@EACH
def test_columns_are_fields(register: Register) -> None:
    assert set(register.columns) <= {"id", *schema.fields(register.name)}


@EACH
def test_rules_have_a_sentence_and_a_name_of_their_own(register: Register) -> None:
    names = [rule.name for rule in register.rules]
    assert len(set(names)) == len(names)
    for rule in register.rules:
        assert rule.sentence.endswith("."), rule.name


@EACH
def test_cited_clauses_are_in_the_catalogue(register: Register) -> None:
    cited = {clause for rule in register.rules for clause in rule.clauses}
    cited |= {clause for line in register.lines for clause in (*line.clauses, *line.who.clauses)}
    cited |= {clause for action in register.actions for clause in (*action.clauses, *action.may.clauses)}
    timed = (*register.deadlines, *register.watches, *register.reports)
    cited |= {clause for each in timed for clause in each.clauses}
    cited |= {clause for field in schema.fields(register.name).values() for clause in field.clauses}
    assert cited <= KNOWN


def test_case_folders_are_registers() -> None:
    assert {path.name for path in CASES.iterdir() if path.is_dir()} <= set(REGISTERS)


@EACH
def test_no_action_hides_what_every_register_can_do(register: Register) -> None:
    names = verb_names(register)
    assert len(set(names)) == len(names)
    assert all(verb(register, name) is not None for name in names)
