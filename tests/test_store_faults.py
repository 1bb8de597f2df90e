"""Whatever fails or is killed: an act is whole or absent, and the next command puts the rest right."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from svcdesk.errors import StorageFailed
from svcdesk.store import Store
from tests.test_store import AT
from tests.test_store import CLERK
from tests.test_store import LOAN
from tests.test_store import git
from tests.test_store import store as store

NEW = "records/key/K-A0001.yaml"
BEFORE = ("blobs", "trees", "commit", "objects", "intent")
AFTER = ("recorded", "file", "files", "refreshing", "index", "done")


def attempt(store: Store) -> str:
    with store.lock():
        store.recover()
        store.preflight()
        return store.commit(store.tip(), {LOAN: b"state: returned\n", NEW: b"id: 1\n"}, "act", CLERK, AT)


def killed(store: Store, at: str, last_deed: Callable[[], None] = lambda: None) -> None:
    """Commit in a child of this process that dies at a step, as suddenly as by kill -9."""
    child = os.fork()
    if child:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        return
    mine = Store(store.git)

    def die(step: str) -> None:
        if step == at:
            last_deed()
            os._exit(9)

    mine.after_step = die
    attempt(mine)
    os._exit(1)


def assert_sound(store: Store, whole: bool) -> None:
    assert git(store, "status", "--porcelain") == ""
    assert git(store, "fsck", "--connectivity-only", "--no-dangling") == ""
    assert (store.git.root / NEW).exists() is whole
    assert (store.git.root / LOAN).read_bytes() == (b"state: returned\n" if whole else b"state: issued\n")
    assert (store.read(store.tip(), NEW) is not None) is whole
    assert [path for path in store.git.root.rglob("*draft*") if ".git" not in path.parts] == []
    assert store.recover() == []


@pytest.mark.parametrize("step", BEFORE + AFTER)
def test_a_killed_act_is_whole_or_absent(store: Store, step: str) -> None:
    before = store.tip()
    killed(store, step)
    fresh = Store(store.git)
    with fresh.lock():
        said = [str(each) for each in fresh.recover()]
        fresh.preflight()
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


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
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


@pytest.mark.parametrize("step", AFTER)
def test_a_failing_disk_after_the_commit_is_a_notice(store: Store, step: str) -> None:
    store.after_step = failing(step, errno.ENOSPC)
    tip = attempt(store)
    assert (store.tip(), len(store.notices)) == (tip, 1)
    fresh = Store(store.git)
    with fresh.lock():
        fresh.recover()
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
    store: Store, step: str, name: str, whole: bool
) -> None:
    lock = store.git.git_dir / name
    killed(store, step, lock.touch)
    fresh = Store(store.git)
    with fresh.lock():
        fresh.recover()
        fresh.preflight()
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


def test_a_session_killed_before_its_files_is_completed(store: Store) -> None:
    child = os.fork()
    if not child:
        mine = Store(store.git)
        with mine.lock():
            tip = mine.commit(mine.tip(), {NEW: b"id: 0\n"}, "one", CLERK, AT, materialise=False)
            tip = mine.commit(tip, {NEW: b"id: 1\n"}, "two", CLERK, AT, materialise=False)
            mine.commit(tip, {LOAN: b"state: returned\n"}, "three", CLERK, AT, materialise=False)
            os._exit(9)
    os.waitpid(child, 0)
    fresh = Store(store.git)
    with fresh.lock():
        assert [str(each) for each in fresh.recover()] == [
            f"files and index were completed up to {fresh.tip()[:12]}"
        ]
    assert_sound(fresh, whole=True)
    assert len(list(fresh.log())) == 4


def test_recovery_killed_in_turn_is_completed(store: Store) -> None:
    killed(store, "recorded")
    killed(store, "file")
    fresh = Store(store.git)
    with fresh.lock():
        fresh.recover()
    assert_sound(fresh, whole=True)


def test_recovery_leaves_what_a_person_wrote_since(store: Store) -> None:
    killed(store, "recorded")
    (store.git.root / LOAN).write_bytes(b"state: mine\n")
    fresh = Store(store.git)
    with fresh.lock():
        said = [str(each) for each in fresh.recover()]
    assert f"{LOAN} was changed by hand and is left as it is" in said
    assert (store.git.root / LOAN).read_bytes() == b"state: mine\n"
    assert git(store, "status", "--porcelain") == f" M {LOAN}\n"


def test_an_unreadable_note_means_that_nothing_was_recorded(store: Store, tmp_path: Path) -> None:
    note = store.git.git_dir / "svcdesk" / "intent.json"
    note.write_bytes(b'{"base": ')
    attempt(store)
    assert_sound(store, whole=True)
