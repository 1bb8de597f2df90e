"""Key loans of the demo: rooms for engineers, vacant units for leasing agents; most are back in time."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date
from datetime import datetime

from svcdesk.demo.cast import AGENTS
from svcdesk.demo.cast import CLERKS
from svcdesk.demo.cast import ENGINEERS
from svcdesk.demo.cast import HEADS
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

WORK = (
    "pump inspection 水泵巡检",
    "lamp replacement 更换灯具",
    "lift maintenance 电梯保养",
    "water tank cleaning 水箱清洗",
    "meter reading 抄表",
    "filter change 更换滤网",
    "cable check 线路检查",
)
VIEWING = ("viewing with a client 陪同客户看房", "photographs for the listing 拍摄房源照片")


def plan_day(stage: Stage, plan: Plan, day: date) -> None:
    """Let the day's loans begin."""
    dice = stage.dice("loans", day)
    for number in range(dice.randrange(plan.loans // 2, plan.loans + 2)):
        begin = (
            stage.moment(day, 9, 0) + (stage.moment(day, 15, 30) - stage.moment(day, 9, 0)) * dice.random()
        )
        stage.begin(begin.replace(microsecond=0, second=0), loan(stage, plan, f"{day} {number}"))


def loan(stage: Stage, plan: Plan, name: str) -> Scene:
    """Ask for a key, have it approved, take it, and bring it back."""
    dice = stage.dice("loan", name)
    viewing = dice.random() < 0.35
    hook = choose(stage, plan, viewing, dice.random())
    if not hook:
        return
    hours = dice.choice((2, 3, 4))
    clerk = stage.one_of(dice, CLERKS)
    record = yield from lend(
        stage,
        clerk,
        hook,
        dice.choice(AGENTS if viewing else ENGINEERS),
        hours,
        dice.choice(VIEWING if viewing else WORK),
        viewing=viewing,
    )
    yield stage.after(minutes=dice.randrange(40, hours * 60 - 30))
    give_back(stage, clerk, record)
    stage.busy.discard(hook)


def lend(
    stage: Stage, clerk: str, hook: str, borrower: str, hours: int, purpose: str, *, viewing: bool = False
) -> Generator[datetime, None, str]:
    """Enter a request, have the head approve it, hand the key out, and return the id of the loan."""
    record = stage.act(
        clerk,
        "key-loan",
        "request",
        key=stage.named[f"key {hook}"],
        borrower=stage.named[borrower],
        use="viewing" if viewing else "work",
        purpose=purpose,
        due=stage.stamp(stage.after(hours=hours)),
    ).id
    yield stage.after(minutes=6)
    stage.act(HEADS["leasing" if viewing else "engineering"], "key-loan", "approve", record)
    yield stage.after(minutes=4)
    stage.act(clerk, "key-loan", "issue", record, signed={"borrower": stage.named[borrower]})
    return record


def choose(stage: Stage, plan: Plan, viewing: bool, chance: float) -> str:
    """Return the hook of a key that is free, and keep it from others; empty where all are out."""
    taken = {name.removeprefix("customer ") for name in stage.named if name.startswith("customer ")}
    hooks = [unit for unit in plan.units if unit not in taken] if viewing else [str(n) for n in range(1, 8)]
    free = [each for each in hooks if each not in stage.busy]
    if not free:
        return ""
    hook = free[int(chance * len(free))]
    stage.busy.add(hook)
    return hook


def give_back(stage: Stage, clerk: str, record: str, at: datetime | None = None) -> None:
    """Bring a key back after looking at power, doors, windows and the unit."""
    stage.act(
        clerk,
        "key-loan",
        "return",
        record,
        at=at,
        power_off=True,
        doors_locked=True,
        windows_shut=True,
        unit_locked=True,
    )
