"""Where verification begins: at the first commit, or with the books of a commit that is known."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from datetime import datetime

from svcdesk.audit.scene import Scene
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verifying import Verifier
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.lock import refuse_falsified
from svcdesk.model import text
from svcdesk.proofs import Proofs


def verify(desk: Desk, tip: str, now: datetime, known: str = "") -> Iterator[Verdict]:
    """Yield a verdict on each commit up to `tip`; from `known` on where it is given.

    Raises NeedsAttention where the clone's history is cut or falsified, BadInput where `known` is no part of it.
    """
    assert desk.git is not None, "the store has looked"
    refuse_falsified(desk.git.git_dir)
    if not known:
        scene = Scene(desk.store, desk.registers, desk.zone)
    elif not desk.store.holds(tip, known):
        raise BadInput(text("{known} is no part of the history of {tip}", known=known[:12], tip=tip[:12]))
    else:
        # The index stands at the tip: going back costs what has changed since, however large the desk is.
        scene = Scene(desk.store, desk.registers, desk.zone, desk.index, desk.tip, Proofs(desk))
        scene.move(known)
    yield from Verifier(desk.store, desk.registers, scene, now).run(tip, [known] if known else [])


def verify_each(desk: Desk, commits: Iterable[str], now: datetime) -> Iterator[Verdict]:
    """Yield a verdict on each of these commits alone, by the books of its parent; cheapest parents first."""
    scene = Scene(desk.store, desk.registers, desk.zone, desk.index, desk.tip)
    verifier = Verifier(desk.store, desk.registers, scene, now)
    for each in commits:
        yield from verifier.run(each, desk.store.parents(each))
