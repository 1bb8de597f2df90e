"""svcdesk whoami: who acts, in which posts, at which station."""

from __future__ import annotations

import click

from svcdesk.commands.environment import Environment
from svcdesk.model import text


@click.command()
@click.pass_obj
def whoami(env: Environment) -> None:
    """Show who you are to this desk."""
    desk = env.desk
    person = env.me()
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
