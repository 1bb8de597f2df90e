"""A few files in one: a plain tar in which nothing is left open, so that the same content gives the same bytes."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from svcdesk.durable import sync
from svcdesk.durable import sync_folder
from svcdesk.errors import BadInput
from svcdesk.model import Text
from svcdesk.model import text

BLOCK = 512
END = bytes(2 * BLOCK)
PIECE = 1 << 20
SUMS = "SHA256SUMS"
"""The last member: the digests of the others, as `sha256sum --check` reads them."""


def digest(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    found = sha256()
    with path.open("rb") as file:
        for piece in _pieces(file):
            found.update(piece)
    return found.hexdigest()


def wrap(target: Path, members: Sequence[Path]) -> None:
    """Write a parcel of these files, for its owner's eyes alone; raises OSError where it is there already."""
    sums = "".join(f"{digest(each)}  {each.name}\n" for each in members).encode("ascii")
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "wb") as file:
        for each in members:
            file.write(_header(each.name, each.stat().st_size))
            with each.open("rb") as member:
                for piece in _pieces(member):
                    file.write(piece)
            file.write(_filling(each.stat().st_size))
        file.write(_header(SUMS, len(sums)) + sums + _filling(len(sums)) + END)
        file.flush()
        sync(descriptor)
    sync_folder(target.parent)


def packed(folder: str, files: Mapping[str, bytes]) -> bytes:
    """Return a tar of a folder with these files, in their order."""
    parts = [
        _header(f"{folder}/{path}", len(body)) + body + _filling(len(body)) for path, body in files.items()
    ]
    return b"".join(parts) + END


def unwrap(parcel: Path, folder: Path, names: Sequence[str]) -> None:
    """Put the members of a parcel, which must be these and in this order, into a folder; raises BadInput.

    No name out of the parcel ever becomes the name of a file.
    """
    if not parcel.is_file():
        raise BadInput(text("{file}: there is no such file", file=str(parcel)))
    with parcel.open("rb") as file:
        left = os.fstat(file.fileno()).st_size
        for name in (*names, SUMS):
            size = _size(file.read(BLOCK), name, parcel)
            left -= BLOCK + size + len(_filling(size))
            if left < 0:
                raise _damaged(parcel, text("it ends in the middle of {name}", name=name))
            _copy(file, folder / name, size)
            if file.read(len(_filling(size))) != _filling(size):
                raise _damaged(parcel, text("something follows {name}", name=name))
        if file.read(len(END) + 1) != END:
            raise _damaged(parcel, text("it does not end where it should"))
    stated = (folder / SUMS).read_bytes()
    if stated != "".join(f"{digest(folder / name)}  {name}\n" for name in names).encode("ascii"):
        raise _damaged(parcel, text("its content is not what its own digests say"))


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


def _filling(size: int) -> bytes:
    return bytes(-size % BLOCK)


def _size(block: bytes, name: str, parcel: Path) -> int:
    """Return the size that a header states; it must be the very header that `wrap` writes."""
    try:
        info = tarfile.TarInfo.frombuf(block, "ascii", "surrogateescape")
    except tarfile.HeaderError:
        raise _damaged(parcel, text("{name} does not begin where it should", name=name)) from None
    if info.name != name:
        raise _damaged(parcel, text("it holds {other} where {name} belongs", other=info.name, name=name))
    if info.size < 0 or block != _header(name, info.size):
        raise _damaged(parcel, text("{name} does not begin where it should", name=name))
    return info.size


def _copy(file: BinaryIO, target: Path, size: int) -> None:
    with target.open("xb") as copy:
        while size > 0:
            piece = file.read(min(size, PIECE))
            if not piece:
                return
            copy.write(piece)
            size -= len(piece)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _damaged(parcel: Path, problem: Text) -> BadInput:
    return BadInput(text("{file} is damaged, or no backup: {problem}", file=str(parcel), problem=problem))
