"""The book that goes to the control room and back: what customers reported at night becomes complaints."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from random import Random

from svcdesk.demo import complaints
from svcdesk.demo.cast import CLERKS
from svcdesk.demo.counts import WATCH
from svcdesk.demo.matters import MATTERS
from svcdesk.demo.matters import Matter
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

AT_NIGHT = MATTERS[:2]
HEAD = "shen.jun"
REVIEWER = "lin.xiaoyu"


def plan_day(stage: Stage, plan: Plan, day: date) -> None:
    """On working days, let the office take the book over in the morning and give it back in the evening."""
    first = MOMENT.date() - timedelta(days=plan.book_days)
    if day > first:
        stage.begin(stage.moment(day, 7, 45), morning(stage, day))
    if day >= first:
        stage.begin(stage.moment(day, 17, 45), evening(stage, day))


def morning(stage: Stage, day: date) -> Scene:
    """The watch of the night gives the book to a clerk, with what customers reported."""
    dice = stage.dice("book", day)
    clerk, giver = stage.one_of(dice, CLERKS), WATCH[day.toordinal() % 2]
    matter = dice.choice(AT_NIGHT) if dice.random() < 0.2 else None
    record = open_book(stage, giver, clerk, "a quiet night 夜间平稳", reported(stage, dice, matter))
    yield stage.after(minutes=10)
    taken = stage.take_over(clerk, record) if matter else []
    stage.act(clerk, "handover", "accept", record, read=True)
    stage.begin(stage.after(minutes=40), review(stage, record, HEAD))
    for each in taken if matter else ():
        yield stage.after(minutes=5)
        yield from complaints.course(stage, dice, clerk, each.id, matter or MATTERS[0])


def reported(stage: Stage, dice: Random, matter: Matter | None) -> list[dict[str, str]]:
    """Return what a customer reported in the night, if anybody did."""
    if matter is None:
        return []
    unit = dice.choice(complaints.customers(stage))
    return [
        {
            "received": stage.stamp(stage.now - timedelta(hours=2)),
            "content": matter.content,
            "subject": matter.subject,
            "customer": stage.named[f"customer {unit}"],
            "place": stage.named[f"unit {unit}"],
        }
    ]


def evening(stage: Stage, day: date) -> Scene:
    """A clerk gives the book to the watch."""
    clerk = stage.one_of(stage.dice("book", day, "evening"), CLERKS)
    taker = WATCH[(day.toordinal() + 1) % 2]
    record = open_book(stage, clerk, taker, "office closed, two calls open 办公室下班，两起待回电", [])
    yield stage.after(minutes=10)
    stage.act(taker, "handover", "accept", record, read=True)
    stage.begin(stage.after(minutes=30), review(stage, record, REVIEWER))


def open_book(
    stage: Stage, outgoing: str, incoming: str, progress: str, reports: list[dict[str, str]]
) -> str:
    """Open a page of the book and return its id."""
    return stage.act(
        outgoing,
        "handover",
        "open",
        kind="security",
        incoming=stage.named[incoming],
        progress=progress,
        checks=[{"item": "handover book", "mark": "normal"}],
        reports=reports or None,
    ).id


def review(stage: Stage, record: str, reviewer: str) -> Scene:
    """A head or lead reviews the page."""
    stage.act(reviewer, "handover", "review", record)
    yield from ()
