"""What stands on stdout: escaping, tables, JSON, YAML, CSV, findings, progress."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from svcdesk import output
from svcdesk.escape import safe_annotation
from svcdesk.escape import safe_cell
from svcdesk.model import Finding
from svcdesk.model import text
from svcdesk.progress import progress

COLUMNS = ("id", "key", "count")
HEADINGS = {"id": "编号", "key": "钥匙", "count": "数量"}
ROWS = [
    {"id": "KL2611-A0012", "key": "水泵房", "count": 2},
    {"id": "KL2611-A0013", "key": None, "count": 12},
]
LINE_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


def written(*arguments: Any, **options: Any) -> str:
    return "".join(output.render(*arguments, **options))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\x7f\x85\x9b", "\\x7f\\x85\\x9b"),
        ("a\u202eb\u200bc\ufeff", "a\\u202eb\\u200bc\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("paypal\u200d.com", "paypal\\u200d.com"),
        ("👨\u200d👩\u200d👧 한국어 é ¥ 钥匙", "👨\u200d👩\u200d👧 한국어 é ¥ 钥匙"),
    ],
)
def test_hidden_characters_are_spelled_out(raw: str, shown: str) -> None:
    assert output.safe(raw) == shown


def test_multiline_text_keeps_newlines_and_tabs_only() -> None:
    assert output.safe("a\n\tb\r\x1b", multiline=True) == "a\n\tb\\x0d\\x1b"


@given(st.text())
def test_safe_text_is_one_line_and_stays_as_it_is(raw: str) -> None:
    shown = output.safe(raw)
    assert output.safe(shown) == shown
    assert not set(shown) & set(LINE_BREAKS)


def test_table_aligns_wide_characters_and_puts_numbers_right() -> None:
    assert output.table(ROWS, COLUMNS, HEADINGS, None).splitlines() == [
        "编号          钥匙      数量",
        "------------  ------  ------",
        "KL2611-A0012  水泵房       2",
        "KL2611-A0013              12",
    ]


def test_table_without_rows_has_headings() -> None:
    assert output.table([], COLUMNS, HEADINGS, 80).splitlines()[0].split() == ["编号", "钥匙", "数量"]


def test_table_shows_words_for_values_and_escapes_both() -> None:
    table = output.table(
        [{"id": "issued"}], ["id"], {"id": "state\x1b"}, None, lambda _, value: f"{value}\x07"
    )
    assert table.splitlines()[::2] == ["state\\x1b", "issued\\x07"]


@pytest.mark.parametrize(("width", "cell"), [(30, "钥" * 8), (29, "钥" * 7 + "…"), (1, "钥钥钥…")])
def test_table_cuts_long_cells_but_never_the_id(width: int, cell: str) -> None:
    table = output.table([{"id": "KL2611-A0012", "key": "钥" * 8}], ["id", "key"], {}, width)
    assert table.splitlines()[2].split() == ["KL2611-A0012", cell]


SENTENCE = "a key that a count finds missing is reported"
LATE = {"id": "KC2611-A0036", "what": SENTENCE, "since": "2026-11-12 22:08", "by": ""}
TITLES = {"id": "record", "what": "deadline"}


@pytest.mark.parametrize("what", [SENTENCE, "清点时发现缺失的钥匙须作为事件报告，不得延误"])
def test_what_is_to_be_read_whole_goes_over_several_lines(what: str) -> None:
    table = output.table([LATE | {"what": what}], ["id", "what", "since"], TITLES, 50, fold=True)
    assert all(wcswidth(line) <= 50 for line in table.splitlines())
    cells = [line[14:].partition("2026-11-12 22:08")[0].strip() for line in table.splitlines()[2:]]
    assert len(cells) > 1
    assert "".join(cells).replace(" ", "") == what.replace(" ", "")


def test_a_table_too_narrow_to_read_is_a_paragraph_for_each_row() -> None:
    told = output.table([LATE, LATE], ["id", "what", "since", "by"], TITLES, 44, fold=True).splitlines()
    assert told[: len(told) // 2] == [
        "KC2611-A0036",
        "  deadline  a key that a count finds missing",
        "            is reported",
        "  since     2026-11-12 22:08",
    ]
    assert output.table([LATE], ["id", "since"], TITLES, 44, fold=True).splitlines()[2:] == [
        "KC2611-A0036  2026-11-12 22:08"
    ]


@given(st.text(), st.integers(8, 40))
def test_cut_cells_fit(raw: str, width: int) -> None:
    cell = output.safe(raw)
    assert wcswidth(output.cut(cell, width)) <= width
    if wcswidth(cell) <= width:
        assert output.cut(cell, width) == cell


@pytest.mark.parametrize(
    ("value", "line"),
    [(None, ""), ("text", "text"), (["a", 1], "a, 1"), (True, "true"), ([{"钥": 1}], '[{"钥": 1}]')],
)
def test_any_value_is_one_line_of_words(value: object, line: str) -> None:
    assert output.words(value) == line


def test_json_is_an_indented_array_of_whole_rows() -> None:
    assert written("json", ROWS, ["id"], HEADINGS) == json.dumps(ROWS, ensure_ascii=False, indent=2) + "\n"
    assert written("json", [], ["id"], {}) == "[]\n"


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text()))))
def test_json_is_safe_and_says_the_same(rows: list[dict[str, Any]]) -> None:
    document = written("json", rows, [], {})
    assert json.loads(document) == rows
    assert all(output.safe(line) == line for line in document.removesuffix("\n").split("\n"))


def test_json_writes_bidi_and_tag_characters_as_escapes() -> None:
    assert output.document("json", {"a": "\u202e\x9b\U000e0041钥"}) == (
        '{\n  "a": "\\u202e\\u009b\\udb40\\udc41钥"\n}\n'
    )


def test_yaml_is_a_list_of_whole_rows() -> None:
    rows = [{"id": "K-A0001", "hook": "12", "acts": [{"at": "09:00"}]}, {"id": "K-A0002"}]
    assert written("yaml", rows, ["id"], {}) == (
        '- id: K-A0001\n  hook: "12"\n  acts:\n    - at: "09:00"\n- id: K-A0002\n'
    )
    assert written("yaml", [], [], {}) == "[]\n"


PLAIN = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]) | st.just("\n"))


@given(st.lists(st.dictionaries(st.text("abc", min_size=1), PLAIN | st.integers(0, 9) | st.lists(PLAIN))))
def test_yaml_says_what_json_says(rows: list[dict[str, Any]]) -> None:
    assert yaml.safe_load(written("yaml", rows, [], {})) == json.loads(written("json", rows, [], {}))


def test_tables_end_with_their_last_row() -> None:
    assert written("table", ROWS, COLUMNS, HEADINGS) == output.table(ROWS, COLUMNS, HEADINGS, None) + "\n"


def test_csv_opens_right_in_a_spreadsheet() -> None:
    rows = [{"id": "K-A0001", "key": '=1+1,"x"\n', "count": -5}]
    assert written("csv", rows, COLUMNS, HEADINGS | {"key": "@钥匙"}) == (
        '\ufeff编号,\'@钥匙,数量\r\nK-A0001,"\'=1+1,""x""\n",-5\r\n'
    )


@pytest.mark.parametrize("first", [*"=+-@\t\n＝＋－＠"])
def test_cells_are_never_formulas(first: str) -> None:
    assert safe_cell(f"{first}1") == f"'{first}1"
    assert safe_cell(f"1{first}") == f"1{first}"


@pytest.mark.parametrize(("first", "shown"), [("\r", "'\\x0d1"), ("\0", "'\\x001")])
def test_cells_that_begin_with_a_control_are_text(first: str, shown: str) -> None:
    assert safe_cell(f"{first}1") == shown


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_csv_reads_back_as_written(cells: list[tuple[str, str]]) -> None:
    document = written("csv", [{"a": a, "b": b} for a, b in cells], ["a", "b"], {})
    read = list(csv.reader(io.StringIO(document.removeprefix("\ufeff"), newline="")))
    assert read == [["a", "b"], *([safe_cell(a), safe_cell(b)] for a, b in cells)]


def test_output_to_a_file_is_utf8_whatever_the_locale() -> None:
    bytes_out = io.BytesIO()
    stream = io.TextIOWrapper(bytes_out, encoding="ascii", newline="")
    output.write(stream, ["\ufeff编号\r\n"])
    stream.flush()
    assert bytes_out.getvalue() == "\ufeff编号\r\n".encode()


@pytest.mark.parametrize(
    ("environment", "terminal", "wanted"),
    [({}, True, True), ({}, False, False), ({"NO_COLOR": "1"}, True, False), ({"NO_COLOR": ""}, True, True),
     ({"TERM": "dumb"}, True, False)],
)  # fmt: skip
def test_colour_is_for_terminals_that_want_it(
    environment: dict[str, str], terminal: bool, wanted: bool
) -> None:
    assert output.wants_colour(environment, terminal) is wanted


def test_colour_ends_where_the_word_ends() -> None:
    assert output.colour("late", "red", True) == "\x1b[31mlate\x1b[0m"
    assert output.colour("late", "red", False) == "late"


def drawn(enabled: bool, *times: float) -> str:
    """What a bar of four things draws when the clock gives these times, the first at the start."""
    ticks: Iterator[float] = iter(times)
    stream = io.StringIO()
    with progress(4, "check", stream, enabled, lambda: next(ticks)) as advance:
        for _ in times[1:]:
            advance(1)
    return stream.getvalue()


def test_progress_shows_after_a_second_and_clears_its_line() -> None:
    assert drawn(True, 0.0, 0.5, 0.99) == ""
    assert drawn(False, 0.0, 5.0) == ""
    clear, half = "\r\x1b[K", "#" * 10 + " " * 10
    assert drawn(True, 0.0, 0.5, 1.0, 1.05) == f"{clear}check [{half}] 2/4{clear}"


HOSTILE = Finding(
    "four-eyes",
    text("{who}: 100%\nof, it", who="\x1b]0;\x07\ufffe<b>"),
    ("CS3-A3#2", "CS13-4.1#1"),
    record="KL2611-A0012",
    path="records/key loan,1:%.yaml",
    line=3,
    column=7,
)
MILD = Finding("rank", text("low rank"), path="records/a.yaml", severity="warning")
UNPLACED = Finding("identity", text("nobody"), record="K-A0001")


def test_findings_stand_in_the_order_of_path_line_and_rule() -> None:
    assert output.findings([HOSTILE, MILD, UNPLACED], "text").splitlines()[:2] == [
        "K-A0001: error: nobody (identity)",
        "records/a.yaml: warning: low rank (rank)",
    ]
    later = Finding("a", text("x"), path="p", line=10)
    sooner = Finding("b", text("x"), path="p", line=9)
    assert output.findings([later, sooner], "json") == output.findings([sooner, later], "json")


def test_a_finding_names_place_clause_and_rule() -> None:
    assert output.findings([HOSTILE], "text").startswith(
        "records/key loan,1:%.yaml:3:7: error: CS3-A3#2, CS13-4.1#1: \\x1b]0;\\x07\\ufffe<b>: 100%"
    )
    assert "\x1b[33mwarning\x1b[0m" in output.findings([MILD], "text", colours=True)
    assert output.findings([], "text") == ""


def test_findings_as_json() -> None:
    assert json.loads(output.findings([MILD], "json")) == {
        "findings": [
            {"file": "records/a.yaml", "line": 0, "column": 0, "record": "", "rule": "rank", "clause": "",
             "severity": "warning", "message": "low rank"}
        ]
    }  # fmt: skip


def test_github_commands_cannot_be_broken_out_of() -> None:
    mild, hostile = output.findings([HOSTILE, MILD], "github").splitlines()
    assert mild == "::warning file=records/a.yaml,title=rank::low rank"
    assert hostile == (
        "::error file=records/key loan%2C1%3A%25.yaml,line=3,col=7,"
        "title=CS3-A3#2%2C CS13-4.1#1 (four-eyes)::\\x1b]0;\\x07\\ufffe<b>: 100%25%0Aof, it"
    )


@given(st.text())
def test_annotations_are_one_line(raw: str) -> None:
    assert not set(safe_annotation(raw)) & set(LINE_BREAKS)
    assert not set(safe_annotation(raw, attribute=True)) & set(LINE_BREAKS + ":,")


def test_junit_counts_errors_and_is_xml() -> None:
    root = ElementTree.fromstring(output.findings([HOSTILE, MILD], "junit").encode())
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    assert [case.get("name") for case in root.iter("testcase")] == [
        "rank",
        "CS3-A3#2, CS13-4.1#1 (four-eyes)",
    ]
    empty = ElementTree.fromstring(output.findings([], "junit").encode())
    assert (empty.get("tests"), empty.get("failures")) == ("1", "0")


@given(st.text(), st.text())
def test_junit_is_xml_whatever_is_said(said: str, path: str) -> None:
    finding = Finding("rule", text("{said}", said=said), (said,), path=path, line=1, column=1)
    ElementTree.fromstring(output.findings([finding], "junit").encode())


def test_sarif_has_one_run_with_rules_levels_and_regions() -> None:
    log = json.loads(output.findings([HOSTILE, MILD], "sarif"))
    (run,) = log["runs"]
    mild, hostile = run["results"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["four-eyes", "rank"]
    assert (mild["level"], hostile["level"]) == ("warning", "error")
    assert mild["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "records/a.yaml"}}}]
    assert hostile["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "records/key%20loan%2C1%3A%25.yaml"},
        "region": {"startLine": 3, "startColumn": 7},
    }
