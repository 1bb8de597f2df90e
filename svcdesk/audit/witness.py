"""Checkpoints of a desk: made, and today's history, or one another, held against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from svcdesk import keygen
from svcdesk import sshsig
from svcdesk.checkpoint import NAMESPACE
from svcdesk.checkpoint import UNSIGNED
from svcdesk.checkpoint import Checkpoint
from svcdesk.checkpoint import read
from svcdesk.desk import Desk
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.errors import Refused
from svcdesk.errors import Violation
from svcdesk.model import text
from svcdesk.pin import EVIDENCE
from svcdesk.pin import Pin
from svcdesk.pin import check_pin
from svcdesk.pin import find_lost
from svcdesk.pin import hold_to_pin
from svcdesk.pin import unpublished
from svcdesk.proofs import Proofs
from svcdesk.signer import Signer

PIN = "pin"
"""What to give for a checkpoint where the clone's own pin is meant."""


def take(desk: Desk, at: str, person: str = "", signer: Signer | None = None) -> Checkpoint:
    """Return a checkpoint of the desk as it stands, signed where a person and his key are given.

    Raises Violation where the history does not extend the pin, NeedsAttention where not all of it is published,
    Refused where the key is not the person's.
    """
    check_pin(desk.store, desk.tip)
    if away := unpublished(desk.store, desk.tip):
        # Others may publish first: what is then joined to theirs would look like another history.
        raise NeedsAttention(text("{count} acts not published yet; svcdesk sync comes first", count=away))
    line = desk.store.between("", desk.tip)
    stands = (desk.config.id, line[0], len(line), desk.tip, desk.store.tree(desk.tip), at)
    if signer is None:
        return Checkpoint(*stands)
    if signer.public not in desk.books.keys(person):
        raise Refused(
            text("the staff register holds no such key of {person}; see svcdesk staff add-key", person=person)
        )
    unsigned = Checkpoint(*stands, person)
    return replace(unsigned, armour=keygen.sign(unsigned.payload, signer.key, NAMESPACE, signer.folder))


def load(file: Path) -> Checkpoint:
    """Return the checkpoint in a file; raises BadInput."""
    try:
        return read(file.read_bytes())
    except BadInput as error:
        raise BadInput(text("{file}: {problem}", file=str(file), problem=error.message)) from error


def check_signature(desk: Desk, found: Checkpoint) -> None:
    """Raise BadInput where a checkpoint is signed, and by no key that the books held for its signer then."""
    if found.signer == UNSIGNED:
        return
    compromised = desk.books.people.compromised()
    keys = [each for each in _keys(desk, found) if each not in compromised]
    if sshsig.verify(found.payload, found.armour, keys, NAMESPACE) is None:
        raise BadInput(
            text(
                "the checkpoint of {time} is not signed by a key of {person}",
                time=found.time,
                person=found.signer,
            )
        )


def _keys(desk: Desk, found: Checkpoint) -> Sequence[str]:
    """Return the keys that its signer has today, and those that he had at the checkpoint."""
    then = Proofs(desk).people_at(found.tip).keys(found.signer) if desk.store.exists(found.tip) else ()
    return (*desk.books.keys(found.signer), *then)


def hold_to(desk: Desk, found: Checkpoint) -> None:
    """Raise Violation where the desk's history does not extend a checkpoint, BadInput where that is not its own."""
    if found.desk != desk.config.id:
        raise BadInput(text("the checkpoint is one of the desk {desk}", desk=found.desk))
    what = text("which the checkpoint of {time} names", time=found.time)
    hold_to_pin(desk.store, _pin(found), desk.tip, what, found.note.decode("utf-8"))
    if desk.store.tree(found.tip) != found.tree:
        raise BadInput(text("the checkpoint of {time} names a tree that its commit has not", time=found.time))


def known_by(desk: Desk, given: str) -> str:
    """Return the commit that `pin`, a checkpoint's file or a revision names, once main was held to it.

    Raises BadInput, and Violation where main does not extend it.
    """
    if given == PIN:
        pin = check_pin(desk.store, desk.tip)
        if pin is None:
            raise BadInput(text("this clone has pinned nothing yet; verify the whole history once"))
        return pin.tip
    file = Path(given)
    if not file.is_file():
        return desk.store.resolve(given)
    found = load(file)
    hold_to(desk, found)
    check_signature(desk, found)
    return found.tip


def _pin(found: Checkpoint) -> Pin:
    return Pin(found.genesis, found.tip, found.size)


def compare(first: Checkpoint, second: Checkpoint) -> None:
    """Raise Violation where two checkpoints of one size name different commits, BadInput where one must be false."""
    if first.genesis != second.genesis:
        raise BadInput(text("the two checkpoints are of different desks: their histories begin differently"))
    if first.size == second.size and first.tip != second.tip:
        raise Violation(
            text(
                "two histories of one desk have been shown: after {size} commits it stood at {first} by"
                " {one} ({when}), and at {second} by {other} ({then})",
                size=first.size,
                first=first.tip[:12],
                one=_signer(first),
                when=first.time,
                second=second.tip[:12],
                other=_signer(second),
                then=second.time,
            )
        )
    if first.tip == second.tip and (first.size, first.tree) != (second.size, second.tree):
        raise BadInput(text("the two checkpoints say different things of one commit; one of them is false"))


def _signer(found: Checkpoint) -> object:
    return text("nobody's signature") if found.signer == UNSIGNED else found.signer


def compare_here(desk: Desk, first: Checkpoint, second: Checkpoint) -> None:
    """Raise Violation where neither of two checkpoints continues the other, by a desk that knows both.

    Which of them is right cannot be told from them: the longer, or the later, may be the rewritten one. Raises
    NeedsAttention where this desk cannot tell.
    """
    early, late = sorted((first, second), key=lambda each: each.size)
    if early.tip == late.tip:
        return
    if not desk.store.exists(late.tip):
        raise NeedsAttention(
            text("this desk does not hold {commit}; compare where it is", commit=late.tip[:12])
        )
    only = find_lost(desk.store, _pin(early), late.tip, (early.note + late.note).decode("utf-8"))
    if only is not None:
        raise Violation(
            text(
                "two histories of one desk have been shown, and neither continues the other: the one of {size} commits"
                " by {one} ({when}) holds {only}, the one of {more} commits by {other} ({then}) does not; which of"
                " them is true these notes do not say; what there is of both is kept in .git/{folder}",
                size=early.size,
                one=_signer(early),
                when=early.time,
                only=only,
                more=late.size,
                other=_signer(late),
                then=late.time,
                folder=EVIDENCE,
            )
        )
