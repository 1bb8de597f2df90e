"""svcdesk seal find: where a sealed text stands, for who may read it and for who may only know that."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from svcdesk import output
from svcdesk import schema
from svcdesk.canonical import clean
from svcdesk.commands.environment import Environment
from svcdesk.commands.wording import register_words
from svcdesk.errors import BadInput
from svcdesk.errors import Exit
from svcdesk.errors import NeedsAttention
from svcdesk.model import text
from svcdesk.sealable import Place
from svcdesk.sealed import is_sealed


@click.command()
@click.argument("register", metavar="REGISTER")
@click.argument("value", metavar="TEXT")
@click.option("--field", default="", metavar="FIELD", help="Only this field.")
@click.pass_obj
def find(env: Environment, register: str, value: str, field: str) -> int:
    """List the records of a register in which a sealed field holds just this text, capitals aside.

    What you may read is opened and compared. What you may only find (seal setup --find) stays closed: a tag beside the
    subject's keys says whether a sealed text is this one. Tags are never in git and go with the keys of who is erased.
    Whoever may find may also guess, one text after the other; and what was entered by people who may neither read nor
    find, or before anybody might, is found once a reader has run svcdesk seal rewrap.
    """
    name, wanted = env.desk.register(register).name, clean(value)
    holds = _test(env, name, field, wanted)
    found = 0
    for record in env.desk.index.of(name):
        for each in schema.texts_of_some(name, record.data):
            if field in ("", each.field) and holds(each):
                found += 1
                output.write(sys.stdout, [f"{record.id} {each.field}\n"])
    if not found:
        env.talk(text("not found in what you may read or find of {name}", name=register_words(name)))
    return Exit.DONE if found else Exit.UNKNOWN


def _test(env: Environment, register: str, field: str, wanted: str) -> Callable[[Place], bool]:
    """Return what tells whether a text is the one that is looked for, as far as the person may know that."""
    from svcdesk.searching import classes
    from svcdesk.searching import likeness

    looked = frozenset(klass for name, klass in classes(register).items() if field in ("", name))
    if not looked:
        raise BadInput(text("nothing is sealed in {name}", name=f"{register} {field}".strip()))
    by_tag = _by_tag(env, register, looked) if env.desk.books.setting("sealing", env.at) else None
    like = likeness(wanted)

    def holds(place: Place) -> bool:
        clear = env.desk.unseal(place.value) if is_sealed(place.value) else place.value
        if clear is not None:
            return likeness(clear) == like
        return by_tag is not None and by_tag(place.klass, place.value, wanted)

    return holds


def _by_tag(
    env: Environment, register: str, looked: frozenset[str]
) -> Callable[[str, str, str], bool] | None:
    """Return what tells it of texts that the person may find and not read, or None; raises Refused, NeedsAttention."""
    from svcdesk.searching import Searcher
    from svcdesk.searching import found_unread

    books, me = env.desk.books, env.me().id
    unread = found_unread(books, me, register, looked, env.at)
    if not unread:
        return None
    searcher = Searcher(env.desk, books, me, env.at)
    for each in unread:
        if not searcher.keys(each):
            raise NeedsAttention(
                text(
                    "you may find {name} fields, but have no key for it: svcdesk seal key shows yours, seal admit "
                    "enters it, and seal rewrap, run by a reader, opens the past to it",
                    name=each,
                )
            )
    return searcher.finds
