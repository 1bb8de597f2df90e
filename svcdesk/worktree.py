"""Files of the work tree, reached folder by folder so that no symbolic link is ever followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path

from svcdesk.durable import sync
from svcdesk.durable import write_all
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.model import text
from svcdesk.objects import object_id

MISSING = ""
ODD = "odd"  # what stands there is not a regular file, or its folder is a link or a file
DRAFT = ".svcdesk-draft-"


def parts(path: str) -> list[str]:
    """Split a path of the desk; raises BadInput where it would leave the desk or reach into git's folder."""
    names = path.split("/")
    for name in names:
        odd = name in ("", ".", "..") or name.casefold() == ".git" or "\\" in name
        if odd or any(ord(each) < 32 or ord(each) == 127 for each in name):
            raise BadInput(text("{path!r} cannot be a path in the desk", path=path))
    return names


@contextmanager
def _folder(root: Path, names: list[str], create: bool) -> Iterator[int]:
    """Open the folder that these names lead to; raises OSError where one is missing, a link or a file."""
    flags = os.O_RDONLY | os.O_DIRECTORY
    descriptor = os.open(root, flags)
    try:
        for name in names:
            if create:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=descriptor)
                    sync(descriptor)
            deeper = os.open(name, flags | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
        yield descriptor
    finally:
        os.close(descriptor)


def blob_id(root: Path, path: str) -> str:
    """Return the id that git would give to the file's bytes, MISSING or ODD."""
    *folders, name = parts(path)
    try:
        with _folder(root, folders, create=False) as folder:
            descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            with open(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    return ODD
                return object_id("blob", file.read())
    except FileNotFoundError:
        return MISSING
    except OSError:
        return ODD


def reachable(root: Path, path: str) -> None:
    """Refuse a path whose folders are not real folders all the way; raises NeedsAttention."""
    folder = root
    for name in parts(path)[:-1]:
        folder = folder / name
        try:
            mode = os.lstat(folder).st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISDIR(mode):
            raise NeedsAttention(
                text(
                    "{path} cannot be written: {folder} is not a folder; move it away",
                    path=path,
                    folder=folder.name,
                )
            )


def put(root: Path, path: str, content: bytes) -> None:
    """Replace a file whole: a draft beside it, synced, then renamed; raises OSError."""
    *folders, name = parts(path)
    draft = DRAFT + name
    with _folder(root, folders, create=True) as folder:
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)
        descriptor = os.open(
            draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666, dir_fd=folder
        )
        try:
            write_all(descriptor, content)
            sync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
        sync(folder)


def remove(root: Path, path: str) -> None:
    """Remove a file, and its draft where a killed command left one; raises OSError."""
    *folders, name = parts(path)
    with suppress(FileNotFoundError), _folder(root, folders, create=False) as folder:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)
        sync(folder)


def sweep(root: Path, path: str) -> None:
    """Remove the draft that a killed command may have left beside a file."""
    *folders, name = parts(path)
    with suppress(OSError), _folder(root, folders, create=False) as folder:
        os.unlink(DRAFT + name, dir_fd=folder)
