"""A sample that nobody can steer and everybody can draw again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from heapq import nsmallest
from typing import NamedTuple


class Drawn(NamedTuple):
    """A record of the sample; `digest` is that of the seed, a line feed and the id, as `sha256sum` gives it."""

    digest: str
    record: str


def draw(seed: str, records: Iterable[str], size: int) -> list[Drawn]:
    """Return the records whose digests are smallest, in their order: a larger sample begins with a smaller one."""
    return nsmallest(size, (Drawn(_digest(seed, record), record) for record in set(records)))


def _digest(seed: str, record: str) -> str:
    return sha256(f"{seed}\n{record}".encode()).hexdigest()
