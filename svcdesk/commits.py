"""The bytes of a commit, read strictly: what git would guess at, overlook or hide is refused. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from typing import NamedTuple

from svcdesk.canonical import find_hidden
from svcdesk.errors import BadCommit
from svcdesk.model import Identity
from svcdesk.model import text

_HEADERS = re.compile(
    rb"tree ([0-9a-f]{40})\n"
    rb"((?:parent [0-9a-f]{40}\n){0,2})"
    rb"author ([^\n]*)\n"
    rb"committer ([^\n]*)\n"
    rb"(gpgsig [ -~]*\n(?: [ -~]*\n)*)?"
    rb"\n"
)
_PERSON = re.compile(
    r"([^<>\s](?:[^<>\n]*[^<>\s])?) <([^<>\s]+)> (0|[1-9][0-9]{0,10}) ([+-])(0[0-9]|1[0-4])([0-5][0-9])"
)
_LATEST = 253402214400  # seconds: before the year 10000 in every zone


class Commit(NamedTuple):
    """A commit whose bytes say one thing only; `signature` is the armour as git keeps it, or None.

    `payload` is what a signature is made over: the commit without it.
    """

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: Identity
    authored: datetime
    committer: Identity
    committed: datetime
    signature: bytes | None
    payload: bytes
    message: str

    @property
    def is_by_one(self) -> bool:
        """Whether author and committer, their moments and their zones, are the same."""
        zones = self.authored.utcoffset() == self.committed.utcoffset()
        return zones and (self.author, self.authored) == (self.committer, self.committed)


def parse(oid: str, body: bytes) -> Commit:
    """Return the commit that these bytes are; raises BadCommit where they are not exactly of the one form.

    The form: tree, at most two parents, one author, one committer, at most one signature, a message;
    UTF-8 without control, invisible or direction-changing characters.
    """
    headers = _HEADERS.match(body)
    if headers is None:
        raise BadCommit(
            text(
                "commit {oid}: its headers are not tree, at most two parents, one author, one committer"
                " and at most one signature",
                oid=oid[:12],
            )
        )
    tree, parents, author, committer, signature = headers.groups()
    written = _decoded(oid, body[: headers.start(5)] if signature else body[: headers.end()])
    message = _decoded(oid, body[headers.end() :])
    _refuse_hidden(oid, written)
    _refuse_hidden(oid, message)
    ancestors = tuple(each.split(" ")[1] for each in parents.decode("ascii").splitlines())
    if len(set(ancestors)) < len(ancestors):
        raise BadCommit(text("commit {oid}: both parents are the same", oid=oid[:12]))
    by = _person(oid, author.decode())
    return Commit(
        oid,
        tree.decode("ascii"),
        ancestors,
        *by,
        *(by if committer == author else _person(oid, committer.decode())),
        _unfolded(signature) if signature else None,
        body[: headers.start(5)] + body[headers.end(5) :] if signature else body,
        message,
    )


def folded(armour: bytes) -> bytes:
    """Return the header by which git keeps a signature in a commit."""
    return b"gpgsig " + armour.rstrip(b"\n").replace(b"\n", b"\n ") + b"\n"


def _unfolded(header: bytes) -> bytes:
    return header.removeprefix(b"gpgsig ").replace(b"\n ", b"\n")


def _decoded(oid: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadCommit(text("commit {oid} is not UTF-8", oid=oid[:12])) from None


def _refuse_hidden(oid: str, written: str) -> None:
    found = find_hidden(written)
    if found:
        code = f"U+{ord(found.group()):04X}"
        raise BadCommit(text("commit {oid}: character {code} is not allowed in it", oid=oid[:12], code=code))


def _person(oid: str, line: str) -> tuple[Identity, datetime]:
    found = _PERSON.fullmatch(line)
    if found is None or found[4] + found[5] + found[6] == "-0000" or int(found[3]) >= _LATEST:
        raise BadCommit(
            text("commit {oid}: {line!r} is no name, address, time and zone", oid=oid[:12], line=line)
        )
    offset = timedelta(hours=int(found[5]), minutes=int(found[6]))
    zone = timezone(-offset if found[4] == "-" else offset)
    return Identity(found[1], found[2]), datetime.fromtimestamp(int(found[3]), zone)
