"""The YAML dialect: what is read, what is refused and where, and what is written."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from svcdesk import canonical
from svcdesk import yamlio
from svcdesk.errors import BadInput
from svcdesk.errors import BadYaml

LOAN = """\
id: KL2611-A0012
format: 1
state: issued
purpose: "巡检水泵房: pump \\"2\\"\\nthen the roof"
due: "2026-11-22T18:00:00+08:00"
power_off: true
contractor: null
notes: []
more: {}
acts:
  - action: request
    by: S-A0005
    sets:
      "on": "0101"
      keys:
        - K-A0001
        - "12:30"
    signed:
      - line: approver
        staff: S-A0004
  - - - deep
    - 1
"""

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


def nested(depth: int) -> dict[str, Any]:
    """A record in which collections lie that deep."""
    value: Any = []
    for _ in range(depth - 2):
        value = [value]
    return {"a": value}


def refusal(blob: bytes) -> tuple[str, int, int]:
    """The sentence, line and column of a file that is refused."""
    with pytest.raises(BadYaml) as caught:
        yamlio.load(blob)
    return str(caught.value), caught.value.line, caught.value.column


def outcome(blob: bytes) -> tuple[dict[str, Any], tuple[int, int]]:
    """The record of a file, or none and the place at which the file is refused."""
    try:
        return yamlio.load(blob), (1, 1)
    except BadYaml as error:
        return {}, (error.line, error.column)


def test_canonical_file_is_read_and_written_back_byte_for_byte() -> None:
    record = yamlio.load(LOAN.encode())
    assert record["purpose"] == '巡检水泵房: pump "2"\nthen the roof'
    assert record["acts"][0]["sets"] == {"on": "0101", "keys": ["K-A0001", "12:30"]}
    assert record["acts"][1] == [["deep"], 1]
    assert (record["format"], record["power_off"], record["contractor"]) == (1, True, None)
    assert yamlio.dump(record) == LOAN.encode()


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


@given(st.text("a:- \n\"'[]{},#&*!|>%?1<=~\\", max_size=30))
def test_any_text_is_a_record_or_refused_with_its_place(written: str) -> None:
    record, place = outcome(written.encode())
    assert min(place) >= 1
    assert yamlio.load(yamlio.dump(record)) == record


@given(st.binary(max_size=40))
def test_any_bytes_are_a_record_or_refused(blob: bytes) -> None:
    record, place = outcome(blob)
    assert min(place) >= 1
    assert yamlio.load(yamlio.dump(record)) == record


@given(records, st.data())
def test_no_other_bytes_take_the_fast_way(record: dict[str, Any], data: st.DataObject) -> None:
    written = yamlio.dump(record).decode()
    place = data.draw(st.integers(0, len(written)))
    changed = (written[:place] + data.draw(st.sampled_from('a1:- \n"#')) + written[place:]).encode()
    fast = canonical.load_canonical(changed)
    if fast is not None:
        assert yamlio._read(changed)[0] == fast


def test_text_is_text() -> None:
    written = "a: no\nb: on\nc: 0101\nd: 12:30\ne: 2026-01-02\nf: 1.5\ng: ~\nh: TRUE\ni: 1e3\nj: -0x1\n"
    assert list(yamlio.load(written.encode()).values()) == [
        *("no", "on", "0101", "12:30", "2026-01-02", "1.5", "~", "TRUE", "1e3", "-0x1")
    ]


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("true", True),
        ("null", None),
        ("0", 0),
        ("-7", -7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, "9" * 19),
        ("-0", 0),
        ("+7", "+7"),
        ("'7'", "7"),
    ],
)
def test_only_four_kinds_are_anything_else(plain: str, value: object) -> None:
    found = yamlio.load(f"a: {plain}\n".encode())["a"]
    assert (found, type(found)) == (value, type(value))


def test_other_spellings_are_read_but_are_not_canonical() -> None:
    blob = b"---\n# a remark\n'id': KL2611-A0012\nacts: [{by: \"S-A0001\"}]\ntext: |\n  a\n  b\n"
    record = yamlio.load(blob)
    assert record == {"id": "KL2611-A0012", "acts": [{"by": "S-A0001"}], "text": "a\nb\n"}
    assert yamlio.dump(record) != blob


@pytest.mark.parametrize(
    ("blob", "message", "line", "column"),
    [
        (b"", "file is empty; a record is needed", 1, 1),
        (b"- a\n", "a mapping of fields is needed at the top", 1, 1),
        (b"a: 1\nb: 2\na: 3\n", "key a stands twice", 3, 1),
        (b"a:\n  b: 1\n  b: 1\n", "key b stands twice", 3, 3),
        (b"a: &b 1\n", "anchors are not allowed", 1, 4),
        (b"a: *b\n", "aliases are not allowed", 1, 4),
        (b"a: !!str 1\n", "tags are not allowed", 1, 4),
        (b"a: ! b\n", "tags are not allowed", 1, 4),
        (b"a:\n  <<: {b: 1}\n", "merge keys are not allowed", 2, 3),
        (b"%YAML 1.2\n---\na: 1\n", "directives are not allowed", 1, 1),
        (b"a: 1\n---\nb: 1\n", "one document is allowed in a file", 2, 1),
        (b"1: a\n", "a key must be text", 1, 1),
        (b"? [a]\n: b\n", "a key must be text", 1, 3),
        (b"a: 1\n<<<<<<< ours\n", "conflict marker", 2, 1),
        (b"a: 1\n=======\n", "conflict marker", 2, 1),
        (b"a: 1\n>>>>>>> theirs\n", "conflict marker", 2, 1),
        (b"a: b\xff\n", "not UTF-8", 1, 5),
        (b"\xef\xbb\xbfa: 1\n", "character U+FEFF is not allowed in text", 1, 1),
        (b"a: 1\r\n", "character U+000D is not allowed in text", 1, 5),
        (b"a:\tb\n", "character U+0009 is not allowed in text", 1, 3),
        ("a: x\u2028b: y\n".encode(), "character U+2028 is not allowed in text", 1, 5),
        ("a: 1\nb: x\x85y\n".encode(), "character U+0085 is not allowed in text", 2, 5),
        ("a: \u202eb\n".encode(), "character U+202E is not allowed in text", 1, 4),
        (b'a: "\\e[31m"\n', "character U+001B is not allowed in text", 1, 4),
        (b'a: "\\u200b"\n', "character U+200B is not allowed in text", 1, 4),
        (b'a: "e\\u0301"\n', "text is not in Unicode form NFC", 1, 4),
        ("a: e\u0301\n".encode(), "text is not in Unicode form NFC", 1, 4),
        (b'a: "\\ud800"\n', "not YAML: found invalid Unicode character escape code", 1, 7),
        (b"a: b: c\n", "not YAML: mapping values are not allowed in this context", 1, 5),
        (b"a: " + b"[" * 100_000, "nested deeper than 16 levels", 1, 19),
        (b"a:\n " + b"- " * 100_000, "nested deeper than 16 levels", 2, 32),
        (b"a: " + b'{"b":' * 40_000, "nested deeper than 16 levels", 1, 79),
    ],
)
def test_refused_with_line_and_column(blob: bytes, message: str, line: int, column: int) -> None:
    assert refusal(blob) == (message, line, column)


def test_sixteen_levels_are_the_limit() -> None:
    blob = yamlio.dump(nested(16))
    assert yamlio.load(blob) == nested(16)
    assert refusal(b"a: " + b"[" * 16 + b"]" * 16)[0] == "nested deeper than 16 levels"
    with pytest.raises(BadInput, match="nested deeper than 16 levels"):
        yamlio.dump(nested(17))


def test_256_kib_are_the_limit() -> None:
    full = {"a": "x" * (256 * 1024 - 4)}
    assert yamlio.load(yamlio.dump(full)) == full
    over = {"a": full["a"] + "x"}
    with pytest.raises(BadInput, match="larger than 262144 bytes"):
        yamlio.dump(over)
    assert refusal(b"a: " + over["a"].encode() + b"\n")[0] == "file is larger than 262144 bytes"


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


def test_clean_composes() -> None:
    assert yamlio.clean("e\u0301") == "é"


def test_position_of_a_value() -> None:
    blob = LOAN.encode()
    assert yamlio.position(blob, ("state",)) == (3, 8)
    assert yamlio.position(blob, ("acts", 0, "signed", 0, "staff")) == (20, 16)
    assert yamlio.position(blob, ("acts", 0, "missing", 7)) == (11, 5)
    assert yamlio.position(blob, ()) == (1, 1)
