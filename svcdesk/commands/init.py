"""svcdesk init: make a desk."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from svcdesk.canonical import clean
from svcdesk.commands.environment import Environment
from svcdesk.commands.environment import zone_exists
from svcdesk.founding import Beginning
from svcdesk.founding import Identity
from svcdesk.founding import found
from svcdesk.founding import known_identity
from svcdesk.language import _
from svcdesk.model import text
from svcdesk.settings import PROFILES


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--name", required=True, help="What the desk is called.")
@click.option("--timezone", "zone", required=True, metavar="ZONE", help="Such as Asia/Shanghai.")
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default="property", help="Which regulations bind."
)
@click.option("--as-name", default="", help="Name of the first person, if git does not know it.")
@click.option("--as-email", default="", help="E-mail of the first person, if git does not know it.")
@click.pass_obj
def init(
    env: Environment, folder: str, name: str, zone: str, profile: str, as_name: str, as_email: str
) -> None:
    """Make a desk in a new folder: policy, departments, schemas, station A, and you as its first person."""
    root = Path(folder)
    identity = known_identity(root)
    if as_email or identity is None:
        identity = Identity(clean(as_name or _login()), clean(as_email or f"{_login()}@localhost"))
        env.talk(
            text("git identity of this desk: {name} <{email}>", name=identity.name, email=identity.email)
        )
    found(root, Beginning(clean(name), zone_exists(zone), profile, identity), env.now)
    click.echo("S-A0001 active")
    env.talk(text("the desk is ready in {folder}; you are S-A0001 with the post desk-admin", folder=folder))
    env.talk(text("customers' data is stored in clear until svcdesk seal setup"))


def _login() -> str:
    """Return the login name, or a word in its place where the system tells none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return _("admin")
