"""svcdesk sync: bring in what others published, join one's own acts to it, publish the whole."""

from __future__ import annotations

import click

from svcdesk.commands.environment import Environment
from svcdesk.errors import Exit
from svcdesk.errors import NeedsAttention
from svcdesk.model import text


@click.command()
@click.argument("remote", required=False, default="")
@click.pass_obj
def sync(env: Environment, remote: str) -> int:
    """Exchange acts with the other clones through a remote repository (origin unless named).

    A remote that has lost or rewritten what it held is not followed (exit 8). Where its backup was restored, a
    clone gives back what it lost, joined to what was published since, once two desk-admins have agreed: in the
    clone that knows most, one enters svcdesk audit exception propose --commit COMMIT --broken history-kept
    --reason WHY with the COMMIT that exit 8 names, the other approves it, and svcdesk sync goes on. Nothing is
    overwritten; the other clones follow, and svcdesk audit verify shows it for ever.

    A remote that holds a commit against the law is not followed either (exit 4). Whoever keeps it sets its main
    back to the commit before. Or the commit is let stand: in a new clone of the remote, for an exception works
    where it is entered in a clone that holds the commit, one desk-admin enters svcdesk audit exception propose
    --commit COMMIT --broken RULE, once for each rule that it breaks, --reason WHY; another approves it, and
    svcdesk sync sends it.
    """
    from svcdesk.pin import read_pin
    from svcdesk.syncing import Sync
    from svcdesk.transport import find_remote

    git = env.desk.store.git
    identity = git.identity()
    if identity is None:
        raise NeedsAttention(text("git does not know who you are; set user.name and user.email"))
    found = find_remote(git, remote)
    if read_pin(git.git_dir) is None:
        env.talk(text("this clone has verified nothing yet: the whole history is judged first"))
    done = Sync(env.desk, found, env.now, identity).run()
    for notice in done.notices:
        env.talk(notice)
    env.talk(
        text(
            "{remote}: {received} commits received, {sent} sent",
            remote=found.name,
            received=done.received,
            sent=done.sent,
        )
    )
    for conflict in done.conflicts:
        env.talk(text("conflict {conflict}: svcdesk conflict show {conflict}", conflict=conflict))
    return Exit.CONFLICT if done.conflicts else Exit.DONE
