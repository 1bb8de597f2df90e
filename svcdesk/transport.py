"""To and from a remote repository: one branch in, one branch out, by the person's own ssh and passwords."""

from __future__ import annotations

import os
import re
from enum import Enum
from typing import NamedTuple

from svcdesk.errors import NeedsAttention
from svcdesk.errors import StorageFailed
from svcdesk.git import Git
from svcdesk.git import plain
from svcdesk.git import reason
from svcdesk.lock import break_lock
from svcdesk.model import text
from svcdesk.reader import MAIN
from svcdesk.reader import Reader

INCOMING = "refs/svcdesk/incoming"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
URL = re.compile(
    r"(?:ssh|https|file)://[^-\s][^\s]*|/[^\s]*|\.{0,2}/[^\s]*|[A-Za-z0-9][\w.@-]*:(?!//|:|-)[^\s]+"
)
"""Servers by ssh (also as HOST:PATH) or https, folders by path; nothing that git would run or read as an option."""

MEDDLING = re.compile(
    r"core\.(?:sshcommand|askpass|gitproxy)|(?:credential|url|http)\..*|remote\..*\.(?:vcs|proxy)"
)
"""Settings by which a repository could run a program or lead elsewhere; they belong to the person."""
NO_BRANCH = b"couldn't find remote ref refs/heads/main"
NOT_ALLOWED = re.compile(rb"transport '([^'\n]{1,99})' not allowed")
CHECKED_OUT = "branch is currently checked out"
OUTRUN = ("fetch first", "non-fast-forward", "failed to update ref", "cannot lock ref", "incorrect old value")
LONGEST_WORDS = 2000  # characters of what a server says


class Remote(NamedTuple):
    """A remote by the name that the person gave it, and where it is."""

    name: str
    url: str


class Sent(Enum):
    """What became of a push."""

    DONE = "done"
    OUTRUN = "outrun"
    REFUSED = "refused"


def find_remote(git: Git, name: str = "") -> Remote:
    """Return the remote of this name, or the one that there is; raises NeedsAttention."""
    _refuse_meddling(git)
    names = [name] if name else [git.config("branch.main.remote"), "origin"]
    for each in names:
        url = git.config(f"remote.{each}.url") if NAME.fullmatch(each) else ""
        if url and not URL.fullmatch(url) and not _is_folder(git, url):
            raise NeedsAttention(
                text("{url}: a remote is reached by ssh, https or as a folder; git remote set-url", url=url)
            )
        if url:
            return Remote(each, url)
    raise NeedsAttention(
        text("there is no remote {name}; git remote add {name} URL names one", name=name or "origin")
    )


def _is_folder(git: Git, url: str) -> bool:
    return not url.startswith("-") and "::" not in url and os.path.isdir(git.root / url)


def _refuse_meddling(git: Git) -> None:
    found = [each for each in git.own_settings() if MEDDLING.fullmatch(each)]
    if found:
        raise NeedsAttention(
            text(
                "the desk's own git settings say how to reach servers ({names}); that is for the person"
                " to say: git config --global",
                names=", ".join(sorted(set(found))),
            )
        )


def fetch(store: Reader, remote: Remote) -> str:
    """Bring the remote's main into quarantine and return its tip, empty where it has none; raises StorageFailed."""
    # Nothing but a sync writes this ref, and one that was killed leaves it locked.
    break_lock(store.git.git_dir / f"{INCOMING}.lock")
    code, _, said = store.git.reach(
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-recurse-submodules",
        "--no-auto-maintenance",
        "--refmap=",
        "--end-of-options",
        remote.url,
        f"+{MAIN}:{INCOMING}",
    )
    if code and NO_BRANCH in said:
        return ""
    if code and (led := NOT_ALLOWED.search(said)):
        raise NeedsAttention(
            text(
                "{remote}: by your own git settings (url.….insteadOf) it is reached by {protocol}; only ssh, https"
                " and folders are used",
                remote=remote.name,
                protocol=plain(led[1].decode("utf-8", "replace")),
            )
        )
    if code:
        raise StorageFailed(
            text(
                "{remote} cannot be reached: {reason}; nothing was moved",
                remote=remote.name,
                reason=reason(said),
            )
        )
    return store.ref(INCOMING)


def push(store: Reader, remote: Remote, commit: str) -> tuple[Sent, str]:
    """Offer a commit as the remote's main; return what became of it and the server's words.

    Raises StorageFailed where it cannot be reached, NeedsAttention where it is nowhere to publish to.
    """
    code, wrote, said = store.git.reach(
        "push", "--porcelain", "--no-verify", "--end-of-options", remote.url, f"{commit}:{MAIN}"
    )
    if code == 0:
        return Sent.DONE, ""
    answer = next(
        (line for line in wrote.decode("utf-8", "replace").splitlines() if line.startswith("!")), ""
    )
    if not answer:
        message = text(
            "{remote} did not say what it took: {reason}; the next sync will see",
            remote=remote.name,
            reason=reason(said),
        )
        raise StorageFailed(message)
    if CHECKED_OUT in answer:
        message = text(
            "{remote} is a folder in which somebody works; clones meet in a bare repository: git init --bare",
            remote=remote.name,
        )
        raise NeedsAttention(message)
    words = _words(said) or plain(answer.rpartition("\t")[2])
    return (Sent.OUTRUN if any(each in answer for each in OUTRUN) else Sent.REFUSED), words


def _words(said: bytes) -> str:
    """Return what the server's hook said, safe to show."""
    lines = [
        line.removeprefix("remote: ").strip()
        for line in said.decode("utf-8", "replace").splitlines()
        if line.startswith("remote: ")
    ]
    return plain(" / ".join(filter(None, lines)))[:LONGEST_WORDS]
