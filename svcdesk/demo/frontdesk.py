"""The log of the front desk: one receptionist hands visitors' cards, umbrellas and owners' mail to the next."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

from svcdesk.demo.counts import DESK
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

HEAD = "hu.rong"
MOST_LETTERS = 6


def plan_day(stage: Stage, plan: Plan, day: date) -> None:
    """On working days, let the front desk change hands in the morning."""
    if day >= MOMENT.date() - timedelta(days=plan.book_days) and day < MOMENT.date():
        stage.begin(stage.moment(day, 7, 50), relief(stage, day))


def relief(stage: Stage, day: date) -> Scene:
    """The receptionist of the day before lists what is there, the next one counts along, the head reviews."""
    giver, receiver = DESK[day.toordinal() % 2 - 1], DESK[day.toordinal() % 2]
    dice = stage.dice("front desk", day)
    record = stage.act(
        giver,
        "handover",
        "open",
        kind="front-desk",
        incoming=stage.named[receiver],
        progress="visitors signed in and out 访客登记齐全",
        checks=[{"item": "work surface", "mark": "normal"}],
        items=[{"item": "visitor cards 访客卡", "quantity": 12}, {"item": "umbrellas 雨伞", "quantity": 20}],
        mail=[
            {"kind": "letters", "quantity": dice.randrange(MOST_LETTERS)},
            {"kind": "newspapers", "quantity": dice.randrange(MOST_LETTERS)},
            {"kind": "magazines", "quantity": 0},
        ],
    ).id
    yield stage.after(minutes=6)
    stage.act(receiver, "handover", "accept", record, read=True)
    yield stage.after(minutes=90)
    stage.act(HEAD, "handover", "review", record)
