"""The message book of the demo: a sheet a month, a question round each evening, a reading each week."""

from __future__ import annotations

from datetime import date

from svcdesk.demo.cast import CLERKS
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

KEEPER = "shi.dawei"
MANAGER = "mo.jianping"
SHEET = "message book"
FRIDAY = 4


def plan_day(stage: Stage, day: date) -> None:
    """Let the book begin a new month, be read on Fridays, and the staff be asked in the evening."""
    stage.begin(stage.moment(day, 8, 40), new_month(stage, day.isoformat()[:7]))
    stage.begin(stage.moment(day, 17, 30), evening_round(stage, day))
    if day.weekday() == FRIDAY:
        stage.begin(stage.moment(day, 16, 0), reading(stage))


def new_month(stage: Stage, month: str) -> Scene:
    """Begin the sheet of a month, unless there is one, and close the one before."""
    if f"{SHEET} {month}" not in stage.named:
        before = stage.named.get(SHEET)
        keeper = stage.named[KEEPER]
        sheet = stage.act(KEEPER, "complaint-review", "open", month=month, keeper=keeper).id
        stage.named[SHEET] = stage.named[f"{SHEET} {month}"] = sheet
        if before:
            yield stage.after(minutes=3)
            stage.act(KEEPER, "complaint-review", "close", before, carried_to=sheet)


def evening_round(stage: Stage, day: date) -> Scene:
    """Ask a clerk whether anybody complained."""
    clerk = stage.one_of(stage.dice("round", day), CLERKS)
    answer = {"asked": stage.named[clerk], "handled": "all entered in the book 已全部登记"}
    stage.act(KEEPER, "complaint-review", "round", stage.named[SHEET], rounds=[answer])
    yield from ()


def reading(stage: Stage) -> Scene:
    """Read the book for what comes again and again."""
    stage.act(
        MANAGER,
        "complaint-review",
        "review",
        stage.named[SHEET],
        patterns="cleaning and lifts lead 保洁与电梯类投诉居多",
        measures="monthly round with both departments 每月与两部门联合巡查",
    )
    yield from ()
