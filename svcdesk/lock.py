"""Who may write: the desk's lock, and the states of a repository in which nobody may."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path

from svcdesk.errors import Busy
from svcdesk.errors import GitKilled
from svcdesk.errors import NeedsAttention
from svcdesk.errors import StorageFailed
from svcdesk.model import Text
from svcdesk.model import text

PAUSE = 0.02  # seconds between two looks at a lock
PATIENCE = 1.0  # seconds in which a live git ends what it is doing
REFRESHING = "svcdesk/refreshing"
HEAD = b"ref: refs/heads/main"
LOCKS_OF_MAIN = ("HEAD.lock", "refs/heads/main.lock")

UNDER_WAY = {
    "MERGE_HEAD": text("a merge is under way; finish it, or leave it with git merge --abort"),
    "rebase-merge": text("a rebase is under way; finish it, or leave it with git rebase --abort"),
    "rebase-apply": text("a rebase is under way; finish it, or leave it with git rebase --abort"),
    "CHERRY_PICK_HEAD": text("a cherry-pick is under way; leave it with git cherry-pick --abort"),
    "REVERT_HEAD": text("a revert is under way; leave it with git revert --abort"),
    "BISECT_LOG": text("a bisect is under way; leave it with git bisect reset"),
    "shallow": text("the history is cut short (shallow); complete it with git fetch --unshallow"),
    "info/grafts": text("grafts falsify the history; remove the file info/grafts from git's folder"),
    "index.lock": text("git's index is locked; wait for the other git, or see svcdesk doctor"),
    "HEAD.lock": text("git's HEAD is locked; wait for the other git, or see svcdesk doctor"),
    "refs/heads/main.lock": text("the branch main is locked; wait for the other git, or see svcdesk doctor"),
}
REPLACED = text("replace refs falsify the history; remove them with git replace -d")
PARTIAL = text("the clone lacks objects (partial); clone the remote anew, without --filter")
_LACKING = re.compile(rb"^\s*(?:promisor|partialclone\w*)\s*=", re.IGNORECASE | re.MULTILINE)
ELSEWHERE = text("the desk is not on the branch main; return to it with git switch main")
FALSIFIED = ("shallow", "info/grafts")
NO_REPOSITORY = text("the desk has no git repository of its own; start one with svcdesk init")


@contextmanager
def held(path: Path, timeout: float) -> Iterator[None]:
    """Hold a lock file, which is never unlinked; raises Busy after `timeout` seconds, StorageFailed."""
    try:
        path.parent.mkdir(exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise StorageFailed(
            text("the desk's lock cannot be opened: {reason}", reason=error.strerror)
        ) from error
    try:
        _take(descriptor, timeout)
        # git children share it: killed alone, this process leaves the desk locked until they end.
        os.set_inheritable(descriptor, True)
        yield
    finally:
        # Reading children may live on; unlocking ends the lock for all who share it, closing would not.
        # What was recorded stands even where that fails: the lock then ends with the last of them.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _take(descriptor: int, timeout: float) -> None:
    end = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= end:
                break
        except OSError as error:
            raise StorageFailed(text("the desk cannot be locked: {reason}", reason=error.strerror)) from error
        time.sleep(PAUSE)
    raise Busy(
        text("another command has been writing for {seconds} s; try again later", seconds=round(timeout))
    )


def trouble(git_dir: Path) -> Text | None:
    """Return why nothing may be recorded in a repository and the way out, or None; looks at files alone."""
    if not git_dir.is_dir():
        return NO_REPOSITORY
    for name, message in UNDER_WAY.items():
        if os.path.lexists(git_dir / name):
            return message
    if _is_replaced(git_dir):
        return REPLACED
    if _LACKING.search(_content(git_dir / "config")):
        return PARTIAL
    if _content(git_dir / "HEAD").strip() != HEAD:
        return ELSEWHERE
    return None


def _is_replaced(git_dir: Path) -> bool:
    planted = any(files for _, _, files in os.walk(git_dir / "refs" / "replace"))
    return planted or b" refs/replace/" in _content(git_dir / "packed-refs")


def refuse_falsified(git_dir: Path) -> None:
    """Raise NeedsAttention where git would show another history than the commits make."""
    found = [UNDER_WAY[name] for name in FALSIFIED if os.path.lexists(git_dir / name)]
    found += [REPLACED] * _is_replaced(git_dir)
    found += [PARTIAL] * bool(_LACKING.search(_content(git_dir / "config")))
    if found:
        raise NeedsAttention(found[0])


def refuse_trouble(git_dir: Path) -> None:
    """Raise NeedsAttention where nothing may be recorded."""
    if (found := trouble(git_dir)) is not None:
        raise NeedsAttention(found)


@contextmanager
def index_call(git_dir: Path) -> Iterator[None]:
    """Mark that git's index is being written: only a kill leaves the mark, and then index.lock is ours."""
    mark = git_dir / REFRESHING
    if os.path.lexists(git_dir / "index.lock"):
        raise StorageFailed(text("git's index is in use by another git"))
    mark.touch()
    killed = False
    try:
        yield
    except GitKilled:
        killed = True
        raise
    finally:
        if not killed:
            mark.unlink(missing_ok=True)


def refuse_left_locks(git_dir: Path) -> None:
    """Raise StorageFailed where main was moved and a lock on it is left; `break_own_locks` is for the next command."""
    if any(os.path.lexists(git_dir / name) for name in LOCKS_OF_MAIN):
        raise StorageFailed(text("git left a lock on the branch main"))


def break_own_locks(git_dir: Path) -> None:
    """Remove the locks that a killed command's git left: who holds the desk's lock knows that git dead."""
    mark = git_dir / REFRESHING
    names = [*LOCKS_OF_MAIN, *["index.lock"] * mark.exists()]
    for name in names:
        break_lock(git_dir / name)
    mark.unlink(missing_ok=True)


def break_lock(path: Path) -> None:
    """Remove a git's lock that is held for moments only; a git that is at work by now gets the time to end."""
    end = time.monotonic() + PATIENCE
    while os.path.lexists(path) and time.monotonic() < end:
        time.sleep(PAUSE)
    path.unlink(missing_ok=True)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
