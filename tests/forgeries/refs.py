"""Pushes that would move something else than main forward."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from tests.forgeries import world
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.merges import joined
from tests.forging import Forger
from tests.forging import written
from tests.worlds import author

MAIN = "refs/heads/main"
Push = Callable[[Forger], Sequence[str]]
"""Makes what is pushed, and returns the refspecs."""


def amends_what_is_published(forger: Forger) -> Sequence[str]:
    """The last commit once more, a second later (H1)."""
    tree, parent = forger.git("rev-parse", "main^{tree}"), forger.git("rev-parse", "main~1")
    said = forger.git("log", "-1", "--format=%B", "main") + "\n"
    amended = forger.commit(
        tree, said, "2026-11-22T09:58:01+08:00", author=author("manager"), parents=[parent]
    )
    return [f"+{amended}:{MAIN}"]


def takes_the_last_acts_back(forger: Forger) -> Sequence[str]:
    """An ancestor, by force (H3)."""
    return [f"+main~3:{MAIN}"]


def deletes_the_branch(forger: Forger) -> Sequence[str]:
    """The whole history (H3)."""
    return [f":{MAIN}"]


def makes_the_published_tip_the_second_parent(forger: Forger) -> Sequence[str]:
    """A merge whose first parent is the pusher's own history (H33)."""
    base = forger.git("rev-parse", "main~1")
    own = approval(forger, base=base)
    handover = forger.record(forger.world.handover)
    step = type(own)(None, handover.acts[0], handover)
    merge = joined(forger, honest(forger, own, base=base), forger.tip, written(step))
    return [f"{merge}:{MAIN}"]


def founds_another_desk(forger: Forger) -> Sequence[str]:
    """A history that begins elsewhere (H33)."""
    root = forger.commit(forger.git("rev-parse", "main^{tree}"), "init\n", world.NOW, parents=[""])
    return [f"+{root}:{MAIN}"]


def hides_a_tag_behind_an_honest_act(forger: Forger) -> Sequence[str]:
    """An honest act and a tag in one push (H34)."""
    return [f"{honest(forger, approval(forger))}:{MAIN}", "main:refs/tags/v1"]


def replaces_a_commit(forger: Forger) -> Sequence[str]:
    """A replace ref, by which git shows another commit (H34)."""
    return [f"main~1:refs/replace/{forger.tip}"]


def leaves_a_note(forger: Forger) -> Sequence[str]:
    """Notes, which git shows below a commit (H34)."""
    return ["main:refs/notes/commits"]


def writes_a_checkpoint(forger: Forger) -> Sequence[str]:
    """A ref of svcdesk's own (H34)."""
    return ["main:refs/svcdesk/checkpoints"]


def opens_a_branch_in_capitals(forger: Forger) -> Sequence[str]:
    """A branch that is main on some disks (H34)."""
    return ["main:refs/heads/MAIN"]


def looks_like_an_option(forger: Forger) -> Sequence[str]:
    """A branch that some commands would take for an option (H34)."""
    return ["main:refs/heads/--output=x"]


def publishes_a_tree(forger: Forger) -> Sequence[str]:
    """No commit at all (P01)."""
    return [f"+main^{{tree}}:{MAIN}"]


PUSHES: Sequence[Push] = (
    amends_what_is_published,
    takes_the_last_acts_back,
    deletes_the_branch,
    makes_the_published_tip_the_second_parent,
    founds_another_desk,
    hides_a_tag_behind_an_honest_act,
    replaces_a_commit,
    leaves_a_note,
    writes_a_checkpoint,
    opens_a_branch_in_capitals,
    looks_like_an_option,
    publishes_a_tree,
)
