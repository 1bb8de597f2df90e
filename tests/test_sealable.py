"""Which texts are sealed, and that a schema takes them clear or sealed, as both validators see it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from svcdesk import schema
from svcdesk.fields import Field
from svcdesk.fitting import fits
from svcdesk.language import say
from svcdesk.model import text
from svcdesk.sealable import places
from svcdesk.sealable import replaced
from svcdesk.sealable import subject
from svcdesk.sealed import CLASSES
from svcdesk.sealed import Envelope
from svcdesk.sealed import parse

ENVELOPE = str(Envelope("CU-A0001", "0" * 16, "C2611-A0001", "content", "A" * 120))
SEALABLE = [name for name in schema.names() if schema.sealable(name)]


def columns() -> list[tuple[str, str, Field]]:
    found = []
    for register in SEALABLE:
        for name, (field, inner) in schema.sealable(register).items():
            found += [(register, f"{name}.{each}", column) for each, column in inner.items()]
            found += [] if inner else [(register, name, field)]
    return found


@pytest.mark.parametrize(("register", "path", "field"), columns(), ids=lambda each: str(each)[:40])
def test_only_free_text_of_some_is_sealed(register: str, path: str, field: Field) -> None:
    assert field.klass in CLASSES
    assert (field.ref, field.enum, field.code) == ((), (), False)
    assert field.format in ("name", "text")


def node(register: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = schema._effective(register)
    for name in path.split("."):
        found = found.get("items", found)["properties"][name]
    return found


TEXTS = st.one_of(
    st.text(max_size=5),
    st.sampled_from([ENVELOPE, ENVELOPE[:-1], ENVELOPE + "\n", "sealed:v1:", "sealed:v1:x", " x", "x ", "a\nb"]),
    st.sampled_from([size * "文" for size in (1, 199, 200, 201, 3999, 4000, 4001)]),
    st.sampled_from([None, 1, True, [], {}]),
)


@pytest.mark.parametrize(("register", "path"), [("customer", "contact"), ("complaint", "content")])
@given(value=TEXTS)
def test_the_quick_test_says_what_if_and_else_say(register: str, path: str, value: Any) -> None:
    whole = node(register, path)
    assert fits(whole)(value) == Draft202012Validator(whole, registry=Registry()).is_valid(value)


@pytest.mark.parametrize(("register", "path"), [(each[0], each[1]) for each in columns()])
def test_each_may_stand_sealed(register: str, path: str) -> None:
    whole = node(register, path)
    assert fits(whole)(ENVELOPE)
    assert Draft202012Validator(whole, registry=Registry()).is_valid(ENVELOPE)


def test_texts_in_groups_are_found_and_replaced() -> None:
    report = {"content": "noise", "customer": "CU-A0001", "subject": "other"}
    handover = {"reports": [report, {"content": "dust"}], "mail": [{"kind": "letters"}], "kind": "x"}
    wanted = schema.sealable("handover")
    assert [each.value for each in places(wanted, handover)] == ["noise", "dust"]
    changed = replaced(wanted, handover, lambda place: place.value.upper())
    assert changed == {**handover, "reports": [{**report, "content": "NOISE"}, {"content": "DUST"}]}
    inner = schema.fields("handover")["reports"].items or {}
    assert [subject(inner, each, "customer") for each in handover["reports"]] == ["CU-A0001", ""]


def test_an_envelope_says_of_itself_what_it_is() -> None:
    assert str(parse(ENVELOPE)) == ENVELOPE
    assert parse(ENVELOPE + "!") is None
    assert parse("clear") is None
    assert say(text("{what} is late", what=f"noise {ENVELOPE}")) == "noise (sealed) is late"
