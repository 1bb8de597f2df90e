"""svcdesk audit exception propose: only what a commit of this history breaks can be excepted."""

from __future__ import annotations

import click

from svcdesk.commands.environment import Environment
from svcdesk.commands.register import action_command
from svcdesk.errors import Refused
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers import REGISTERS
from svcdesk.workflow import Order

REGISTER = REGISTERS["audit-exception"]


def propose_command() -> click.Command:
    """Return `audit exception propose`, which has the commit judged before anything is proposed."""
    action = REGISTER.action("propose")
    assert action is not None, "declared"
    return action_command(REGISTER, action, _refuse_needless)


def _refuse_needless(env: Environment, order: Order) -> None:
    """Raise Refused where an exception would change nothing: it is not about this history, or about another rule.

    What it leaves out is said.
    """
    from svcdesk.audit.starting import hold
    from svcdesk.audit.starting import verdict_on
    from svcdesk.pin import RETURNED

    commit, named = order.sets.get("commit"), order.sets.get("broken")
    if not (isinstance(commit, str) and isinstance(named, list)):
        return  # the judge says what is missing
    hold(env.desk)
    if not env.desk.store.holds(env.desk.tip, commit):
        raise Refused(
            text(
                "main of this clone does not hold {commit}; an exception works where it is entered in one that does",
                commit=commit[:12],
            )
        )
    broken = sorted({each.rule for each in verdict_on(env.desk, commit, env.now).findings})
    needless = [each for each in named if each not in (*broken, RETURNED)]
    if needless:
        raise Refused(_needless(commit, needless, broken))
    approved = env.desk.books.find(REGISTER.name, commit=commit, state="approved")
    covered = {*named, *(rule for each in approved for rule in each["broken"])}
    if left := [each for each in broken if each not in covered]:
        env.talk(text("{commit} breaks {left} too: it stands once those are excepted", commit=commit[:12], left=left))


def _needless(commit: str, needless: list[str], broken: list[str]) -> Text:
    if not broken:
        return text("{commit} breaks no rule, so none can be excepted", commit=commit[:12])
    return text(
        "{commit} does not break {needless}; what it breaks is {broken}: give --broken once for each",
        commit=commit[:12],
        needless=needless,
        broken=broken,
    )
