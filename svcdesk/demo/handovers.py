"""Handovers of the demo: every shift of the duty to the next, looked through, accepted and reviewed."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

REVIEWERS = ("lin.xiaoyu", "sun.yan", "shi.dawei")
PROGRESS = (
    "two visits to units, both done 上门两次，均已完成",
    "fire drill prepared with security 与保安准备消防演练",
    "three calls answered, one passed on 接听来电三次，转办一次",
    "round with the cleaning lead 与保洁领班联合巡查",
    "lift inspection accompanied 陪同电梯年检",
)
EQUIPMENT = "lifts, pumps and fire panel running 电梯、水泵、消防主机运行正常"
KEY = "key 13"
THURSDAY, MONDAY = 3, 0
REFUSED = MOMENT.date() - timedelta(days=30), "middle"
DIFFERING = MOMENT.date() - timedelta(days=9), "middle"
NOT_REVIEWED = MOMENT.date() - timedelta(days=2), "early"
NOT_SETTLED = MOMENT.date() - timedelta(days=8), "middle"
"""Days and shifts whose handover is refused at first, where a count differs, and what goes wrong on purpose."""


def pass_on(stage: Stage, plan: Plan, day: date, shift: str, outgoing: str, incoming: str) -> Scene:
    """Hand a shift over: open, look things through together, accept, review the same day."""
    turn = day, shift
    carried = day.weekday() == THURSDAY and shift == "middle"
    record = open_page(stage, outgoing, incoming, carried)
    yield stage.after(minutes=5)
    if turn == REFUSED:
        yield from refused(stage, record, outgoing, incoming)
    elif turn == DIFFERING:
        yield from differing(stage, record, outgoing, incoming)
    elif day.weekday() == MONDAY and shift == "early":
        yield from counted(stage, record, outgoing, incoming)
    yield stage.after(minutes=8)
    stage.act(incoming, "handover", "accept", record, read=True)
    if carried:
        follow(stage, record, incoming, "carried work" if plan.flaws and turn == NOT_SETTLED else "")
    if plan.flaws and turn == NOT_REVIEWED:
        stage.named["unreviewed handover"] = record
    else:
        stage.begin(stage.after(minutes=25), review(stage, record, outgoing, incoming))


def open_page(stage: Stage, outgoing: str, incoming: str, carried: bool) -> str:
    """Open a handover with all that is asked for, and return its id."""
    item = {
        "what": "lamp on floor 5 to be replaced 五层灯具待更换",
        "reason": "no spare lamp in the store 库房无备件",
        "owner": stage.named[incoming],
        "due": stage.stamp(stage.after(hours=20)),
    }
    return stage.act(
        outgoing,
        "handover",
        "open",
        kind="duty",
        incoming=stage.named[incoming],
        progress=stage.dice("progress", stage.now).choice(PROGRESS),
        equipment=EQUIPMENT,
        checks=[{"item": each, "mark": "normal"} for each in ("rounds", "lighting")],
        carried=[item] if carried else None,
    ).id


def counted(stage: Stage, record: str, outgoing: str, incoming: str) -> Scene:
    """The relief counts the office key, and it is there."""
    found = [{"what": stage.named[KEY], "found": 1}]
    stage.act(incoming, "handover", "count", record, counted=found)
    yield stage.after(minutes=1)
    sign(stage, record, outgoing)


def differing(stage: Stage, record: str, outgoing: str, incoming: str) -> Scene:
    """The relief does not find the office key; both sign for it with the reason."""
    stage.act(incoming, "handover", "count", record, counted=[{"what": stage.named[KEY], "found": 0}])
    yield stage.after(minutes=4)
    reason = "with the locksmith until tomorrow, receipt seen 送修中，明日取回，已见收据"
    stage.act(outgoing, "handover", "write", record, variance=reason)
    sign(stage, record, outgoing)


def refused(stage: Stage, record: str, outgoing: str, incoming: str) -> Scene:
    """The relief refuses to take over until the superior has decided."""
    question = "who let the contractor into the roof lift room? 谁放施工单位进入屋面机房？"
    stage.act(incoming, "handover", "ask", record, questions=[question])
    yield stage.after(minutes=3)
    stage.act(outgoing, "handover", "answer", record, answers=["I do not know 不清楚"])
    yield stage.after(minutes=2)
    done = stage.act(incoming, "handover", "refuse", record, reason="not explained 情况不明")
    yield stage.after(minutes=10)
    decision = "take over; I look into it tomorrow 先行接班，明日由我核查"
    stage.act(stage.code_of(done["superior"]), "handover", "decide", record, decision=decision)


def sign(stage: Stage, record: str, outgoing: str) -> None:
    """Let the outgoing person sign again what was added."""
    stage.act(outgoing, "handover", "sign", record, signed={"outgoing": stage.named[outgoing]})


def follow(stage: Stage, record: str, owner: str, forgotten: str) -> None:
    """Let the owner of carried-over work do it the next day, or forget it under this name."""
    if forgotten:
        stage.named[forgotten] = record
    else:
        stage.begin(stage.after(hours=15), settle(stage, record, owner))


def settle(stage: Stage, record: str, owner: str) -> Scene:
    """Enter that carried-over work is done."""
    done = {"number": 1, "result": "lamp replaced 已更换"}
    stage.act(owner, "handover", "settle", record, settled=[done])
    yield from ()


def review(stage: Stage, record: str, outgoing: str, incoming: str) -> Scene:
    """A lead who is neither of the two reviews the handover."""
    reviewer = next(each for each in REVIEWERS if each not in (outgoing, incoming))
    stage.act(reviewer, "handover", "review", record)
    yield from ()
