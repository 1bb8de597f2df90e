"""Builds a demo desk: the founding, then one session in which everything happens in the order of time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from pathlib import Path

from svcdesk.demo import book
from svcdesk.demo import complaints
from svcdesk.demo import counts
from svcdesk.demo import duty
from svcdesk.demo import flaws
from svcdesk.demo import frontdesk
from svcdesk.demo import happenings
from svcdesk.demo import hazmat
from svcdesk.demo import loans
from svcdesk.demo import oldbook
from svcdesk.demo import opening
from svcdesk.demo import reviews
from svcdesk.demo.cast import ADMIN
from svcdesk.demo.cast import EVERYBODY
from svcdesk.demo.cast import FOUNDER
from svcdesk.demo.cast import LATER
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import ZONE
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Stage
from svcdesk.desk import Desk
from svcdesk.durable import expendable
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.founding import FIRST_PERSON
from svcdesk.founding import Beginning
from svcdesk.founding import found
from svcdesk.git import Git
from svcdesk.model import text
from svcdesk.session import MOST_NAMED
from svcdesk.session import Session
from svcdesk.worktree import DRAFT
from svcdesk.worktree import blob_id

NAME = "Tower A 甲座"
MARK = "svcdesk/demo"
"""The file in git's folder by which a demo desk is known, so that only such a desk is built anew."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: how many acts, and the ids of the records that have a name in the story."""

    acts: int
    named: dict[str, str]


def clear(root: Path) -> None:
    """Remove an earlier demo desk; raises BadInput where something else is in the folder.

    Raises NeedsAttention where a file lies in it that no act of that desk has made.
    """
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise BadInput(text("{folder} is not a folder", folder=str(root)))
    if root.is_dir() and any(root.iterdir()):
        if not (root / ".git" / MARK).is_file():
            raise BadInput(
                text("{folder} holds something else than a demo desk; name another folder", folder=str(root))
            )
        foreign = sorted(_foreign(root))
        if foreign:
            shown = ", ".join([*foreign[:MOST_NAMED], *(["…"] if len(foreign) > MOST_NAMED else [])])
            raise NeedsAttention(
                text(
                    "{folder} is an earlier demo desk, but somebody else made or changed {paths};"
                    " move that away, or name another folder",
                    folder=str(root),
                    paths=shown,
                )
            )
        shutil.rmtree(root)


def _foreign(root: Path) -> Iterator[str]:
    """Yield the files that are not as the last act left them; one that is missing was not filed yet, or is no loss."""
    root = root.resolve()
    desk = Desk(root, Git(root, root / ".git"))
    made = dict(desk.store.files(desk.store.tree(desk.tip)))
    desk.close()
    for folder, folders, names in os.walk(root):
        if Path(folder) == root:
            folders.remove(".git")
        linked = (each for each in folders if (Path(folder) / each).is_symlink())
        for name in (*linked, *(each for each in names if not each.startswith(DRAFT))):
            path = os.path.relpath(os.path.join(folder, name), root)
            if blob_id(root, path) != made.get(path):
                yield path


def build(root: Path, plan: Plan, told: Callable[[int], None] = lambda _: None) -> Built:
    """Build a desk in an empty or new folder; `told` is called with the days that are over."""
    root = root.resolve()
    start = datetime.combine(plan.first, time(7), MOMENT.tzinfo)
    with expendable():
        found(root, Beginning(NAME, ZONE, "property", FOUNDER.identity), start)
        (root / ".git" / MARK).write_text("made by svcdesk demo; built anew by the next one\n", "ascii")
        with Session(Desk(root), start, FOUNDER.identity) as session:
            people = {code: person.identity for code, person in EVERYBODY.items()}
            stage = Stage(session, people, plan.seed)
            _play(stage, plan, told)
    return Built(stage.acts, stage.named)


def _play(stage: Stage, plan: Plan, told: Callable[[int], None]) -> None:
    stage.named[ADMIN] = FIRST_PERSON
    stage.gone.add(LATER.code)
    oldbook.take_over(stage)
    stage.begin(stage.after(minutes=5), opening.enter_house(stage, plan))
    _arrange(stage, plan)
    for day in plan.days:
        if day > plan.first:
            _plan_day(stage, plan, day)
        stage.play(min(stage.moment(day, 23, 59), MOMENT))
        told(1)


def _arrange(stage: Stage, plan: Plan) -> None:
    """Let happen what happens once, as far as the plan goes back."""
    for days, scene in happenings.happenings(stage, plan):
        day = MOMENT.date() - timedelta(days=days)
        if day > plan.first:
            stage.begin(stage.office_on(day, 75), scene)
    if plan.flaws:
        flaws.arrange(stage)


def _plan_day(stage: Stage, plan: Plan, day: date) -> None:
    counts.plan_day(stage, plan, day)
    duty.plan_day(stage, plan, day)
    if stage.session.books.calendar(stage.stamp(stage.now)).periods(day.isoformat()):
        loans.plan_day(stage, plan, day)
        complaints.plan_day(stage, plan, day)
        reviews.plan_day(stage, day)
        hazmat.plan_day(stage, plan, day)
        book.plan_day(stage, plan, day)
        frontdesk.plan_day(stage, plan, day)
