"""How far long work has come, for a person at a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

SHOWN_AFTER = 1.0  # seconds
DRAWN_EVERY = 0.1  # seconds
BAR = 20  # columns
CLEAR = "\r\x1b[K"


@contextmanager
def progress(
    total: int,
    label: str,
    stream: TextIO,
    enabled: bool,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the number of things done; a bar shows once a second has passed."""
    started = drawn = clock()
    done = 0

    def advance(count: int) -> None:
        nonlocal done, drawn
        done += count
        now = clock()
        if enabled and now - started >= SHOWN_AFTER and now - drawn >= DRAWN_EVERY:
            drawn = now
            stream.write(f"{CLEAR}{_bar(done, total, label)}")
            stream.flush()

    try:
        yield advance
    finally:
        if drawn != started:
            stream.write(CLEAR)
            stream.flush()


def _bar(done: int, total: int, label: str) -> str:
    filled = BAR * min(done, total) // total if total else 0
    return f"{label} [{'#' * filled:<{BAR}}] {done}/{total}"
