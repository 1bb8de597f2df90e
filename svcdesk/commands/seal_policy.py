"""svcdesk seal setup, admit, dismiss: who reads and who finds what is sealed, as the desk's policy says."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from svcdesk.commands.acting import show_done
from svcdesk.commands.environment import Environment
from svcdesk.commands.wording import post_words
from svcdesk.errors import BadInput
from svcdesk.errors import Refused
from svcdesk.language import ENGLISH
from svcdesk.language import _
from svcdesk.language import chosen
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.sealed import CLASSES
from svcdesk.workflow import Order

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

CALLED = {"customer": text("customers' data"), "restricted": text("restricted data")}


@click.command()
@click.option(
    "--store", default="", metavar="DIR", help="Folder of the keys, outside git; one for all clones."
)
@click.option(
    "--read",
    "reading",
    multiple=True,
    metavar="CLASS=POST,…",
    help="Who reads customer or restricted fields; a class not named is read by the posts that setup says.",
)
@click.option(
    "--find",
    "finding",
    multiple=True,
    metavar="CLASS=POST,…",
    help="Who may find them by their exact text without reading them; CLASS= for nobody.",
)
@click.option(
    "--recipient",
    "keys",
    multiple=True,
    metavar="STAFF=KEY",
    help="The public key of who reads or finds: seal key shows it.",
)
@click.pass_obj
def setup(
    env: Environment, store: str, reading: tuple[str, ...], finding: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    """Name this clone's key store; the first time, set in policy who reads, from when on texts are sealed.

    Sealed are names, telephone numbers, addresses and free texts of the classes customer and restricted. Ids,
    choices, moments, numbers, yes or no stay clear, and so do reasons and all that was entered before.
    Whoever may only find asks svcdesk seal find where a text stands, such as a caller's number, and reads nothing.
    Whoever uses this computer in your name opens what you may read.
    """
    from svcdesk.sealing import own_key
    from svcdesk.sealing import use_store

    desk = env.desk
    desk.require_history()
    standing = desk.books.setting("sealing", env.at)
    recipients = {**standing.get("recipients", {}), **_recipients(env, keys)}
    readers = {**(standing.get("readers") or _known(env, READERS)), **_posts(reading)}
    finders = {**standing.get("finders", {}), **_posts(finding)}
    if not recipients and _reads(env, readers):
        recipients[env.me().id] = own_key(desk, env.me().id)
    used = use_store(desk, Path(store) if store else None)
    env.talk(
        text(
            "the keys of this desk are kept in {folder}; back that folder up by itself",
            folder=str(used.folder),
        )
    )
    waits = waiting(env)
    if waits is not None and not (reading or finding or keys):
        env.talk(text("it binds once approved: svcdesk policy approve {record}", record=waits.id))
        return
    for name in () if standing else sorted(readers.keys() - _posts(reading).keys()):
        env.talk(
            text(
                "{name} fields are to be read by {posts}; --read {name}=POST,… names others",
                name=name,
                posts=post_list(env, readers[name]),
            )
        )
    value = {"readers": readers, "finders": {name: posts for name, posts in finders.items() if posts}}
    _propose(env, {**value, "recipients": recipients}, standing)


def _reads(env: Environment, readers: Mapping[str, Sequence[str]]) -> bool:
    posts = env.desk.books.posts(env.me().id, env.at)
    return any(not posts.isdisjoint(each) for each in readers.values())


def _known(env: Environment, readers: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    posts = env.desk.books.setting("posts", env.at)
    return {name: [each for each in named if each in posts] for name, named in readers.items()}


def _posts(given: tuple[str, ...]) -> dict[str, list[str]]:
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


def _propose(env: Environment, wanted: Mapping[str, Any], standing: Mapping[str, Any]) -> None:
    """Set who reads and who finds, and put it in force where no second desk-admin has to approve it."""
    finders = {"finders": wanted["finders"]} if wanted.get("finders") else {}
    recipients = dict(sorted(wanted["recipients"].items()))
    value = {"readers": dict(wanted["readers"]), **finders, "recipients": recipients}
    if value == standing:
        return
    waits = waiting(env)
    if waits is not None:
        # Approved one after the other, the second would undo what the first one changed.
        raise Refused(
            text(
                "{record} is to be approved or taken back first: svcdesk policy approve {record} or policy withdraw "
                "{record}",
                record=waits.id,
            )
        )
    posts = env.desk.books.posts
    for name, named in value["readers"].items():
        if all(posts(each, env.at).isdisjoint(named) for each in recipients):
            raise BadInput(
                text(
                    "nobody who may read {name} fields has a key: such a person runs svcdesk seal key, and "
                    "--recipient STAFF=KEY names what it shows",
                    name=name,
                )
            )
    with env.session() as session:
        done = session.act(Order("policy", "set", sets={"setting": "sealing", "value": value}))
        if len(session.books.holders_of(("desk-admin",), env.at)) == 1:
            done = session.act(Order("policy", "approve", done.record.id))
    show_done(done, "text")
    if done.record.state != "approved":
        env.talk(text("it binds once approved: svcdesk policy approve {record}", record=done.record.id))


@click.command()
@click.argument("recipient", metavar="STAFF=KEY")
@click.pass_obj
def admit(env: Environment, recipient: str) -> None:
    """Let a person read and find with a key, as far as his posts let him; seal rewrap then opens the past to him."""
    standing = standing_of(env)
    known = {**standing["recipients"], **_recipients(env, (recipient,))}
    _propose(env, {**standing, "recipients": known}, standing)


@click.command()
@click.argument("person", metavar="STAFF")
@click.pass_obj
def dismiss(env: Environment, person: str) -> None:
    """Take a person's key out; svcdesk seal rewrap shuts the past to him.

    What he has read stays read, and whoever kept a copy of the key store can go on guessing in that copy.
    """
    standing = standing_of(env)
    wanted = env.desk.resolve(person, ("staff",))
    if wanted not in standing["recipients"]:
        raise BadInput(text("{person} has no key in the policy", person=wanted))
    left = {staff: each for staff, each in standing["recipients"].items() if staff != wanted}
    _propose(env, {**standing, "recipients": left}, standing)


def standing_of(env: Environment) -> Mapping[str, Any]:
    """Return who reads and finds by the policy in force; raises BadInput where nothing is sealed yet."""
    found: Mapping[str, Any] = env.desk.books.setting("sealing", env.at)
    if not found:
        waits = waiting(env)
        if waits is not None:
            raise BadInput(
                text("this desk seals nothing yet: {record} waits, svcdesk policy approve {record}", record=waits.id)
            )
        raise BadInput(text("this desk seals nothing yet; svcdesk seal setup begins it"))
    return found


def post_list(env: Environment, posts: Sequence[str]) -> list[str]:
    """Return posts as people call them."""
    return [post_words(env.desk, each) for each in posts]


def class_words(name: str) -> str:
    """Return a class as it is typed, in another language than English after what it is called."""
    return name if chosen() == ENGLISH else _("{action} ({name})", action=CALLED[name], name=name)


def waiting(env: Environment) -> Record | None:
    """Return the proposal about sealing that a second desk-admin has yet to approve, or None."""
    found = env.desk.books.find("policy", setting="sealing")
    return next((each for each in found if each.state == "proposed"), None)
