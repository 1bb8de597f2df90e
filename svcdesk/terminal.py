"""What only a terminal sees: colours and progress bars."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from typing import Literal
from typing import TextIO

SHOWN_AFTER = 1.0  # seconds
DRAWN_EVERY = 0.1  # seconds
BAR = 20  # columns

_COLOURS = {"red": 31, "green": 32, "yellow": 33, "bold": 1, "dim": 2}
_CLEAR = "\r\x1b[K"


def wants_colour(environment: Mapping[str, str], terminal: bool) -> bool:
    """Whether to colour: at a terminal that can, unless NO_COLOR is set to anything."""
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def colour(text: str, name: Literal["red", "green", "yellow", "bold", "dim"], enabled: bool) -> str:
    """Return text in a terminal colour, or unchanged."""
    return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if enabled else text


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

    def advance(count: int = 1) -> None:
        nonlocal done, drawn
        done += count
        now = clock()
        if enabled and now - started >= SHOWN_AFTER and now - drawn >= DRAWN_EVERY:
            drawn = now
            stream.write(f"{_CLEAR}{_bar(done, total, label)}")
            stream.flush()

    try:
        yield advance
    finally:
        if drawn != started:
            stream.write(_CLEAR)
            stream.flush()


def _bar(done: int, total: int, label: str) -> str:
    filled = BAR * min(done, total) // total if total else 0
    return f"{label} [{'#' * filled:<{BAR}}] {done}/{total}"
