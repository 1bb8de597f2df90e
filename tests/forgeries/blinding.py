"""Commits made so that whoever judges them stumbles, and the rest of history is never looked at."""

from __future__ import annotations

from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.content import path
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forging import Forger
from tests.forging import written

DEEPER_THAN_ANY_STACK = 3_000


def _without(forger: Forger, header: str, commit: str) -> str:
    """Write a commit anew without one of its headers."""
    body = forger.git("cat-file", "commit", commit) + "\n"
    return forger.write("".join(each for each in body.splitlines(True) if not each.startswith(header)).encode())


@forgery("commit-bytes", "requested", "H37-committer")
def names_no_committer(forger: Forger) -> str:
    """Nobody knows when it was committed; an honest act follows."""
    bad = _without(forger, "committer ", honest(forger, approval(forger)))
    return honest(forger, request(forger, at=world.LATER, base=bad), base=bad)


@forgery("commit-bytes", "manager", "N-unreadable")
def builds_on_a_record_that_is_none(forger: Forger) -> str:
    """A person's record becomes something else, in a commit of which only the files count from then on."""
    tree = forger.tree({path(forger.world.manager): b"id: S-A0002\nacts:\n  - 5\n"})
    bad = _without(forger, "author ", forger.commit(tree, "nothing\n", world.NOW))
    return honest(forger, request(forger, at=world.LATER, base=bad), base=bad)


@forgery("footprint", "", "I2-tree")
def nests_folders_without_end(forger: Forger) -> str:
    """Folders within folders, deeper than whoever goes down into each can go."""
    folder = forger.git("mktree", given=f"100644 blob {forger.write(b'x', 'blob')}\tx\n".encode())
    for _ in range(DEEPER_THAN_ANY_STACK):
        folder = forger.write(b"40000 a\0" + bytes.fromhex(folder), "tree")
    step = approval(forger)
    listed = forger.git("ls-tree", forger.tree(written(step)))
    return honest(forger, step, tree=forger.git("mktree", given=f"{listed}\n040000 tree {folder}\tz\n".encode()))


@forgery("schema", "next_loan", "H9-due")
def asks_for_a_key_until_the_end_of_time(forger: Forger) -> str:
    """Due at a moment that is none in other zones, so that nobody is told any more what is due."""
    return honest(forger, request(forger, sets={"due": "9999-12-31T23:59:59-14:00"}))
