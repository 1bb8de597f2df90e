"""Key incidents of the demo: a lost key cut anew, a damaged lock changed, a found key, inspections."""

from __future__ import annotations

from datetime import timedelta

from svcdesk.demo.cast import HEADS
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

CLERK = "chen.jing"
SECURITY = "shen.jun"
ENGINEER = "qian.bo"


def lost_key(stage: Stage, hook: str) -> Scene:
    """A leasing agent loses a unit key: report, file, replacement, and only then the case is closed."""
    stage.busy.add(hook)
    loser, manager, key = "jiang.nan", "mo.jianping", stage.named[f"key {hook}"]
    case = stage.act(
        loser,
        "key-incident",
        "report",
        kind="lost",
        key=key,
        discovered=stage.stamp(stage.now - timedelta(minutes=10)),
        reporter=stage.named[loser],
        told=stage.named[manager],
        narrative="missing after a viewing; last seen in the lift 看房后发现遗失，最后在电梯里见到",
    ).id
    stage.named["lost key"] = case
    yield stage.after(minutes=8)
    stage.act(manager, "key-incident", "receive", case)
    yield stage.after(minutes=7)
    stage.act(SECURITY, "key-incident", "file", case, precautions="guard looks at the door 加强该户巡查")
    yield stage.after(minutes=30)
    yield from replacement(stage, key, case, hook)
    stage.act(
        manager,
        "key-incident",
        "settle",
        case,
        disposal="cost of the cutting borne by the loser 配匙费用由遗失人承担",
        loss="35.00",
        liable=stage.named[loser],
        concealed=False,
    )
    yield stage.after(minutes=5)
    stage.act(CLERK, "key-incident", "close", case, outcome="replaced")


def replacement(stage: Stage, key: str, case: str, hook: str) -> Scene:
    """Have a key cut in place of a lost one."""
    recut = stage.act(CLERK, "key-recut", "record", key=key, cause="lost", quantity=1, incident=case).id
    yield stage.after(minutes=15)
    stage.act(SECURITY, "key-recut", "authorise", recut)
    yield stage.after(minutes=5)
    stage.act(CLERK, "key-recut", "order", recut, engineer=stage.named[ENGINEER], job="GD-1014")
    yield stage.after(hours=2)
    new = another_key(stage, key, f"{hook}N", "vacant-unit", "customer-service")
    stage.act(ENGINEER, "key-recut", "cut", recut, new_keys=[new])
    yield stage.after(minutes=20)
    stage.act(CLERK, "key-recut", "deliver", recut)
    yield stage.after(minutes=10)


def another_key(stage: Stage, old: str, hook: str, category: str, department: str) -> str:
    """Enter a key for the door of an old one and return its id."""
    known = stage.session.books.get(old)
    return stage.act(
        CLERK,
        "key",
        "add",
        name=f"{known['name'] if known else hook} {hook}",
        category=category,
        department=department,
        opens=known.get("opens") if known else None,
        hook=hook,
        sets=1,
        pieces=1,
    ).id


def damaged_lock(stage: Stage) -> Scene:
    """The lock of the parcel room is broken: application, consent, new lock, new keys with their keepers."""
    room = "1F parcel room 一层包裹间"
    teller = "ren.jia"
    case = stage.act(
        teller,
        "key-incident",
        "report",
        kind="lock-damaged",
        place=stage.named[room],
        discovered=stage.stamp(stage.now - timedelta(minutes=5)),
        reporter=stage.named[teller],
        told=stage.named[SECURITY],
        narrative="cylinder turns without closing 锁芯空转",
    ).id
    yield stage.after(minutes=10)
    stage.act(SECURITY, "key-incident", "receive", case)
    yield stage.after(minutes=5)
    stage.act(SECURITY, "key-incident", "file", case, precautions="guard stands by 派保安值守")
    yield stage.after(minutes=10)
    yield from new_lock(stage, room, case)
    stage.act(
        SECURITY, "key-incident", "settle", case, disposal="worn out; nobody is liable 自然磨损，无责任人"
    )
    yield stage.after(minutes=5)
    stage.act(SECURITY, "key-incident", "close", case, outcome="lock-changed")


def new_lock(stage: Stage, room: str, case: str) -> Scene:
    """Change a lock, with security's consent, and give its keys to their keepers."""
    change = stage.act(
        "hu.rong",
        "key-lock-change",
        "apply",
        place=stage.named[room],
        cause="lock-damaged",
        incident=case,
        explanation="cylinder worn 锁芯磨损",
        papers={"written-application": "LC-2026-001"},
    ).id
    yield stage.after(minutes=20)
    stage.act(SECURITY, "key-lock-change", "approve", change)
    yield stage.after(minutes=5)
    stage.act("hu.rong", "key-lock-change", "order", change, engineer=stage.named[ENGINEER])
    yield stage.after(hours=1)
    stage.act(ENGINEER, "key-lock-change", "replace", change)
    yield stage.after(minutes=10)
    old = stage.named["key 19"]
    new = [another_key(stage, old, hook, "storeroom", "reception") for hook in ("19N", "19E")]
    stage.act(SECURITY, "key-lock-change", "deliver", change, new_keys=new)
    yield stage.after(minutes=15)
    kept = [
        {"key": new[0], "department": "reception", "keeper": stage.named["hu.rong"]},
        {"key": new[1], "department": "security", "keeper": stage.named[SECURITY], "emergency": True},
    ]
    stage.act(SECURITY, "key-lock-change", "redistribute", change, distribution=kept)
    yield stage.after(minutes=10)


def found_key(stage: Stage) -> Scene:
    """A cleaner finds a key in the garden and hands it to security; it goes back to its hook."""
    case = stage.act(
        "wei.hong",
        "key-incident",
        "report",
        kind="found",
        key=stage.named["key 20"],
        discovered=stage.stamp(stage.now - timedelta(minutes=12)),
        reporter=stage.named["wei.hong"],
        told=stage.named["gao.feng"],
        finder_staff=stage.named["wei.hong"],
    ).id
    yield stage.after(minutes=9)
    stage.act("gao.feng", "key-incident", "hand-in", case)
    yield stage.after(hours=1)
    stage.act("mo.jianping", "key-incident", "reward", case, reward="praised at the morning meeting 晨会表扬")
    yield stage.after(minutes=10)
    stage.act(CLERK, "key-incident", "close", case, outcome="returned")


def inspection(stage: Stage, department: str) -> Scene:
    """A head looks at how his people keep their keys."""
    who = HEADS[department]
    stage.act(
        who,
        "key-incident",
        "inspect",
        department=department,
        reporter=stage.named[who],
        findings="every key on its hook or in the book 钥匙均在位或已登记",
    )
    yield from ()
