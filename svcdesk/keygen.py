"""Every call of ssh-keygen: one binary, an environment built from a list, keys and signatures in files of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.errors import StorageFailed
from svcdesk.git import find_binary
from svcdesk.git import plain
from svcdesk.model import text
from svcdesk.sshkeys import fault_of
from svcdesk.sshkeys import normal

TIMEOUT = 120.0  # seconds: a person may have to type a passphrase or touch a key
LONGEST_REASON = 200  # characters of ssh-keygen's own words that a message may carry
LITERAL = "key::"
"""Before a key that git's setting `user.signingkey` holds itself; its private half is with the agent."""

WHERE_A_PERSON_KEEPS_KEYS = (
    "HOME",
    "SSH_AUTH_SOCK",
    "SSH_ASKPASS",
    "SSH_ASKPASS_REQUIRE",
    "SSH_SK_PROVIDER",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    "TERM",
)


def sign(payload: bytes, key: str, namespace: str, folder: Path) -> bytes:
    """Return an armoured signature over the payload; raises StorageFailed where none could be made.

    `key` is as git's setting `user.signingkey`: a file (from `folder`), or `key::` and the public key,
    whose private half is with the agent.
    """
    with _drawer() as drawer:
        file = _file_of(key, folder, Path(drawer))
        done = _run(("-Y", "sign", "-n", namespace, "-f", os.fspath(file)), payload, personal=True)
    if done.returncode or not done.stdout:
        raise StorageFailed(
            text("nothing was recorded: it could not be signed: {reason}", reason=_reason(done.stderr))
        )
    return done.stdout


def verify(payload: bytes, armour: bytes, key: str, namespace: str) -> bool:
    """Whether ssh-keygen finds that this key made the signature; the key must be one that `fault_of` passes."""
    if fault_of(key) is not None:
        return False
    with _drawer() as drawer:
        signers, signature = Path(drawer, "signers"), Path(drawer, "signature")
        signers.write_text(f'signer namespaces="{namespace}" {key}\n', "ascii")
        signature.write_bytes(armour)
        files = ("-f", os.fspath(signers), "-s", os.fspath(signature))
        done = _run(("-Y", "verify", *files, "-I", "signer", "-n", namespace), payload)
    return done.returncode == 0


def public_key(key: str, folder: Path) -> str:
    """Return the public key, without its comment, of what `sign` would sign with; raises BadInput."""
    if key.startswith(LITERAL):
        found = normal(key.removeprefix(LITERAL))
    else:
        file = _path(key, folder)
        beside = file if file.suffix == ".pub" else file.with_name(file.name + ".pub")
        found = normal(_read(beside) or _derived(file))
    fault = fault_of(found)
    if fault is not None:
        raise BadInput(text("{key} is no key to sign with: {fault}", key=key, fault=fault))
    return found


def _drawer() -> AbstractContextManager[str]:
    """A folder for keys and signatures on their way, which goes again."""
    # Imported late: it costs every start of the command more than all of this module.
    from tempfile import TemporaryDirectory

    return TemporaryDirectory(prefix="svcdesk-")


def _derived(file: Path) -> str:
    """Return the public half of a private key that has no .pub beside it."""
    if not file.is_file():
        raise BadInput(text("{file}: no such file", file=os.fspath(file)))
    done = _run(("-y", "-f", os.fspath(file)), b"", personal=True)
    if done.returncode:
        raise BadInput(text("{key} is no key to sign with: {fault}", key=file, fault=_reason(done.stderr)))
    return done.stdout.decode("ascii", "replace")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _path(key: str, folder: Path) -> Path:
    return Path(folder, os.path.expanduser(key))


def _file_of(key: str, folder: Path, drawer: Path) -> Path:
    if not key.startswith(LITERAL):
        return _path(key, folder)
    file = drawer / "key.pub"
    file.write_text(normal(key.removeprefix(LITERAL)) + "\n", "ascii", errors="replace")
    return file


def _run(
    arguments: Sequence[str], given: bytes, personal: bool = False
) -> subprocess.CompletedProcess[bytes]:
    program = find_binary("ssh-keygen")
    if not program:
        raise NeedsAttention(text("ssh-keygen is not installed, or not on the PATH; signatures need it"))
    theirs = {name: os.environ[name] for name in WHERE_A_PERSON_KEEPS_KEYS if personal and name in os.environ}
    environment: Mapping[str, str] = {"PATH": os.path.dirname(program), "LC_ALL": "C", **theirs}
    try:
        return subprocess.run(
            [program, *arguments],
            input=given,
            capture_output=True,
            check=False,
            env=environment,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        raise StorageFailed(text("ssh-keygen did not end within {seconds} s", seconds=int(TIMEOUT))) from None
    except OSError as error:
        raise StorageFailed(text("ssh-keygen cannot be started: {reason}", reason=error.strerror)) from error


def _reason(stderr: bytes) -> str:
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return plain(lines[-1] if lines else "ssh-keygen")[:LONGEST_REASON]
