"""Trees as their files make them, so that what a commit says its tree is can be held against it."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Iterable

from svcdesk.objects import EMPTY_TREE
from svcdesk.objects import FILE
from svcdesk.objects import FOLDER
from svcdesk.objects import object_id
from svcdesk.reader import FileChange

MOST_TREES = 4_000
ID = 20  # bytes of an id within a tree

Lines = dict[bytes, bytes]
"""name: the line of a tree, in git's order; a folder's name ends in a slash, as git sorts it."""

Wanted = dict[bytes, "Wanted | str"]
"""name: the id of a file (empty: it goes), or what is wanted below a folder."""


class Mirror:
    """Works out tree ids from changes alone; `read` gives the bytes of a tree that is not known yet."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._trees: dict[str, Lines] = {"": {}, EMPTY_TREE: {}}

    def folder(self, tree: str, name: str) -> str:
        """Return the id of a folder directly in a tree, or an empty string."""
        line = self._lines(tree).get(name.encode() + b"/", b"")
        return line[-ID:].hex()

    def tree(self, before: str, changes: Iterable[FileChange]) -> str:
        """Return the tree to which changes of plain files bring the tree `before`."""
        if len(self._trees) > MOST_TREES:
            self._trees = {"": {}, EMPTY_TREE: {}}
        wanted: Wanted = {}
        for each in changes:
            *folders, name = os.fsencode(each.path).split(b"/")
            below = wanted
            for folder in folders:
                deeper = below.setdefault(folder, {})
                if isinstance(deeper, str):  # a file and a folder of one name: no tree of git's
                    return ""
                below = deeper
            below[name] = each.new
        return self._built(before, wanted) or EMPTY_TREE

    def _built(self, tree: str, wanted: Wanted) -> str:
        old = self._lines(tree)
        lines = dict(old)
        for name, what in wanted.items():
            if isinstance(what, str):
                _put(lines, name, _line(FILE, name, what))
            else:
                known = lines.get(name + b"/", b"")
                _put(lines, name + b"/", _line(FOLDER, name, self._built(known[-ID:].hex(), what)))
        if lines.keys() != old.keys():
            lines = dict(sorted(lines.items()))
        return self._kept(lines) if lines else ""

    def _kept(self, lines: Lines) -> str:
        oid = object_id("tree", b"".join(lines.values()))
        self._trees[oid] = lines
        return oid

    def _lines(self, tree: str) -> Lines:
        """Return the lines of a tree; none where its bytes are not those of its name."""
        if tree not in self._trees:
            body = self._read(tree)
            if object_id("tree", body) != tree:
                return {}
            self._trees[tree] = _parsed(body)
        return self._trees[tree]


def _put(lines: Lines, name: bytes, line: bytes) -> None:
    if line:
        lines[name] = line
    else:
        lines.pop(name, None)


def _line(mode: str, name: bytes, oid: str) -> bytes:
    return b"%s %s\0%s" % (mode.encode(), name, bytes.fromhex(oid)) if oid else b""


def _parsed(body: bytes) -> Lines:
    lines: Lines = {}
    start = 0
    while start < len(body):
        space = body.index(b" ", start)
        end = body.index(b"\0", space)
        name = body[space + 1 : end]
        is_folder = body[start:space] == FOLDER.encode()
        lines[name + b"/" if is_folder else name] = body[start : end + 1 + ID]
        start = end + 1 + ID
    return lines
