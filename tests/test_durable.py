"""What is written is synced, unless somebody says that it may be lost."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from svcdesk.durable import expendable
from svcdesk.durable import save
from svcdesk.durable import side_by_side


def test_only_what_is_expendable_is_not_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with expendable():
        save(tmp_path / "demo", b"may be lost")
    assert synced == []
    save(tmp_path / "desk", b"must last")
    assert len(synced) == 2, "the file and its folder"
    assert (tmp_path / "demo").read_bytes() == b"may be lost"


def test_work_side_by_side_is_all_done_by_threads_that_stay() -> None:
    done: list[int] = []
    for _ in range(3):
        assert len(list(side_by_side(done.append, range(20)))) == 20
        count = threading.active_count()
    assert sorted(done) == sorted([*range(20)] * 3)
    assert threading.active_count() == count


def test_a_failure_side_by_side_is_told_once_all_have_ended() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 3:
            raise OSError(28, "No space left on device")
        done.append(number)

    with pytest.raises(OSError, match="No space left"):
        list(side_by_side(work, range(9)))
    assert sorted(done) == [each for each in range(9) if each != 3]
    assert len(list(side_by_side(done.append, range(9)))) == 9


def test_a_forked_child_has_hands_of_its_own() -> None:
    list(side_by_side(lambda _: None, range(9)))
    child = os.fork()
    if child == 0:
        os._exit(len(list(side_by_side(lambda _: None, range(9)))))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
