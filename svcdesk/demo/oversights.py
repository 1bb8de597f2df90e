"""What goes wrong on duty and with hazardous materials on purpose."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

from svcdesk.demo import duty
from svcdesk.demo import events
from svcdesk.demo import hazmat
from svcdesk.demo.materials import BLEACH
from svcdesk.demo.materials import MATERIALS
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

THINNER = 2


def post_left(stage: Stage) -> Scene:
    """The watch goes to the canteen, and nobody holds the post meanwhile."""
    person, log = duty.on_watch(stage)
    stage.named["lonely post"] = log
    away = {
        "from": stage.stamp(stage.now - timedelta(minutes=30)),
        "until": stage.stamp(stage.now - timedelta(minutes=5)),
        "reason": "canteen 食堂用餐",
    }
    stage.act(person, "duty-log", "absence", log, absences=[away])
    yield from ()


def short_rest(stage: Stage, day: date) -> Scene:
    """Who has stood the early shift stands in at night for a colleague who is ill."""
    night, early = (stage.named[f"duty {day} {shift}"] for shift in ("night", "early"))
    stage.named["short rest"] = night
    yield from duty.agree(stage, night, duty.stands(stage, early), "illness")


def no_report(stage: Stage) -> Scene:
    """A major event is dealt with, and nobody writes the report on it."""
    person, _log = duty.on_watch(stage)
    case = events.flood(stage)
    stage.named["wet lift"] = case
    yield stage.after(minutes=40)
    events.deal_with(stage, case, person)


def not_brought_back(stage: Stage) -> Scene:
    """A cleaner takes thinner and neither brings back nor accounts for what is left."""
    use = yield from hazmat.hand_out(stage, THINNER, "pan.xiu", "sun.yan")
    stage.named["open thinner"] = use


def supervisor_not_told(stage: Stage) -> Scene:
    """The lead knows of spilt alcohol, and does not pass it on."""
    case = hazmat.report_spill(stage, "tian.li")
    stage.named["second spill"] = case
    yield stage.after(minutes=10)
    hazmat.sign(stage, case, "lead", "lin.xiaoyu")


def not_confirmed(stage: Stage) -> Scene:
    """The second person of a draw does not confirm it."""
    stage.named["unconfirmed draw"] = hazmat.draw(stage, 0, 500)
    yield from ()


def old_lot(stage: Stage) -> Scene:
    """The label says that the bleach expires earlier than was entered, and it stays in the locker."""
    lot = {"lot": MATERIALS[BLEACH].lot, "expires": "2026-11-18"}
    material = stage.named[f"material {BLEACH}"]
    stage.act("lin.xiaoyu", "hazmat-material", "lot", material, lots=[lot])
    stage.named["old bleach"] = material
    yield from ()
