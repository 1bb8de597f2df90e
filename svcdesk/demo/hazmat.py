"""Hazardous materials of the demo: drawn by two, handed out by a lead, brought back, counted, disposed of."""

from __future__ import annotations

from collections.abc import Generator
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any

from svcdesk.demo.cast import CLEANERS
from svcdesk.demo.house import LOCKERS
from svcdesk.demo.materials import ALCOHOL
from svcdesk.demo.materials import BLEACH
from svcdesk.demo.materials import MATERIALS
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

CLERK = "chen.jing"
COUNTER = "fang.lei"
LEADS = ("lin.xiaoyu", "sun.yan")
MANAGER = "mo.jianping"
KEY_HOLDER = "cao.fang"
EVAPORATED = "evaporated from opened bottles 开瓶挥发"
EVERY = 3
"""Days from one use to the next."""


def plan_day(stage: Stage, plan: Plan, day: date) -> None:
    """Every few days, let a cleaner need something out of the lockers."""
    turn, rest = divmod(day.toordinal(), EVERY)
    if not rest and day > plan.first + timedelta(days=2):
        begin = stage.moment(day, 9 + turn % 5, 20)
        stage.begin(begin, use(stage, turn % plan.materials, f"{day}"))


def stock_up(stage: Stage, plan: Plan) -> Scene:
    """Enter lockers with their keys and the materials, draw them, and count them for the first time."""
    for number, locker in enumerate(LOCKERS, 1):
        enter_locker(stage, locker, f"P{number}")
        yield stage.after(minutes=2)
    for number in range(plan.materials):
        enter_material(stage, number)
        yield stage.after(minutes=2)
        yield from refill(stage, number, MATERIALS[number].drawn)
        yield stage.after(minutes=2)
        yield from count(stage, number)


def enter_locker(stage: Stage, name: str, hook: str) -> None:
    """Enter a locker and its key, which the cleaning lead keeps."""
    place = stage.act(CLERK, "place", "add", kind="room", name=name, separate=True, locked=True)
    stage.named[name] = place.id
    key = stage.act(
        CLERK,
        "key",
        "add",
        name=name,
        category="hazardous-store",
        department="cleaning",
        opens=place.id,
        hook=hook,
        set_kind="working",
        sets=1,
        pieces=1,
        custodian=stage.named[KEY_HOLDER],
    )
    stage.named[f"key {hook}"] = key.id


def enter_material(stage: Stage, number: int) -> None:
    """Enter a material with its hazards, its locker and its safety sheet."""
    what = MATERIALS[number]
    lots = [{"lot": what.lot, "expires": "2027-03-31", "opened": stage.stamp(stage.now)[:10]}]
    stage.named[f"material {number}"] = stage.act(
        LEADS[0],
        "hazmat-material",
        "add",
        name=what.name,
        substance=what.substance,
        unit=what.unit,
        ghs=list(what.hazards),
        storage="locked, in its own container 上锁，原装存放",
        incompatible=[stage.named[f"material {ALCOHOL}"]] if number == BLEACH else None,
        sheet=f"SDS-{number + 1:02}",
        sheet_expires="2027-06-30",
        maximum=what.maximum,
        places=[stage.named[what.locker]],
        lots=lots if what.lot else None,
    ).id


def account(stage: Stage, number: int) -> Mapping[str, Any]:
    """Return the fields by which a slip names material, place and lot."""
    what = MATERIALS[number]
    return {
        "material": stage.named[f"material {number}"],
        "place": stage.named[what.locker],
        "lot": what.lot or None,
    }


def draw(stage: Stage, number: int, quantity: int) -> str:
    """Draw a material from the storeroom into its locker, a lead and the cleaning lead together."""
    return stage.act(
        LEADS[0],
        "hazmat-draw",
        "add",
        **account(stage, number),
        quantity=quantity,
        store=stage.named["B1 material store 地下一层物料库"],
        signed={"second": stage.named[KEY_HOLDER]},
    ).id


def refill(stage: Stage, number: int, quantity: int) -> Scene:
    """Draw more of a material, and let the second person confirm it."""
    slip = draw(stage, number, quantity)
    yield stage.after(minutes=20)
    stage.act(KEY_HOLDER, "hazmat-draw", "confirm", slip)


def use(stage: Stage, number: int, name: str) -> Scene:
    """Ask for material, use it, bring back what is left, and close the line."""
    dice, what = stage.dice("hazmat", name), MATERIALS[number]
    lead = dice.choice(LEADS)
    record = yield from hand_out(stage, number, dice.choice(CLEANERS), lead)
    yield stage.after(minutes=dice.randrange(40, 150))
    left = dice.choice((0, what.needed // 4))
    if left:
        stage.act(lead, "hazmat-use", "return", record, returned=left, consumed=what.needed - left)
        yield stage.after(minutes=6)
        stage.act(lead, "hazmat-use", "close", record)
    else:
        stage.act(lead, "hazmat-use", "close", record, consumed=what.needed)


def hand_out(stage: Stage, number: int, cleaner: str, lead: str) -> Generator[datetime, None, str]:
    """Have a lead approve a use and hand the material out himself; return the id of the use."""
    record = stage.act(
        cleaner,
        "hazmat-use",
        "request",
        **account(stage, number),
        quantity=MATERIALS[number].needed,
        user=stage.named[cleaner],
        purpose=MATERIALS[number].purpose,
    ).id
    yield stage.after(minutes=6)
    stage.act(lead, "hazmat-use", "approve", record)
    yield stage.after(minutes=4)
    stage.act(lead, "hazmat-use", "issue", record, signed={"key-holder": stage.named[KEY_HOLDER]})
    return record


def count(stage: Stage, number: int, short: int = 0) -> Scene:
    """Count a material; what is short is signed by both and closed with its reason."""
    where = account(stage, number)
    expected = stage.session.books.balance(
        where["material"], where["place"], where["lot"] or "", stage.stamp(stage.now)
    )
    sheet = stage.act(CLERK, "hazmat-count", "add", **where, quantity=expected - short).id
    yield stage.after(minutes=2)
    stage.act(COUNTER, "hazmat-count", "sign", sheet, signed={"counter": stage.named[COUNTER]})
    yield stage.after(minutes=3)
    stage.act(MANAGER, "hazmat-count", "close", sheet, reason=EVAPORATED if short else "")


def count_all(stage: Stage, plan: Plan) -> Scene:
    """Count what lies in the lockers; a little alcohol evaporates."""
    for number in range(plan.materials):
        yield from count(stage, number, 30 if number == ALCOHOL else 0)
        yield stage.after(minutes=1)


def waste(stage: Stage) -> Scene:
    """Give a leaking can to the waste firm, two people seeing to it."""
    slip = stage.act(
        LEADS[0],
        "hazmat-dispose",
        "add",
        **account(stage, ALCOHOL),
        quantity=200,
        method="leaking can to the licensed waste firm 渗漏桶交有资质单位处置",
        signed={"second": stage.named[KEY_HOLDER]},
    ).id
    yield stage.after(minutes=30)
    stage.act(KEY_HOLDER, "hazmat-dispose", "confirm", slip)


def spill(stage: Stage) -> Scene:
    """A cleaner spills alcohol: lead and supervisor know of it at once, and the lead closes the case."""
    case = report_spill(stage, "wei.hong")
    yield stage.after(minutes=10)
    sign(stage, case, "lead", LEADS[0])
    yield stage.after(minutes=15)
    sign(stage, case, "supervisor", LEADS[1])
    yield stage.after(minutes=30)
    stage.act(LEADS[0], "hazmat-incident", "close", case, measures="aired and mopped up 通风并清理完毕")


def sign(stage: Stage, case: str, line: str, who: str) -> None:
    """Sign that one was told of an incident."""
    stage.act(who, "hazmat-incident", "sign", case, signed={line: stage.named[who]})


def report_spill(stage: Stage, cleaner: str) -> str:
    """Report spilt alcohol and return the id of the case."""
    return stage.act(
        cleaner,
        "hazmat-incident",
        "report",
        material=stage.named[f"material {ALCOHOL}"],
        place=stage.named[MATERIALS[ALCOHOL].locker],
        happened=stage.stamp(stage.now - timedelta(minutes=5)),
        what="a bottle fell and broke 酒精瓶跌落破碎",
    ).id
