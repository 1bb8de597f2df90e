"""Commits made by hand with plain git, as somebody would who wants history to say what did not happen."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from svcdesk import message
from svcdesk import schema
from svcdesk import yamlio
from svcdesk.clock import instant
from svcdesk.commits import folded
from svcdesk.ids import path_of
from svcdesk.ids import register_of
from svcdesk.model import Act
from svcdesk.model import Change
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.registers import REGISTERS
from svcdesk.workflow import advance
from svcdesk.workflow import make_act
from tests.keys import sign
from tests.worlds import SMALL
from tests.worlds import World

CLERK = "Clerk Chen <clerk@example.org>"
HEAD = "Head He <head@example.org>"
ADMIN = "admin <admin@example.org>"
PLAIN = "100644"


@dataclass(frozen=True)
class Forger:
    """Somebody with git and a clone in `folder`, who knows how svcdesk writes."""

    folder: Path
    keys: Path | None = None
    """Where the private halves of the people's keys lie; with it, each commit is signed by its author's."""
    world: World = SMALL
    """Who is who at the desk, where the story was played on it."""

    def git(self, *arguments: str, given: bytes = b"", index: Path | None = None) -> str:
        """Run git and return what it writes, without the last newline."""
        environment = {**os.environ, **({"GIT_INDEX_FILE": str(index)} if index else {})}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=environment,
            input=given,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().rstrip("\n")

    @property
    def tip(self) -> str:
        return self.git("rev-parse", "main")

    def record(self, record_id: str, commit: str = "main") -> Record:
        """Return a record as a commit holds it."""
        register = register_of(record_id, REGISTERS)
        assert register is not None
        blob = self.git("show", f"{commit}:{path_of(register, record_id)}").encode() + b"\n"
        return Record(register.name, yamlio.load(blob))

    def tree(
        self,
        files: Mapping[str, bytes | None],
        base: str = "main",
        mode: str = PLAIN,
        links: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """Return the tree of a commit with these files; None takes one away, links are other repositories."""
        index = self.folder / ".git" / "forged-index"
        index.unlink(missing_ok=True)
        self.git("read-tree", base, index=index)
        lines = [f"160000 {oid}\t{path}" for path, oid in links.items()]
        for path, content in files.items():
            if content is None:
                lines.append(f"0 {'0' * 40}\t{path}")
            else:
                oid = self.git("hash-object", "-w", "--stdin", given=content)
                lines.append(f"{mode} {oid}\t{path}")
        self.git(
            "update-index",
            "--add",
            "--index-info",
            given="".join(f"{each}\n" for each in lines).encode(),
            index=index,
        )
        return self.git("write-tree", index=index)

    def commit(
        self,
        tree: str,
        words: str,
        at: str,
        *,
        author: str = CLERK,
        committer: str = "",
        parents: Sequence[str] = (),
        more: str = "",
        committed: str = "",
    ) -> str:
        """Write a commit object, headers as given, and return its id; main stays where it is."""
        lines = [f"tree {tree}", *(f"parent {each}" for each in parents or (self.tip,) if each)]
        lines += [
            f"author {author} {_seconds(at)}",
            f"committer {committer or author} {_seconds(committed or at)}",
        ]
        key = key_of(author, self.keys) if self.keys and not more else None
        if key is not None:
            more = self.signature("\n".join(lines) + "\n\n" + words, key)
        return self.write(("\n".join(lines) + "\n" + more + "\n" + words).encode())

    def signature(self, body: str, key: Path, namespace: str = "git") -> str:
        """Return the header by which a commit of this body is signed with a key."""
        return folded(sign(body.encode(), key, namespace)).decode()

    def write(self, body: bytes, kind: str = "commit") -> str:
        """Write an object of which git may think what it likes, and return its id."""
        return self.git("hash-object", "-t", kind, "-w", "--literally", "--stdin", given=body)

    def publish(self, commit: str) -> str:
        """Move main to a commit, by force."""
        self.git("update-ref", "refs/heads/main", commit)
        return commit

    def step(self, record_id: str, action: str, by: str, at: str, base: str = "main", **rest: Any) -> Step:
        """Return the step that an act on a record comes to; with `new`, on a record that is not there yet."""
        old = rest.pop("old", None)
        if old is None and not rest.pop("new", False):
            old = self.record(record_id, base)
        return stepped(record_id, old, make_act(action, by, at, **rest))

    def act(self, *steps: Step, author: str = CLERK, **how: Any) -> str:
        """Commit acts just as svcdesk would, whatever they are."""
        change = Change(steps)
        base = how.pop("base", "main")
        policy = self.git("rev-parse", f"{base}:records/policy")
        words = how.pop("words", message.compose(change, policy))
        tree = how.pop("tree", "") or self.tree(
            {**written(*steps), **how.pop("files", {})}, base, how.pop("mode", PLAIN)
        )
        return self.commit(
            tree,
            words,
            how.pop("at", steps[0].entered),
            author=author,
            parents=[self.git("rev-parse", base)],
            **how,
        )


def key_of(author: str, keys: Path) -> Path | None:
    """Return the key of an author, if there is one."""
    found = re.search(r"<([^@>]+)@", author)
    key = keys / found[1] if found else keys
    return key if key.is_file() else None


def stepped(record_id: str, old: Record | None, act: Act) -> Step:
    """Return the step that an act on a record comes to."""
    register = register_of(record_id, REGISTERS)
    assert register is not None
    new = advance(register, old, act, record_id)
    return Step(old, act, Record(register.name, schema.ordered(register.name, new.data)))


def written(*steps: Step) -> dict[str, bytes | None]:
    """Return the files that steps leave."""
    return {path_of(REGISTERS[each.new.register], each.new.id): yamlio.dump(each.new.data) for each in steps}


def _seconds(moment: str) -> str:
    time = instant(moment)
    return f"{int(time.timestamp())} {time:%z}"
