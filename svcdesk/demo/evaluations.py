"""Evaluations in the demo: clerks scored each month, an appeal, a deduction, a closed month, rewards."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

from svcdesk.demo.cast import ADMIN
from svcdesk.demo.cast import CLERKS
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

MANAGER = "mo.jianping"
PERSONNEL = "tang.wen"
HEAD = "zheng.guodong"
DISPUTED = "fang.lei"
"""Who does not agree with the result."""
LATE = "cui.min"
PRAISED = "chen.jing"


def policy(stage: Stage) -> Scene:
    """Decide that nobody but the clerks is evaluated each month, and everybody each year."""
    record = stage.act(ADMIN, "policy", "set", setting="evaluation.reminded", value=["year"]).id
    yield stage.after(minutes=5)
    stage.act(ADMIN, "policy", "approve", record)


def evaluate(stage: Stage, month: str, forgotten: str = "") -> Scene:
    """Evaluate the clerks for a month; one of them appeals, and that is decided, or forgotten under a name."""
    for clerk in (each for each in CLERKS if each not in stage.gone):
        sheet = yield from score(stage, clerk, month)
        stage.begin(stage.after(hours=3), hear(stage, sheet, clerk, forgotten))
        yield stage.after(minutes=10)


def score(stage: Stage, clerk: str, month: str) -> Generator[datetime, None, str]:
    """Open an evaluation, score it from all sides, sign it twice, and return its id."""
    dice = stage.dice("evaluation", clerk, month)
    sheet = stage.act(MANAGER, "evaluation", "open", person=stage.named[clerk], period=month).id
    yield stage.after(minutes=5)
    stage.act(clerk, "evaluation", "score", sheet, self_scores=[{"score": dice.randrange(80, 89)}])
    yield stage.after(minutes=5)
    scores = [
        {"score": dice.randrange(76, 86)},
        {"indicator": "teamwork", "score": dice.randrange(80, 89)},
    ]
    asked = [{"number": f"Q-{month[5:]}-{clerk[:2]}", "score": dice.randrange(70, 95)}]
    stage.act(MANAGER, "evaluation", "score", sheet, superior_scores=scores, questionnaires=asked)
    yield stage.after(minutes=5)
    stage.act(MANAGER, "evaluation", "sign", sheet)
    yield stage.after(minutes=20)
    stage.act(PERSONNEL, "evaluation", "publish", sheet)
    return sheet


def hear(stage: Stage, sheet: str, clerk: str, forgotten: str) -> Scene:
    """Let the clerk read the result and agree, or appeal."""
    if clerk != DISPUTED:
        stage.act(clerk, "evaluation", "read", sheet, agrees=True, comment="read 已阅")
        yield stage.after(minutes=30)
        stage.act(PERSONNEL, "evaluation", "close", sheet)
        return
    comment = "two praises are not counted 两次表扬未计入"
    stage.act(clerk, "evaluation", "read", sheet, agrees=False, comment=comment)
    yield stage.after(minutes=15)
    appeal_to = stage.named[HEAD]
    stage.act(
        clerk, "evaluation", "appeal", sheet, grounds="praise not counted 表扬未计入", appeal_to=appeal_to
    )
    if forgotten:
        stage.named[forgotten] = sheet
        return
    yield stage.after(hours=20)
    answer = "the praise is of an earlier month 表扬属于上一月份"
    stage.act(HEAD, "evaluation", "decide", sheet, decision="upheld", answer=answer)
    yield stage.after(minutes=10)
    stage.act(PERSONNEL, "evaluation", "close", sheet)


def month(stage: Stage, name: str, day: str) -> Scene:
    """Deduct half a point for coming late on a day, and close the month of that person."""
    person = stage.named[LATE]
    event = stage.act(
        MANAGER, "evaluation-points", "propose", person=person, date=day, code="late", minutes=12
    ).id
    yield stage.after(minutes=30)
    stage.act(MANAGER, "evaluation-points", "confirm", event)
    yield stage.after(minutes=30)
    stage.act(MANAGER, "evaluation-month", "close", person=person, month=name)


def reward(stage: Stage) -> Scene:
    """Propose a reward for a clerk, have it approved, and pay it out."""
    plan = stage.act(
        MANAGER,
        "evaluation-measure",
        "propose",
        kind="reward",
        person=stage.named[PRAISED],
        grounds="calmed three angry customers in one week 一周内妥善接待三位情绪激动的业主",
        amount="300.00",
    ).id
    yield stage.after(hours=2)
    stage.act(HEAD, "evaluation-measure", "approve", plan)
    yield stage.after(hours=20)
    stage.act(MANAGER, "evaluation-measure", "carry-out", plan, done="paid with the salary 随工资发放")
