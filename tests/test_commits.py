"""Commits read strictly: one form, nothing hidden, and the bytes that a signature is made over."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.commits import folded
from svcdesk.commits import parse
from svcdesk.errors import BadCommit
from svcdesk.model import Identity
from svcdesk.objects import commit_body

TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
OLD, OTHER = "1" * 40, "2" * 40
WANG = "Wang 王 <wang@example.org> 1795309331 +0800"
ARMOUR = b"-----BEGIN SSH SIGNATURE-----\nAAAA\nBBBB=\n-----END SSH SIGNATURE-----\n"
PLAIN = f"tree {TREE}\nparent {OLD}\nauthor {WANG}\ncommitter {WANG}\n\nkey K-A0001: add\n".encode()


def test_a_commit_says_who_when_and_what() -> None:
    commit = parse("a" * 40, PLAIN)
    assert (commit.tree, commit.parents, commit.message) == (TREE, (OLD,), "key K-A0001: add\n")
    assert commit.author == commit.committer == Identity("Wang 王", "wang@example.org")
    assert commit.authored.isoformat() == "2026-11-22T09:02:11+08:00"
    assert commit.is_by_one
    assert (commit.signature, commit.payload) == (None, PLAIN)


def test_a_signature_is_taken_out_of_what_it_signs() -> None:
    head, _, message = PLAIN.partition(b"\n\n")
    commit = parse("a" * 40, head + b"\n" + folded(ARMOUR) + b"\n" + message)
    assert (commit.signature, commit.payload) == (ARMOUR, PLAIN)


def test_what_svcdesk_writes_is_of_the_form() -> None:
    at = datetime.fromisoformat("2026-11-22T09:02:11+05:45")
    person = Identity("Wang 王", "wang@example.org")
    written = commit_body(TREE, [OLD, OTHER], person, at, "a subject\n\n> why 👨‍👩‍👧\n")
    commit = parse("a" * 40, written)
    assert (commit.parents, commit.author, commit.committed) == ((OLD, OTHER), person, at)


def test_what_git_writes_is_of_the_form(tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=Wang", "-c", "user.email=w@example.org"]
    subprocess.run([*git, "init", "-q", tmp_path], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "by git"], cwd=tmp_path, check=True)
    made = subprocess.run([*git, "cat-file", "commit", "HEAD"], cwd=tmp_path, capture_output=True, check=True)
    assert (parse("a" * 40, made.stdout).parents, parse("a" * 40, made.stdout).message) == ((), "by git\n")


@pytest.mark.parametrize("role", ["author", "committer"])
@pytest.mark.parametrize("change", [("Wang", "Wong"), ("wang@", "wong@"), ("9331", "9332"), ("+08", "+09")])
def test_author_and_committer_are_one_to_the_zone(role: str, change: tuple[str, str]) -> None:
    other = PLAIN.decode().replace(f"{role} {WANG}", f"{role} {WANG.replace(*change)}")
    assert not parse("a" * 40, other.encode()).is_by_one


FORGED = {
    "second author": PLAIN.replace(b"committer", f"author {WANG}\ncommitter".encode()),
    "no committer": PLAIN.replace(f"committer {WANG}\n".encode(), b""),
    "third parent": PLAIN.replace(b"author", b"parent %b\nparent %b\nauthor" % (b"3" * 40, b"4" * 40), 1),
    "same parent twice": PLAIN.replace(b"author", b"parent %b\nauthor" % OLD.encode(), 1),
    "encoding": PLAIN.replace(b"\n\n", b"\nencoding ISO-8859-1\n\n", 1),
    "merged tag": PLAIN.replace(b"\n\n", b"\nmergetag object\n\n", 1),
    "two signatures": PLAIN.replace(b"\n\n", b"\n" + folded(ARMOUR) * 2 + b"\n", 1),
    "signature with hidden text": PLAIN.replace(b"\n\n", b"\ngpgsig a\x1b\n\n", 1),
    "short tree": PLAIN.replace(TREE.encode(), TREE[:39].encode()),
    "capital letters": PLAIN.replace(b"tree 4b", b"tree 4B"),
    "zero byte in the message": PLAIN + b"\0more",
    "escape in the message": PLAIN + b"\x1b[2J",
    "carriage return": PLAIN + b"a\rb",
    "C1": PLAIN + "\x9b".encode(),
    "bidi": PLAIN + "\u202e".encode(),
    "bidi in a name": PLAIN.replace(b"Wang", "Wa\u202eng".encode()),
    "zero byte in a name": PLAIN.replace(b"Wang", b"Wa\0ng"),
    "not UTF-8": PLAIN + b"\xff",
    "two addresses": PLAIN.replace(b"<wang@", b"<a@example.org> <wang@"),
    "no name": PLAIN.replace("Wang 王 <".encode(), b" <"),
    "no address": PLAIN.replace(b"wang@example.org", b""),
    "blank before the name": PLAIN.replace(b"author Wang", b"author  Wang"),
    "zone unknown": PLAIN.replace(b"+0800", b"-0000"),
    "zone of 99 hours": PLAIN.replace(b"+0800", b"+9900"),
    "leading zero in the time": PLAIN.replace(b"1795309331", b"01795309331"),
    "before 1970": PLAIN.replace(b"1795309331", b"-1"),
    "far future": PLAIN.replace(b"1795309331", b"99999999999999999999"),
    "no blank line": PLAIN.replace(b"\n\n", b"\n", 1),
    "nothing": b"",
}


@pytest.mark.parametrize("body", FORGED.values(), ids=FORGED)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(BadCommit):
        parse("a" * 40, body)


@given(at=st.integers(0, len(PLAIN) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_is_refused_or_signed_for(at: int, byte: int) -> None:
    body = PLAIN[:at] + bytes([byte]) + PLAIN[at + 1 :]
    try:
        commit = parse("a" * 40, body)
    except BadCommit:
        return
    assert commit.payload == body
