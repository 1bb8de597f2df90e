"""Work on a list with all cores: forked workers that share what the parent has read."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager
from contextlib import suppress
from typing import Any
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Advance = Callable[[int], None]
"""Called with the number of items done."""
Watch = Callable[[int], AbstractContextManager[Advance]]
"""Shows how far a piece of work of so many items has come."""

WORTH_A_FORK = 500
"""Below so many items a second process costs more than it saves."""
MOST_AT_ONCE = 250  # items in one answer of a worker; the last to end keeps the others waiting
MOST_CORES = 8

_work: Callable[[Any], Any] | None = None


@contextmanager
def unwatched(total: int) -> Iterator[Advance]:
    """Watch a piece of work without showing anything."""
    yield lambda count: None


def cores() -> int:
    """Return how many processes can share what this one has read and work side by side."""
    return min(os.cpu_count() or 1, MOST_CORES) if sys.platform.startswith("linux") else 1


def both_cores(work: Callable[[Item], Result], items: Sequence[Item], advance: Advance) -> list[Result]:
    """Return `work(item)` of every item, in order; forks one worker a core where that pays."""
    if len(items) < WORTH_A_FORK or cores() == 1:
        found = [work(item) for item in items]
        advance(len(items))
        return found
    return _forked(work, items, advance)


def _forked(work: Callable[[Item], Result], items: Sequence[Item], advance: Advance) -> list[Result]:
    global _work  # noqa: PLW0603  (a forked worker finds here what it was forked for)
    import multiprocessing

    size = min(MOST_AT_ONCE, max(1, len(items) // (cores() * 4)))
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    found: list[Result] = []
    _work = work
    # Collecting garbage would touch, and so copy, every object that the workers share with this process.
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(cores()) as pool:
            for done in pool.imap(_call, chunks):
                found += done
                advance(len(done))
    finally:
        gc.unfreeze()
        _work = None
    return found


def _call(items: Sequence[Any]) -> list[Any]:
    assert _work is not None
    return [_work(item) for item in items]


def at_once(works: Sequence[Callable[[], Result]]) -> list[Result]:
    """Return what each of these comes to; all but the last are worked out in a forked process each.

    Raises EOFError where one of them did not come to an end.
    """
    import multiprocessing

    context = multiprocessing.get_context("fork")
    others: list[tuple[Any, Any]] = []
    gc.freeze()
    try:
        for work in works[:-1]:
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_answer, args=(work, there), daemon=True)
            process.start()
            there.close()
            others.append((process, here))
        last = works[-1]()
        return [*(here.recv() for _, here in others), last]
    finally:
        gc.unfreeze()
        for process, here in others:
            process.terminate()
            process.join()
            here.close()


def _answer(work: Callable[[], Any], there: Any) -> None:
    # Whoever interrupts the command interrupts the process that waits for this one, which then ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):  # it shows in that nothing comes
        there.send(work())
