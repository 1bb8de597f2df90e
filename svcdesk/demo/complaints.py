"""Complaints of the demo: most are solved in time, some customers keep waiting, some praise."""

from __future__ import annotations

from datetime import date
from random import Random

from svcdesk.demo.cast import CLERKS
from svcdesk.demo.cast import GUARDS
from svcdesk.demo.matters import MATTERS
from svcdesk.demo.matters import RUDE
from svcdesk.demo.matters import Matter
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

CHANNELS = ("phone", "phone", "email", "in-person", "hotline", "online-chat", "app")
SPECIALISTS = ("cheng.yi", "luo.qing")
OWNERS = {
    "engineering": ("zhou.tao", "xu.kai"),
    "cleaning": ("cao.fang",),
    "security": ("shen.jun",),
    "reception": ("ren.jia", "yu.tong"),
}


def plan_day(stage: Stage, plan: Plan, day: date) -> None:
    """Let the day's complaints come in, before and after lunch."""
    dice = stage.dice("complaints", day)
    for number in range(dice.randrange(plan.complaints + 1)):
        begin = stage.moment(day, dice.choice((9, 10, 14, 15, 16)), dice.randrange(60))
        stage.begin(begin, arrival(stage, plan, f"{day} {number}"))


def arrival(stage: Stage, plan: Plan, name: str) -> Scene:
    """Take in whatever comes: mostly a complaint, now and then praise."""
    dice = stage.dice("complaint", name)
    unit = dice.choice(customers(stage))
    chance = dice.random()
    if chance < 0.1:
        return praise(stage, dice, unit)
    about = dice.choice(GUARDS) if chance < 0.17 else ""
    return complaint(stage, dice, unit, RUDE if about else dice.choice(MATTERS), about)


def customers(stage: Stage) -> list[str]:
    """Return the units that have a customer."""
    return [name.removeprefix("customer ") for name in stage.named if name.startswith("customer ")]


def praise(stage: Stage, dice: Random, unit: str) -> Scene:
    """Write down what a customer thanks for, and thank him."""
    clerk = stage.one_of(dice, CLERKS)
    record = stage.act(
        clerk,
        "complaint",
        "open",
        kind="praise",
        channel="in-person",
        customer=stage.named[f"customer {unit}"],
        subject="service-quality",
        content="Friendly and quick help with the move. 搬家时热情周到。",
        about=[stage.named[dice.choice(GUARDS)]],
    ).id
    yield stage.after(minutes=15)
    stage.act(clerk, "complaint", "acknowledge", record, how="in-person", answer="thanked 已致谢")


def complaint(stage: Stage, dice: Random, unit: str, matter: Matter, about: str) -> Scene:
    """Take a complaint through all its stages, in the time that policy gives."""
    clerk = stage.one_of(dice, CLERKS)
    record = take_in(stage, clerk, unit, matter, dice.choice(CHANNELS), about)
    yield stage.after(minutes=dice.randrange(5, 20))
    yield from course(stage, dice, clerk, record, matter, about)


def course(stage: Stage, dice: Random, clerk: str, record: str, matter: Matter, about: str = "") -> Scene:
    """Take a complaint that was written down through all further stages."""
    owner = "shi.dawei" if about else dice.choice(OWNERS.get(matter.department, SPECIALISTS))
    stage.act(clerk, "complaint", "contact", record, how="phone", note="called back 已回电", restated=True)
    yield stage.after(minutes=dice.randrange(5, 25))
    pass_on(stage, clerk, owner, record, "" if about else matter.department)
    if dice.random() < 0.15:
        yield stage.office(dice.randrange(20, 60))
        yield from wait(stage, owner, record, dice)
    yield stage.office(dice.randrange(45, 200))
    investigate(stage, owner, record, matter)
    yield stage.office(dice.randrange(20, 160))
    resolve(stage, owner, record, matter)
    yield stage.office(dice.randrange(20, 200))
    stage.act(clerk if clerk not in stage.gone else "chen.jing", "complaint", "reply", record, how="phone")
    yield stage.office(dice.randrange(200, 700))
    yield from finish(stage, dice, owner, record, matter)


def take_in(stage: Stage, clerk: str, unit: str, matter: Matter, channel: str, about: str = "") -> str:
    """Write a complaint down and return its id."""
    return stage.act(
        clerk,
        "complaint",
        "open",
        channel=channel,
        customer=stage.named[f"customer {unit}"],
        place=stage.named[f"unit {unit}"],
        subject=matter.subject,
        content=matter.content,
        about=[stage.named[about]] if about else None,
    ).id


def pass_on(stage: Stage, clerk: str, owner: str, record: str, department: str) -> None:
    """Give a complaint to its owner, with two working days."""
    stage.act(
        clerk,
        "complaint",
        "assign",
        record,
        owner=stage.named[owner],
        department=department or None,
        limit=stage.stamp(stage.office(960)),
    )


def investigate(stage: Stage, owner: str, record: str, matter: Matter) -> None:
    """Write down what was found and why it came to that."""
    stage.act(
        owner,
        "complaint",
        "investigate",
        record,
        finding=matter.finding,
        root_cause=matter.root_cause,
        verified=True,
    )


def resolve(stage: Stage, owner: str, record: str, matter: Matter) -> None:
    """Write down what was done, and what is done so that it does not happen again."""
    stage.act(
        owner,
        "complaint",
        "resolve",
        record,
        solution=matter.solution,
        prevention=matter.prevention,
        apology=True,
    )


def wait(stage: Stage, owner: str, record: str, dice: Random) -> Scene:
    """Let the clock stand still until the customer opens the door."""
    stage.act(owner, "complaint", "pause", record, waiting_for="access to the unit 等待业主开门", how="phone")
    yield stage.office(dice.randrange(100, 400))
    stage.act(owner, "complaint", "resume", record)


def finish(stage: Stage, dice: Random, owner: str, record: str, matter: Matter) -> Scene:
    """Ask whether it is solved; who is not satisfied is helped once more."""
    asker = dice.choice(SPECIALISTS)
    if dice.random() < 0.12:
        stage.act(asker, "complaint", "follow-up", record, satisfied="no", how="phone")
        yield stage.after(minutes=4)
        yield from once_more(stage, asker, owner, record, matter)
    rating = dice.choice((3, 4, 5))
    stage.act(asker, "complaint", "follow-up", record, satisfied="yes", how="phone", rating=rating)
    yield stage.after(minutes=3)
    stage.act(asker, "complaint", "close", record)


def once_more(stage: Stage, asker: str, owner: str, record: str, matter: Matter) -> Scene:
    """Take a complaint up again whose trouble has come back."""
    reason = "the problem came back 问题再次出现"
    stage.act(asker, "complaint", "reopen", record, reason=reason, limit=stage.stamp(stage.office(960)))
    yield stage.office(60)
    investigate(stage, owner, record, matter)
    yield stage.office(40)
    resolve(stage, owner, record, matter)
    yield stage.office(30)
    stage.act(asker, "complaint", "reply", record, how="phone")
    yield stage.office(300)
