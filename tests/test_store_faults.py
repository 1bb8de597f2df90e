"""Whatever fails or is killed: an act is whole or absent, and the next command puts the rest right."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from svcdesk.errors import StorageFailed
from svcdesk.store import Store
from tests.faults import ERRORS
from tests.faults import Victims
from tests.faults import serving as serving
from tests.faults import victims as victims
from tests.test_store import AT
from tests.test_store import CLERK
from tests.test_store import LOAN
from tests.test_store import git
from tests.test_store import store as store

NEW = "records/key/K-A0001.yaml"
BEFORE = ("blobs", "trees", "commit", "objects", "intent")
FILING = ("file", "files", "refreshing", "index", "done")
AFTER = ("recorded", *FILING)


def attempt(store: Store) -> str:
    with store.lock():
        store.recover()
        store.preflight()
        return store.commit(store.tip(), {LOAN: b"state: returned\n", NEW: b"id: 1\n"}, "act", CLERK, AT)


def killed(victims: Victims, store: Store, at: str, alone: bool = False, touch: str = "") -> None:
    """Commit in a process of its own that is killed at a step, with its gits or alone."""
    files = [{LOAN: "state: returned\n", NEW: "id: 1\n"}]
    die = {"step": at, "alone": alone, "touch": touch}
    assert victims.run(store.git.root, "commit_files", files=files, at=AT.isoformat(), **die) == -9


def repaired(store: Store) -> list[str]:
    """Let the next command repair what there is to repair, and return what it says."""
    with store.lock():
        found = [str(each) for each in store.recover()]
        store.preflight()
    return found


def assert_sound(store: Store, whole: bool) -> None:
    assert git(store, "status", "--porcelain") == ""
    assert git(store, "fsck", "--connectivity-only", "--no-dangling") == ""
    assert (store.git.root / NEW).exists() is whole
    assert (store.git.root / LOAN).read_bytes() == (b"state: returned\n" if whole else b"state: issued\n")
    assert (store.read(store.tip(), NEW) is not None) is whole
    assert [path for path in store.git.root.rglob("*draft*") if ".git" not in path.parts] == []
    assert store.recover() == []


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("step", BEFORE + AFTER)
def test_a_killed_act_is_whole_or_absent(store: Store, victims: Victims, step: str, alone: bool) -> None:
    before = store.tip()
    killed(victims, store, step, alone)
    fresh = Store(store.git)
    said = repaired(fresh)
    assert_sound(fresh, whole=step in AFTER)
    assert (fresh.tip() == before) is (step in BEFORE)
    if step == "intent":
        assert said[0].endswith("was not recorded")
    elif step in AFTER[:-1]:
        assert said == [f"files and index were completed up to {fresh.tip()[:12]}"]
    else:
        assert said == []
    if step in BEFORE:
        attempt(fresh)
        assert_sound(fresh, whole=True)


@pytest.mark.parametrize("number", ERRORS)
@pytest.mark.parametrize("step", BEFORE)
def test_a_failing_disk_before_the_commit_records_nothing(store: Store, step: str, number: int) -> None:
    before = store.tip()
    store.after_step = failing(step, number)
    with pytest.raises(StorageFailed, match=f"nothing was recorded: {os.strerror(number)}"):
        attempt(store)
    assert store.tip() == before
    store.after_step = lambda _: None
    attempt(store)
    assert_sound(store, whole=True)


@pytest.mark.parametrize("number", ERRORS)
@pytest.mark.parametrize("step", AFTER)
def test_a_failing_disk_after_the_commit_is_a_notice(store: Store, step: str, number: int) -> None:
    store.after_step = failing(step, number)
    tip = attempt(store)
    assert (store.tip(), len(store.notices)) == (tip, 1)
    fresh = Store(store.git)
    repaired(fresh)
    assert_sound(fresh, whole=True)


@pytest.mark.parametrize("number", ERRORS)
@pytest.mark.parametrize("step", FILING)
def test_a_recovery_that_fails_is_completed_by_the_next(
    store: Store, victims: Victims, step: str, number: int
) -> None:
    killed(victims, store, "recorded")
    fresh = Store(store.git)
    fresh.after_step = failing(step, number)
    repaired(fresh)
    assert os.strerror(number) in str(fresh.notices)
    completed = [f"files and index were completed up to {fresh.tip()[:12]}"]
    assert repaired(Store(store.git)) == ([] if step == "done" else completed)
    assert_sound(fresh, whole=True)


def failing(at: str, number: int) -> Callable[[str], None]:
    def fail(step: str) -> None:
        if step == at:
            raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("step", "name", "whole"),
    [
        ("intent", "refs/heads/main.lock", False),
        ("intent", "HEAD.lock", False),
        ("refreshing", "index.lock", True),
    ],
)
def test_locks_of_a_git_that_died_with_us_are_removed(
    store: Store, victims: Victims, step: str, name: str, whole: bool
) -> None:
    killed(victims, store, step, touch=str(store.git.git_dir / name))
    fresh = Store(store.git)
    repaired(fresh)
    assert_sound(fresh, whole)


def test_an_index_lock_of_another_git_is_left_alone(store: Store) -> None:
    lock = store.git.git_dir / "index.lock"
    store.after_step = lambda step: lock.touch() if step == "recorded" else None
    tip = attempt(store)
    assert "git's index is in use by another git" in str(store.notices[0])
    assert (store.tip(), lock.exists()) == (tip, True)
    with store.lock():
        store.recover()
        assert lock.exists()
        lock.unlink()
        assert str(store.recover()[0]).startswith("files and index were completed")
    assert_sound(store, whole=True)


def test_a_session_killed_before_its_files_is_completed(store: Store, victims: Victims) -> None:
    files = [{NEW: "id: 0\n"}, {NEW: "id: 1\n"}, {LOAN: "state: returned\n"}]
    die = {"step": "file", "alone": False}
    assert victims.run(store.git.root, "commit_files", files=files, at=AT.isoformat(), **die) == -9
    fresh = Store(store.git)
    assert repaired(fresh) == [f"files and index were completed up to {fresh.tip()[:12]}"]
    assert_sound(fresh, whole=True)
    assert len(list(fresh.log())) == 4


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("step", FILING)
def test_recovery_killed_in_turn_is_completed(store: Store, victims: Victims, step: str, alone: bool) -> None:
    killed(victims, store, "recorded")
    assert victims.run(store.git.root, "recovery", step=step, alone=alone) == -9
    fresh = Store(store.git)
    repaired(fresh)
    assert_sound(fresh, whole=True)


def test_recovery_leaves_what_a_person_wrote_since(store: Store, victims: Victims) -> None:
    killed(victims, store, "recorded")
    (store.git.root / LOAN).write_bytes(b"state: mine\n")
    assert f"{LOAN} was changed by hand and is left as it is" in repaired(Store(store.git))
    assert (store.git.root / LOAN).read_bytes() == b"state: mine\n"
    assert git(store, "status", "--porcelain") == f" M {LOAN}\n"


def test_an_unreadable_note_means_that_nothing_was_recorded(store: Store, tmp_path: Path) -> None:
    note = store.git.git_dir / "svcdesk" / "intent.json"
    note.write_bytes(b'{"base": ')
    attempt(store)
    assert_sound(store, whole=True)
