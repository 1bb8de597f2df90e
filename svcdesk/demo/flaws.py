"""What goes wrong in the demo on purpose, and what `due` and `check` say of it at its last moment."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from svcdesk.demo import complaints
from svcdesk.demo import loans
from svcdesk.demo import oversights
from svcdesk.demo import seals
from svcdesk.demo.cast import ADMIN
from svcdesk.demo.matters import MATTERS
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage


class Flaw(NamedTuple):
    """One thing done wrong or late: the record's name on the stage, who notices, by which deadline or rule."""

    name: str
    noticed_by: str
    as_what: str
    sentence: str
    fails: bool = True
    """Whether the command ends with 1 because of it; a warning alone does not."""


FLAWS = (
    Flaw("pump room key", "due", "key-back", "an engineer has gone home with the pump room key"),
    Flaw("area sets", "due", "area-keys-back", "the area sets were not put back in the evening"),
    Flaw(
        "short count", "due", "missing-key-reported", "a set missing in a count was explained, never reported"
    ),
    Flaw("cold radiator", "due", "solve", "a complaint was investigated and then lay past its limit"),
    Flaw("noisy pump", "due", "follow-up", "nobody asked whether a complaint is really solved"),
    Flaw("wet parcel", "due", "after-report", "a specialist settled a complaint and told nobody"),
    Flaw("open application", "due", "application-back", "an application lies without seal and signature"),
    Flaw("unreviewed handover", "due", "review", "no lead reviewed a handover"),
    Flaw("silent shift", "due", "shift-without-handover", "a shift ended and nobody wrote a handover"),
    Flaw("carried work", "due", "carried-over", "work was carried over and never done"),
    Flaw("open log", "due", "log-closed", "the log of a duty was left open"),
    Flaw("wet lift", "due", "written-report", "nobody wrote the report on a major event"),
    Flaw("open thinner", "due", "remainder-back", "a cleaner took thinner and brought nothing back"),
    Flaw("second spill", "due", "supervisor-told", "the supervisor was not told of spilt alcohol"),
    Flaw("unconfirmed draw", "due", "draw-confirmed", "the second person did not confirm a draw"),
    Flaw("old bleach", "due", "lot-expires", "a lot expired in the locker"),
    Flaw("open appeal", "due", "decision", "the general manager forgot an appeal"),
    Flaw(
        "lonely post", "check", "post-is-covered-meanwhile", "the watch left a post that nobody held", False
    ),
    Flaw("short rest", "check", "people-rest-between-duties", "a substitute had little rest", False),
    Flaw("open window", "check", "room-is-left-safe", "a unit was left without a look at the windows", False),
)


def arrange(stage: Stage) -> None:
    """Let the flaws happen in the last week."""
    for day, hour, scene in (
        (16, 11, oversights.old_lot(stage)),
        (16, 19, oversights.post_left(stage)),
        (17, 11, oversights.not_confirmed(stage)),
        (18, 13, oversights.not_brought_back(stage)),
        (18, 16, oversights.short_rest(stage, date(2026, 11, 19))),
        (18, 20, oversights.no_report(stage)),
        (19, 11, oversights.supervisor_not_told(stage)),
        (16, 9, not_followed_up(stage, "0402")),
        (16, 10, seals.application(stage, "0503", 7, finished=False, name="open application")),
        (17, 9, not_solved(stage, "0401")),
        (17, 17, trial(stage)),
        (18, 14, settled_in_silence(stage, "0501")),
        (18, 15, window_left_open(stage, "0504")),
        (19, 16, key_not_back(stage)),
    ):
        stage.begin(MOMENT.replace(day=day, hour=hour, minute=5), scene)


def key_not_back(stage: Stage) -> Scene:
    """An engineer takes the pump room key in the afternoon and goes home with it."""
    while "1" in stage.busy:
        yield stage.after(minutes=10)
    stage.busy.add("1")
    stage.named["pump room key"] = yield from loans.lend(
        stage, "fang.lei", "1", "zhao.gang", 2, "leak at the second pump 二号泵漏水"
    )


def not_solved(stage: Stage, unit: str) -> Scene:
    """A complaint gets an owner, a limit and a finding, and then nothing."""
    matter = MATTERS[0]._replace(
        content="The radiator stays cold. 暖气不热。", finding="air in the pipe 管道积气"
    )
    record = complaints.take_in(stage, "cui.min", unit, matter, "phone")
    stage.named["cold radiator"] = record
    yield stage.after(minutes=9)
    stage.act("cui.min", "complaint", "contact", record, how="phone", note="called back 已回电")
    limit = stage.stamp(MOMENT.replace(day=19, hour=12, minute=0))
    owner = stage.named["xu.kai"]
    stage.act("cui.min", "complaint", "assign", record, owner=owner, department="engineering", limit=limit)
    yield stage.after(hours=3)
    stage.act("xu.kai", "complaint", "investigate", record, finding=matter.finding)


def not_followed_up(stage: Stage, unit: str) -> Scene:
    """A complaint is solved and answered, and nobody calls again."""
    matter = MATTERS[0]._replace(content="A pump hums at night. 夜间水泵嗡嗡响。")
    record = complaints.take_in(stage, "cui.min", unit, matter, "phone")
    stage.named["noisy pump"] = record
    yield stage.after(minutes=4)
    complaints.pass_on(stage, "cui.min", "zhou.tao", record, "engineering")
    yield stage.after(minutes=30)
    complaints.investigate(stage, "zhou.tao", record, matter)
    complaints.resolve(stage, "zhou.tao", record, matter)
    yield stage.after(minutes=20)
    stage.act("cui.min", "complaint", "reply", record, how="phone")


def settled_in_silence(stage: Stage, unit: str) -> Scene:
    """A specialist settles a complaint on the spot and does not report it to the head."""
    matter = MATTERS[-1]._replace(content="A parcel stood in the rain. 包裹被雨淋湿。")
    record = complaints.take_in(stage, "luo.qing", unit, matter, "in-person")
    stage.named["wet parcel"] = record
    yield stage.after(minutes=12)
    stage.act(
        "luo.qing",
        "complaint",
        "settle",
        record,
        root_cause=matter.root_cause,
        solution=matter.solution,
        prevention=matter.prevention,
        compensation="50.00",
    )
    yield stage.after(minutes=2)
    stage.act("luo.qing", "complaint", "reply", record, how="in-person")


def trial(stage: Stage) -> Scene:
    """For a trial the desk lets one rule warn instead of refusing."""
    value = {"room-is-left-safe": "warn"}
    record = stage.act(ADMIN, "policy", "set", setting="rules", value=value).id
    yield stage.after(minutes=5)
    stage.act(ADMIN, "policy", "approve", record)


def window_left_open(stage: Stage, hook: str) -> Scene:
    """A leasing agent brings a key back and cannot say whether the windows are shut."""
    while hook in stage.busy:
        yield stage.after(minutes=10)
    stage.busy.add(hook)
    loan = yield from loans.lend(stage, "chen.jing", hook, "lu.jiayi", 2, loans.VIEWING[0], viewing=True)
    stage.named["open window"] = loan
    yield stage.after(minutes=50)
    stage.act("chen.jing", "key-loan", "return", loan, power_off=True, doors_locked=True, unit_locked=True)
    stage.busy.discard(hook)
