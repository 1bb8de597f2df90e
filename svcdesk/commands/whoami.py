"""svcdesk whoami: who acts, in which posts, at which station."""

from __future__ import annotations

from collections.abc import Mapping

import click

from svcdesk.commands.environment import Environment
from svcdesk.commands.signing_setup import USUAL
from svcdesk.commands.signing_setup import set_up
from svcdesk.commands.signing_setup import signing_words
from svcdesk.commands.wording import department_words
from svcdesk.commands.wording import post_words
from svcdesk.desk import Desk
from svcdesk.language import _
from svcdesk.model import text


@click.command()
@click.option(
    "--setup",
    "own_key",
    is_flag=False,
    flag_value=USUAL,
    default="",
    metavar="[FILE]",
    help="Sign every act from now on with an SSH key of yours, and enter it in the staff register.",
)
@click.pass_obj
def whoami(env: Environment, own_key: str) -> None:
    """Show who you are to this desk, and whether your acts are signed.

    Unsigned, the desk takes git's word for who acts; svcdesk policy set signing.least '*=signed' asks everyone for a
    key.
    """
    if own_key:
        set_up(env, own_key)
    desk = env.desk
    person = env.me()
    held = desk.books.people.appointments(person.id, env.at)
    posts = _(", ").join(sorted({post_words(desk, each["post"]) for each in held})) or "-"
    click.echo(f"{person.id} {posts}")
    for each in held:
        click.echo(f"  {_appointment(desk, each)}")
    env.talk(
        text(
            "{name}, rank {rank}, in {departments}",
            name=person["name"],
            rank=desk.books.rank(person.id, env.at),
            departments=[
                department_words(desk, each) for each in sorted(desk.books.departments(person.id, env.at))
            ],
        )
    )
    file = desk.git_folder / "station"
    env.talk(
        text("this clone numbers as station {letter}", letter=file.read_text("ascii").strip())
        if file.is_file()
        else text("this clone has claimed no station")
    )
    if not env.key:
        env.talk(signing_words(env, person))


def _appointment(desk: Desk, held: Mapping[str, str]) -> str:
    """Return in words since when and how long a post is held, and for whom."""
    words = _(
        "{post} of {department} from {begins}",
        post=post_words(desk, held["post"]),
        department=department_words(desk, held["department"]),
        begins=held["from"],
    )
    if "until" in held:
        words += _(" to {ends}", ends=held["until"])
    if "deputy_for" in held:
        words += _(", as deputy of {person}", person=held["deputy_for"])
    return words
