"""Builds a demo desk: the founding, then one session in which everything happens in the order of time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
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
from svcdesk.founding import FIRST_PERSON
from svcdesk.founding import Beginning
from svcdesk.founding import found
from svcdesk.model import text
from svcdesk.session import Session

NAME = "Tower A 甲座"
MARK = "svcdesk/demo"
"""The file in git's folder by which a demo desk is known, so that only such a desk is built anew."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: how many acts, and the ids of the records that have a name in the story."""

    acts: int
    named: dict[str, str]


def clear(root: Path) -> None:
    """Remove an earlier demo desk; raises BadInput where something else is in the folder."""
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise BadInput(text("{folder} is not a folder", folder=str(root)))
    if root.is_dir() and any(root.iterdir()):
        if not (root / ".git" / MARK).is_file():
            raise BadInput(
                text("{folder} holds something else than a demo desk; name another folder", folder=str(root))
            )
        shutil.rmtree(root)


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
