"""Histories joined otherwise than both sides make it."""

from __future__ import annotations

from typing import Any

from svcdesk import message
from svcdesk import yamlio
from svcdesk.model import Step
from tests.forgeries import world
from tests.forgeries.bytes import dates_beyond_all_zones
from tests.forgeries.catalogue import forgery
from tests.forgeries.content import path
from tests.forgeries.making import approval
from tests.forgeries.making import borrowed
from tests.forgeries.making import honest
from tests.forgeries.making import request
from tests.forging import Forger
from tests.forging import written
from tests.worlds import author

OFFLINE = "2026-11-22T12:05:00+08:00"
JOINED = "2026-11-22T12:30:00+08:00"


def joined(forger: Forger, first: str, second: str, files: dict[str, bytes | None], **how: Any) -> str:
    """Commit a merge by the clerk with these files on the first side's tree."""
    by = how.pop("by", forger.world.clerk)
    policy = forger.git("rev-parse", f"{first}:records/policy")
    at = how.pop("at", JOINED)
    said = message.compose_merge(by, at, how.pop("conflicts", ()), policy)
    return forger.commit(
        forger.tree(files, first), said, at, author=forger.world.authors[by], parents=[first, second], **how
    )


def parted(forger: Forger) -> tuple[str, str, Step]:
    """Return two tips that parted at main: an approval, and a request, which is given as a step too."""
    step = request(forger, at=OFFLINE)
    return honest(forger, approval(forger)), honest(forger, step), step


def honest_merge(forger: Forger) -> str:
    """Join two histories as svcdesk would."""
    first, second, step = parted(forger)
    return joined(forger, first, second, written(step))


@forgery("merge", "requested", "H33-evil")
def hides_a_change_in_a_merge(forger: Forger) -> str:
    """A record is changed in the merge itself, where git shows no difference."""
    first, second, step = parted(forger)
    blob = yamlio.dump(forger.record(forger.world.requested, first).data)
    changed = {path(forger.world.requested): blob.replace(b"inspection", b"moving house")}
    return joined(forger, first, second, written(step) | changed)


@forgery("merge", "next_loan", "H33-ours")
def drops_a_colleagues_act(forger: Forger) -> str:
    """A merge that keeps nothing of the second side."""
    first, second, _ = parted(forger)
    return joined(forger, first, second, {})


@forgery("merge", "requested", "H33-half")
def takes_the_files_of_one_side(forger: Forger) -> str:
    """A merge that has the tree of the second side and loses the first side's approval."""
    first, second, step = parted(forger)
    former = yamlio.dump(forger.record(forger.world.requested, second).data)
    return joined(forger, first, second, written(step) | {path(forger.world.requested): former})


@forgery("merge", "next_loan", "H33-words")
def invents_a_conflict(forger: Forger) -> str:
    """A merge whose message names a conflict that did not arise."""
    first, second, step = parted(forger)
    return joined(forger, first, second, written(step), conflicts=[forger.world.conflict])


@forgery("by-merge", "conflict", "H33-dispute")
def puts_a_record_in_dispute(forger: Forger) -> str:
    """A conflict that no merge has found, so that the loan has to wait."""
    held = {
        "record": forger.world.requested,
        "action": "approve",
        "by": forger.world.head,
        "at": world.NOW,
        "commit": "0" * 40,
    }
    sets = {"kind": "rule", "records": [forger.world.requested], "held": [held]}
    return honest(
        forger,
        forger.step(forger.world.conflict, "arise", forger.world.clerk, world.NOW, new=True, sets=sets),
    )


@forgery("author", "next_loan", "H33-author")
def merges_in_anothers_name(forger: Forger) -> str:
    """A merge by the clerk that names the head."""
    first, second, step = parted(forger)
    policy = forger.git("rev-parse", f"{first}:records/policy")
    said = message.compose_merge(forger.world.head, JOINED, (), policy)
    tree = forger.tree(written(step), first)
    return forger.commit(tree, said, JOINED, author=author("clerk"), parents=[first, second])


@forgery("approver-signs", "requested", "H33-side")
def brings_a_forged_act_by_a_merge(forger: Forger) -> str:
    """The forged act lies on the second side; the merge itself is honest."""
    first = honest(forger, request(forger))
    step = approval(forger, forger.world.clerk, OFFLINE)
    return joined(forger, first, honest(forger, step), written(step))


@forgery("merge", "next_loan", "C3-merge")
def joins_what_contradicts_itself(forger: Forger) -> str:
    """One key is handed out on both sides; the merge says nothing of it."""
    asked = honest(forger, request(forger, sets={"key": forger.world.other_key}))
    base = honest(
        forger,
        approval(forger, at="2026-11-22T12:01:00+08:00", record=forger.world.next_loan, base=asked),
        base=asked,
    )
    steps = [
        forger.step(record, "issue", forger.world.clerk, at, base, signed=borrowed(forger))
        for record, at in (
            (forger.world.approved, "2026-11-22T12:02:00+08:00"),
            (forger.world.next_loan, OFFLINE),
        )
    ]
    first, second = (honest(forger, each, base=base) for each in steps)
    return joined(forger, first, second, written(steps[1]))


@forgery("merge", "", "H33-root")
def joins_an_unrelated_history(forger: Forger) -> str:
    """A second founding is merged in."""
    tree = forger.git("rev-parse", "main^{tree}")
    root = forger.commit(tree, "init\n", world.NOW, parents=[""])
    return joined(forger, forger.tip, root, {})


@forgery("kind", "next_loan", "H33-act")
def does_an_act_in_a_merge(forger: Forger) -> str:
    """A merge that says that it is an act."""
    first, second, step = parted(forger)
    tree = forger.tree(written(step), first)
    commit = honest(forger, step)
    said = forger.git("log", "-1", "--format=%B", commit) + "\n"
    return forger.commit(tree, said, OFFLINE, author=author("clerk"), parents=[first, second])


@forgery("merge", "next_loan", "H15")
def brings_the_act_of_one_who_left(forger: Forger) -> str:
    """One who has left dates an act to before he left, on the history of then; a colleague joins it."""
    base = forger.git("rev-list", "-1", "--before=2026-11-22T09:49:30+08:00", "main")
    step = request(forger, at="2026-11-22T09:49:00+08:00", by=forger.world.leaver, base=base)
    return joined(forger, forger.tip, honest(forger, step, base=base), written(step))


@forgery("late-entry", "next_loan", "H8")
def joins_what_was_away_for_long(forger: Forger) -> str:
    """An act dated back by weeks, on the history of then; the merge is as it should be."""
    step = request(forger, at=OFFLINE)
    first, second = honest(forger, approval(forger)), honest(forger, step)
    return joined(forger, first, second, written(step), at="2027-01-12T12:00:00+08:00")


@forgery("commit-bytes", "", "N-undated")
def joins_what_nobody_can_date(forger: Forger) -> str:
    """A merge that brings a commit whose time no reader understands."""
    return joined(forger, honest(forger, request(forger)), dates_beyond_all_zones(forger), {})


@forgery("merge", "", "N-nothing")
def joins_what_is_there_already(forger: Forger) -> str:
    """A merge with an older commit of the same history, which brings nothing."""
    return joined(forger, forger.tip, forger.git("rev-parse", "main~3"), {})
