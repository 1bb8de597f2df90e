"""The locks themselves: AES-256-GCM under keys that are wrapped by X25519 (a door to `cryptography`, late)."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Sequence

from svcdesk.errors import NeedsAttention
from svcdesk.model import text

PACKAGE = "cryptography>=42"
KEY = 32
NONCE = 12
BLOCK = 64
"""Texts are filled up to a multiple of so many bytes: a telephone number is not to be told by its length."""
ONCE = bytes(NONCE)
"""The nonce of a wrapping, whose key serves for nothing else."""


def require() -> None:
    """Raise NeedsAttention where the package that seals is not installed."""
    try:
        import cryptography  # noqa: F401  (asked for here, used below)
    except ImportError:
        raise NeedsAttention(
            text(
                "sealed fields need the package cryptography: {python} -m pip install '{package}'",
                python=sys.executable or "python",
                package=PACKAGE,
            )
        ) from None


def new_key() -> bytes:
    """Return a new data key, or a new private key."""
    return os.urandom(KEY)


def new_name() -> str:
    """Return a new name for a data key."""
    return os.urandom(8).hex()


def public_of(private: bytes) -> bytes:
    """Return the public key that belongs to a private one."""
    require()
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(key: bytes, clear: str, bound: Sequence[str]) -> str:
    """Return a text sealed under a data key and bound to names: nonce and ciphertext in base64url."""
    require()
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    content = clear.encode()
    nonce = os.urandom(NONCE)
    sealed = AESGCM(key).encrypt(nonce, content + bytes(-len(content) % BLOCK), _joined(bound))
    return base64.urlsafe_b64encode(nonce + sealed).decode("ascii").rstrip("=")


def unseal(key: bytes, body: str, bound: Sequence[str]) -> str | None:
    """Return the text that was sealed; None where key, text or what it is bound to is not the same."""
    require()
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        sealed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        content = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], _joined(bound))
        return content.rstrip(b"\0").decode()
    except (InvalidTag, ValueError):
        return None


def wrap(key: bytes, public: bytes, bound: Sequence[str]) -> bytes:
    """Return a data key so that only the owner of a public key can take it; raises ValueError on a weak one."""
    require()
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    own = X25519PrivateKey.generate()
    shown = own.public_key().public_bytes_raw()
    return shown + AESGCM(_agreed(own, public, shown + public, bound)).encrypt(ONCE, key, None)


def unwrap(wrapped: bytes, private: bytes, bound: Sequence[str]) -> bytes | None:
    """Return the data key of a wrapping; None where it was made for another key or another use."""
    require()
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    own = X25519PrivateKey.from_private_bytes(private)
    both = wrapped[:KEY] + own.public_key().public_bytes_raw()
    try:
        return AESGCM(_agreed(own, wrapped[:KEY], both, bound)).decrypt(ONCE, wrapped[KEY:], None)
    except (InvalidTag, ValueError):
        return None


def _agreed(own: object, other: bytes, both: bytes, bound: Sequence[str]) -> bytes:
    """Return the key that two have agreed on, for these two and this use alone."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    assert isinstance(own, X25519PrivateKey), "made here"
    shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(SHA256(), KEY, salt=both, info=_joined(bound)).derive(shared)


def _joined(names: Sequence[str]) -> bytes:
    """Return names as one sequence of bytes from which each can be told; none of them holds a zero."""
    return "\0".join(("svcdesk", *names)).encode()
