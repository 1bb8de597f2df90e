"""Where verification begins: at the first commit, or with the books of a commit that is known."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from svcdesk import message
from svcdesk.audit.reviewing import compromised
from svcdesk.audit.scene import Scene
from svcdesk.audit.stretches import judged_in_stretches
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verifying import Verifier
from svcdesk.audit.windows import WINDOW
from svcdesk.audit.windows import opening
from svcdesk.commits import Commit
from svcdesk.commits import parse
from svcdesk.desk import Desk
from svcdesk.errors import BadCommit
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.lock import refuse_falsified
from svcdesk.model import text
from svcdesk.pin import check_pin
from svcdesk.pin import first_of
from svcdesk.proofs import Proofs
from svcdesk.reader import Reader
from svcdesk.sshkeys import blob_of
from svcdesk.sshsig import parse as signed_by


def hold(desk: Desk) -> None:
    """Hold a desk to what this clone has pinned, and let it go by what its first commit says of it.

    So a later commit that says something else is named, and cannot keep the audit from it. Raises NeedsAttention
    where there is no history to be verified, Violation.
    """
    if desk.git and desk.tip:
        pin = check_pin(desk.store, desk.tip)
        desk.go_by(pin.genesis if pin else first_of(desk.store, desk.tip))
    desk.require_history()


def verify(desk: Desk, tip: str, now: datetime, known: str = "") -> Iterator[Verdict]:
    """Yield a verdict on each commit up to `tip`; from `known` on where it is given.

    Raises NeedsAttention where the clone's history is cut or falsified, BadInput where `known` is no part of it.
    """
    assert desk.git is not None, "the store has looked"
    refuse_falsified(desk.git.git_dir)
    if known and not desk.store.holds(tip, known):
        raise BadInput(text("{known} is no part of the history of {tip}", known=known[:12], tip=tip[:12]))
    if not known:
        found = judged_in_stretches(desk, tip, now)
        yield from found if found is not None else _beginning(desk, now, "").run(tip)
        return
    verifier = _beginning(desk, now, known)
    stood = verifier.compromised()
    opened = opening(desk.store, known, tip)
    if opened == known:
        yield from verifier.run(tip, [known])
    else:
        verifier = _beginning(desk, now, opened)
        yield from _closed(desk.store, known, verifier.run(tip, [opened] if opened else []))
    declared = {
        key: [each for each in since if each not in stood.get(key, ())]
        for key, since in verifier.compromised().items()
    }
    for verdict in _overtaken(desk.store, tip, known, declared):
        yield verifier.reviewed(replace(verdict, level="valid"), verdict.findings)


def verdict_on(desk: Desk, commit: str, now: datetime) -> Verdict:
    """Return the verdict on one commit of a desk's history, in the light of all that came later."""
    known = desk.store.parents(commit)[:1]
    return next(each for each in verify(desk, desk.tip, now, *known) if each.commit == commit)


def _closed(store: Reader, known: str, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Yield the verdicts on what came after `known`, and on what came before and rested on a window closed since."""
    before = set(store.ancestors(known))
    for each in verdicts:
        if each.commit not in before or any(finding.rule == WINDOW for finding in each.findings):
            yield each


def _overtaken(store: Reader, tip: str, known: str, declared: Mapping[str, Sequence[str]]) -> Iterator[Verdict]:
    """Yield the commits up to `known` on which a declaration that came after it, of a compromised key, throws doubt."""
    reaching = {
        key: reach
        for key, since in declared.items()
        if (reach := [each for each in since if store.holds(known, each) or not store.holds(tip, each)])
    }
    if not reaching:
        return
    keys = {blob_of(key): key for key in reaching}
    signed: dict[str, str] = {}
    found: dict[str, Commit] = {}
    for oid, body in store.blobs(store.ancestors(known)):
        with suppress(BadCommit):
            commit = parse(oid, body)
            # Whether the signature is good was asked when this much of history was verified.
            signature = signed_by(commit.signature) if commit.signature else None
            signed[oid] = keys.get(signature.public, "") if signature else ""
            found[oid] = commit
    for oid, finding in compromised(signed, reaching).items():
        said = message.parse(found[oid].message)
        records = tuple(said.get("Svcdesk-Record", "").split())
        yield Verdict(oid, "suspect", records, said.get("Svcdesk-Actor", ""), (finding,))


def _beginning(desk: Desk, now: datetime, known: str) -> Verifier:
    """Return a verifier that stands at a commit that is known, or before the first."""
    if known:
        try:
            # The index stands at the tip: going back costs what has changed since, however large the desk is.
            scene = Scene(desk.store, desk.registers, desk.zone, desk.index, desk.tip, Proofs(desk))
        except NeedsAttention:
            return _replayed(desk, now, known)
        scene.move(known)
        return Verifier(desk.store, desk.registers, scene, now)
    return Verifier(desk.store, desk.registers, Scene(desk.store, desk.registers, desk.zone), now)


def _replayed(desk: Desk, now: datetime, known: str) -> Verifier:
    """Return a verifier that has gone through all up to a commit, where the tip has a record that nobody can read."""
    verifier = _beginning(desk, now, "")
    for _verdict in verifier.run(known):
        pass
    return verifier
