"""What ails a desk's clone: found, and mended where that is safe, under the desk's lock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from svcdesk.astray import astray
from svcdesk.desk import Desk
from svcdesk.errors import StorageFailed
from svcdesk.errors import SvcdeskError
from svcdesk.founding import HOOK
from svcdesk.founding import write_hook
from svcdesk.ids import STATION
from svcdesk.lock import refuse_falsified
from svcdesk.lock import trouble
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.worktree import DRAFT

LOCKS = ("index.lock", "HEAD.lock", "refs/heads/main.lock")
OLD = 60.0  # seconds after which a lock that nobody holds open was left by a git that died
PROCESSES = Path("/proc")


@dataclass(frozen=True, slots=True)
class Matter:
    """Something found wrong, and whether it has been mended."""

    sentence: Text
    mended: bool = False


def examine(desk: Desk, now: datetime) -> Iterator[Matter]:
    """Give what is wrong with this clone, mending on the way; raises Busy, NeedsAttention, StorageFailed."""
    parts = (_locks, _unfinished, _drafts, _hook, _trouble, _station, _identity, _index, _edits, _history)
    said = set()
    with desk.store.lock():
        for part in (*parts, partial(_astray, now=now)):
            for matter in _surely(part, desk):
                if str(matter.sentence) not in said:
                    yield matter
                said.add(str(matter.sentence))


def _surely(part: Callable[[Desk], Iterator[Matter]], desk: Desk) -> Iterator[Matter]:
    """Let no part of the examination that fails keep the others from being made."""
    try:
        yield from part(desk)
    except SvcdeskError as error:
        yield Matter(error.message)


def _git_folder(desk: Desk) -> Path:
    return desk.store.git.git_dir


def _locks(desk: Desk) -> Iterator[Matter]:
    for name in LOCKS:
        path = _git_folder(desk) / name
        if not os.path.lexists(path):
            continue
        if _abandoned(path, desk.root):
            path.unlink(missing_ok=True)
            yield Matter(text("the lock {name} was left by a git that has ended", name=name), mended=True)
        else:
            yield Matter(text("the lock {name} may be in use; try again in a minute", name=name))


def _abandoned(path: Path, root: Path) -> bool:
    """Whether a lock is old and no living git can be its owner; False where that cannot be known."""
    if not PROCESSES.is_dir() or time.time() - path.lstat().st_mtime < OLD:
        return False
    return not any(_is_git_in(process, root) for process in PROCESSES.glob("[0-9]*"))


def _is_git_in(process: Path, root: Path) -> bool:
    """Whether a process is a git at work in the desk; one of another user, that we may not look at, may be."""
    try:
        if not process.joinpath("comm").read_text("utf-8", "replace").startswith("git"):
            return False
        return Path(os.readlink(process / "cwd")).is_relative_to(root)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _unfinished(desk: Desk) -> Iterator[Matter]:
    for sentence in desk.store.recover():
        yield Matter(sentence, mended=True)


def _drafts(desk: Desk) -> Iterator[Matter]:
    for path in sorted((desk.root / "records").rglob(f"{DRAFT}*")):
        path.unlink(missing_ok=True)
        yield Matter(text("a draft of a command that was killed: {path}", path=path.name), mended=True)


def _hook(desk: Desk) -> Iterator[Matter]:
    hook = _git_folder(desk) / "hooks" / "pre-commit"
    if not hook.exists():
        write_hook(_git_folder(desk))
        yield Matter(text("the pre-commit hook that refuses hand edits was missing"), mended=True)
    elif HOOK.splitlines()[-1] not in hook.read_text("utf-8", "replace"):
        yield Matter(text("the pre-commit hook does not run svcdesk check --staged"))
    elif not os.access(hook, os.X_OK):
        hook.chmod(0o755)
        yield Matter(text("the pre-commit hook could not be run"), mended=True)


def _trouble(desk: Desk) -> Iterator[Matter]:
    found = trouble(_git_folder(desk))
    if found is not None:
        yield Matter(found)


def _station(desk: Desk) -> Iterator[Matter]:
    file = desk.git_folder / "station"
    if not file.is_file() or not STATION.fullmatch(file.read_text("utf-8", "replace").strip()):
        yield Matter(text("this clone numbers no records yet; svcdesk station LETTER claims a letter"))


def _identity(desk: Desk) -> Iterator[Matter]:
    identity = desk.store.git.identity()
    if identity is None:
        yield Matter(text("git does not know who you are; set user.name and user.email"))
    elif desk.staff_by_email(identity.email) is None:
        yield Matter(text("{email} belongs to no member of staff of this desk", email=identity.email))


def _index(desk: Desk) -> Iterator[Matter]:
    """Opening the index mends it: one that is damaged is thrown away and made anew."""
    if desk.index.in_memory:
        yield Matter(text("the index was damaged; the next command makes it anew"), mended=True)


def _edits(desk: Desk) -> Iterator[Matter]:
    for path in desk.store.status("records"):
        yield Matter(text("{path} differs from the commit; see svcdesk salvage", path=path))


def _history(desk: Desk) -> Iterator[Matter]:
    """Ask git whether every object of the history is there."""
    try:
        desk.store.git.run("fsck", "--connectivity-only", "--no-dangling", "--no-progress")
    except StorageFailed:
        yield Matter(text("objects of the history are missing or damaged; git fsck names them"))


def _astray(desk: Desk, now: datetime) -> Iterator[Matter]:
    """Hold main against what this clone has verified, and what came since against the law."""
    refuse_falsified(_git_folder(desk))
    desk.require_history()
    for sentence in astray(desk, now):
        yield Matter(sentence)
