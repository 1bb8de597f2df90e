"""svcdesk seal: what only some may read, under keys that lie outside git and can be destroyed."""

from __future__ import annotations

import sys

import click

from svcdesk import output
from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.commands.register import RegisterGroup
from svcdesk.commands.seal_find import find
from svcdesk.commands.seal_policy import admit
from svcdesk.commands.seal_policy import class_words
from svcdesk.commands.seal_policy import dismiss
from svcdesk.commands.seal_policy import post_list
from svcdesk.commands.seal_policy import setup
from svcdesk.commands.seal_policy import standing_of
from svcdesk.commands.seal_policy import waiting
from svcdesk.errors import BadInput
from svcdesk.errors import Exit
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import NAMED
from svcdesk.model import text
from svcdesk.registers import REGISTERS

BOOK = "erasure"
seal = RegisterGroup(REGISTERS[BOOK], name="seal", help="Sealed fields: setup, keys, erasure.")
seal.add_command(setup)


@seal.command()
@click.pass_obj
def key(env: Environment) -> None:
    """Show your public key, for a desk-admin to admit; the private one is made where you have none."""
    from svcdesk.sealing import key_file
    from svcdesk.sealing import own_key

    me = env.me().id
    output.write(sys.stdout, [f"{me}={own_key(env.desk, me)}\n"])
    env.talk(
        text(
            "the private key is in {file}; back it up: without it nobody opens what you alone may read",
            file=str(key_file(env.desk, me)),
        )
    )


seal.add_command(admit)
seal.add_command(dismiss)


@seal.command()
@click.pass_obj
def rewrap(env: Environment) -> int:
    """Wrap every key that you can open for those who may read or find today, and for nobody else.

    Where somebody may no longer find, a new key for searching shuts out his further guesses. What you can read and
    has no tag yet is tagged, so that those who may only find it do.
    """
    from svcdesk.rewrapping import Rewrapping

    standing_of(env)
    done, left = Rewrapping(env.desk, env.desk.books, env.me().id, env.at).run()
    env.talk(text("{done} keys wrapped anew; not yours to open: {left}", done=done, left=left))
    return Exit.ATTENTION if left else Exit.DONE


@seal.command()
@click.pass_obj
def status(env: Environment) -> None:
    """Say whether the desk seals, who reads and finds, where the keys are, and what you can open."""
    from svcdesk.sealing import Reader
    from svcdesk.sealing import needed_store

    desk, standing, me = env.desk, standing_of(env), env.me().id
    said = {
        "readers": text("{name}: read by {posts}; with a key: {people}"),
        "finders": text("{name}: found, and not read, by {posts}; with a key: {people}"),
    }
    for right, sentence in said.items():
        for name, posts in standing.get(right, {}).items():
            people = [
                each for each in standing["recipients"] if not desk.books.posts(each, env.at).isdisjoint(posts)
            ]
            values = {"name": class_words(name), "posts": post_list(env, posts), "people": people}
            line = say(sentence._replace(values=values))
            output.write(sys.stdout, [f"{line}\n"])
    store, reader = needed_store(desk), Reader(desk, desk.books, me, env.at)
    keys = [each for whose in store.subjects() for each in store.of(whose)]
    own = sum(reader.take(each) is not None for each in keys)
    waits = waiting(env)
    if waits is not None:
        env.talk(text("a change waits: svcdesk policy approve {record}", record=waits.id))
    words = _("{folder}: {count} keys, {own} open to you", folder=str(store.folder), count=len(keys), own=own)
    output.write(sys.stdout, [f"{words}\n"])


seal.add_command(find)


@seal.command()
@click.argument("subject", metavar="SUBJECT")
@click.option(
    "--basis",
    default="",
    help="Why: who asked, or which term is over. It stays in clear for good: without what is to be erased.",
)
@click.pass_obj
def erase(env: Environment, subject: str, basis: str) -> None:
    """Take the next step of an erasure: ask for it, approve it as a second person, carry it out after the delay.

    Carrying it out destroys the keys of what is sealed about the subject, and the tags by which it is found. History
    stays as it is and verifies; backups of the key store have to lose those keys and tags too. What was entered before
    the desk sealed is in clear and stays so: each step says how much that is, and the certificate too.
    """
    from svcdesk.canonical import clean
    from svcdesk.erasing import next_step
    from svcdesk.erasing import under_way
    from svcdesk.schema import fields

    wanted = env.desk.get(subject).id
    if env.desk.get(wanted).register not in fields(BOOK)["subject"].ref:
        raise BadInput(text("nothing is sealed about {record}", record=wanted))
    if not basis and under_way(env.desk.books, wanted) is None:
        raise BadInput(text("no erasure of {record} is under way; --basis asks for one", record=wanted))
    _tell_clear(env, wanted)
    with env.session() as session:
        done = next_step(session, wanted, clean(basis))
    show_done(done, "text")
    said = SAID.get(done.record.state)
    if said is not None:
        env.talk(said._replace(values={"subject": wanted, "count": done.record.get("keys", 0)}))


def _tell_clear(env: Environment, subject: str) -> None:
    """Say what no erasure reaches, before a step of it is taken."""
    from svcdesk.about import in_clear
    from svcdesk.sealing import since

    clear, began = in_clear(env.desk.books, subject), since(env.desk.books, env.at)
    if not began:
        env.talk(text("this desk seals nothing yet: all about {subject} stands in clear", subject=subject))
    elif clear:
        env.talk(
            text(
                "in clear from before this desk sealed ({since}), and never erased: {records}; fields in all: {count}",
                since=began,
                records=[f"{record} ({count})" for record, count in sorted(clear.items())[:NAMED]]
                + ["…"] * (len(clear) > NAMED),
                count=sum(clear.values()),
            )
        )


SAID = {
    "requested": text("a second person approves it: svcdesk seal erase {subject}", subject=""),
    "approved": text("once the days of waiting are over: svcdesk seal erase {subject}", subject=""),
    "erased": text(
        "keys destroyed: {count}; this record is the certificate, and the key store's backups are to lose them too",
        count=0,
    ),
}


def carry_out_command() -> click.Command:
    """Return `seal carry-out`, which destroys what it records as destroyed."""

    @click.pass_obj
    def run(env: Environment, /, record: str) -> None:
        from svcdesk.erasing import carry_out

        found = env.desk.get(record, BOOK, "carry-out")
        with env.session() as session:
            done = carry_out(session, found)
        show_done(done, "text")

    parameters: list[click.Parameter] = [click.Argument(["record"], metavar="RECORD")]
    action = REGISTERS[BOOK].action("carry-out")
    assert action is not None, "declared"
    return click.Command("carry-out", params=parameters, callback=run, help=_(action.title))
