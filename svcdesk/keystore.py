"""The store of data keys, a folder outside git: each key in a file of its own, wrapped for those who may read.

A key is written once and never changed but by wrapping it anew; erasing a subject removes its folder and leaves
a note of which keys there were. Beside the keys lie the tags by which sealed texts are found, each an empty file whose
name is all there is to it, and in a folder apart the keys for searching. Whoever copies the store learns whom it is
about, and nothing else.
"""

from __future__ import annotations

import json
import os
import re
from base64 import b64decode
from base64 import b64encode
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svcdesk.durable import save
from svcdesk.durable import sync
from svcdesk.durable import sync_folder
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.model import text

KIND = "svcdesk-keys/1"
ROOT = "store.json"
KEYS = "keys"
ERASED = "erased"
SEARCH = "search"
"""The folder of the keys for searching; it stands in the place of their subject."""
TAG = ".tag"
NAME = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A data key as the store holds it: its name, whose it is, for which class, and a wrapping for each reader."""

    name: str
    subject: str
    klass: str
    wraps: Mapping[str, bytes]


class Keystore:
    """The keys of one desk; raises NeedsAttention where the folder is no store of this desk, OSError."""

    def __init__(self, folder: Path, desk: str) -> None:
        self.folder = folder
        self.desk = desk
        if _read(folder / ROOT) != {"kind": KIND, "desk": desk}:
            raise NeedsAttention(
                text("{folder} is not the key store of this desk, or cannot be read", folder=str(folder))
            )

    def of(self, subject: str) -> list[Stored]:
        """Return the keys of a subject, or those for searching, in the order of their names."""
        folder = self._folder(subject)
        names = sorted(each.stem for each in folder.glob("*.json")) if folder.is_dir() else []
        return [found for name in names if (found := self.get(subject, name)) is not None]

    def get(self, subject: str, name: str) -> Stored | None:
        """Return a key, or None where there is none of that name."""
        entry = _read(self._file(subject, name)) if NAME.fullmatch(name) else None
        if entry is None:
            return None
        try:
            wraps = {staff: b64decode(wrapped, validate=True) for staff, wrapped in entry["wraps"].items()}
            return Stored(name, subject, str(entry["class"]), wraps)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise NeedsAttention(
                text("{file} is damaged; take it from a backup of the key store", file=f"{subject}/{name}.json")
            ) from None

    def subjects(self) -> Iterator[str]:
        """Yield the subjects that have keys."""
        folder = self.folder / KEYS
        yield from sorted(each.name for each in folder.iterdir()) if folder.is_dir() else ()

    def put(self, key: Stored) -> None:
        """Write a key durably, or wrap it anew for others."""
        folder = self._folder(key.subject)
        folder.mkdir(parents=True, exist_ok=True)
        wraps = {staff: b64encode(wrapped).decode("ascii") for staff, wrapped in sorted(key.wraps.items())}
        save(self._file(key.subject, key.name), _written({"class": key.klass, "wraps": wraps}))
        sync_folder(folder.parent)

    def is_tagged(self, subject: str, tag: str) -> bool:
        """Tell whether a tag lies beside the keys of a subject."""
        return (self._folder(subject) / f"{tag}{TAG}").exists()

    def tag(self, subject: str, tags: Iterable[str]) -> None:
        """Lay tags beside the keys of a subject, durably; those that are there stay."""
        folder = self._folder(subject)
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
        for each in tags:
            os.close(os.open(folder / f"{each}{TAG}", os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644))
        sync_folder(folder)

    def forget(self, names: Iterable[str]) -> None:
        """Remove keys for searching, after every tag that was made with them: a tag begins with its key's name."""
        gone = frozenset(names)
        for folder in (self._folder(each) for each in self.subjects() if gone):
            tags = [each for each in folder.glob(f"*{TAG}") if each.name.partition("-")[0] in gone]
            for file in tags:
                file.unlink(missing_ok=True)
            if tags:
                sync_folder(folder)
        for file in (self._file(SEARCH, each) for each in sorted(gone)):
            if file.exists():
                _overwrite(file)
                file.unlink()

    def erase(self, subject: str, note: Mapping[str, Any]) -> list[str]:
        """Destroy the keys of a subject, and the tags beside them.

        Returns the names of all keys that there ever were, the note's included.
        """
        names = sorted({*self.erased(subject), *(each.name for each in self.of(subject))})
        save(self.folder / ERASED / f"{subject}.json", _written({**note, "subject": subject, "keys": names}))
        folder = self._folder(subject)
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            _overwrite(file)
            file.unlink()
        if folder.is_dir():
            folder.rmdir()
            sync_folder(folder.parent)
        return names

    def erasure(self, subject: str, name: str) -> str:
        """Return the erasure by which a key of a subject was destroyed, or nothing."""
        note = _read(self.folder / ERASED / f"{subject}.json") or {}
        return str(note.get("erasure", "")) if name in note.get("keys", ()) else ""

    def erased(self, subject: str) -> Sequence[str]:
        """Return the names of the keys of a subject that were destroyed."""
        note = _read(self.folder / ERASED / f"{subject}.json")
        return [str(each) for each in note.get("keys", ())] if note else []

    def _folder(self, subject: str) -> Path:
        return self.folder / SEARCH if subject == SEARCH else self.folder / KEYS / subject

    def _file(self, subject: str, name: str) -> Path:
        return self._folder(subject) / f"{name}.json"


def found(folder: Path, desk: str) -> Keystore:
    """Return the store in a folder, made there where the folder is new or empty."""
    within = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
    if within is not None:
        raise BadInput(
            text("{folder} lies in the git repository {within}; keys belong outside", folder=folder, within=within)
        )
    if not folder.exists() or not any(folder.iterdir()):
        for each in (folder, folder / KEYS, folder / ERASED):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        save(folder / ROOT, _written({"kind": KIND, "desk": desk}))
    return Keystore(folder, desk)


def _written(entry: Mapping[str, Any]) -> bytes:
    return (json.dumps(entry, indent=1, sort_keys=True) + "\n").encode("ascii")


def _read(file: Path) -> dict[str, Any] | None:
    try:
        entry = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        entry = None
    return entry if isinstance(entry, dict) else {}


def _overwrite(file: Path) -> None:
    """Write zeros over a file, for what that is worth on a disk that moves what it writes."""
    descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.write(descriptor, bytes(os.fstat(descriptor).st_size))
        sync(descriptor)
    finally:
        os.close(descriptor)
