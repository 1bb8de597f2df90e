"""What happens on a watch of the demo: an ordinary event, and a major one with its written report."""

from __future__ import annotations

from datetime import timedelta

from svcdesk.demo.duty import on_watch
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

MANAGER = "mo.jianping"


def ordinary(stage: Stage) -> Scene:
    """A tile comes loose: reported, dealt with, closed."""
    person, log = on_watch(stage)
    case = stage.act(
        person,
        "duty-incident",
        "report",
        grade="ordinary",
        kind="safety",
        what="a tile has come loose over the north entrance 北门上方瓷砖松动",
        log=log,
    ).id
    yield stage.after(minutes=20)
    measures = "area fenced off, tile taken down 拉警戒线，取下瓷砖"
    stage.act(person, "duty-incident", "handle", case, measures=measures)
    yield stage.after(hours=2)
    stage.act(MANAGER, "duty-incident", "close", case, prevention="facade looked at each month 外墙每月检查")


def flood(stage: Stage) -> str:
    """Report water in the lift shaft, tell the manager at once, and return the id of the case."""
    person, log = on_watch(stage)
    told = {"to": stage.named[MANAGER], "when": stage.stamp(stage.now), "how": "phone 电话"}
    return stage.act(
        person,
        "duty-incident",
        "report",
        grade="major",
        kind="equipment",
        what="water runs into the shaft of lift 2 二号梯井道进水",
        occurred=stage.stamp(stage.now - timedelta(minutes=10)),
        log=log,
        hard=True,
        told=[told],
        assistance=[{"department": "engineering", "when": stage.stamp(stage.now)}],
    ).id


def deal_with(stage: Stage, case: str, person: str) -> None:
    """Enter what was done about the water."""
    measures = "lift stopped, valve shut, pump started 停梯、关阀、抽水"
    stage.act(person, "duty-incident", "handle", case, measures=measures)


def major(stage: Stage) -> Scene:
    """Water runs into a lift shaft: dealt with at once, reported in writing the next day, reviewed, closed."""
    person, _log = on_watch(stage)
    case = flood(stage)
    yield stage.after(minutes=50)
    deal_with(stage, case, person)
    yield stage.after(hours=20)
    report = "a pipe burst on the roof at ten; lift 2 stood for six hours 屋面水管爆裂，二号梯停运六小时"
    prevention = "roof pipes lagged before winter 入冬前做管道保温"
    stage.act(person, "duty-incident", "write", case, report=report, prevention=prevention, loss="1800.00")
    yield stage.after(hours=1)
    stage.act(MANAGER, "duty-incident", "review", case)
    yield stage.after(minutes=10)
    stage.act(MANAGER, "duty-incident", "close", case)
