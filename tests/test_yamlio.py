"""The YAML dialect: what is read, what is refused and where, and what is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    record = yamlio.load(b"a: " + b"[" * 15 + b"]" * 15)
    assert yamlio.load(yamlio.dump(record)) == record
    assert refusal(b"a: " + b"[" * 16 + b"]" * 16)[0] == "nested deeper than 16 levels"
    with pytest.raises(BadInput, match="nested deeper than 16 levels"):
        yamlio.dump({"a": [record["a"]]})


def test_256_kib_are_the_limit() -> None:
    full = {"a": "x" * (256 * 1024 - 4)}
    assert yamlio.load(yamlio.dump(full)) == full
    over = {"a": full["a"] + "x"}
    with pytest.raises(BadInput, match="larger than 262144 bytes"):
        yamlio.dump(over)
    assert refusal(b"a: " + over["a"].encode() + b"\n")[0] == "file is larger than 262144 bytes"


def test_position_of_a_value() -> None:
    blob = LOAN.encode()
    assert yamlio.position(blob, ("state",)) == (3, 8)
    assert yamlio.position(blob, ("acts", 0, "signed", 0, "staff")) == (20, 16)
    assert yamlio.position(blob, ("acts", 0, "missing", 7)) == (11, 5)
    assert yamlio.position(blob, ()) == (1, 1)
