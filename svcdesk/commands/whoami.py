"""svcdesk whoami: who acts, in which posts, at which station."""

from __future__ import annotations

from collections.abc import Mapping

import click

from svcdesk.commands.environment import Environment
from svcdesk.commands.wording import department_words
from svcdesk.commands.wording import post_words
from svcdesk.desk import Desk
from svcdesk.language import _
from svcdesk.model import text


@click.command()
@click.pass_obj
def whoami(env: Environment) -> None:
    """Show who you are to this desk."""
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
