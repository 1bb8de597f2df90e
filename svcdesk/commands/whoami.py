"""svcdesk whoami: who acts, in which posts, at which station."""

from __future__ import annotations

import click

from svcdesk.commands.environment import Environment
from svcdesk.errors import NeedsAttention
from svcdesk.errors import Refused
from svcdesk.model import text


@click.command()
@click.pass_obj
def whoami(env: Environment) -> None:
    """Show who you are to this desk."""
    desk = env.desk
    identity = desk.store.git.identity()
    if identity is None:
        raise NeedsAttention(text("git does not know who you are; set user.name and user.email"))
    person = desk.staff_by_email(identity.email)
    if person is None:
        raise Refused(text("{email} belongs to no member of staff of this desk", email=identity.email))
    posts = ", ".join(sorted(desk.books.posts(person.id, env.at))) or "-"
    click.echo(f"{person.id} {posts}")
    env.talk(
        text(
            "{name}, rank {rank}, in {departments}",
            name=person["name"],
            rank=desk.books.rank(person.id, env.at),
            departments=", ".join(sorted(desk.books.departments(person.id, env.at))),
        )
    )
    file = desk.git_folder / "station"
    env.talk(
        text("this clone numbers as station {letter}", letter=file.read_text("ascii").strip())
        if file.is_file()
        else text("this clone has claimed no station")
    )
