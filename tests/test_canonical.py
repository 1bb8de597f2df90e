"""Canonical bytes: what is written, that every reader sees the same in them, and which texts are let in."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from svcdesk import canonical
from svcdesk import yamlio
from svcdesk.errors import BadInput

TRICKY = (
    "",
    " ",
    "a ",
    "-",
    "- a",
    "~",
    "no",
    "On",
    "y",
    "null",
    "0101",
    "0x1F",
    "0o7",
    "0b1",
    "1_000",
    "+1",
    "1e3",
    "1.5",
    ".5",
    ".inf",
    "+.INF",
    ".NaN",
    "12:30",
    "190:20:30.15",
    "2026-01-02",
    "2026-1-2 3:04:05 +8",
    "<<",
    "=",
    "a: b",
    "a:",
    "a #b",
    "#",
    "[",
    "{}",
    "---",
    "...",
    "<<<<<<< HEAD",
    "=======",
    '"',
    "\\",
    "a\nb\n",
    "%",
    "99999999999999999999",
    "-0",
)

safe_text = st.one_of(
    st.sampled_from(TRICKY),
    st.text("ab1:#- \"\\\n,[]{}'|>.e", max_size=12),
    st.text(max_size=20).filter(lambda each: canonical.text_fault(each) is None),
)
integers = st.integers(-(10**18) + 1, 10**18 - 1)
values = st.recursive(
    st.one_of(safe_text, integers, st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(safe_text, inner, max_size=4),
    max_leaves=12,
)
records = st.dictionaries(safe_text, values, max_size=6)


@given(records)
def test_what_is_written_is_read_back(record: dict[str, Any]) -> None:
    assert yamlio.load(yamlio.dump(record)) == record


@given(records)
def test_both_ways_of_reading_agree(record: dict[str, Any]) -> None:
    blob = yamlio.dump(record)
    assert yamlio._read(blob)[0] == record
    fast = canonical.load_canonical(blob)
    assert fast is None or fast == record


@given(records)
def test_a_yaml_1_1_reader_sees_the_same_record(record: dict[str, Any]) -> None:
    assert yaml.safe_load(yamlio.dump(record)) == record


@given(records, st.data())
def test_no_other_bytes_take_the_fast_way(record: dict[str, Any], data: st.DataObject) -> None:
    written = yamlio.dump(record).decode()
    place = data.draw(st.integers(0, len(written)))
    changed = (written[:place] + data.draw(st.sampled_from('a1:- \n"#')) + written[place:]).encode()
    fast = canonical.load_canonical(changed)
    if fast is not None:
        assert yamlio._read(changed)[0] == fast


@pytest.mark.parametrize(
    "value", [1.5, 10**18, b"a", "\x00", "\u200b", "e\u0301", {1: "a"}, {"k" * 201: 1}, {1}]
)
def test_what_no_file_may_hold_is_never_written(value: object) -> None:
    with pytest.raises(BadInput):
        yamlio.dump({"a": value})


@pytest.mark.parametrize(
    "value", ["한국어", "\u1112\u1161\u11ab\u11ab", "👨‍👩‍👧", "🏳️‍🌈", "👩🏽‍⚕️", "a\nb", "Łódź", "葛\U000e0100"]
)
def test_what_people_write_is_safe(value: str) -> None:
    assert yamlio.is_safe_text(value)
    assert yamlio.load(yamlio.dump({"a": yamlio.clean(value)}))["a"] == yamlio.clean(value)


@pytest.mark.parametrize(
    "value",
    [
        "\t",
        "\r",
        "\x7f",
        "\x9b",
        "\xad",
        "\u034f",
        "\u200c",
        "a\u200db",
        "\u200d",
        "👨\u200d",
        "\u2066",
        "\ud800",
        "\ufffe",
    ],
)
def test_what_nobody_can_see_is_not_safe(value: str) -> None:
    assert not yamlio.is_safe_text(value)
    with pytest.raises(BadInput, match=r"character U\+[0-9A-F]{4} is not allowed in text"):
        yamlio.clean(value)


def test_the_short_way_to_a_safe_text_finds_what_the_search_finds() -> None:
    for each in map(chr, range(0x110000)):
        assert canonical.is_safe_text(each) == (canonical.FORBIDDEN.search(each) is None), ascii(each)


def test_clean_composes() -> None:
    assert yamlio.clean("e\u0301") == "é"
