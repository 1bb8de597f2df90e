"""SSH public keys as text: which are taken, the one way of writing each, their fingerprints. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence

from svcdesk.model import Text
from svcdesk.model import text

SHORTEST_RSA = 2048  # bits
_CURVES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}  # bytes of a point that is not compressed


def normal(written: str) -> str:
    """Return a key as the register holds it: type and blob; the comment (a login, a host) is dropped."""
    return " ".join(written.split()[:2])


def fault_of(key: str) -> Text | None:
    """Return why a text is no public key that the register takes; None where it is one."""
    kind, _, encoded = key.partition(" ")
    shape = _SHAPES.get(kind)
    if shape is None:
        return text("{kind} is no type of key that is taken here: {kinds}", kind=kind, kinds=", ".join(TYPES))
    parts = strings(blob_of(key))
    # Of each key there is one writing only, or one person could hold another's in a second guise.
    if parts is None or base64.b64encode(blob_of(key)).decode() != encoded or parts[:1] != [kind.encode()]:
        return text("{key} is damaged; give the one line of the .pub file", key=key[:40])
    if not shape(kind, parts[1:]):
        return text("{key} is damaged, or too short a key", key=key[:40])
    return None


def blob_of(key: str) -> bytes:
    """Return the bytes of a key as signatures carry it; none where the text holds no base64."""
    try:
        return base64.b64decode(key.partition(" ")[2], validate=True)
    except (binascii.Error, ValueError):
        return b""


def fingerprint(key: str) -> str:
    """Return a key's fingerprint as ssh-keygen -l shows it."""
    digest = hashlib.sha256(blob_of(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def strings(blob: bytes) -> list[bytes] | None:
    """Return the length-prefixed strings (RFC 4251) that bytes consist of; None where they are not just that."""
    found, start = [], 0
    while start < len(blob):
        end = start + 4 + int.from_bytes(blob[start : start + 4], "big")
        if end > len(blob) or start + 4 > len(blob):
            return None
        found.append(blob[start + 4 : end])
        start = end
    return found or None


def _is_ed25519(kind: str, parts: Sequence[bytes]) -> bool:
    return [len(each) for each in parts] == [32]


def _is_sk_ed25519(kind: str, parts: Sequence[bytes]) -> bool:
    return len(parts) == 2 and len(parts[0]) == 32 and parts[1].startswith(b"ssh:")


def _is_ecdsa(kind: str, parts: Sequence[bytes]) -> bool:
    curve = kind.rpartition("-")[2].partition("@")[0]
    own, point, *application = parts if len(parts) > 1 else (b"", b"")
    whole = own == curve.encode() and point[:1] == b"\4" and len(point) == _CURVES[curve]
    if kind.startswith("sk-"):
        return whole and len(application) == 1 and application[0].startswith(b"ssh:")
    return whole and not application


def _is_rsa(kind: str, parts: Sequence[bytes]) -> bool:
    if len(parts) != 2 or not all(map(_is_positive, parts)):
        return False
    return int.from_bytes(parts[1], "big").bit_length() >= SHORTEST_RSA


def _is_positive(number: bytes) -> bool:
    """Whether a number is positive and written without a needless zero."""
    return b"\1" <= number < b"\x80" or b"\0\x80" <= number < b"\1"


_SHAPES: Mapping[str, Callable[[str, Sequence[bytes]], bool]] = {
    "ssh-ed25519": _is_ed25519,
    "sk-ssh-ed25519@openssh.com": _is_sk_ed25519,
    "ecdsa-sha2-nistp256": _is_ecdsa,
    "ecdsa-sha2-nistp384": _is_ecdsa,
    "ecdsa-sha2-nistp521": _is_ecdsa,
    "sk-ecdsa-sha2-nistp256@openssh.com": _is_ecdsa,
    "ssh-rsa": _is_rsa,
}
TYPES = tuple(_SHAPES)
