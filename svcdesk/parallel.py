"""Work on a list with all cores: forked workers that share what the parent has read."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

WORTH_A_FORK = 500
"""Below so many items a second process costs more than it saves."""

_work: Callable[[Any], Any] | None = None


def both_cores(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return `work(item)` of every item, in order; forks one worker a core where that pays."""
    global _work  # noqa: PLW0603  (a forked worker finds here what it was forked for)
    cores = min(os.cpu_count() or 1, 8)
    if len(items) < WORTH_A_FORK or cores == 1 or not sys.platform.startswith("linux"):
        return [work(item) for item in items]
    _work = work
    try:
        with multiprocessing.get_context("fork").Pool(cores) as pool:
            return pool.map(_call, items, chunksize=max(1, len(items) // (cores * 4)))
    finally:
        _work = None


def _call(item: Any) -> Any:
    assert _work is not None
    return _work(item)
