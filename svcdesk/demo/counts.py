"""Key counts of the demo: the front desk hands its key on each day, area sets go out and come back."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

from svcdesk.demo.house import AREAS
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

DESK = ("ren.jia", "yu.tong")
WATCH = ("deng.peng", "xie.rui")
EARLY = ("an.zhiyuan", "wu.hao")
AREA_SETS = len(AREAS)
NOT_BACK = MOMENT.date() - timedelta(days=1)
"""The day on which the area sets are not put back, where things go wrong."""
SHORT_BY_ONE = MOMENT.date() - timedelta(days=8)
"""The day on which a set is missing in the evening count."""


def plan_day(stage: Stage, plan: Plan, day: date) -> None:
    """Let the front desk change hands, the area sets go out in the morning and come back at night."""
    if day < MOMENT.date() - timedelta(days=plan.count_days):
        return
    stage.begin(stage.moment(day, 7, 40), relief(stage, day))
    if plan.flaws and day > NOT_BACK:
        return
    stage.begin(stage.moment(day, 6, 30), area_sets(stage, "early", "collect", day))
    if not (plan.flaws and day == NOT_BACK):
        found = AREA_SETS - int(day == SHORT_BY_ONE)
        stage.begin(stage.moment(day, 21, 30), area_sets(stage, "middle", "return", day, found))


def relief(stage: Stage, day: date) -> Scene:
    """The receptionist of the day takes the front-desk key over from the one relieved."""
    giver, receiver = DESK[day.toordinal() % 2 - 1], DESK[day.toordinal() % 2]
    sheet = open_sheet(stage, receiver, "front-desk", "relief", "reception", "1F front desk 一层前台")
    yield stage.after(minutes=3)
    stage.act(receiver, "key-count", "count", sheet, counted=1)
    yield stage.after(minutes=1)
    both = {"giver": stage.named[giver], "receiver": stage.named[receiver]}
    stage.act(receiver, "key-count", "close", sheet, signed=both)


def area_sets(stage: Stage, shift: str, direction: str, day: date, found: int = AREA_SETS) -> Scene:
    """The area manager takes the area sets at the control room, or the watch takes them back."""
    watch, manager = WATCH[day.toordinal() % 2], EARLY[day.toordinal() % 2]
    giver, receiver = (watch, manager) if direction == "collect" else (manager, watch)
    sheet = open_sheet(stage, receiver, shift, direction, "security", "1F fire control room 一层消防控制室")
    stage.named["area sets"] = sheet
    yield stage.after(minutes=4)
    stage.act(receiver, "key-count", "count", sheet, counted=found)
    yield stage.after(minutes=2)
    if found == AREA_SETS:
        both = {"giver": stage.named[giver], "receiver": stage.named[receiver]}
        stage.act(receiver, "key-count", "close", sheet, signed=both)
    else:
        stage.named["short count"] = sheet
        yield from explain(stage, giver, receiver, sheet)


def explain(stage: Stage, giver: str, receiver: str, sheet: str) -> Scene:
    """Both sign in person for a difference, with what became of it."""
    stage.act(giver, "key-count", "sign", sheet, signed={"giver": stage.named[giver]})
    yield stage.after(minutes=2)
    stage.act(
        receiver,
        "key-count",
        "close",
        sheet,
        signed={"receiver": stage.named[receiver]},
        explanation="the west set lay in the cleaners' trolley and came back at ten 西区钥匙落在保洁车上，十点归还",
        missing=[stage.named["key A3"]],
    )


def open_sheet(stage: Stage, who: str, shift: str, direction: str, department: str, place: str) -> str:
    """Open a key handover sheet and return its id."""
    return stage.act(
        who,
        "key-count",
        "open",
        shift=shift,
        direction=direction,
        department=department,
        place=stage.named[place],
    ).id
