"""Commits whose bytes say two things, or are not those of their name."""

from __future__ import annotations

from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forgeries.making import words
from tests.forging import Forger
from tests.worlds import author

HEAD = author("head")
BEFORE = "2026-11-22T09:00:00+08:00"
STAMP = "1795320000 +0800"
ARMOUR = "gpgsig -----BEGIN SSH SIGNATURE-----\n aaaa\n -----END SSH SIGNATURE-----\n"


def _headed(forger: Forger, **how: str) -> str:
    return honest(forger, approval(forger), **how)


@forgery("one-author", "requested", "H2")
def cherry_picks_a_colleagues_act(forger: Forger) -> str:
    """Another person commits what a colleague is the author of."""
    return _headed(forger, committer=author("clerk"))


@forgery("one-author", "requested", "H6")
def dates_the_author_back(forger: Forger) -> str:
    """The author's date is thirty days before the committer's."""
    step = approval(forger)
    return honest(forger, step, at="2026-10-23T12:00:00+08:00", committed=world.NOW)


@forgery("one-author", "requested", "R02")
def tells_two_zones(forger: Forger) -> str:
    """Author and committer agree on the second, not on the zone."""
    return _headed(forger, committed="2026-11-22T04:00:00+00:00")


@forgery("commit-time", "next_loan", "H7")
def dates_both_back(forger: Forger) -> str:
    """Both dates lie hours before the parent."""
    return honest(forger, request(forger, at=BEFORE))


@forgery("commit-time", "next_loan", "R02")
def dates_a_moment_back(forger: Forger) -> str:
    """Both dates lie a minute before the parent, as if the clock were a little slow."""
    return honest(forger, request(forger, at="2026-11-22T09:55:30+08:00"))


@forgery("commit-bytes", "", "H9")
def dates_beyond_all_zones(forger: Forger) -> str:
    """An offset of ninety-nine hours, which sorts last for ever."""
    return _raw(forger, f"author {HEAD} 1795320000 +9999", f"committer {HEAD} 1795320000 +9999")


@forgery("commit-bytes", "", "R01")
def dates_in_no_zone(forger: Forger) -> str:
    """The offset by which git says that it knows none."""
    return _raw(forger, f"author {HEAD} 1795320000 -0000", f"committer {HEAD} 1795320000 -0000")


def _raw(forger: Forger, *headers: str, tail: bytes = b"", encoding: str = "utf-8") -> str:
    """Write an honest approval under these headers instead of author and committer."""
    step = approval(forger)
    tree = forger.git("rev-parse", f"{honest(forger, step)}^{{tree}}")
    lines = [f"tree {tree}", f"parent {forger.tip}", *headers]
    body = ("\n".join(lines) + "\n\n").encode(encoding) + words(forger, step).encode() + tail
    return forger.write(body)


BY = (f"author {HEAD} {STAMP}", f"committer {HEAD} {STAMP}")


@forgery("commit-bytes", "", "H37")
def hides_words_behind_a_zero_byte(forger: Forger) -> str:
    """Git shows the message only up to the zero byte."""
    return _raw(forger, *BY, tail=b"\0hidden\n")


@forgery("commit-bytes", "", "H37-author")
def has_two_authors(forger: Forger) -> str:
    """Of two author lines git shows the second."""
    return _raw(forger, BY[0], f"author {author('manager')} {STAMP}", BY[1])


@forgery("commit-bytes", "", "H37-encoding")
def declares_an_encoding(forger: Forger) -> str:
    """Each reader would decode the message otherwise."""
    return _raw(forger, *BY, "encoding ISO-8859-1")


@forgery("commit-bytes", "", "H37-header")
def brings_an_unknown_header(forger: Forger) -> str:
    """A header that nobody reads."""
    return _raw(forger, *BY, "note approved by the manager")


@forgery("commit-bytes", "", "H37-mergetag")
def brings_a_tag_along(forger: Forger) -> str:
    """A tag folded into the headers."""
    return _raw(forger, *BY, f"mergetag object {forger.tip}\n type commit")


@forgery("commit-bytes", "", "H37-signatures")
def has_two_signatures(forger: Forger) -> str:
    """Two signatures, of which a verifier may look at either."""
    return _raw(forger, *BY, ARMOUR + ARMOUR.rstrip("\n"))


@forgery("commit-bytes", "", "R01-utf8")
def writes_in_another_encoding(forger: Forger) -> str:
    """Bytes that are no UTF-8."""
    return _raw(forger, *BY, tail=b"\xff\xfe\n")


@forgery("commit-bytes", "", "R01-bidi")
def turns_the_reading_direction(forger: Forger) -> str:
    """A direction override makes the message read otherwise than it is."""
    return _raw(forger, *BY, tail="\u202edevorppa\n".encode())


@forgery("commit-bytes", "", "R01-escape")
def paints_the_terminal(forger: Forger) -> str:
    """An escape sequence in the author's name."""
    return _raw(forger, *(each.replace("head ", "he\x1b[8mad ", 1) for each in BY))


@forgery("commit-bytes", "", "R01-nobody")
def has_an_author_without_a_name(forger: Forger) -> str:
    """An author line without a name."""
    return _raw(forger, *(each.replace("head ", "", 1) for each in BY))


@forgery("commit-bytes", "", "H33-octopus")
def joins_three_histories(forger: Forger) -> str:
    """A commit with three parents."""
    sides = [forger.tip, *(honest(forger, request(forger, at=at)) for at in (world.NOW, world.LATER))]
    return forger.commit(forger.git("rev-parse", "main^{tree}"), "merge\n", world.LATER, parents=sides)


@forgery("commit-bytes", "", "H33-twice")
def has_one_parent_twice(forger: Forger) -> str:
    """A merge of a history with itself."""
    step = approval(forger)
    tree = forger.git("rev-parse", f"{honest(forger, step)}^{{tree}}")
    return forger.commit(tree, words(forger, step), world.NOW, author=HEAD, parents=[forger.tip, forger.tip])


@forgery("object-id", "requested", "R00")
def keeps_an_empty_folder(forger: Forger) -> str:
    """A folder without files in the tree, which no difference shows."""
    step = approval(forger)
    tree = forger.git("rev-parse", f"{honest(forger, step)}^{{tree}}")
    empty = forger.git("mktree", given=b"")
    listed = forger.git("ls-tree", tree).splitlines()
    entries = "\n".join([*listed, f"040000 tree {empty}\tvisitors"]) + "\n"
    return honest(forger, step, tree=forger.git("mktree", given=entries.encode()))


@forgery("append-only", "", "R00-order")
def sorts_a_tree_otherwise(forger: Forger) -> str:
    """A tree whose entries stand in another order, so that tools find different files."""
    step = approval(forger)
    tree = forger.git("rev-parse", f"{honest(forger, step)}^{{tree}}")
    entries = [each.split() for each in forger.git("ls-tree", tree).splitlines()]
    lines = [
        b"%s %s\0%s" % (mode.lstrip("0").encode(), name.encode(), bytes.fromhex(oid))
        for mode, _kind, oid, name in reversed(entries)
    ]
    return honest(forger, step, tree=forger.write(b"".join(lines), "tree"))


@forgery("commit-bytes", "", "N-after")
def goes_on_after_what_nobody_can_date(forger: Forger) -> str:
    """An honest act on top of a commit whose time no reader understands."""
    base = dates_beyond_all_zones(forger)
    return honest(forger, request(forger, at=world.LATER), base=base)


@forgery("commit-bytes", "", "R01-names")
def names_people_twice_over(forger: Forger) -> str:
    """An address within an address."""
    return _raw(forger, *(each.replace("<head@", "<manager@example.org> <head@") for each in BY))
