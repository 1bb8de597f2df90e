"""The verbs that all registers share, built from what each declares and from its schema."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import click

from svcdesk import schema
from svcdesk.commands import acting
from svcdesk.commands import listing
from svcdesk.commands.environment import Environment
from svcdesk.commands.fields import options
from svcdesk.commands.guessing import Guessing
from svcdesk.commands.guessing import translated
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers import REGISTERS
from svcdesk.workflow import COMMON

HELP_WIDTH = 76
"""Columns of a paragraph in a help, which click indents by two."""


def _take_over() -> click.Command:
    from svcdesk.commands.handover import take_over_command

    return take_over_command()


def _carry_out() -> click.Command:
    from svcdesk.commands.seal import carry_out_command

    return carry_out_command()


def _conflict() -> click.Command:
    from svcdesk.commands.conflict import show_command

    return show_command()


def _propose() -> click.Command:
    from svcdesk.commands.exception import propose_command

    return propose_command()


ODD: Mapping[str, Callable[[], click.Command]] = {
    "audit-exception propose": _propose,
    "conflict show": _conflict,
    "erasure carry-out": _carry_out,
    "handover take-over": _take_over,
}
"""Commands written by hand where one register needs what the engine does not do: `area book action`."""


def _balance() -> click.Command:
    from svcdesk.commands.hazmat import balance_command

    return balance_command()


def _room() -> click.Command:
    from svcdesk.commands.hazmat import room_command

    return room_command()


def _rank() -> click.Command:
    from svcdesk.commands.evaluation import rank_command

    return rank_command()


ACROSS: Mapping[str, Mapping[str, Callable[[], click.Command]]] = {
    "evaluation": {"rank": _rank},
    "hazmat": {"balance": _balance, "room": _room},
}
"""Commands written by hand that read several books of an area: `area command`; each imported when asked for."""


NOTES: Mapping[str, Text] = {
    "staff": text(
        "Unsigned, the desk takes git's word for who acts; svcdesk policy set signing.least '*=signed' asks everyone"
        " for a key (svcdesk whoami --setup)."
    ),
}
"""What the help of an area says at its end."""


def area_group(area: str) -> click.Group:
    """Return the group of an area: its own register's verbs, and a group for each of its books."""
    registers = [each for each in REGISTERS.values() if each.area == area]
    own = next((each for each in registers if not each.book), None)
    group = RegisterGroup(
        own,
        name=area,
        help=_(own.title) if own else _(", ").join(_(each.title) for each in registers),
        across=ACROSS.get(area, {}),
        epilog=say(NOTES[area]) if area in NOTES else None,
    )
    for each in registers:
        if each.book:
            group.add_command(RegisterGroup(each, name=each.book, help=_(each.title)))
    return group


class RegisterGroup(Guessing):
    """The verbs of one register, each built when it is asked for."""

    def __init__(
        self,
        register: Register | None,
        across: Mapping[str, Callable[[], click.Command]] = MappingProxyType({}),
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.register = register
        self.across = across

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read a line that begins with an option as the register's one way to open a record."""
        opening = [each.name for each in self.register.actions if each.creates] if self.register else []
        if args and args[0].startswith("--") and args[0] not in ctx.help_option_names and len(opening) == 1:
            args = [opening[0], *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the books of the area, then list, show and every action."""
        verbs = verb_names(self.register) if self.register else []
        return list(dict.fromkeys((*self.commands, *self.across, *verbs)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a verb or a book."""
        if cmd_name in self.commands:
            return self.commands[cmd_name]
        if cmd_name in self.across:
            return translated(self.across[cmd_name]())
        return verb(self.register, cmd_name) if self.register else None


def verb_names(register: Register) -> list[str]:
    """Return what can be done with a register, in the order of its life."""
    reports = [report_verb(register)] if register.reports else []
    taken = [each.name for each in register.actions if not each.by_merge]
    return ["list", "show", *taken, "correct", "void", *reports]


def report_verb(register: Register) -> str:
    """Return the word that prints reports: `report`, unless that is something done to a record."""
    return "reports" if register.action("report") else "report"


def verb(register: Register, name: str) -> click.Command | None:
    """Return the command for one verb of a register, or None where it has none."""
    odd = ODD.get(f"{register.name} {name}")
    if odd is not None:
        return translated(odd())
    if name == "list":
        return listing.list_command(register)
    if name == "show":
        return listing.show_command(register)
    if name == report_verb(register) and register.reports:
        return listing.report_command(register, name)
    action = register.action(name) or next(
        (each for each in COMMON if each.name == name in ("correct", "void")), None
    )
    return action_command(register, action) if action and not action.by_merge else None


class ActionCommand(click.Command):
    """The command of an action; who may take it is put together when its help is asked for, and not before."""

    def __init__(self, register: Register, action: Action, **rest: Any) -> None:
        super().__init__(**rest)
        self.register = register
        self.action = action

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the end of the help."""
        from svcdesk.commands.rights import rights

        self.epilog = self.epilog or rights(self.register, self.action)
        super().format_epilog(ctx, formatter)


def action_command(
    register: Register, action: Action, before: acting.Before = acting.anything
) -> click.Command:
    """Return the command that takes one action of a register; `before` each order it may refuse that."""
    names = all_fields(register) if action.name == "correct" else action.fields
    parameters: list[click.Parameter] = (
        [] if action.creates else [click.Argument(["record"], required=False, metavar="RECORD")]
    )
    entered = options(register, names, action.needs)
    epilog = _gather(entered) if action.name == "correct" else None
    parameters += entered
    parameters += acting.common_options(register, action)

    @click.pass_obj
    def run(env: Environment, /, **given: Any) -> None:
        acting.run(env, register, action, names, given, before)

    return ActionCommand(
        register,
        action,
        name=action.name,
        params=parameters,
        callback=run,
        help=_(action.title),
        short_help=_(action.title),
        epilog=epilog,
    )


def _gather(fields: Iterable[click.Option]) -> str:
    """Name the options of many fields in one paragraph, in place of a line or two for each."""
    import textwrap

    names = []
    for each in fields:
        each.hidden = True
        names.append(each.opts[0])
    listed = textwrap.fill(" ".join(names), HELP_WIDTH, break_on_hyphens=False)
    return "\b\n" + _("Fields, each as in the action that sets it:") + "\n" + listed


def all_fields(register: Register) -> tuple[str, ...]:
    """Return every field that some form of the register sets, in schema order."""
    entered = {name for action in register.actions for name in action.fields}
    return tuple(name for name in schema.fields(register.name) if name in entered)
