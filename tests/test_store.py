"""Commits as git sees them, and what stays untouched beside them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.errors import BadInput
from svcdesk.errors import Busy
from svcdesk.errors import NeedsAttention
from svcdesk.errors import StorageFailed
from svcdesk.git import Identity
from svcdesk.objects import Entry
from svcdesk.objects import object_id
from svcdesk.objects import parse_tree
from svcdesk.objects import tree_body
from svcdesk.reader import LARGEST
from svcdesk.store import Store
from svcdesk.store import create

AT = datetime.fromisoformat("2026-11-22T09:02:11+08:00")
CLERK = Identity("Wang 王", "clerk@example.org")
LOAN = "records/key-loan/2611/A00/KL2611-A0001.yaml"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create(tmp_path / "desk", {})
    with made.lock():
        made.commit("", {"records/desk.yaml": b"id: x\n", LOAN: b"state: issued\n"}, "begin", CLERK, AT)
    yield made
    made.close()


def git(store: Store, *arguments: str) -> str:
    command = ["git", "-c", "user.name=B", "-c", "user.email=b@example.org", *arguments]
    done = subprocess.run(command, cwd=store.git.root, check=True, capture_output=True, text=True)
    return done.stdout


def act(store: Store, files: dict[str, bytes | None], minutes: int = 1, message: str = "act") -> str:
    with store.lock():
        store.recover()
        store.preflight()
        return store.commit(store.tip(), files, message, CLERK, AT + timedelta(minutes=minutes))


def test_git_finds_nothing_wrong(store: Store) -> None:
    tip = act(store, {LOAN: b"state: returned\n", "records/key/K-A0001.yaml": b"id: K-A0001\n"})
    assert git(store, "fsck", "--strict", "--full") == ""
    assert git(store, "status", "--porcelain") == ""
    assert git(store, "rev-parse", "main").strip() == tip == store.tip()
    assert git(store, "log", "-1", "--format=%an|%ae|%aI|%cn|%cI|%s") == (
        "Wang 王|clerk@example.org|2026-11-22T09:03:11+08:00|Wang 王|2026-11-22T09:03:11+08:00|act\n"
    )
    assert (store.git.root / LOAN).read_bytes() == b"state: returned\n"


def test_a_removed_file_takes_its_empty_folders_out_of_the_tree(store: Store) -> None:
    tip = act(store, {LOAN: None})
    assert store.tree(tip, "records/key-loan") == ""
    assert git(store, "status", "--porcelain") == ""
    assert not (store.git.root / LOAN).exists()


def test_history_is_read_from_commits(store: Store) -> None:
    first = store.tip()
    tip = act(store, {LOAN: b"state: returned\n"})
    (store.git.root / LOAN).write_bytes(b"state: forged\n")
    assert store.read(first, LOAN) == b"state: issued\n"
    assert store.read(tip, LOAN) == b"state: returned\n"
    assert store.read(tip, "records/none.yaml") is None
    assert store.read(tip, "records") is None
    old, new = object_id("blob", b"state: issued\n"), object_id("blob", b"state: returned\n")
    assert store.changes(store.tree(first), store.tree(tip)) == [(LOAN, old, new)]
    assert store.changes("", store.tree(tip, "records/key-loan/2611")) == [("A00/KL2611-A0001.yaml", "", new)]
    assert [path for path, _ in store.files(store.tree(tip))] == ["records/desk.yaml", LOAN]
    assert store.status("records") == [LOAN] == store.start_status().result()


def test_of_an_object_without_end_only_the_beginning_is_read(store: Store) -> None:
    large = store.git.run("hash-object", "-w", "--stdin", input=b"x" * (LARGEST + 70_000)).decode().strip()
    small = store.git.run("hash-object", "-w", "--stdin", input=b"small").decode().strip()
    read = [blob for _oid, blob in store.blobs([large, small, large])]
    assert [len(each) for each in read] == [LARGEST, 5, LARGEST]
    assert read[1] == b"small"


def test_status_keeps_to_the_folder_asked_for(store: Store) -> None:
    for path in ("new/a.yaml", "records/key/a.yaml", "records/b.yaml", "recordsb"):
        (store.git.root / path).parent.mkdir(exist_ok=True)
        (store.git.root / path).write_bytes(b"1")
    assert store.status() == ["new/", "records/b.yaml", "records/key/", "recordsb"]
    assert store.status("records") == ["records/b.yaml", "records/key/"]
    assert store.start_status("records/key/deep").result() == ["records/key/"]


def test_log_gives_the_newest_first(store: Store) -> None:
    first = store.tip()
    second = act(store, {"records/key/K-A0001.yaml": b"1"}, 5, "key K-A0001: add\n\nSvcdesk-Action: add")
    third = act(store, {LOAN: b"state: returned\n"}, 9)
    assert [each.oid for each in store.log()] == [third, second, first]
    assert [each.oid for each in store.log([LOAN])] == [third, first]
    assert [each.oid for each in store.log(since=first)] == [third, second]
    newest, older = store.log(since=first)
    assert (newest.parents, older.message) == ((second,), "key K-A0001: add\n\nSvcdesk-Action: add\n")
    assert (older.author, older.email, older.time.isoformat()) == (*CLERK, "2026-11-22T09:07:11+08:00")


@pytest.mark.parametrize(("seconds", "number"), [(-1, None), (0, 0), (299, 0), (300, 1), (9_000, 1)])
def test_the_commit_of_a_moment(store: Store, seconds: int, number: int | None) -> None:
    commits = [store.tip(), act(store, {LOAN: b"2"}, 5)]
    found = store.commit_at(AT + timedelta(seconds=seconds))
    assert found == ("" if number is None else commits[number])


def test_many_objects_come_in_the_order_asked(store: Store) -> None:
    files: dict[str, bytes | None] = {f"records/key/K{n:04}.yaml": b"%d\n" % n * 300 for n in range(450)}
    tip = act(store, files)
    oids = [oid for path, oid in store.files(store.tree(tip, "records/key"))]
    assert [body for _, body in store.blobs(oids)] == list(files.values())
    with pytest.raises(StorageFailed, match="missing from the history"):
        list(store.blobs(["1" * 40]))
    assert store.read(tip, LOAN) == b"state: issued\n"


def test_a_file_changed_by_hand_is_neither_recorded_nor_lost(store: Store) -> None:
    base = store.tip()
    (store.git.root / LOAN).write_bytes(b"state: mine\n")
    assert store.foreign_edits([LOAN, "records/desk.yaml"], base) == [LOAN]
    tip = act(store, {LOAN: b"state: returned\n"})
    assert (store.git.root / LOAN).read_bytes() == b"state: mine\n"
    assert store.read(tip, LOAN) == b"state: returned\n"
    assert [str(each) for each in store.notices] == [f"{LOAN} was changed by hand and is left as it is"]
    assert git(store, "status", "--porcelain") == f" M {LOAN}\n"


def test_links_and_gaps_are_foreign_edits(store: Store) -> None:
    file = store.git.root / LOAN
    file.rename(file.with_name("aside"))
    assert store.foreign_edits([LOAN], store.tip()) == [LOAN]
    file.symlink_to("aside")
    assert store.foreign_edits([LOAN], store.tip()) == [LOAN]
    assert store.foreign_edits(["records/new.yaml"], store.tip()) == []


def test_no_file_is_written_through_a_linked_folder(store: Store, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (store.git.root / "records" / "key").symlink_to(outside)
    before = store.tip()
    with pytest.raises(NeedsAttention, match="key is not a folder"):
        act(store, {"records/key/K-A0001.yaml": b"1"})
    assert (store.tip(), list(outside.iterdir())) == (before, [])


@pytest.mark.parametrize("path", ["../x", "/x", "a//b", ".git/config", "a/.GIT/b", "a\nb", "a\\b", "", "a/."])
def test_paths_that_leave_the_desk_are_refused(store: Store, path: str) -> None:
    with pytest.raises(BadInput, match="cannot be a path"):
        act(store, {path: b"1"})


@pytest.mark.parametrize("path", ["records/desk.yaml/x", "records/key-loan"])
def test_a_file_and_a_folder_never_share_a_name(store: Store, path: str) -> None:
    with pytest.raises(NeedsAttention):
        act(store, {path: b"1"})


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a<b", "a>b", "a\0b"])
def test_an_author_that_git_would_misread_is_refused(store: Store, name: str) -> None:
    before = store.tip()
    for identity in (Identity(name, "a@example.org"), Identity("A", name)):
        with pytest.raises(BadInput), store.lock():
            store.commit(before, {LOAN: b"2"}, "act", identity, AT)
    assert store.tip() == before


def test_main_moved_by_another_git_is_never_overwritten(store: Store) -> None:
    base = store.tip()
    store.after_step = lambda step: (
        git(store, "commit", "--allow-empty", "-qm", "x") if step == "intent" else None
    )
    with pytest.raises(Busy, match="moved by another git"), store.lock():
        store.commit(base, {LOAN: b"2"}, "act", CLERK, AT)
    assert git(store, "log", "-1", "--format=%s %P") == f"x {base}\n"


def test_one_writer_at_a_time(store: Store) -> None:
    other = Store(store.git)
    with store.lock(), pytest.raises(Busy, match="another command has been writing"), other.lock(timeout=0):
        pass
    store.read(store.tip(), LOAN)
    with other.lock(timeout=0):
        pass


def test_many_acts_share_one_refresh(store: Store) -> None:
    base = tip = store.tip()
    paths = [f"records/key/K{number % 7:04}.yaml" for number in range(20)]
    with store.lock():
        for number, path in enumerate(paths):
            tip = store.commit(tip, {path: b"%d\n" % number}, "act", CLERK, AT, materialise=False)
        assert not (store.git.root / paths[0]).exists()
        store.materialise(paths, base, tip)
    assert (store.git.root / paths[19]).read_bytes() == b"19\n"
    assert git(store, "status", "--porcelain") == ""
    assert (store.recover(), store.notices, len(list(store.log()))) == ([], [], 21)


def test_months_left_out_of_the_work_tree_are_no_edits(store: Store) -> None:
    git(store, "sparse-checkout", "set", "--cone", "records/key")
    assert not (store.git.root / LOAN).exists()
    fresh = Store(store.git)
    assert fresh.foreign_edits([LOAN], fresh.tip()) == []
    act(fresh, {LOAN: b"state: returned\n"})
    assert (git(store, "status", "--porcelain"), fresh.notices) == ("", [])


def git_state(store: Store, name: str) -> None:
    path = store.git.git_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x\n")


STATES = [
    *("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG"),
    *(
        "shallow",
        "info/grafts",
        "index.lock",
        "HEAD.lock",
        "refs/heads/main.lock",
        "refs/replace/" + "1" * 40,
    ),
]


@pytest.mark.parametrize("name", STATES)
def test_nothing_is_recorded_in_an_odd_state(store: Store, name: str) -> None:
    store.preflight()
    git_state(store, name)
    with pytest.raises(NeedsAttention):
        store.preflight()


@pytest.mark.parametrize("how", [["switch", "-q", "-c", "other"], ["checkout", "-q", "--detach"]])
def test_nothing_is_recorded_beside_main(store: Store, how: list[str]) -> None:
    git(store, *how)
    with pytest.raises(NeedsAttention, match="not on the branch main"):
        store.preflight()


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=6)
ENTRIES = st.dictionaries(NAMES, st.sampled_from(["100644", "40000"]), max_size=8)


@given(ENTRIES)
def test_a_tree_survives_the_round_trip_in_gits_order(named: dict[str, str]) -> None:
    entries = [Entry(mode, name, object_id("blob", name.encode())) for name, mode in named.items()]
    body = tree_body(entries)
    assert sorted(parse_tree(body)) == sorted(entries)
    keys = [each.name.encode() + (b"/" if each.mode == "40000" else b"") for each in parse_tree(body)]
    assert keys == sorted(keys)
