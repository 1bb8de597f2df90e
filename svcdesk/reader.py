"""What the history of a desk holds: trees, files, commits, and what differs from them."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from svcdesk.errors import BadInput
from svcdesk.errors import StorageFailed
from svcdesk.git import Git
from svcdesk.git import Process
from svcdesk.model import text
from svcdesk.objects import EMPTY_TREE
from svcdesk.objects import FOLDER
from svcdesk.objects import NO_OBJECT
from svcdesk.objects import Commit
from svcdesk.objects import Entry
from svcdesk.objects import parents_of
from svcdesk.objects import parse_commit
from svcdesk.objects import parse_tree
from svcdesk.objects import tree_of

MAIN = "refs/heads/main"
WINDOW = 200  # requests on their way at once: they must fit a pipe, or both sides would wait for each other
MOST_TREES = 2_000
READ_SIZE = 1 << 16
LARGEST = 1 << 23
"""Bytes of an object that are read: what is larger is not what its name stands for, and does not fill the memory."""
COMMIT_MARK = b"\x01"
RAW_LOG = (
    "log",
    "-z",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-show-signature",
    "--diff-merges=first-parent",
    "--full-diff",
    "--full-history",
    "--format=tformat:%x01%H",
)
STATUS = ("status", "--porcelain=v1", "-z", "-unormal", "--no-renames", "--ignore-submodules=all")


class FileChange(NamedTuple):
    """A file that differs: git's mode and id before and after; empty where there is none."""

    path: str
    old_mode: str
    new_mode: str
    old: str
    new: str


class Logged(NamedTuple):
    """A commit's id and each file that it changed."""

    oid: str
    changes: list[FileChange]


class Ancestor(NamedTuple):
    """A commit's id, its parents, and its time in seconds; the latter 0 where its bytes do not say."""

    oid: str
    parents: tuple[str, ...]
    seconds: int


class Status:
    """A `git status` at work in the background."""

    def __init__(self, process: Process, folder: str) -> None:
        self._process = process
        self._folder = folder.strip("/") + "/" if folder else ""
        weakref.finalize(self, end, process)

    def result(self) -> list[str]:
        """Wait and return the paths that differ from the commit; a wholly new folder ends in a slash."""
        listed, _ = self._process.communicate()
        if self._process.returncode:
            raise StorageFailed(text("git status failed; run it by hand to see why"))
        paths = [os.fsdecode(entry[3:]) for entry in listed.split(b"\0") if entry]
        return [path for path in paths if path.startswith(self._folder) or self._folder.startswith(path)]


class Reader:
    """Reads from commits, never from the work tree; one git process serves all small reads."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self._reads: Process | None = None
        self._trees: dict[str, list[Entry]] = {EMPTY_TREE: []}
        self._roots: dict[str, str] = {"": EMPTY_TREE}

    def close(self) -> None:
        """End the git process that serves reads."""
        if self._reads is not None:
            end(self._reads)
            self._reads = None

    def tip(self) -> str:
        """Return the commit that main stands on, or an empty string before the first."""
        try:
            oid = (self.git.git_dir / MAIN).read_text("ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            oid = ""
        if len(oid) == 40 and all(each in "0123456789abcdef" for each in oid):
            return oid
        return self.git.run("for-each-ref", "--format=%(objectname)", MAIN).decode("ascii").strip()

    def tree(self, commit: str, path: str = "") -> str:
        """Return the id of a commit's tree, or of the folder at `path`; empty where there is none."""
        oid = self._root(commit)
        for name in path.split("/") if path else ():
            found = next((each for each in self.entries(oid) if each.name == name), None)
            if found is None or found.mode != FOLDER:
                return ""
            oid = found.oid
        return oid

    def entries(self, tree: str) -> list[Entry]:
        """Return what a tree holds directly, in git's order."""
        if tree not in self._trees:
            if len(self._trees) >= MOST_TREES:
                self._trees.clear()
            self._trees[tree] = parse_tree(self._object(tree))
        return self._trees[tree]

    def entry(self, commit: str, path: str) -> Entry | None:
        """Return mode, name and id of what a commit holds at a path."""
        folder, _, name = path.rpartition("/")
        tree = self.tree(commit, folder)
        return next((each for each in self.entries(tree) if each.name == name), None) if tree else None

    def read(self, commit: str, path: str) -> bytes | None:
        """Return the bytes of a regular file in a commit, or None."""
        found = self.entry(commit, path)
        return self._object(found.oid) if found and found.mode.startswith("100") else None

    def blobs(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Give each object with its bytes, in the order asked; raises StorageFailed on a missing one."""
        waiting = iter(oids)
        while window := list(islice(waiting, WINDOW)):
            yield from zip(window, self._objects(window), strict=True)

    def files(self, tree: str) -> Iterator[tuple[str, str]]:
        """Give path and id of every file below a tree, in git's order; none below no tree."""
        if not tree:
            return
        for line in self._lines("ls-tree", "-r", "-z", "--end-of-options", tree):
            head, _, path = line.partition(b"\t")
            yield os.fsdecode(path), head[-40:].decode("ascii")

    def changes(self, old: str, new: str) -> list[tuple[str, str, str]]:
        """Return path, old id and new id of every file that differs between two trees; empty for none."""
        raw = self.git.run(
            "diff-tree", "-r", "-z", "--no-renames", "--end-of-options", old or EMPTY_TREE, new or EMPTY_TREE
        )
        fields = raw.split(b"\0")
        found = []
        for head, path in zip(fields[::2], fields[1::2], strict=False):
            _, _, before, after, _ = head.decode("ascii").split(" ")
            found.append((os.fsdecode(path), before.replace(NO_OBJECT, ""), after.replace(NO_OBJECT, "")))
        return found

    def log(self, paths: Sequence[str] = (), since: str = "") -> Iterator[Commit]:
        """Give the commits of main that touch the paths and that `since` does not hold, newest first."""
        tip = self.tip()
        if not tip:
            return
        older = (f"^{since}",) if since else ()
        listed = self._lines(
            "rev-list", "--full-history", "--end-of-options", tip, *older, "--", *paths, separator=b"\n"
        )
        for oid, body in self.blobs(each.decode("ascii") for each in listed):
            yield parse_commit(oid, body)

    def log_changes(self, paths: Sequence[str] = (), since: datetime | None = None) -> Iterator[Logged]:
        """Give each commit of main that touches the paths with all that it changed, newest first.

        None older than `since` is given. A merge is held against its first parent, the first commit against nothing.
        """
        tip = self.tip()
        youngest = (f"--max-age={int(since.timestamp())}",) if since else ()
        if tip:
            yield from self._logged(*youngest, "--end-of-options", tip, "--", *paths)

    def history(self, tip: str, known: Sequence[str] = ()) -> Iterator[Logged]:
        """Give each commit up to `tip` that the `known` ones do not hold, parents before children."""
        without = (f"^{each}" for each in known)
        yield from self._logged("--topo-order", "--reverse", "--root", "--end-of-options", tip, *without, "--")

    def line(self, tip: str) -> Iterator[Ancestor]:
        """Give each commit up to `tip` in the order of `history`."""
        listed = ("rev-list", "--topo-order", "--reverse", "--parents", "--timestamp", "--end-of-options", tip)
        for each in self._lines(*listed, separator=b"\n"):
            if each:
                seconds, oid, *parents = each.decode("ascii").split(" ")
                yield Ancestor(oid, tuple(parents), int(seconds))

    def _logged(self, *arguments: str) -> Iterator[Logged]:
        found: Logged | None = None
        pieces = self._lines(*RAW_LOG, *arguments)
        for piece in pieces:
            if piece.startswith(COMMIT_MARK):
                if found is not None:
                    yield found
                found = Logged(piece[1:].decode("ascii"), [])
            elif found is not None and piece:
                found.changes.append(_file_change(piece, next(pieces)))
        if found is not None:
            yield found

    def between(self, old: str, new: str) -> list[str]:
        """Return the commits on the first parents of `new` that `old` does not hold, oldest first."""
        excluded = (f"^{old}",) if old else ()
        listed = self.git.run("rev-list", "--first-parent", "--reverse", "--end-of-options", new, *excluded)
        return listed.decode("ascii").split()

    def ancestors(self, tip: str) -> list[str]:
        """Return a commit and all that it holds, parents before children."""
        listed = self.git.run("rev-list", "--topo-order", "--reverse", "--end-of-options", tip)
        return listed.decode("ascii").split()

    def brought(self, new: str, old: str) -> list[tuple[str, datetime]]:
        """Return the commits that `new` holds and `old` does not, merges left out, each with its time."""
        listed = self.git.run("rev-list", "--no-merges", "--end-of-options", new, f"^{old}").decode("ascii")
        return [(oid, self.time_of(oid)) for oid in listed.split()]

    def count(self, new: str, old: str) -> int:
        """Return how many commits, merges left out, `new` holds and `old` does not."""
        excluded = (f"^{old}",) if old else ()
        found = self.git.run("rev-list", "--count", "--no-merges", "--end-of-options", new, *excluded)
        return int(found)

    def extends(self, new: str, old: str) -> bool:
        """Whether `old` is on the first parents of `new`: nothing that it holds was lost or rewritten."""
        added = self.between(old, new)
        return self.parents(added[0])[:1] == [old] if added else new == old

    def commit_of(self, oid: str) -> Commit:
        """Return a commit as history shows it."""
        return parse_commit(oid, self._object(oid))

    def ref(self, name: str) -> str:
        """Return the commit that a ref names, or an empty string."""
        return self.git.run("for-each-ref", "--format=%(objectname)", name).decode("ascii").strip()

    def commit_at(self, moment: datetime, tip: str = "") -> str:
        """Return the last commit on the first parents of `tip` (or main) not later than a moment; empty for none."""
        latest = f"--min-age={int(moment.timestamp())}"
        tip = tip or self.tip()
        if not tip:
            return ""
        return (
            self.git.run("rev-list", "-1", "--first-parent", latest, "--end-of-options", tip).decode().strip()
        )

    def holds(self, tip: str, commit: str) -> bool:
        """Whether `commit` is `tip` or an ancestor of it; the empty commit is everybody's."""
        if tip == commit or not commit or not tip:
            return tip == commit or not commit
        found = self.git.run("merge-base", "--end-of-options", commit, tip, ok=(0, 1, 128))
        return found.decode("ascii").strip() == commit

    def parents(self, commit: str) -> list[str]:
        """Return the parents of a commit."""
        return parents_of(commit, self._object(commit))

    def start_status(self, folder: str = "") -> Status:
        """Begin to look for paths under a folder that differ from the commit."""
        # No path is given to git: with one, it would not use its cache of what is untracked.
        return Status(self.git.start(*STATUS), folder)

    def status(self, folder: str = "") -> list[str]:
        """Return the paths under a folder that differ from the commit."""
        return self.start_status(folder).result()

    def staged(self, folder: str, index_file: str = "") -> dict[str, bytes]:
        """Return the files below a folder as git's index holds them: what the next commit would."""
        git = replace(self.git, index_file=index_file)
        entries = git.run("ls-files", "--stage", "-z", "--", folder).split(b"\0")[:-1]
        listed = [entry.partition(b"\t") for entry in entries]
        files = [(os.fsdecode(path), head.split(b" ")[1].decode("ascii")) for head, _, path in listed]
        blobs = self.blobs(oid for _, oid in files)
        return {path: blob for (path, _), (_, blob) in zip(files, blobs, strict=True)}

    def resolve(self, revision: str) -> str:
        """Return the commit that a revision names; raises BadInput where it names none."""
        try:
            found = self.git.run(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
            )
        except StorageFailed:
            raise BadInput(text("{revision} names no commit", revision=revision)) from None
        return found.decode("ascii").strip()

    def exists(self, oid: str) -> bool:
        """Whether the repository holds this object."""
        return self._ask([oid])[0] is not None

    def time_of(self, commit: str) -> datetime:
        """Return the committer's time of a commit, with its offset."""
        return parse_commit(commit, self._object(commit)).time

    def _root(self, commit: str) -> str:
        if commit not in self._roots:
            self._roots[commit] = tree_of(commit, self._object(commit))
        return self._roots[commit]

    def _object(self, oid: str) -> bytes:
        return self._objects([oid])[0]

    def _objects(self, oids: Sequence[str]) -> list[bytes]:
        found = []
        for oid, body in zip(oids, self._ask(oids), strict=True):
            if body is None:
                raise StorageFailed(text("object {oid} is missing from the history; run git fsck", oid=oid))
            found.append(body)
        return found

    def _ask(self, oids: Sequence[str]) -> list[bytes | None]:
        """Ask for at most WINDOW objects and take every answer, so that nothing is under way in between."""
        if self._reads is None:
            self._reads = self.git.start("cat-file", "--batch")
            weakref.finalize(self, end, self._reads)
        requests, answers = self._reads.stdin, self._reads.stdout
        assert requests is not None, "started with a pipe"
        assert answers is not None, "started with a pipe"
        found: list[bytes | None] = []
        try:
            requests.write("".join(f"{oid}\n" for oid in oids).encode("ascii"))
            requests.flush()
            for _ in oids:
                head = answers.readline().split()
                if head[-1] == b"missing":
                    found.append(None)
                    continue
                size = int(head[2])
                found.append(answers.read(min(size, LARGEST)))
                for left in range(size - LARGEST, 0, -READ_SIZE):
                    answers.read(min(left, READ_SIZE))
                answers.read(1)
        except (BrokenPipeError, ValueError, IndexError) as error:
            self.close()
            raise StorageFailed(
                text("git stopped answering while the history was read; run git fsck")
            ) from error
        return found

    def _lines(self, *arguments: str, separator: bytes = b"\0") -> Iterator[bytes]:
        """Give what git writes, piece by piece; raises StorageFailed where it ends badly."""
        with self.git.start(*arguments) as process:
            assert process.stdin is not None, "started with a pipe"
            assert process.stdout is not None, "started with a pipe"
            process.stdin.close()
            rest = b""
            try:
                while chunk := os.read(process.stdout.fileno(), READ_SIZE):
                    *whole, rest = (rest + chunk).split(separator)
                    yield from whole
            except GeneratorExit:
                process.kill()
                raise
        if process.returncode:
            raise StorageFailed(text("git {command} failed; run git fsck", command=arguments[0]))


def _file_change(head: bytes, path: bytes) -> FileChange:
    modes_and_ids = head.strip().removeprefix(b":").decode("ascii").split(" ")[:4]
    before, after, old, new = (each.strip("0") and each for each in modes_and_ids)
    return FileChange(os.fsdecode(path), before, after, old, new)


def end(process: Process) -> None:
    """End a git that serves this process, and take its ends of the pipes away."""
    if process.returncode is None:
        process.kill()
        process.communicate()
