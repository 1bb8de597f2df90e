"""svcdesk seal: what only some may read, under keys that lie outside git and can be destroyed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from svcdesk import output
from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.commands.register import RegisterGroup
from svcdesk.errors import BadInput
from svcdesk.errors import Exit
from svcdesk.language import _
from svcdesk.model import text
from svcdesk.registers import REGISTERS
from svcdesk.sealed import CLASSES
from svcdesk.workflow import Order

BOOK = "erasure"
READERS: Mapping[str, Sequence[str]] = {
    "customer": (
        "cs-assistant",
        "cs-lead",
        "cs-supervisor",
        "complaint-specialist",
        "complaint-supervisor",
        "cs-manager",
        "property-manager",
        "station-master",
    ),
    "restricted": ("cs-manager", "property-manager", "human-resources", "station-master"),
}
"""Posts that read each class where `seal setup` is not told others."""

seal = RegisterGroup(REGISTERS[BOOK], name="seal", help="Sealed fields: setup, keys, erasure.")


@seal.command()
@click.option(
    "--store", default="", metavar="DIR", help="Folder of the keys, outside git; one for all clones."
)
@click.option(
    "--read",
    "reading",
    multiple=True,
    metavar="CLASS=POST,…",
    help="Who reads customer or restricted fields.",
)
@click.option(
    "--recipient",
    "keys",
    multiple=True,
    metavar="STAFF=KEY",
    help="A reader's public key: seal key shows it.",
)
@click.pass_obj
def setup(env: Environment, store: str, reading: tuple[str, ...], keys: tuple[str, ...]) -> None:
    """Name this clone's key store; the first time, set in policy who reads, from when on texts are sealed.

    Sealed are names, telephone numbers, addresses and free texts of the classes customer and restricted. Ids,
    choices, moments, numbers, yes or no stay clear, and so do reasons and all that was entered before.
    Whoever uses this computer in your name opens what you may read.
    """
    from svcdesk.sealing import own_key
    from svcdesk.sealing import use_store

    desk = env.desk
    desk.require_history()
    standing = desk.books.setting("sealing", env.at)
    recipients = {**standing.get("recipients", {}), **_recipients(env, keys)}
    readers = {**(standing.get("readers") or _known(env, READERS)), **_readers(reading)}
    if not recipients and _reads(env, readers):
        recipients[env.me().id] = own_key(desk, env.me().id)
    used = use_store(desk, Path(store) if store else None)
    env.talk(
        text(
            "the keys of this desk are kept in {folder}; back that folder up by itself",
            folder=str(used.folder),
        )
    )
    if {"readers": readers, "recipients": recipients} != standing:
        _propose(env, readers, recipients)


def _reads(env: Environment, readers: Mapping[str, Sequence[str]]) -> bool:
    posts = env.desk.books.posts(env.me().id, env.at)
    return any(not posts.isdisjoint(each) for each in readers.values())


def _known(env: Environment, readers: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    posts = env.desk.books.setting("posts", env.at)
    return {name: [each for each in named if each in posts] for name, named in readers.items()}


def _readers(given: tuple[str, ...]) -> dict[str, list[str]]:
    found = {}
    for each in given:
        name, sign, posts = each.partition("=")
        if not sign or name not in CLASSES:
            raise BadInput(
                text("{given}: write CLASS=POST,…; the classes are {names}", given=each, names=CLASSES)
            )
        found[name] = [post.strip() for post in posts.split(",") if post.strip()]
    return found


def _recipients(env: Environment, given: tuple[str, ...]) -> dict[str, str]:
    from svcdesk.sealing import checked_key

    found = {}
    for each in given:
        who, sign, key = each.partition("=")
        if not sign:
            raise BadInput(text("{given}: write STAFF=KEY", given=each))
        found[env.desk.resolve(who, ("staff",))] = checked_key(key)
    return found


def _propose(env: Environment, readers: Mapping[str, Any], recipients: Mapping[str, str]) -> None:
    """Set who reads, and put it in force where no second desk-admin has to approve it."""
    posts = env.desk.books.posts
    for name, named in readers.items():
        if all(posts(each, env.at).isdisjoint(named) for each in recipients):
            raise BadInput(
                text(
                    "nobody who may read {name} fields has a key: such a person runs svcdesk seal key, and "
                    "--recipient STAFF=KEY names what it shows",
                    name=name,
                )
            )
    value = {"readers": dict(readers), "recipients": dict(sorted(recipients.items()))}
    with env.session() as session:
        done = session.act(Order("policy", "set", sets={"setting": "sealing", "value": value}))
        if len(session.books.holders_of(("desk-admin",), env.at)) == 1:
            done = session.act(Order("policy", "approve", done.record.id))
    show_done(done, "text")
    if done.record.state != "approved":
        env.talk(text("it binds once approved: svcdesk policy approve {record}", record=done.record.id))


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


@seal.command()
@click.argument("recipient", metavar="STAFF=KEY")
@click.pass_obj
def admit(env: Environment, recipient: str) -> None:
    """Let a person read with a key, as far as his posts let him; svcdesk seal rewrap then opens the past to him."""
    standing = _standing(env)
    _propose(env, standing["readers"], {**standing["recipients"], **_recipients(env, (recipient,))})


@seal.command()
@click.argument("person", metavar="STAFF")
@click.pass_obj
def dismiss(env: Environment, person: str) -> None:
    """Take a person's key out; what he has read stays read, and svcdesk seal rewrap shuts the past to him."""
    standing = _standing(env)
    wanted = env.desk.resolve(person, ("staff",))
    if wanted not in standing["recipients"]:
        raise BadInput(text("{person} has no key in the policy", person=wanted))
    left = {staff: each for staff, each in standing["recipients"].items() if staff != wanted}
    _propose(env, standing["readers"], left)


def _standing(env: Environment) -> Mapping[str, Any]:
    found: Mapping[str, Any] = env.desk.books.setting("sealing", env.at)
    if not found:
        raise BadInput(text("this desk seals nothing yet; svcdesk seal setup begins it"))
    return found


@seal.command()
@click.pass_obj
def rewrap(env: Environment) -> int:
    """Wrap every key that you can open for those who may read today, and for nobody else."""
    from svcdesk.rewrapping import wrap_anew

    _standing(env)
    done, left = wrap_anew(env.desk, env.desk.books, env.me().id, env.at)
    env.talk(text("{done} keys wrapped anew, {left} are not yours to open", done=done, left=left))
    return Exit.ATTENTION if left else Exit.DONE


@seal.command()
@click.pass_obj
def status(env: Environment) -> None:
    """Say whether the desk seals, who reads, where the keys are, and what you can open."""
    from svcdesk.sealing import Reader
    from svcdesk.sealing import needed_store

    desk, standing, me = env.desk, _standing(env), env.me().id
    for name, posts in standing["readers"].items():
        readers = [
            each for each in standing["recipients"] if not desk.books.posts(each, env.at).isdisjoint(posts)
        ]
        words = _("{name}: read by {posts}; with a key: {people}", name=name, posts=posts, people=readers)
        output.write(sys.stdout, [f"{words}\n"])
    store, reader = needed_store(desk), Reader(desk, desk.books, me, env.at)
    keys = [each for whose in store.subjects() for each in store.of(whose)]
    own = sum(reader.take(each) is not None for each in keys)
    words = _("{folder}: {count} keys, {own} open to you", folder=str(store.folder), count=len(keys), own=own)
    output.write(sys.stdout, [f"{words}\n"])


@seal.command()
@click.argument("register", metavar="REGISTER")
@click.argument("value", metavar="TEXT")
@click.option("--field", default="", metavar="FIELD", help="Only this field.")
@click.pass_obj
def find(env: Environment, register: str, value: str, field: str) -> int:
    """List the records of a register in which a sealed field that you may read holds just this text.

    It opens what you may read and compares, capitals aside. No keyed hash is kept beside a sealed value to search
    by: under one key for the whole desk, equal values would show, and whoever held that key could go on trying
    guesses on somebody erased; under each subject's own key, that key is opened first, which is nearly all the
    work of opening the value.
    """
    from svcdesk import schema

    desk, name = env.desk, env.desk.register(register).name
    wanted = value.strip().casefold()
    found = 0
    for record in map(desk.opened, desk.index.of(name)):
        fields = [
            each.field for each in schema.texts_of_some(name, record.data) if each.value.casefold() == wanted
        ]
        for each in fields:
            if field in ("", each):
                found += 1
                output.write(sys.stdout, [f"{record.id} {each}\n"])
    return Exit.DONE if found else Exit.UNKNOWN


@seal.command()
@click.argument("subject", metavar="SUBJECT")
@click.option("--basis", default="", help="Why: who asked, or which term is over.")
@click.pass_obj
def erase(env: Environment, subject: str, basis: str) -> None:
    """Take the next step of an erasure: ask for it, approve it as a second person, carry it out after the delay.

    Carrying it out destroys the keys of what is sealed about the subject. History stays as it is and verifies;
    backups of the key store have to lose those keys too.
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
    with env.session() as session:
        done = next_step(session, wanted, clean(basis))
    show_done(done, "text")
    said = SAID.get(done.record.state)
    if said is not None:
        env.talk(said._replace(values={"subject": wanted, "count": done.record.get("keys", 0)}))


SAID = {
    "requested": text("a second person approves it: svcdesk seal erase {subject}", subject=""),
    "approved": text("once the days of waiting are over: svcdesk seal erase {subject}", subject=""),
    "erased": text(
        "{count} keys destroyed; this record is the certificate, and the key store's backups are to lose them too",
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
