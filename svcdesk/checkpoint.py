"""A checkpoint: what a desk's history was at a moment, in a few lines to keep where nobody can rewrite them. Pure.

Two of one size that name different commits prove that somebody was shown another history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import fields

from svcdesk.canonical import find_hidden
from svcdesk.errors import BadInput
from svcdesk.model import text

NAMESPACE = "svcdesk-checkpoint@v1"
"""The namespace of its SSH signature, so that no signature made for another use can pass for one."""

UNSIGNED = "-"
LARGEST = 10_000  # bytes; a signature by the largest RSA key is below 4,000
_NOTE = re.compile(
    r"svcdesk-checkpoint/1\n"
    r"desk: (\S|\S[^\n]{0,198}\S)\n"
    r"genesis: ([0-9a-f]{40})\n"
    r"size: ([1-9][0-9]{0,11})\n"
    r"tip: ([0-9a-f]{40})\n"
    r"tree: ([0-9a-f]{40})\n"
    r"time: ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:Z|[+-][0-9]{2}:[0-9]{2}))\n"
    r"signer: (-|S-[A-Z]{1,2}[0-9]{4,})\n"
)
_ARMOUR = "-----BEGIN SSH SIGNATURE-----\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first commit of a desk, the commits on first parents up to a tip, the tip and its tree, by whom and when.

    `signer` is a staff id, or `-` where nobody signs; `armour` is the signature over all the rest.
    """

    desk: str
    genesis: str
    size: int
    tip: str
    tree: str
    time: str
    signer: str = UNSIGNED
    armour: bytes = b""

    @property
    def payload(self) -> bytes:
        """What is signed."""
        names = (each.name for each in fields(self) if each.name != "armour")
        lines = "".join(f"{name}: {getattr(self, name)}\n" for name in names)
        return f"svcdesk-checkpoint/1\n{lines}".encode()

    @property
    def note(self) -> bytes:
        """The whole note."""
        return self.payload + self.armour


def read(note: bytes) -> Checkpoint:
    """Return the checkpoint that a note is; raises BadInput where it is not exactly of the one form."""
    wrong = BadInput(text("it is no checkpoint of svcdesk, or was changed"))
    try:
        written = note.decode("utf-8") if len(note) <= LARGEST else ""
    except UnicodeDecodeError:
        raise wrong from None
    found = _NOTE.match(written)
    if found is None or find_hidden(written):
        raise wrong
    armour = written[found.end() :]
    desk, genesis, size, tip, tree, time, signer = found.groups()
    if (armour and not armour.startswith(_ARMOUR)) or (signer == UNSIGNED) != (armour == ""):
        raise wrong
    return Checkpoint(desk, genesis, int(size), tip, tree, time, signer, armour.encode("utf-8"))
