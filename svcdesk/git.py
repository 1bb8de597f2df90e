"""Every git call: one binary, an environment built from a list, dangerous settings switched off."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from svcdesk.durable import is_expendable
from svcdesk.errors import GitKilled
from svcdesk.errors import NeedsAttention
from svcdesk.errors import StorageFailed
from svcdesk.model import Identity as Identity
from svcdesk.model import text

TIMEOUT = 120.0  # seconds
LONGEST_REASON = 200  # characters of git's own words that a message may carry

ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
    "TZ": "UTC",
}
QUARANTINE = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")
OWN_SETTINGS_ONLY = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
WHERE_A_PERSON_KEEPS_SETTINGS = ("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")

HOW_A_PERSON_REACHES_SERVERS = (
    *WHERE_A_PERSON_KEEPS_SETTINGS,
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "SSH_AUTH_SOCK",
    "DISPLAY",
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "no_proxy",
    "NO_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
)

SETTINGS = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    f"core.attributesFile={os.devnull}",
    "safe.bareRepository=explicit",
    "gc.auto=0",
    "maintenance.auto=false",
    "core.fsync=all",
    "core.fsyncMethod=fsync",
    "core.pager=cat",
)

TRANSPORT_SETTINGS = (
    "transfer.fsckObjects=true",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
    "push.followTags=false",
    "push.gpgSign=false",
)
WAYS = {"GIT_ALLOW_PROTOCOL": "file:https:ssh"}
"""How a server is reached, whatever the settings say; all else that git does reaches none."""

LONGEST_TRANSPORT = 900.0  # seconds

Process = subprocess.Popen[bytes]
"""A git that is under way, for the other modules to name."""


def find_binary(name: str) -> str:
    """Return the absolute path of a program, found on the absolute folders of PATH; empty where it is not."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        candidate = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return ""


def binary() -> str:
    """Return the absolute path of git; raises NeedsAttention."""
    found = find_binary("git")
    if not found:
        raise NeedsAttention(text("git is not installed, or not on the PATH; svcdesk needs it"))
    return found


def plain(words: str) -> str:
    """Return words with every character escaped that a terminal could obey or a reader not see."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape", "backslashreplace").decode("ascii")
        for each in words
    )


def reason(stderr: bytes) -> str:
    """Return the gravest line of what a git said, safe to show."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    grave = [line for line in lines if line.startswith(("fatal:", "error:"))]
    said = (grave or lines or ["no reason given"])[0]
    return plain(said)[:LONGEST_REASON]


@dataclass(frozen=True)
class Git:
    """A work tree and its repository, and the only way to run git on them."""

    root: Path
    git_dir: Path
    index_file: str = ""
    """Another index than the repository's own: the one that git hands to a hook."""
    in_quarantine: bool = False
    """Whether objects are read that were pushed and not accepted yet: a hook is told where they lie."""

    @cached_property
    def _binary(self) -> str:
        return binary()

    @cached_property
    def _environment(self) -> Mapping[str, str]:
        index = {"GIT_INDEX_FILE": self.index_file} if self.index_file else {}
        told = QUARANTINE if self.in_quarantine else ()
        pushed = {name: os.environ[name] for name in told if name in os.environ}
        return {**self._personal, **OWN_SETTINGS_ONLY, **_switched_off(self._filters), **index, **pushed}

    @cached_property
    def _personal(self) -> Mapping[str, str]:
        return {"PATH": os.path.dirname(self._binary), **ENVIRONMENT}

    @cached_property
    def _filters(self) -> tuple[str, ...]:
        """Names of filters in the repository's own settings: a status would run their commands."""
        written = b"".join(_content(self.git_dir / name) for name in ("config", "config.worktree")).lower()
        if b"filter" not in written and b"include" not in written:
            return ()
        listed = self._call(
            ("config", "--list", "--name-only", "-z"), b"", {**self._personal, **OWN_SETTINGS_ONLY}
        )
        keys = os.fsdecode(listed.stdout).split("\0")
        return tuple(sorted({key.rpartition(".")[0] for key in keys if key.startswith("filter.")}))

    @property
    def _here(self) -> Path:
        """The work tree, or before there is one, the folder that it is to be made in."""
        return next(each for each in (self.root, *self.root.absolute().parents) if each.is_dir())

    def _command(self, arguments: tuple[str, ...], more: tuple[str, ...] = ()) -> list[str]:
        chosen = (*SETTINGS, *more, *["core.fsync=none"] * is_expendable())
        settings = [part for each in chosen for part in ("-c", each)]
        # A bare repository is its own root: no files are beside it.
        files = [] if self.root == self.git_dir else [f"--work-tree={self.root}"]
        return [self._binary, f"--git-dir={self.git_dir}", *files, *settings, *arguments]

    def _call(
        self,
        arguments: tuple[str, ...],
        given: bytes,
        environment: Mapping[str, str],
        settings: tuple[str, ...] = (),
        seconds: float = TIMEOUT,
    ) -> subprocess.CompletedProcess[bytes]:
        # Descriptors that were made inheritable (the desk's lock) pass to git on purpose: while a git
        # child of a killed command still works, nobody else may write.
        try:
            return subprocess.run(
                self._command(arguments, settings),
                input=given,
                capture_output=True,
                check=False,
                env=environment,
                close_fds=False,
                cwd=self._here,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired as error:
            raise GitKilled(
                text(
                    "git {command} did not end within {seconds} s", command=arguments[0], seconds=int(seconds)
                )
            ) from error
        except OSError as error:
            raise StorageFailed(
                text("git {command} cannot be started: {reason}", command=arguments[0], reason=error.strerror)
            ) from error

    def run(self, *arguments: str, input: bytes = b"", ok: tuple[int, ...] = (0,)) -> bytes:
        """Run git to its end and return what it wrote; raises StorageFailed on an exit code not in `ok`, GitKilled."""
        done = self._call(arguments, input, self._environment)
        if done.returncode < 0:
            raise GitKilled(text("git {command} was killed", command=arguments[0]))
        if done.returncode not in ok:
            raise StorageFailed(
                text("git {command} failed: {reason}", command=arguments[0], reason=reason(done.stderr))
            )
        return done.stdout

    def reach(self, *arguments: str) -> tuple[int, bytes, bytes]:
        """Run a git that talks to a server; return its exit code, what it wrote, and what it said.

        It finds keys and passwords as the person's own git does; the repository has no say in that.
        """
        theirs = {name: os.environ[name] for name in HOW_A_PERSON_REACHES_SERVERS if name in os.environ}
        environment = {**self._personal, **theirs, **WAYS, "PATH": os.environ.get("PATH", os.defpath)}
        done = self._call(arguments, b"", environment, TRANSPORT_SETTINGS, LONGEST_TRANSPORT)
        return done.returncode, done.stdout, done.stderr

    def own_settings(self) -> Sequence[str]:
        """Return the names of the repository's own settings, in small letters."""
        listed = self.run("config", "--list", "--show-scope", "--name-only", "-z")
        words = listed.decode("utf-8", "replace").split("\0")
        pairs = zip(words[::2], words[1::2], strict=False)
        return [name.casefold() for scope, name in pairs if scope in ("local", "worktree")]

    def start(self, *arguments: str) -> Process:
        """Start git with pipes for input and output; raises StorageFailed."""
        try:
            return subprocess.Popen(
                self._command(arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                close_fds=False,
                cwd=self._here,
            )
        except OSError as error:
            raise StorageFailed(
                text("git {command} cannot be started: {reason}", command=arguments[0], reason=error.strerror)
            ) from error

    @cached_property
    def _settings(self) -> Mapping[str, str]:
        """Every setting as the person's own git would read it, last word wins."""
        theirs = {name: os.environ[name] for name in WHERE_A_PERSON_KEEPS_SETTINGS if name in os.environ}
        listed = self._call(("config", "--list", "-z"), b"", {**self._personal, **theirs})
        if listed.returncode:
            raise StorageFailed(text("git's settings cannot be read: {reason}", reason=reason(listed.stderr)))
        pairs = (entry.partition("\n") for entry in listed.stdout.decode("utf-8", "replace").split("\0"))
        return {key: value for key, _, value in pairs if key}

    def config(self, name: str) -> str:
        """Return a setting from the repository, the person or the system; empty where none is set."""
        section, _, rest = name.partition(".")
        middle, dot, last = rest.rpartition(".")
        return self._settings.get(f"{section.lower()}.{middle}{dot}{last.lower()}", "")

    def set_config(self, name: str, value: str) -> None:
        """Write a setting of this repository."""
        self.run("config", "--local", "--end-of-options", name, value)
        self.__dict__.pop("_settings", None)

    def identity(self) -> Identity | None:
        """Return the author as git would name it, or None where a name or an address is missing."""
        name = os.environ.get("GIT_AUTHOR_NAME") or self.config("user.name")
        email = os.environ.get("GIT_AUTHOR_EMAIL") or self.config("user.email")
        return Identity(name, email) if name and email else None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _switched_off(filters: tuple[str, ...]) -> dict[str, str]:
    pairs = [
        (f"{name}.{last}", "false" if last == "required" else "")
        for name in filters
        for last in ("clean", "smudge", "process", "required")
    ]
    numbered = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in enumerate(pairs)}
    values = {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(pairs)}
    return {"GIT_CONFIG_COUNT": str(len(pairs)), **numbered, **values} if pairs else {}


def find(start: Path) -> Git | None:
    """Return the desk at or above a folder, or None; whether its `.git` is sound is for the caller to ask."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "records" / "desk.yaml").is_file():
            return Git(folder, folder / ".git")
    return None
