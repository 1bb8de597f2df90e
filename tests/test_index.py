from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.errors import BadInput
from svcdesk.errors import Busy
from svcdesk.errors import StorageFailed
from svcdesk.index import Condition
from svcdesk.index import Index
from svcdesk.index import Row
from svcdesk.index import spelled
from svcdesk.model import Record

INDEXED = ("key", "borrower", "due", "tags")
HOSTILE = (
    "a'b",
    'a"b',
    "a%",
    "a_",
    "$.key",
    "a.b",
    "a[0]",
    "]",
    "\\",
    "键",
    "' OR 1=1 --",
    '"}',
    "\U0001f511",
    "",
)


def loan(number: int, /, **fields: Any) -> Record:
    name = f"KL2611-A{number:04d}"
    return Record("key-loan", {"id": name, "state": "issued", **fields, "acts": []})


def row(record: Record, indexed: Sequence[str] = INDEXED, mentions: Sequence[str] = ()) -> Row:
    fields = tuple((name, each) for name in indexed for each in spelled(record.get(name)))
    return Row(record, f"records/{record.register}/{record.id}.yaml", "b" * 40, fields, tuple(mentions))


def ids(records: Sequence[Record] | Iterator[Record]) -> list[str]:
    return [record.id for record in records]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "svcdesk" / "index.db"


@pytest.fixture
def index(file: Path) -> Iterator[Index]:
    with Index(file, "1") as opened:
        yield opened


LOANS = (
    loan(1, key="K-A0001", borrower="S-A0003", due="2026-11-22T18:00:00+08:00", tags=["spare", "master"]),
    loan(2, key="K-A0002", borrower="S-A0003", due="2026-11-22T10:00:00Z", count=9, urgent=True),
    loan(3, key="K-A0001", state="returned", due="2026-11-22T18:00:01+08:00", count=10, urgent=False),
    loan(12, key="K-A0003", due="2026-11-21T23:59:59-02:00", purpose='50% of A_B\'s "keys"'),
)
STAFF = Record("staff", {"id": "S-A0003", "state": "active", "name": "王丽", "acts": [{"action": "add"}]})


@pytest.fixture
def filled(index: Index) -> Index:
    rows = [row(each, mentions=[each["key"], each.get("borrower", "S-A0009")]) for each in LOANS]
    assert index.update("tree", [], [*rows, row(STAFF)])
    return index


def test_a_record_comes_back_as_it_was(filled: Index) -> None:
    assert filled.get("S-A0003") == STAFF
    assert filled.get("KL2611-A0012") == LOANS[3]
    assert filled.get("KL2611-A0013") is None


def test_a_register_comes_in_the_order_of_ids(filled: Index) -> None:
    assert list(filled.of("key-loan")) == list(LOANS)
    assert list(filled.of("complaint")) == []


def test_a_register_longer_than_a_page_comes_whole(index: Index) -> None:
    loans = [loan(number) for number in range(1201)]
    index.update("tree", [], [row(each) for each in reversed(loans)])
    assert list(index.of("key-loan")) == loans


def test_where_finds_a_value_or_an_element(filled: Index) -> None:
    assert ids(filled.where("key-loan", "key", "K-A0001")) == ["KL2611-A0001", "KL2611-A0003"]
    assert ids(filled.where("key-loan", "tags", "master")) == ["KL2611-A0001"]
    assert ids(filled.where("key-loan", "purpose", LOANS[3]["purpose"])) == ["KL2611-A0012"]
    assert ids(filled.where("key-loan", "due", "2026-11-22T10:00:00Z")) == ["KL2611-A0002"]
    assert ids(filled.where("staff", "key", "K-A0001")) == []


def test_mentioning_finds_whoever_refers_to_an_id(filled: Index) -> None:
    assert ids(filled.mentioning("K-A0001")) == ["KL2611-A0001", "KL2611-A0003"]
    assert ids(filled.mentioning("K-A0004")) == []


@pytest.mark.parametrize(
    ("register", "end", "found"),
    [
        (None, "A0003", ["KL2611-A0003", "S-A0003"]),
        (None, "a0003", ["KL2611-A0003", "S-A0003"]),
        ("staff", "A0003", ["S-A0003"]),
        ("staff", "KL2611-A0003", []),
        ("key-loan", "2611-a0012", ["KL2611-A0012"]),
        ("key-loan", "12", ["KL2611-A0012"]),
        ("key-loan", "112", []),
        (None, "xKL2611-A0012", []),
        (None, "%", []),
        (None, "A_003", []),
        (None, "*", []),
        (None, "'", []),
        (None, "", []),
    ],
)
def test_a_tail_is_the_end_of_an_id(filled: Index, register: str | None, end: str, found: list[str]) -> None:
    assert ids(filled.tail(register, end)) == found


def test_count(filled: Index) -> None:
    assert [filled.count("key-loan"), filled.count("staff"), filled.count("complaint")] == [4, 1, 0]
    assert [filled.count("key-loan", state) for state in ("issued", "returned", "lost")] == [3, 1, 0]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (("state", "=", "issued"), [1, 2, 12]),
        (("state", ".not", "issued"), [3]),
        (("id", "=", "KL2611-A0003"), [3]),
        (("borrower", ".not", "S-A0003"), [3, 12]),
        (("tags", "=", "spare"), [1]),
        (("tags", ".has", "spare"), [1]),
        (("tags", ".has", "spar"), []),
        (("key", ".has", "A0001"), [1, 3]),
        (("due", "=", "2026-11-22T10:00:00Z"), [1, 2]),
        (("due", ".not", "2026-11-22T10:00+00:00"), [3, 12]),
        (("due", ".before", "2026-11-22T18:00:00+08:00"), [12]),
        (("due", ".before", "2026-11-22T10:00:01Z"), [1, 2, 12]),
        (("due", ".after", "2026-11-22T18:00:00+08:00"), [3]),
        (("due", ".before", "2026-11-22"), [12]),
        (("due", ".after", "2026-11-22"), [1, 2, 3]),
        (("count", ".before", "10"), [2]),
        (("count", ".after", "9"), [3]),
        (("count", "=", "9"), [2]),
        (("count", "=", "09"), []),
        (("urgent", "=", "true"), [2]),
        (("urgent", "=", "1"), []),
        (("urgent", ".not", "true"), [1, 3, 12]),
        (("purpose", ".has", "50%"), [12]),
        (("purpose", ".has", "5%"), []),
        (("purpose", ".has", "A_B's \""), [12]),
        (("nothing", "=", ""), []),
        (("acts", ".has", "request"), []),
    ],
)
def test_a_condition(filled: Index, condition: tuple[Any, Any, Any], found: list[int]) -> None:
    select = filled.select("key-loan", [Condition(*condition)])
    assert ids(select) == [f"KL2611-A{number:04d}" for number in found]


def test_select_sorts_and_limits(filled: Index) -> None:
    def numbers(order: str, descending: bool, limit: int | None) -> list[int]:
        return [int(each.id[-4:]) for each in filled.select("key-loan", [], order, descending, limit)]

    assert numbers("", False, None) == [1, 2, 3, 12]
    assert numbers("id", True, 2) == [12, 3]
    assert numbers("due", False, None) == [12, 1, 2, 3]
    assert numbers("due", True, 1) == [3]
    assert numbers("count", False, None) == [2, 3, 1, 12]
    assert numbers("count", True, None) == [3, 2, 12, 1]
    assert numbers("count", True, 0) == []


def test_a_condition_stays_right_where_it_is_frequent(index: Index) -> None:
    """Beyond a few thousand hits the search starts from elsewhere."""
    days = [f"2026-11-{number % 28 + 1:02d}T09:00:00+08:00" for number in range(4200)]
    index.update("tree", [], (row(loan(number, due=day, key="K-A0001")) for number, day in enumerate(days)))
    wanted = [number for number, day in enumerate(days) if "2026-11-03" < day < "2026-11-27"]
    conditions = [
        Condition("due", ".after", "2026-11-03T00:00:00+08:00"),
        Condition("due", ".before", "2026-11-27"),
        Condition("key", "=", "K-A0001"),
    ]
    assert [int(each.id[-4:]) for each in index.select("key-loan", conditions)] == wanted
    assert [int(each.id[-4:]) for each in index.select("key-loan", conditions[:2], "", True, 3)] == wanted[
        :-4:-1
    ]


def test_what_is_no_text_is_refused(filled: Index) -> None:
    with pytest.raises(BadInput):
        filled.tail(None, "\udcff")


def moments(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def compares(test: Callable[[Any, Any], bool], held: object, value: str) -> bool:
    """Instants as instants, integers as integers, all else as text."""
    if isinstance(held, bool):
        held = "true" if held else "false"
    if isinstance(held, int) and value.lstrip("-").isdecimal() and value.isascii():
        return test(held, int(value))
    if isinstance(held, str) and (one := moments(held)) and (other := moments(value)):
        return test(one, other)
    return test(str(held), value)


def fits(condition: Condition, data: Mapping[str, Any]) -> bool:
    """What a condition means, in plain words."""
    held = data.get(condition.field)
    parts = held if isinstance(held, list) else [held]
    parts = [each for each in parts if isinstance(each, str | int)]
    texts = [each for part in parts for each in spelled(part)]
    if condition.operator == ".has":
        return (
            condition.value in texts
            if isinstance(held, list)
            else any(condition.value in each for each in texts)
        )
    if condition.operator in ("=", ".not"):
        same = any(compares(lambda a, b: a == b, each, condition.value) for each in texts)
        return same == (condition.operator == "=")
    if condition.operator == ".before":
        return any(compares(lambda a, b: a < b, each, condition.value) for each in parts)
    return any(compares(lambda a, b: a > b, each, condition.value) for each in parts)


TIMES = (
    "2026-11-22T18:00:00+08:00",
    "2026-11-22T10:00:00Z",
    "2026-11-22T10:00:01+00:00",
    "2026-11-21T23:59:59-02:00",
    "2026-02-30T10:00:00Z",
)
TEXTS = st.sampled_from((*HOSTILE, *TIMES, "2026-11-22", "7", "-3", "010", "true", "K-A0001"))
SCALARS = TEXTS | st.integers(-12, 12) | st.booleans() | st.none()
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(TEXTS, SCALARS, max_size=2)
NAMES = st.sampled_from((*HOSTILE, "key", "due", "tags"))
OPERATORS = st.sampled_from(("=", ".not", ".before", ".after", ".has"))
CONDITIONS = st.builds(Condition, NAMES, OPERATORS, TEXTS)


@given(
    st.lists(st.dictionaries(NAMES, VALUES, max_size=5), max_size=6),
    st.lists(CONDITIONS, min_size=1, max_size=3),
    st.sets(NAMES),
    st.booleans(),
)
def test_select_is_a_plain_filter(
    fields: list[dict[str, Any]], conditions: list[Condition], indexed: set[str], descending: bool
) -> None:
    loans = [Record("key-loan", {**each, "id": f"KL-{n}", "state": "open"}) for n, each in enumerate(fields)]
    with Index(None, "1") as index:
        index.update("tree", [], [row(each, tuple(indexed)) for each in loans])
        wanted = [each for each in loans if all(fits(condition, each.data) for condition in conditions)]
        assert index.select("key-loan", conditions, "", descending) == wanted[:: -1 if descending else 1]


def answers(index: Index) -> list[object]:
    return [
        list(index.of("key-loan")),
        index.get("KL2611-A0002"),
        index.where("key-loan", "key", "K-A0001"),
        index.mentioning("K-A0001"),
        index.tail(None, "a0003"),
        index.select("key-loan", [Condition("count", ".after", "1")], "due"),
        index.count("key-loan", "issued"),
    ]


def test_an_update_replaces_and_removes(filled: Index, tmp_path: Path) -> None:
    changed = row(loan(1, key="K-A0007", count=3), mentions=["K-A0007"])
    assert filled.update("next", ["records/key-loan/KL2611-A0002.yaml", "records/none.yaml"], [changed])
    rest = [row(each, mentions=[each["key"], each.get("borrower", "S-A0009")]) for each in LOANS[2:]]
    with Index(tmp_path / "other.db", "1") as built:
        built.update("next", [], [*rest, changed, row(STAFF)])
        assert answers(built) == answers(filled)
        assert filled.mentioning("S-A0003") == filled.where("key-loan", "borrower", "S-A0003") == []


def test_deleting_the_file_changes_no_answer(file: Path) -> None:
    def build() -> list[object]:
        with Index(file, "1") as index:
            if index.tree != "tree":
                index.update("tree", [], [row(each, mentions=[each["key"]]) for each in LOANS])
            return answers(index)

    first = build()
    assert build() == first
    for each in file.parent.iterdir():
        each.unlink()
    assert build() == first


def test_one_id_in_two_files_is_kept_in_both(index: Index) -> None:
    first, second = (Row(loan(1, key=key), f"{key}.yaml", "b", (("key", key),), ()) for key in ("K-1", "K-2"))
    index.update("two", [], [second, first])
    assert index.get("KL2611-A0001") == first.record
    assert index.where("key-loan", "key", "K-2") == [second.record]
    index.update("one", [first.path], [])
    assert list(index.of("key-loan")) == [second.record]


def test_the_last_of_two_rows_for_a_path_counts(index: Index) -> None:
    index.update("tree", [], [row(loan(1, key="K-1")), row(loan(1, key="K-2"))])
    assert list(index.of("key-loan")) == [loan(1, key="K-2")]
    assert index.where("key-loan", "key", "K-1") == []


def test_another_version_starts_from_nothing(filled: Index, file: Path) -> None:
    with Index(file, "2") as newer:
        assert (newer.tree, list(newer.of("key-loan")), newer.mark("clean")) == ("", [], "")
    with Index(file, "2") as again:
        assert not again.in_memory
    assert ids(filled.of("key-loan")) == ids(iter(LOANS)), "who was reading goes on reading"


def test_another_layout_starts_from_nothing(filled: Index, file: Path) -> None:
    filled.close()
    with sqlite3.connect(file) as raw:
        raw.execute("PRAGMA user_version = 999")
        raw.execute('CREATE TABLE "odd "" name" (a)')
    raw.close()
    with Index(file, "1") as index:
        assert (index.tree, index.in_memory) == ("", False)


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4080])
def test_a_corrupt_file_is_made_anew(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with Index(file, "1") as index:
        assert index.update("tree", [], [row(LOANS[0])])
    with Index(file, "1") as index:
        assert (index.tree, index.in_memory, index.count("key-loan")) == ("tree", False, 1)


@pytest.fixture
def damaged(file: Path) -> Path:
    """An index that can be opened, but hardly read."""
    with Index(file, "1") as index:
        index.update("tree", [], (row(loan(number, key=f"K-{number}")) for number in range(2000)))
    content = file.read_bytes()
    file.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
    return file


def test_damage_found_while_reading_costs_one_command(damaged: Path) -> None:
    with Index(damaged, "1") as index, pytest.raises(StorageFailed, match="run the command again"):
        list(index.of("key-loan"))
    with Index(damaged, "1") as index:
        assert (index.tree, index.in_memory) == ("", False)


def test_damage_found_while_writing_is_survived(damaged: Path) -> None:
    with Index(damaged, "1") as index:
        while index.tree != "next":
            removed = [] if index.tree else ["everything"]
            index.update("next", removed, [row(loan(number)) for number in range(2000)])
        assert index.count("key-loan") == 2000
        assert index.in_memory
    with Index(damaged, "1") as index:
        assert (index.tree, index.in_memory) == ("", False)


def test_a_folder_that_cannot_be_written_leaves_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Index(tmp_path / "file" / "index.db", "1") as index:
        assert index.in_memory
        assert index.update("tree", [], [row(LOANS[0])])
        index.set_mark("clean", "tree")
        assert (index.get(LOANS[0].id), index.mark("clean")) == (LOANS[0], "tree")


def test_a_named_field_that_no_record_has_is_answered_at_once(file: Path) -> None:
    with Index(file, "1", lambda register: ["ref"]) as index:
        index.update("tree", [], [row(loan(1, ref="unlisted"))])
        assert index.where("key-loan", "ref", "unlisted") == [], "only the field table was asked"
        assert index.where("key-loan", "ref", "listed") == []
    with Index(file, "1") as index:
        assert ids(index.where("key-loan", "ref", "unlisted")) == ["KL2611-A0001"]


def test_a_failing_source_leaves_the_index_as_it_was(filled: Index) -> None:
    def rows() -> Iterator[Row]:
        yield row(loan(99))
        raise BadInput(LOANS[0]["key"])

    before = answers(filled)
    with pytest.raises(BadInput):
        filled.update("next", ["records/key-loan/KL2611-A0001.yaml"], rows())
    assert (filled.tree, answers(filled)) == ("tree", before)


def test_an_open_index_answers_from_one_tree(filled: Index, file: Path) -> None:
    before = answers(filled)
    with Index(file, "1") as other:
        assert other.update("next", ["records/key-loan/KL2611-A0001.yaml"], [])
        assert other.get("KL2611-A0001") is None
    assert (filled.tree, answers(filled)) == ("tree", before)


def test_a_difference_from_another_tree_is_not_applied(filled: Index, file: Path) -> None:
    with Index(file, "1") as other:
        other.update("second", [], [row(loan(50))])
    assert not filled.update("third", [], [row(loan(51))])
    assert filled.tree == "second"
    assert (filled.get("KL2611-A0050"), filled.get("KL2611-A0051")) == (loan(50), None)
    assert filled.update("third", [], [row(loan(51))])


def test_clear_takes_the_next_rows_for_the_whole(filled: Index) -> None:
    filled.clear()
    assert filled.update("next", [], [row(loan(7))])
    assert list(filled.of("key-loan")) == [loan(7)]
    assert filled.mentioning("K-A0001") == []


def test_marks_are_remembered_until_the_version_changes(index: Index, file: Path) -> None:
    index.set_mark("clean", "one")
    index.set_mark("clean", "two")
    assert (index.mark("clean"), index.mark("other"), index.tree) == ("two", "", "")
    with Index(file, "1") as again:
        assert again.mark("clean") == "two"
    with Index(file, "2") as newer:
        assert newer.mark("clean") == ""


def test_who_writes_too_long_keeps_others_out(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svcdesk.index._WAIT", 0.05)
    with Index(file, "1") as one, Index(file, "1") as other:

        def rows() -> Iterator[Row]:
            with pytest.raises(Busy):
                other.update("other", [], [])
            assert other.tree == ""
            yield row(loan(1))

        assert one.update("one", [], rows())


REFRESH = """
import sys
from pathlib import Path
from svcdesk.index import Index, Row
from svcdesk.model import Record

steps = ["", *(f"tree {number}" for number in range(1, 31))]

def row(number):
    record = Record("key-loan", {"id": f"KL-{number:04d}", "state": "open", "step": number, "acts": []})
    return Row(record, f"{number}.yaml", "b", (("step", str(number)),), ("K-A0001",))

for target in range(1, 31):
    with Index(Path(sys.argv[1]), "1") as index:
        assert not index.in_memory
        while steps.index(index.tree) < target:
            base = steps.index(index.tree)
            index.update(steps[target], [], [row(number) for number in range(base, target)])
        seen = steps.index(index.tree)
        assert [each["step"] for each in index.of("key-loan")] == list(range(seen))
        assert len(index.mentioning("K-A0001")) == index.count("key-loan", "open") == seen
        assert index.where("key-loan", "step", str(seen - 1))
"""


def test_processes_that_refresh_at_once_end_with_the_same_index(file: Path) -> None:
    command = [sys.executable, "-c", REFRESH, str(file)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 4
    with Index(file, "1") as index:
        assert (index.tree, index.count("key-loan")) == ("tree 30", 30)
