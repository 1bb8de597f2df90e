"""SSH keys for tests, made once by ssh-keygen in a folder of their own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

KINDS = {
    "wang": ("ed25519", "256"),
    "li": ("ed25519", "256"),
    "rsa": ("rsa", "2048"),
    "short": ("rsa", "1024"),
    "curve": ("ecdsa", "256"),
    "curve521": ("ecdsa", "521"),
}


def make(folder: Path, name: str, kind: str = "ed25519", bits: str = "256", passphrase: str = "") -> Path:
    """Make a key pair and return the private half's file."""
    file = folder / name
    command = [
        "ssh-keygen",
        "-q",
        "-t",
        kind,
        "-b",
        bits,
        "-N",
        passphrase,
        "-C",
        f"{name}@desk 2",
        "-f",
        file,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return file


def public(file: Path) -> str:
    """Return the public half as the staff register writes it."""
    return " ".join(Path(f"{file}.pub").read_text("utf-8").split()[:2])


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key pair of each kind, by name."""
    folder = tmp_path_factory.mktemp("keys")
    for name, (kind, bits) in KINDS.items():
        make(folder, name, kind, bits)
    return folder


def sign(payload: bytes, file: Path, namespace: str = "git", hashed: str = "sha512") -> bytes:
    """Sign as ssh-keygen itself would be asked to."""
    command = [
        "ssh-keygen",
        "-Y",
        "sign",
        "-q",
        "-n",
        namespace,
        "-O",
        f"hashalg={hashed}",
        "-f",
        os.fspath(file),
    ]
    return subprocess.run(command, input=payload, check=True, capture_output=True).stdout
