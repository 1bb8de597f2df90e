"""SSH signatures: read strictly, and held against the keys that are offered, never against those they name.

Ed25519 is verified in this process where `cryptography` is there (extra `sign`); the rest by ssh-keygen.
The format is OpenSSH's PROTOCOL.sshsig.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from typing import NamedTuple

from svcdesk import keygen
from svcdesk.sshkeys import blob_of
from svcdesk.sshkeys import strings

GIT = "git"
"""The namespace of signatures on commits."""

_MAGIC = b"SSHSIG"
_ARMOUR = re.compile(
    rb"-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/]{1,128}\n)*[A-Za-z0-9+/]{1,128}={0,2})\n"
    rb"-----END SSH SIGNATURE-----\n?"
)


class Signature(NamedTuple):
    """What a signature says of itself: by which key (its bytes), for which use, over which hash."""

    public: bytes
    namespace: str
    algorithm: str
    signed: bytes


def parse(armour: bytes) -> Signature | None:
    """Return the parts of an armoured signature; None where it is not exactly of the one form."""
    found = _ARMOUR.fullmatch(armour)
    encoded = found[1].replace(b"\n", b"") if found else b""
    try:
        blob = base64.b64decode(encoded, validate=True)
    except ValueError:
        return None
    if blob[:10] != _MAGIC + b"\0\0\0\1" or base64.b64encode(blob) != encoded:
        return None
    parts = strings(blob[10:])
    # What stands in the reserved part is not signed: OpenSSH passes over it, so anything could be put there.
    if parts is None or len(parts) != 5 or parts[2]:
        return None
    if parts[3] not in (b"sha256", b"sha512") or not parts[1].isascii():
        return None
    return Signature(parts[0], parts[1].decode("ascii"), parts[3].decode("ascii"), parts[4])


def named_key(armour: bytes) -> str:
    """Return the key by which a signature says it was made, as the staff register writes keys; empty for none."""
    found = parse(armour)
    kind = (strings(found.public) or [b""])[0] if found else b""
    return f"{kind.decode('ascii', 'replace')} {base64.b64encode(found.public).decode()}" if found and kind else ""


def verify(payload: bytes, armour: bytes, keys: Sequence[str], namespace: str = GIT) -> str | None:
    """Return that of the keys offered which made a signature over the payload; None where none did.

    Keys are written as the staff register holds them: type and base64. Raises NeedsAttention where
    ssh-keygen is needed and is not there.
    """
    found = parse(armour)
    if found is None or found.namespace != namespace:
        return None
    key = next((each for each in keys if blob_of(each) == found.public), None)
    if key is None:
        return None
    if key.startswith("ssh-ed25519 ") and _ed25519() is not None:
        return key if _is_made_by(key, payload, found) else None
    return key if keygen.verify(payload, armour, key, namespace) else None


def _is_made_by(key: str, payload: bytes, found: Signature) -> bool:
    ed25519, invalid = _ed25519()
    parts = strings(found.signed)
    public = strings(blob_of(key))
    if parts is None or public is None or len(public) != 2 or len(public[1]) != 32:
        return False
    if [parts[0], *map(len, parts[1:])] != [b"ssh-ed25519", 64]:
        return False
    told = hashlib.new(found.algorithm, payload).digest()
    signed = [found.namespace.encode("ascii"), b"", found.algorithm.encode("ascii"), told]
    try:
        ed25519.from_public_bytes(public[1]).verify(parts[1], _MAGIC + b"".join(map(_string, signed)))
    except invalid:
        return False
    return True


def _string(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


@cache
def _ed25519() -> Any:
    """Return the library's class of public keys and its error; None where the extra is not installed."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    return Ed25519PublicKey, InvalidSignature
