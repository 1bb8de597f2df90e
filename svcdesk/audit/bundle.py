"""Records and all that proves them, for an outsider who has git and ssh-keygen and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Any

from svcdesk import commits
from svcdesk import message
from svcdesk.audit.starting import verify
from svcdesk.audit.verdicts import Verdict
from svcdesk.audit.verdicts import is_worse
from svcdesk.backup import SAME_BYTES
from svcdesk.checkpoint import NAMESPACE
from svcdesk.desk import Desk
from svcdesk.errors import BadCommit
from svcdesk.ids import path_of
from svcdesk.model import Record
from svcdesk.proofs import Proofs
from svcdesk.proofs import signing_key
from svcdesk.reader import Logged
from svcdesk.sshsig import GIT

README = "README.md"
SUMS = "SHA256SUMS"
PACK = "objects.pack"
EXCEPTIONS = "audit-exception"
REMARK = "# declared compromised: what this key signed after {since} is in doubt\n"
_EMAIL = re.compile(r"[A-Za-z0-9_.+%-]+@[A-Za-z0-9_.-]+")


class Bundle:
    """What belongs together about some records; `whole` takes in every commit, so that order can be proved too.

    The same desk and records give the same files, byte for byte.
    """

    def __init__(self, desk: Desk, records: Sequence[Record], now: datetime, whole: bool = False) -> None:
        """Take in by what exceptions their commits stand, too; `now` is the moment of the verification."""
        self._desk = desk
        self._store = desk.store
        self._records = list(records)
        self._now = now
        self._whole = whole
        self._proofs = Proofs(desk)
        while covering := list(self._covering()):
            self._records += covering

    def _covering(self) -> Iterator[Record]:
        """Give the exceptions by which commits of the records stand, as far as they are not among them yet."""
        known = {each.id for each in self._records}
        approved = [each for each in self._desk.books.of(EXCEPTIONS) if each.state == "approved"]
        touched = {each.oid for each in self._store.log_changes(self._own)} if approved else ()
        yield from (each for each in approved if each["commit"] in touched and each.id not in known)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """What is said of each commit, oldest first, in the light of the whole history."""
        every = {each.commit: each for each in verify(self._desk, self._desk.tip, self._now)}
        return [every[each.oid] for each in self._logged]

    def files(self) -> Mapping[str, bytes]:
        """Return the files of the bundle by path, digests last."""
        found = {
            README: (files("svcdesk") / "data" / "evidence.md").read_bytes(),
            PACK: self._pack(),
            "allowed_signers": "".join(sorted(set(self._signers()))).encode("ascii"),
            "chain.txt": b"whole\n" if self._whole else b"parts\n",
            "commits.txt": "".join(f"{each.oid}\n" for each in self._logged).encode("ascii"),
            "files.txt": "".join(f"{path}\n" for path in self._paths).encode("utf-8"),
            "tip.txt": f"{self._desk.tip}\n".encode("ascii"),
            "doubts.txt": "".join(map(_doubt, self.verdicts)).encode("ascii"),
            "verdicts.json": _listed(self.verdicts),
            **{path: self._store.read(self._desk.tip, path) or b"" for path in self._paths},
            **self._bodies(),
        }
        found = dict(sorted(found.items()))
        sums = "".join(f"{sha256(body).hexdigest()}  {path}\n" for path, body in found.items())
        return {**found, SUMS: sums.encode("utf-8")}

    @property
    def _own(self) -> list[str]:
        """The paths of the records."""
        return sorted({path_of(self._desk.registers[each.register], each.id) for each in self._records})

    @cached_property
    def _paths(self) -> list[str]:
        """The files of the tip that are handed over: the records, and the schemas by which they are read."""
        names = ["common", *sorted({each.register for each in self._records})]
        schemas = [f"schemas/{name}.json" for name in names]
        return [*self._own, *(each for each in schemas if self._store.entry(self._desk.tip, each))]

    @cached_property
    def _logged(self) -> list[Logged]:
        """The commits that touched the records, oldest first."""
        return list(self._store.log_changes(self._own))[::-1]

    def _bodies(self) -> dict[str, bytes]:
        blobs = self._store.blobs(each.oid for each in self._logged)
        return {f"commits/{number:04d}-{oid}.txt": body for number, (oid, body) in enumerate(blobs, 1)}

    def _signers(self) -> Iterator[str]:
        """Give the keys by which commits are signed, as ssh-keygen reads them, where the books then held them good.

        One that was declared compromised since is good for what it signed before, so it stands, under a remark.
        """
        declared = self._desk.books.people.compromised()
        for oid, body in list(self._store.blobs(each.oid for each in self._logged)):
            try:
                commit = commits.parse(oid, body)
            except BadCommit:
                continue
            if commit.parents and _EMAIL.fullmatch(commit.author.email):
                actor = message.parse(commit.message).get("Svcdesk-Actor", "")
                key = signing_key(commit, actor, self._proofs.people_at(commit.parents[0]))
                if key is not None:
                    remark = REMARK.format(since=", ".join(declared[key])) if key in declared else ""
                    yield f'{remark}{commit.author.email} namespaces="{GIT},{NAMESPACE}" {key}\n'

    def _pack(self) -> bytes:
        """Return what git needs to rebuild the commits and the way to each of their changes, and nothing besides."""
        found = set(self._objects())
        if self._whole:
            found |= set(
                self._store.git.run("rev-list", "--end-of-options", self._desk.tip).decode("ascii").split()
            )
        wanted = "".join(f"{oid}\n" for oid in sorted(found)).encode("ascii")
        return self._store.git.run(
            "pack-objects", "--stdout", "-q", "--compression=6", *SAME_BYTES, input=wanted
        )

    def _objects(self) -> Iterator[str]:
        yield self._desk.tip
        yield from self._way(self._desk.tip, self._paths, self._paths)
        for logged in self._logged:
            yield logged.oid
            paths = [each.path for each in logged.changes]
            yield from self._way(logged.oid, paths, self._own)
            for parent in self._store.parents(logged.oid)[:1]:
                yield parent
                yield from self._way(parent, paths, self._own)

    def _way(self, commit: str, paths: Iterable[str], read: Sequence[str]) -> Iterator[str]:
        """Give the trees on the way to these paths, and the files of those that may be read."""
        folders = {""} | {path[:place] for path in paths for place, each in enumerate(path) if each == "/"}
        yield from filter(None, (self._store.tree(commit, folder) for folder in sorted(folders)))
        for path in read:
            entry = self._store.entry(commit, path)
            if entry is not None:
                yield entry.oid


def _doubt(verdict: Verdict) -> str:
    """Return the line that puts a commit in doubt; empty where there is none."""
    if not is_worse(verdict.level, "consistent"):
        return ""
    rules = dict.fromkeys(each.rule for each in verdict.findings)
    return f"{verdict.commit} {verdict.level}: {', '.join(rules)}\n"


def _listed(verdicts: Iterable[Verdict]) -> bytes:
    rows: list[dict[str, Any]] = [
        {
            "commit": each.commit,
            "verdict": each.level,
            "actor": each.actor,
            "records": each.records,
            "findings": [
                {"rule": found.rule, "clauses": found.clauses, "message": str(found.message)}
                for found in each.findings
            ],
        }
        for each in verdicts
    ]
    return (json.dumps(rows, ensure_ascii=True, indent=1) + "\n").encode("ascii")
