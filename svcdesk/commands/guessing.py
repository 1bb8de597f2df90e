"""A group of commands that says which of them was probably meant."""

from __future__ import annotations

import click

from svcdesk.language import _


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

            near = [] if args[0].startswith("-") else close(args[0], self.list_commands(ctx))
            if not near:
                raise
            message = _("there is no command {name}; did you mean {near}?", name=args[0], near=" | ".join(near))
            raise click.UsageError(message, ctx) from None
