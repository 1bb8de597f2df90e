"""svcdesk doctor: what is wrong with this clone of the desk, mended where that is safe."""

from __future__ import annotations

import sys

import click

from svcdesk import output
from svcdesk.commands.environment import Environment
from svcdesk.errors import Exit
from svcdesk.language import _
from svcdesk.language import say
from svcdesk.model import text


@click.command()
@click.pass_obj
def doctor(env: Environment) -> int:
    """Examine this clone of the desk: locks, unfinished acts, hook, index, history; mend what can be.

    What it does not mend it says how to: nothing that was entered is taken back by itself.
    """
    from svcdesk.doctor import examine

    left = 0
    for matter in examine(env.desk, env.now):
        left += not matter.mended
        word = _("mended") if matter.mended else _("wrong")
        output.write(sys.stdout, [f"{word}: {say(matter.sentence)}\n"])
    env.talk(text("left to be done: {count}", count=left) if left else text("the desk is sound"))
    return Exit.ATTENTION if left else Exit.DONE
