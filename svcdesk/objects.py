"""Git's objects as bytes: trees, commits, and the loose files that hold them."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from pathlib import Path
from typing import NamedTuple
from typing import Protocol

from svcdesk import commits
from svcdesk.durable import side_by_side
from svcdesk.durable import sync
from svcdesk.durable import sync_folder
from svcdesk.durable import write_all
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.errors import StorageFailed
from svcdesk.git import Identity
from svcdesk.model import text

FOLDER = "40000"
FILE = "100644"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
NO_OBJECT = "0" * 40
MOST_OPEN = 64  # loose files written but not yet flushed


class Entry(NamedTuple):
    """One line of a tree: git's mode, the name, the id of what it names."""

    mode: str
    name: str
    oid: str


class Commit(NamedTuple):
    """A commit as history shows it; `time` is the committer's, with its offset."""

    oid: str
    parents: tuple[str, ...]
    author: str
    email: str
    time: datetime
    message: str


def object_id(kind: str, body: bytes) -> str:
    """Return the id that git gives to an object."""
    return hashlib.sha1(b"%s %d\0%s" % (kind.encode(), len(body), body), usedforsecurity=False).hexdigest()


def parse_tree(body: bytes) -> list[Entry]:
    """Return the entries of a tree object."""
    entries = []
    start = 0
    while start < len(body):
        space = body.index(b" ", start)
        end = body.index(b"\0", space)
        name = os.fsdecode(body[space + 1 : end])
        entries.append(Entry(body[start:space].decode("ascii"), name, body[end + 1 : end + 21].hex()))
        start = end + 21
    return entries


def tree_body(entries: Iterable[Entry]) -> bytes:
    """Return a tree object; git sorts a folder as if its name ended in a slash."""
    lines = []
    for mode, name, oid in entries:
        raw = os.fsencode(name)
        lines.append((raw + b"/" if mode == FOLDER else raw, mode.encode(), raw, bytes.fromhex(oid)))
    return b"".join(b"%s %s\0%s" % (mode, raw, oid) for _, mode, raw, oid in sorted(lines))


def commit_body(tree: str, parents: Sequence[str], identity: Identity, at: datetime, message: str) -> bytes:
    """Return a commit object; raises BadInput on what git or a later reader would misread."""
    if at.utcoffset() is None:
        raise BadInput(text("the time {at} has no offset", at=at.isoformat()))
    for value in identity:
        if not value.strip() or any(each in "<>" or ord(each) < 32 for each in value):
            raise BadInput(text("git cannot record the author {value!r}", value=value))
    if "\0" in message:
        raise BadInput(text("the message holds a NUL character"))
    person = f"{identity.name.strip()} <{identity.email.strip()}> {int(at.timestamp())} {at:%z}"
    lines = [f"tree {tree}", *(f"parent {each}" for each in parents)]
    lines += [f"author {person}", f"committer {person}", "", message.rstrip("\n"), ""]
    try:
        body = "\n".join(lines).encode()
    except UnicodeEncodeError as error:
        raise BadInput(text("the message or the author is not valid text")) from error
    commits.parse("-", body)
    return body


def signed(body: bytes, armour: bytes) -> bytes:
    """Return a commit object with a signature over it; git keeps that behind the committer."""
    head, _, message = body.partition(b"\n\n")
    return head + b"\n" + commits.folded(armour) + b"\n" + message


def _headers(oid: str, body: bytes, *needed: str) -> tuple[dict[str, list[str]], str]:
    head, _, message = body.decode("utf-8", "replace").partition("\n\n")
    found: dict[str, list[str]] = {}
    for line in head.split("\n"):
        key, _, value = line.partition(" ")
        if key:
            found.setdefault(key, []).append(value)
    if not found.keys() >= set(needed):
        raise StorageFailed(text("commit {oid} is damaged", oid=oid))
    return found, message


def parse_commit(oid: str, body: bytes) -> Commit:
    """Return a commit, of a second author only the first; raises StorageFailed where it is damaged."""
    found, message = _headers(oid, body, "tree", "author", "committer")
    try:
        author, _, rest = found["author"][0].partition(" <")
        seconds, offset = found["committer"][0].rpartition("> ")[2].split(" ")
        minutes = int(offset[:-4] + "1") * (int(offset[-4:-2]) * 60 + int(offset[-2:]))
        moment = datetime.fromtimestamp(int(seconds), timezone(timedelta(minutes=minutes)))
    except (ValueError, OverflowError, OSError) as error:
        raise StorageFailed(text("commit {oid} is damaged", oid=oid)) from error
    email = rest.partition(">")[0]
    return Commit(oid, tuple(found.get("parent", ())), author, email, moment, message)


def parents_of(oid: str, body: bytes) -> list[str]:
    """Return the parents of a commit, whatever is wrong with it."""
    return _headers(oid, body)[0].get("parent", [])


def tree_of(oid: str, body: bytes) -> str:
    """Return the id of a commit's tree, whatever else is wrong with it; raises StorageFailed where it has none."""
    return _headers(oid, body, "tree")[0]["tree"][0]


class Loose:
    """Writes loose objects: drafts first, then one flush that syncs them, names them, syncs the folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[str, tuple[int, str]] = {}
        self._folders: set[str] = set()

    def write(self, kind: str, body: bytes) -> str:
        """Write an object and return its id; it is not durable, nor git's to see, before `flush`."""
        oid = object_id(kind, body)
        folder = os.path.join(self._folder, oid[:2])
        final = os.path.join(folder, oid[2:])
        if final in self._waiting:
            return oid
        if not os.path.isdir(folder):
            os.makedirs(folder, exist_ok=True)
            self._folders.add(os.fspath(self._folder))
        # Only the holder of the desk's lock writes, so a leftover is nobody's; git's prune sweeps tmp_obj_*.
        draft = os.path.join(folder, f"tmp_obj_{oid[2:]}")
        if os.path.lexists(draft):
            os.unlink(draft)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        self._waiting[final] = (descriptor, draft)
        write_all(descriptor, zlib.compress(b"%s %d\0%s" % (kind.encode(), len(body), body), 1))
        if len(self._waiting) >= MOST_OPEN:
            self._settle()
        return oid

    def flush(self) -> None:
        """Make all that was written durable and visible."""
        self._settle()
        list(side_by_side(sync_folder, sorted(self._folders)))
        self._folders.clear()

    def drop(self) -> None:
        """Forget what was written and not flushed."""
        for descriptor, draft in self._waiting.values():
            os.close(descriptor)
            if os.path.lexists(draft):
                os.unlink(draft)
        self._waiting.clear()
        self._folders.clear()

    def _settle(self) -> None:
        list(side_by_side(sync, [descriptor for descriptor, _ in self._waiting.values()]))
        for final, (descriptor, draft) in list(self._waiting.items()):
            os.replace(draft, final)
            self._folders.add(os.path.dirname(final))
            del self._waiting[final]
            os.close(descriptor)


class Writer(Protocol):
    """Takes objects and names them."""

    def write(self, kind: str, body: bytes) -> str:
        """Take an object and return its id."""
        ...


def rebuild(
    loose: Writer, entries: Callable[[str], list[Entry]], tree: str, wanted: Mapping[str, str]
) -> str:
    """Write `tree` with these files (path to blob, empty to remove) and return its id; empty for no files.

    `entries` reads a tree; only trees on the way to a path are read. Raises NeedsAttention, OSError.
    """
    found = {each.name: each for each in entries(tree or EMPTY_TREE)}
    below: dict[str, dict[str, str]] = {}
    for path, blob in wanted.items():
        name, _, rest = path.partition("/")
        old = found.get(name)
        if old is not None and (old.mode == FOLDER) != bool(rest):
            raise NeedsAttention(
                text("{name} would be both a file and a folder; rename one of them", name=name)
            )
        if rest:
            below.setdefault(name, {})[rest] = blob
        else:
            found.pop(name, None)
            if blob:
                found[name] = Entry(FILE, name, blob)
    for name, deeper in below.items():
        old = found.pop(name, None)
        if old is not None and old.mode != FOLDER:
            raise NeedsAttention(
                text("{name} would be both a file and a folder; rename one of them", name=name)
            )
        if oid := rebuild(loose, entries, old.oid if old else "", deeper):
            found[name] = Entry(FOLDER, name, oid)
    return loose.write("tree", tree_body(found.values())) if found else ""
