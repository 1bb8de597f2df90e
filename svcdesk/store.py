"""Commits to a desk: objects, one compare-and-swap of main, then the files; and recovery after a kill."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

from svcdesk import worktree
from svcdesk.durable import save
from svcdesk.durable import side_by_side
from svcdesk.durable import sync_folder
from svcdesk.errors import Busy
from svcdesk.errors import StorageFailed
from svcdesk.git import Git
from svcdesk.git import Identity as Identity
from svcdesk.git import Process
from svcdesk.lock import break_own_locks
from svcdesk.lock import held
from svcdesk.lock import index_call
from svcdesk.lock import refuse_left_locks
from svcdesk.lock import refuse_trouble
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.objects import NO_OBJECT
from svcdesk.objects import Loose
from svcdesk.objects import commit_body
from svcdesk.objects import object_id
from svcdesk.objects import rebuild
from svcdesk.objects import signed
from svcdesk.reader import MAIN
from svcdesk.reader import Reader
from svcdesk.reader import end

SETTINGS = {"core.untrackedCache": "true", "core.splitIndex": "true"}
"""What a new desk sets because it pays at 100,000 files; see the figures in the benchmarks."""


FILES_AT_ONCE = 256
"""Files of the work tree that are in memory together."""


Sign = Callable[[bytes], bytes]
"""Makes a signature over a commit; raises StorageFailed where it cannot."""


class Store(Reader):
    """Reads and writes a desk's history; a writer holds `lock` and has called `recover` and `preflight`."""

    def __init__(self, git: Git) -> None:
        super().__init__(git)
        self.notices: list[Text] = []
        """What is to be said although all was recorded: files left as they are, an index not refreshed."""
        self.after_step: Callable[[str], None] = lambda _: None
        """Called with the name of each step of a commit as it ends."""
        self._intended = git.git_dir / "svcdesk" / "intent.json"
        self._loose = Loose(git.git_dir / "objects")
        self._moves: Process | None = None

    def lock(self, timeout: float = 10.0) -> AbstractContextManager[None]:
        """Hold the desk's lock; raises Busy after `timeout` seconds."""
        return held(self.git.git_dir / "svcdesk" / "lock", timeout)

    def preflight(self) -> None:
        """Refuse another branch, a merge under way, a falsified history; raises NeedsAttention."""
        refuse_trouble(self.git.git_dir)

    def close(self) -> None:
        """End the git processes that serve this store."""
        super().close()
        if self._moves is not None:
            end(self._moves)
            self._moves = None

    def is_filing(self) -> bool:
        """Whether a commit stands, or is about to, whose files are not all written yet."""
        return self._intent() is not None

    def blob_id(self, content: bytes) -> str:
        """Return the id under which git knows these bytes as a file."""
        return object_id("blob", content)

    def foreign_edits(self, paths: Iterable[str], base: str) -> list[str]:
        """Return those of the paths whose file is not what the commit holds; raises NeedsAttention."""
        found = []
        for path in paths:
            worktree.reachable(self.git.root, path)
            if not self._stands(path, self._held(base, path)):
                found.append(path)
        return found

    def commit(
        self,
        base: str,
        files: Mapping[str, bytes | None],
        message: str,
        identity: Identity,
        at: datetime,
        materialise: bool = True,
        sign: Sign | None = None,
    ) -> str:
        """Record files (None removes one) as the child of `base`, dated `at`, and return the commit.

        Raises StorageFailed, NeedsAttention, BadInput or Busy where nothing was recorded. What fails after
        main has moved is no error but a notice: the next command's `recover` completes it.
        """
        for path in files:
            worktree.reachable(self.git.root, path)
        with self._nothing_recorded():
            new = self._write_objects(base, files, message, identity, at, [base] if base else [], sign)
            self._note(base, new)
        self._advance(base, new)
        with self._filing():
            self.after_step("recorded")
            sync_folder((self.git.git_dir / MAIN).parent)
        if materialise:
            self.materialise(files, base, new)
        return new

    def write(
        self,
        parents: Sequence[str],
        files: Mapping[str, bytes | None],
        message: str,
        identity: Identity,
        at: datetime,
        sign: Sign | None = None,
    ) -> str:
        """Write files onto the tree of the first parent as a commit, and return it; main stays where it is."""
        with self._nothing_recorded():
            return self._write_objects(parents[0], files, message, identity, at, parents, sign)

    def move(self, base: str, new: str) -> None:
        """Move main from `base` to a commit that is there already, then files and index; raises like `commit`."""
        paths = [path for path, _, _ in self.changes(self.tree(base), self.tree(new))]
        for path in paths:
            worktree.reachable(self.git.root, path)
        with self._nothing_recorded():
            self._note(base, new)
        self._advance(base, new)
        with self._filing():
            self.after_step("recorded")
            sync_folder((self.git.git_dir / MAIN).parent)
        self.materialise(paths, base, new)

    def materialise(self, paths: Iterable[str], base: str, tip: str) -> None:
        """Bring files and git's index from `base` to `tip`; a file changed by hand is left and noticed."""
        wanted = sorted(set(paths))
        with self._filing():
            kept = self._write_files(wanted, base, tip)
            self.after_step("files")
            self._refresh_index(wanted, kept, tip)
            self.after_step("index")
            refuse_left_locks(self.git.git_dir)
            noted = self._intent()
            if noted and noted[0] == base:
                self._forget()
            self.after_step("done")

    def recover(self) -> list[Text]:
        """Complete, or declare void, what a killed command left; returns one sentence for each repair."""
        noted = self._intent()
        if noted is None:
            return []
        base, new = noted
        with self._nothing_recorded():
            break_own_locks(self.git.git_dir)
            tip = self.tip()
            found = [] if self.holds(tip, new) else [text("{commit} was not recorded", commit=new[:12])]
            if tip == base or not self.holds(tip, base):
                self._forget()
                return found
            said = len(self.notices)
            paths = [path for path, _, _ in self.changes(self.tree(base), self.tree(tip))]
            self.materialise(paths, base, tip)
        if not self._intent():
            found.append(text("files and index were completed up to {commit}", commit=tip[:12]))
        return found + self.notices[said:]

    def _write_objects(
        self,
        base: str,
        files: Mapping[str, bytes | None],
        message: str,
        identity: Identity,
        at: datetime,
        parents: Sequence[str],
        sign: Sign | None,
    ) -> str:
        try:
            wanted = {
                path: "" if body is None else self._loose.write("blob", body) for path, body in files.items()
            }
            self.after_step("blobs")
            tree = rebuild(self._loose, self.entries, self.tree(base), wanted) or self._loose.write(
                "tree", b""
            )
            self.after_step("trees")
            body = commit_body(tree, parents, identity, at, message)
            new = self._loose.write("commit", signed(body, sign(body)) if sign else body)
            self.after_step("commit")
            self._loose.flush()
        finally:
            self._loose.drop()
        self._roots[new] = tree
        self.after_step("objects")
        return new

    def _advance(self, base: str, new: str) -> None:
        """Move main from `base` to `new`: the one point at which an act becomes recorded."""
        try:
            self._swap(base, new)
        except (OSError, StorageFailed) as error:
            tip = self.tip()
            if tip == new:
                return
            if tip != base:
                raise Busy(text("main was moved by another git in the meantime; try again")) from error
            raise StorageFailed(text("nothing was recorded: the branch main cannot be moved")) from error

    def _swap(self, base: str, new: str) -> None:
        if self._moves is None:
            self._moves = self.git.start("update-ref", "-m", "svcdesk", "--stdin")
            weakref.finalize(self, end, self._moves)
        requests, answers = self._moves.stdin, self._moves.stdout
        if requests is not None and answers is not None:
            with suppress(BrokenPipeError):
                requests.write(f"start\nupdate {MAIN} {new} {base or NO_OBJECT}\ncommit\n".encode("ascii"))
                requests.flush()
            if [answers.readline(), answers.readline()] == [b"start: ok\n", b"commit: ok\n"]:
                return
        end(self._moves)
        self._moves = None
        raise StorageFailed(text("git update-ref failed"))

    def _write_files(self, paths: Iterable[str], base: str, tip: str) -> set[str]:
        """Write what may be written and return the paths that a person has changed."""
        root = self.git.root
        due: dict[str, str] = {}
        kept: set[str] = set()
        for path in paths:
            new = self._held(tip, path)
            if worktree.blob_id(root, path) == new:
                continue
            if self._stands(path, self._held(base, path)):
                due[path] = new
            else:
                worktree.sweep(root, path)
                kept.add(path)
                self.notices.append(text("{path} was changed by hand and is left as it is", path=path))
        bodies = self.blobs(blob for blob in due.values() if blob)
        waiting = ((path, next(bodies)[1] if blob else None) for path, blob in due.items())
        while batch := list(islice(waiting, FILES_AT_ONCE)):
            for _ in side_by_side(self._write_file, batch):
                self.after_step("file")
        return kept

    def _write_file(self, file: tuple[str, bytes | None]) -> None:
        path, content = file
        if content is None:
            worktree.remove(self.git.root, path)
        else:
            worktree.put(self.git.root, path, content)

    def _refresh_index(self, paths: Iterable[str], kept: Collection[str], tip: str) -> None:
        """Tell git's index what the commit holds at these paths, and nothing else."""
        written = "".join(f"{path}\0" for path in paths if path not in kept)
        found = ((path, self.entry(tip, path)) for path in kept)
        heads = ((path, f"{each.mode} {each.oid}" if each else f"0 {NO_OBJECT}") for path, each in found)
        other = "".join(f"{head}\t{path}\0" for path, head in heads)
        with index_call(self.git.git_dir):
            self.after_step("refreshing")
            # By name, git notes each file's time and size too, and need not read it again at each status.
            self.git.run("update-index", "--add", "--remove", "-z", "--stdin", input=os.fsencode(written))
            if other:
                self.git.run("update-index", "-z", "--index-info", input=os.fsencode(other))

    def _held(self, commit: str, path: str) -> str:
        found = self.entry(commit, path)
        return found.oid if found else worktree.MISSING

    def _stands(self, path: str, blob: str) -> bool:
        """Whether the work tree holds this blob at a path; a sparse one may leave the file out."""
        found = worktree.blob_id(self.git.root, path)
        return found == blob or (found == worktree.MISSING and self._sparse)

    @cached_property
    def _sparse(self) -> bool:
        chosen = os.path.lexists(self.git.git_dir / "info" / "sparse-checkout")
        return chosen and self.git.config("core.sparseCheckout") == "true"

    def _note(self, base: str, new: str) -> None:
        """Say durably what is about to happen; the oldest note serves until the files have caught up."""
        if self._intent() is None:
            save(self._intended, json.dumps({"base": base, "new": new}).encode("ascii"))
        self.after_step("intent")

    def _intent(self) -> tuple[str, str] | None:
        """Return what was about to happen; None where nothing was, or the note was cut short; raises OSError."""
        try:
            noted = json.loads(self._intended.read_bytes())
            return str(noted["base"]), str(noted["new"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _forget(self) -> None:
        self._intended.unlink(missing_ok=True)

    @contextmanager
    def _nothing_recorded(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageFailed(
                text("nothing was recorded: {reason}", reason=error.strerror or "?")
            ) from error

    @contextmanager
    def _filing(self) -> Iterator[None]:
        """Turn a failure after the commit into a notice; the intent stays for the next command."""
        try:
            yield
        except OSError as error:
            reason: object = error.strerror
        except StorageFailed as error:
            reason = error.message
        else:
            return
        self.notices.append(
            text(
                "recorded, but files or index are not all refreshed: {reason}; the next command will",
                reason=reason,
            )
        )


def create(root: Path, settings: Mapping[str, str]) -> Store:
    """Make a repository on branch main without a commit, with these settings; raises StorageFailed."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(text("the folder cannot be made: {reason}", reason=error.strerror)) from error
    root = root.resolve()
    git = Git(root, root / ".git")
    git.run("init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=main")
    for name, value in {**SETTINGS, **settings}.items():
        git.set_config(name, value)
    return Store(git)
