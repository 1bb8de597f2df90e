"""Duty in the demo: three shifts a day on the roster, each with its log, swaps, reinforcement of a holiday."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

from svcdesk.clock import instant
from svcdesk.demo import handovers
from svcdesk.demo.cast import GUARDS
from svcdesk.demo.cast import WATCH
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

SHIFTS = {"early": 8, "middle": 15, "night": 22}
"""shift: the hour at which it begins."""
MAKER = "sun.yan"
MANAGER = "mo.jianping"
POST = "duty-person"
OFFICE = "2F office 二层管理处办公室"
MATTERS = (
    ("shutters and doors tried 检查卷帘与门锁", "all shut 均已关闭"),
    ("visitor without a pass at the south gate 南门访客无证", "entered in the visitors' book 已登记"),
    ("water on the floor of lift 2 二号梯轿厢积水", "mopped up 已清理"),
    ("delivery van in the fire passage 货车占用消防通道", "moved within ten minutes 十分钟内驶离"),
    ("music after ten on floor 7 七层深夜音乐声", "asked to turn it down 已劝阻"),
)
SITUATIONS = (
    "a quiet shift 值班平稳",
    "busy until the evening 傍晚前较忙",
    "one call, nothing unusual 来电一起，无异常",
)
SATURDAY = 5
SWAPS = (66, 41, 13, 1)
"""Days before the end on which two colleagues change shifts of the next day."""
AHEAD = timedelta(days=5)
"""How long before a holiday its additional duty is planned."""
OPEN_LOG = MOMENT.date() - timedelta(days=2), "middle"
"""The day and shift whose log is left open, where things go wrong."""
NO_HANDOVER = MOMENT.date() - timedelta(days=3), "early"
"""The day and shift after which nobody writes a handover, where things go wrong."""


def plan_day(stage: Stage, plan: Plan, day: date) -> None:
    """Let the roster of the next day be published in the afternoon, and the shifts of the day be stood."""
    begin = max(plan.first + timedelta(days=2), MOMENT.date() - timedelta(days=plan.duty_days))
    if is_holiday(stage, day + AHEAD):
        stage.begin(stage.moment(day, 10, 10), reinforcement(stage, day + AHEAD))
    if day >= begin - timedelta(days=1):
        stage.begin(stage.moment(day, 15, 20), roster(stage, day + timedelta(days=1)))
    if day >= begin - timedelta(days=1) and (MOMENT.date() - day).days in SWAPS:
        stage.begin(stage.moment(day, 15, 40), swap(stage, day + timedelta(days=1), "early", "night"))
    for shift, hour in SHIFTS.items() if day >= begin else ():
        stage.begin(stage.moment(day, hour) - timedelta(minutes=5), watch(stage, plan, day, shift))


def roster(stage: Stage, day: date) -> Scene:
    """Put the three duties of a day on the roster, whose turn it is."""
    for number, shift in enumerate(SHIFTS):
        person = WATCH[(day.toordinal() * len(SHIFTS) + number) % len(WATCH)]
        stage.named[f"duty {day} {shift}"] = stage.act(
            MAKER,
            "duty-roster",
            "add",
            date=day.isoformat(),
            shift=shift,
            person=stage.named[person],
            post=POST,
            place=stage.named[OFFICE],
        ).id
        yield stage.after(minutes=1)


def is_holiday(stage: Stage, day: date) -> bool:
    """Tell whether a day is a statutory holiday by the desk's calendar."""
    years = stage.session.books.setting("calendar", stage.stamp(stage.now))["years"]
    return day.isoformat() in years[str(day.year)]["holidays"]


def stands(stage: Stage, duty: str) -> str:
    """Return the code of who stands a duty by the roster as it is now."""
    return stage.code_of(stage.record(duty)["person"])


def watch(stage: Stage, plan: Plan, day: date, shift: str) -> Scene:
    """Stand a shift: open its log, write it, hand over to the next, and close it."""
    dice, duty = stage.dice("watch", day, shift), stage.named[f"duty {day} {shift}"]
    person = stands(stage, duty)
    ends = instant(stage.record(duty)["ends"])
    log = stage.act(person, "duty-log", "open", duty=duty).id
    yield stage.after(minutes=dice.randrange(60, 240))
    write(stage, person, log, dice.choice(MATTERS))
    if shift == "night":
        look_round(stage, person, log, lights=day.weekday() == SATURDAY)
    yield ends - timedelta(minutes=12)
    wrong = (day, shift) if plan.flaws else None
    if wrong == NO_HANDOVER:
        stage.named["silent shift"] = duty
    else:
        yield from handovers.pass_on(
            stage, plan, day, shift, person, stands(stage, following(stage, day, shift))
        )
    if wrong == OPEN_LOG:
        stage.named["open log"] = log
    else:
        yield max(stage.now, ends + timedelta(minutes=3))
        situation = dice.choice(SITUATIONS)
        stage.act(person, "duty-log", "close", log, situation=situation, result="handed over 已交接")


def following(stage: Stage, day: date, shift: str) -> str:
    """Return the id of the duty that follows a shift."""
    names = list(SHIFTS)
    after = names.index(shift) + 1
    later = day + timedelta(days=after // len(names))
    return stage.named[f"duty {later} {names[after % len(names)]}"]


def write(stage: Stage, person: str, log: str, matter: tuple[str, str]) -> None:
    """Write down what happened."""
    when = stage.stamp(stage.now - timedelta(minutes=20))
    entry = {"when": when, "matter": matter[0], "result": matter[1]}
    stage.act(person, "duty-log", "enter", log, entries=[entry])


def look_round(stage: Stage, person: str, log: str, lights: bool) -> None:
    """Mark the areas of the night's round, and on some nights the lights."""
    when = stage.stamp(stage.now - timedelta(minutes=10))
    marks = {"property": "normal", "hygiene": "normal", "discipline": "normal"}
    areas = [{"area": area, "when": when, **marks} for area in ("public", "management", "greenery")]
    stage.act(person, "duty-log", "round", log, rounds=areas)
    if lights:
        lamps = {"where": "facade 外立面", "when": when, "seen": "dark", "wanted": "dark"}
        stage.act(person, "duty-log", "lights", log, lights=[lamps])


def swap(stage: Stage, day: date, shift: str, for_shift: str) -> Scene:
    """Two colleagues change shifts of one day, agreed and approved beforehand."""
    duty, other = (stage.named[f"duty {day} {each}"] for each in (shift, for_shift))
    yield from agree(stage, duty, stands(stage, other), "matter", other)


def agree(stage: Stage, duty: str, substitute: str, cause: str, other: str = "") -> Scene:
    """Ask for a swap of a duty, agree to it, and have it approved."""
    record = stage.act(
        stands(stage, duty),
        "duty-swap",
        "request",
        duty=duty,
        substitute=stage.named[substitute],
        cause=cause,
        other=other or None,
    ).id
    yield stage.after(minutes=12)
    stage.act(substitute, "duty-swap", "agree", record)
    yield stage.after(minutes=15)
    stage.act(MANAGER, "duty-swap", "approve", record)


def reinforcement(stage: Stage, holiday: date) -> Scene:
    """Plan additional duty for a holiday, publish it, and enter that it was stood."""
    record = stage.act(
        "shen.jun",
        "duty-roster",
        "plan",
        date=holiday.isoformat(),
        shift="day",
        person=stage.named[GUARDS[holiday.toordinal() % len(GUARDS)]],
        post="security-guard",
        reinforcement=True,
        note="holiday crowds 节日人流",
    ).id
    yield stage.after(days=1)
    stage.act("shen.jun", "duty-roster", "publish", record)
    yield stage.moment(holiday, 18, 10)
    stage.act("shen.jun", "duty-roster", "stand", record)


def on_watch(stage: Stage) -> tuple[str, str]:
    """Return who is on duty now, and the log that he keeps."""
    books, now = stage.session.books, stage.stamp(stage.now)
    duty = next(each for each in books.on_duty(now, POST) if each.record.startswith("W"))
    log = next(iter(books.find("duty-log", duty=duty.record)))
    return stage.code_of(duty.person), log.id
