"""The list of forgeries: what is tried, which rule has to name it, on which record, which threat it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.forging import Forger

Forge = Callable[[Forger], str]
"""Makes commits in a clone without moving main, and returns the last of them."""


class Forgery(NamedTuple):
    """One thing that is tried: the rule and the record (`World.number`) by which the verifier has to name it."""

    name: str
    forge: Forge
    rule: str
    record: str
    threat: str


CATALOGUE: list[Forgery] = []


def forgery(rule: str, record: str, threat: str) -> Callable[[Forge], Forge]:
    """Enter a forgery: rule, record as in `World.number` (empty: none can be named), row of the threat table."""

    def enter(forge: Forge) -> Forge:
        CATALOGUE.append(Forgery(forge.__name__, forge, rule, record, threat))
        return forge

    return enter
