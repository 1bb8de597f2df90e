"""Any honest commit of any desk, made once more with one thing about it spoilt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tests.forging import Forger


class Model(NamedTuple):
    """An honest commit as git holds it: headers, message, and the files that it changed."""

    tree: str
    parent: str
    author: str
    seconds: int
    zone: str
    message: str
    paths: tuple[str, ...]

    def body(self, **other: object) -> bytes:
        """Return the commit's bytes, with some of it otherwise."""
        each = self._replace(**{name: value for name, value in other.items() if name in Model._fields})  # type: ignore[arg-type]
        committer = other.get("committer", f"{each.author} {each.seconds} {each.zone}")
        lines = (
            f"tree {each.tree}",
            f"parent {each.parent}",
            f"author {each.author} {each.seconds} {each.zone}",
            f"committer {committer}",
        )
        return ("\n".join(lines) + "\n" + str(other.get("more", "")) + "\n" + each.message).encode()


def model(forger: Forger, commit: str) -> Model:
    """Return a commit with one parent to be spoilt."""
    head, _, message = (forger.git("cat-file", "commit", commit) + "\n").partition("\n\n")
    found = re.search(r"^tree (.*)\nparent (.*)\nauthor (.*) ([0-9]+) (\S+)$", head, re.MULTILINE)
    assert found is not None
    paths = forger.git("diff-tree", "-r", "--name-only", "--no-commit-id", commit).splitlines()
    return Model(found[1], found[2], found[3], int(found[4]), found[5], message, tuple(paths))


Spoil = Callable[[Forger, Model], bytes]


def another_author(forger: Forger, honest: Model) -> bytes:
    return honest.body(author="Nobody Ni <nobody@elsewhere.example>")


def another_committer(forger: Forger, honest: Model) -> bytes:
    return honest.body(committer=f"Nobody Ni <nobody@elsewhere.example> {honest.seconds} {honest.zone}")


def an_earlier_time(forger: Forger, honest: Model) -> bytes:
    return honest.body(seconds=honest.seconds - 86_400 * 400)


def a_later_time(forger: Forger, honest: Model) -> bytes:
    return honest.body(seconds=honest.seconds + 1)


def a_time_to_come(forger: Forger, honest: Model) -> bytes:
    return honest.body(seconds=honest.seconds + 86_400 * 40_000)


def another_subject(forger: Forger, honest: Model) -> bytes:
    return honest.body(message=honest.message.replace(": ", ": un", 1))


def no_trailers(forger: Forger, honest: Model) -> bytes:
    return honest.body(message=honest.message.partition("\n\n")[0] + "\n")


def another_actor(forger: Forger, honest: Model) -> bytes:
    return honest.body(message=re.sub(r"Svcdesk-Actor: .*", "Svcdesk-Actor: S-A9999", honest.message))


def another_policy(forger: Forger, honest: Model) -> bytes:
    return honest.body(message=re.sub(r"(Svcdesk-Policy: )(.*)", r"\1\g<2>0", honest.message))


def a_hidden_word(forger: Forger, honest: Model) -> bytes:
    return honest.body() + b"\0hidden\n"


def a_second_author(forger: Forger, honest: Model) -> bytes:
    return honest.body(author=f"{honest.author} {honest.seconds} {honest.zone}\nauthor {honest.author}")


def an_unknown_header(forger: Forger, honest: Model) -> bytes:
    return honest.body(more="encoding UTF-8\n")


def a_worthless_signature(forger: Forger, honest: Model) -> bytes:
    return honest.body(more="gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----\n")


def a_file_beside(forger: Forger, honest: Model) -> bytes:
    return honest.body(tree=forger.tree({".mailmap": b"A <a@b.example>\n"}, honest.tree))


def a_record_that_is_gone(forger: Forger, honest: Model) -> bytes:
    return honest.body(tree=forger.tree({"records/staff/S-A0001.yaml": None}, honest.tree))


def an_edited_act(forger: Forger, honest: Model) -> bytes:
    path = "records/staff/S-A0001.yaml"
    blob = forger.git("show", f"{honest.tree}:{path}").replace("desk-admin", "general-manager") + "\n"
    return honest.body(tree=forger.tree({path: blob.encode()}, honest.tree))


def an_edited_record(forger: Forger, honest: Model) -> bytes:
    path = honest.paths[0]
    blob = forger.git("show", f"{honest.tree}:{path}")
    spoilt = re.sub(r"^state: .*$", "state: void", blob, count=1, flags=re.MULTILINE) + "\n"
    return honest.body(tree=forger.tree({path: spoilt.encode()}, honest.tree))


def another_spelling(forger: Forger, honest: Model) -> bytes:
    path = honest.paths[0]
    blob = forger.git("show", f"{honest.tree}:{path}") + "\n\n"
    return honest.body(tree=forger.tree({path: blob.encode()}, honest.tree))


def a_program(forger: Forger, honest: Model) -> bytes:
    path = honest.paths[0]
    blob = forger.git("show", f"{honest.tree}:{path}") + "\n"
    return honest.body(tree=forger.tree({path: blob.encode()}, honest.tree, "100755"))


def nothing_at_all(forger: Forger, honest: Model) -> bytes:
    return honest.body(tree=forger.git("rev-parse", f"{honest.parent}^{{tree}}"))


SPOILS: dict[Spoil, str] = {
    another_author: "author",
    another_committer: "one-author",
    an_earlier_time: "commit-time",
    a_later_time: "entry-time",
    a_time_to_come: "commit-time",
    another_subject: "message",
    no_trailers: "message",
    another_actor: "message",
    another_policy: "message",
    a_hidden_word: "commit-bytes",
    a_second_author: "commit-bytes",
    an_unknown_header: "commit-bytes",
    a_worthless_signature: "signature",
    a_file_beside: "footprint",
    a_record_that_is_gone: "append-only",
    an_edited_act: "",
    an_edited_record: "",
    another_spelling: "",
    a_program: "plain-files",
    nothing_at_all: "act",
}
"""What is spoilt: the rule that has to name it; empty where that depends on the record."""
