"""Groups of commands that say which of them was probably meant, and commands in the language that was chosen."""

from __future__ import annotations

import copy
import inspect

import click

from svcdesk.language import _
from svcdesk.language import lookup


class Guessing(click.Group):
    """Names the commands that are called nearly like the one that there is not."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that a line names; raises UsageError with those that may have been meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from svcdesk.naming import close

            if args[0].startswith("-"):
                raise
            near = close(args[0], self.list_commands(ctx))
            if not near and ctx.parent is not None:
                names = self.list_commands(ctx)
                there = _("there is no command {name}; there are {names}", name=args[0], names=names)
                raise click.UsageError(there, ctx) from None
            if not near:
                raise
            message = _("there is no command {name}; did you mean {near}?", name=args[0], near=" | ".join(near))
            raise click.UsageError(message, ctx) from None


def translated(command: click.Command) -> click.Command:
    """Return a copy of a command, and of all below it, whose help is in the language that was chosen."""
    twin = copy.copy(command)
    twin.help = lookup(inspect.cleandoc(command.help or ""))
    twin.params = [copy.copy(each) for each in command.params]
    for each in twin.params:
        if isinstance(each, click.Option):
            each.help = lookup(each.help or "")
    if isinstance(twin, click.Group):
        twin.commands = {name: translated(each) for name, each in twin.commands.items()}
    return twin
