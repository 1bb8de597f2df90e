"""Bytes that survive a power cut: whole writes, synced files, synced folders."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

Item = TypeVar("Item")

THREADS = 8
WORTH_THREADS = 4
"""Below so many files, starting threads costs more than it saves."""

_may_be_lost = False


@contextmanager
def expendable() -> Iterator[None]:
    """Let what is written meanwhile be lost in a power cut: a demo or a test that can be made anew."""
    global _may_be_lost  # noqa: PLW0603  (the whole process writes one desk)
    before, _may_be_lost = _may_be_lost, True
    try:
        yield
    finally:
        _may_be_lost = before


def is_expendable() -> bool:
    """Tell whether what is written now may be lost in a power cut."""
    return _may_be_lost


def sync(descriptor: int) -> None:
    """Make a file durable, unless it is expendable; raises OSError."""
    if not _may_be_lost:
        os.fsync(descriptor)


def side_by_side(work: Callable[[Item], None], items: Sequence[Item]) -> Iterator[None]:
    """Do work that mostly waits for the disk, many at once; raises what the first to fail raises.

    A disk settles eight waiting files in hardly more time than one (six times faster for seven, measured on ext4).
    """
    if len(items) < WORTH_THREADS or _may_be_lost:
        yield from map(work, items)
    else:
        _hands.do(work, items)
        yield from (None for _ in items)


class _Hands:
    """Threads that stay for the next piece of work: to start them took as long as what they do."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._threads = 0

    def do(self, work: Callable[[Item], None], items: Sequence[Item]) -> None:
        """Let each item be worked on, and wait for them all."""
        while self._threads < min(THREADS, len(items)):
            Thread(target=self._serve, daemon=True).start()
            self._threads += 1
        ended: SimpleQueue[BaseException | None] = SimpleQueue()
        for each in items:
            self._waiting.put(partial(_try, work, each, ended))
        failures = [failed for failed in (ended.get() for _ in items) if failed is not None]
        if failures:
            raise failures[0]

    def _serve(self) -> None:
        while True:
            self._waiting.get()()


def _try(work: Callable[[Item], None], item: Item, ended: SimpleQueue[BaseException | None]) -> None:
    try:
        work(item)
    except BaseException as error:
        ended.put(error)
    else:
        ended.put(None)


_hands = _Hands()


def _start_anew() -> None:
    """A forked child has none of its parent's threads."""
    global _hands  # noqa: PLW0603  (as above)
    _hands = _Hands()


os.register_at_fork(after_in_child=_start_anew)


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte, for one call may write less than asked, and sync nothing; raises OSError."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Make the names in a folder durable; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def save(path: Path, content: bytes) -> None:
    """Replace a small file of svcdesk's own, whole or not at all; raises OSError."""
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    try:
        write_all(descriptor, content)
        sync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(draft, path)
    sync_folder(path.parent)
