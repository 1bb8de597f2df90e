"""SSH signatures: what svcdesk and ssh-keygen make of the same bytes, and keys in their one writing."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from svcdesk import keygen
from svcdesk import sshsig
from svcdesk.errors import BadInput
from svcdesk.errors import StorageFailed
from svcdesk.sshkeys import fault_of
from svcdesk.sshkeys import fingerprint
from svcdesk.sshkeys import normal
from tests.keys import keys as keys
from tests.keys import make
from tests.keys import public
from tests.keys import sign

PAYLOAD = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nkey K-A0001: add\n"


@pytest.fixture(params=["in this process", "by ssh-keygen"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Either verifier, as with and without the extra."""
    if request.param == "by ssh-keygen":
        monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    sshsig._ed25519.cache_clear()
    yield
    sshsig._ed25519.cache_clear()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", ["wang", "rsa", "curve", "curve521"])
@pytest.mark.parametrize("hashed", ["sha256", "sha512"])
def test_the_key_that_made_it_is_found_among_those_offered(keys: Path, name: str, hashed: str) -> None:
    armour = sign(PAYLOAD, keys / name, hashed=hashed)
    offered = [public(keys / "li"), public(keys / name)]
    assert sshsig.verify(PAYLOAD, armour, offered) == public(keys / name)


@pytest.mark.usefixtures("way")
def test_anything_but_that_is_nobodys(keys: Path) -> None:
    wang, li = public(keys / "wang"), public(keys / "li")
    armour = sign(PAYLOAD, keys / "wang")
    assert sshsig.verify(PAYLOAD, armour, [wang]) == wang
    assert sshsig.verify(PAYLOAD, armour, [li]) is None
    assert sshsig.verify(PAYLOAD, armour, []) is None
    assert sshsig.verify(PAYLOAD + b" ", armour, [wang]) is None
    assert sshsig.verify(PAYLOAD, sign(PAYLOAD, keys / "wang", "file"), [wang]) is None
    assert sshsig.verify(PAYLOAD, armour, [wang], "svcdesk-checkpoint") is None
    assert sshsig.verify(PAYLOAD, sign(b"another", keys / "wang"), [wang]) is None
    assert sshsig.verify(PAYLOAD, armour[: len(armour) // 2], [wang]) is None
    assert sshsig.verify(PAYLOAD, b"", [wang]) is None


def test_the_name_of_a_key_is_not_enough(keys: Path) -> None:
    """Li signs, and pastes Wang's public key into the signature."""
    wang, li = (base64.b64decode(public(keys / each).split()[1]) for each in ("wang", "li"))
    lines = sign(PAYLOAD, keys / "li").splitlines()
    blob = base64.b64decode(b"".join(lines[1:-1])).replace(li, wang)
    forged = (
        b"\n".join([lines[0], base64.b64encode(blob)[:120], base64.b64encode(blob)[120:], lines[-1]]) + b"\n"
    )
    assert sshsig.parse(forged) is not None
    assert sshsig.verify(PAYLOAD, forged, [public(keys / "wang")]) is None
    assert not keygen.verify(PAYLOAD, forged, public(keys / "wang"), "git")


@settings(max_examples=40)
@given(at=st.integers(0, 290), byte=st.integers(0, 255))
def test_a_changed_byte_is_judged_alike_by_both(keys: Path, at: int, byte: int) -> None:
    armour, key = _signed(keys), public(keys / "wang")
    changed = armour[: at % len(armour)] + bytes([byte]) + armour[at % len(armour) + 1 :]
    ours = sshsig.verify(PAYLOAD, changed, [key]) is not None
    assert ours == (changed == armour)
    assert ours <= keygen.verify(PAYLOAD, changed, key, "git")


def _signed(keys: Path) -> bytes:
    file = keys / "wang.armour"
    if not file.exists():
        file.write_bytes(sign(PAYLOAD, keys / "wang"))
    return file.read_bytes()


@given(blob=st.binary(max_size=200))
def test_bytes_are_parts_or_nothing(blob: bytes) -> None:
    lines = b"-----BEGIN SSH SIGNATURE-----\n" + base64.b64encode(b"SSHSIG\0\0\0\1" + blob)
    sshsig.parse(lines + b"\n-----END SSH SIGNATURE-----\n")
    assert fault_of("ssh-ed25519 " + base64.b64encode(blob).decode()) is not None


def test_what_keygen_signs_keygen_and_we_accept(keys: Path) -> None:
    armour = keygen.sign(PAYLOAD, "wang", "git", keys)
    assert armour == keygen.sign(PAYLOAD, str(keys / "wang.pub"), "git", Path("/"))
    assert sshsig.verify(PAYLOAD, armour, [public(keys / "wang")]) == public(keys / "wang")


def test_a_key_that_cannot_sign_is_named(keys: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="nothing was recorded: it could not be signed"):
        keygen.sign(PAYLOAD, "nothing", "git", keys)
    with pytest.raises(StorageFailed, match="could not be signed"):
        keygen.sign(PAYLOAD, "key::" + public(keys / "wang"), "git", keys)
    make(tmp_path, "locked", passphrase="a long one")
    with pytest.raises(StorageFailed, match="could not be signed"):
        keygen.sign(PAYLOAD, "locked", "git", tmp_path)


def test_the_public_half_of_what_signs(keys: Path, tmp_path: Path) -> None:
    wang = public(keys / "wang")
    assert keygen.public_key("wang", keys) == keygen.public_key("wang.pub", keys) == wang
    assert keygen.public_key(f"key::{wang} wang@desk", keys) == wang
    alone = tmp_path / "alone"
    alone.write_bytes((keys / "wang").read_bytes())
    alone.chmod(0o600)
    assert keygen.public_key(str(alone), keys) == wang
    for wrong in ("nothing", "key::nothing", str(tmp_path)):
        with pytest.raises(BadInput):
            keygen.public_key(wrong, keys)


@pytest.mark.parametrize("name", ["wang", "rsa", "curve", "curve521"])
def test_a_key_has_one_writing(keys: Path, name: str) -> None:
    line = Path(f"{keys / name}.pub").read_text("utf-8")
    key = normal(line)
    assert fault_of(key) is None
    assert line.strip() != key
    kind, encoded = key.split()
    blob = base64.b64decode(encoded)
    others = [
        f"{kind} {encoded} comment",
        f"{kind}  {encoded}",
        f"{key}\nssh-ed25519",
        f"{kind} {encoded[:-4]}",
        f"{kind} {base64.b64encode(blob + bytes(4)).decode()}",
        f"{kind} {base64.b64encode(blob[:-1]).decode()}",
        f"ssh-dss {encoded}",
        f'command="id" {key}',
        f"sk-{kind}@openssh.com {encoded}",
        kind,
        "",
    ]
    assert all(fault_of(each) is not None for each in others)


def test_a_short_key_is_none(keys: Path) -> None:
    assert fault_of(public(keys / "short")) is not None


def test_a_number_is_written_without_needless_zeros(keys: Path) -> None:
    """The same modulus in a second writing would be a second key to a register that compares texts."""
    blob = base64.b64decode(public(keys / "rsa").split()[1])
    longer = blob.replace(b"\0\0\1\1\0", b"\0\0\1\2\0\0") if b"\0\0\1\1\0" in blob else blob
    assert longer != blob
    assert fault_of("ssh-rsa " + base64.b64encode(longer).decode()) is not None


def test_a_fingerprint_is_that_of_ssh_keygen(keys: Path) -> None:
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", keys / "wang.pub"], capture_output=True, text=True, check=True
    )
    assert fingerprint(public(keys / "wang")) == shown.stdout.split()[1]


def test_a_hardware_key_goes_to_ssh_keygen() -> None:
    """A token signs over the hash of the application, its flags and its counter too."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    token, kind = Ed25519PrivateKey.generate(), b"sk-ssh-ed25519@openssh.com"
    public = b"".join(map(sshsig._string, (kind, token.public_key().public_bytes_raw(), b"ssh:")))
    parts = (b"git", b"", b"sha512", hashlib.sha512(PAYLOAD).digest())
    told = hashlib.sha256(b"SSHSIG" + b"".join(map(sshsig._string, parts))).digest()
    counted = b"\1" + (7).to_bytes(4, "big")
    made = token.sign(hashlib.sha256(b"ssh:").digest() + counted + told)
    signature = sshsig._string(kind) + sshsig._string(made) + counted
    blob = b"SSHSIG\0\0\0\1" + b"".join(map(sshsig._string, (public, *parts[:3], signature)))
    encoded = base64.b64encode(blob)
    lines = b"\n".join(encoded[start : start + 70] for start in range(0, len(encoded), 70))
    armour = b"-----BEGIN SSH SIGNATURE-----\n" + lines + b"\n-----END SSH SIGNATURE-----\n"
    key = f"{kind.decode()} {base64.b64encode(public).decode()}"
    assert fault_of(key) is None
    assert sshsig.verify(PAYLOAD, armour, [key]) == key
    assert sshsig.verify(PAYLOAD + b"x", armour, [key]) is None
