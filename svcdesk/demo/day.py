"""The commands of the day that the demo walks through."""

from __future__ import annotations

from typing import NamedTuple

from svcdesk.demo.materials import MATERIALS
from svcdesk.model import Text
from svcdesk.model import text


class Command(NamedTuple):
    """One command: at which time of the day, by whom, what for; `keep` names the id that it prints."""

    time: str
    who: str
    why: Text
    line: str
    exit_code: int = 0
    keep: str = ""


CLERK = "chen.jing"
HEAD = "he.weimin"
MANAGER = "mo.jianping"
LEAD, OTHER_LEAD = "lin.xiaoyu", "sun.yan"
EARLY, MIDDLE = "wu.hao", "sun.yan"
"""Who stands the early and the middle shift of the day."""
SPECIALIST = "cheng.yi"
RATS, LOCKER = MATERIALS[0].name, MATERIALS[0].locker
RETURN = "--power-off --doors-locked --windows-shut --unit-locked"

MORNING = (
    Command("08:30", CLERK, text("The key desk opens. What is late?"), "due", 1),
    Command("08:32", CLERK, text("Who has the pump room key?"), "key loan show {pump_room_key}"),
    Command("08:34", MANAGER, text("Who is on duty?"), "duty roster report on-duty"),
    Command("08:50", CLERK, text("Zhao Gang brings it back."), f"key loan return {{pump_room_key}} {RETURN}"),
    Command("08:55", SPECIALIST, text("Why is this follow-up late?"), "explain {noisy_pump}"),
    Command(
        "08:58",
        SPECIALIST,
        text("She calls the customer: the pump is quiet."),
        "complaint follow-up {noisy_pump} --satisfied yes --how phone",
    ),
    Command("08:59", SPECIALIST, text("The case is closed."), "complaint close {noisy_pump}"),
)

LOAN = (
    Command(
        "09:02",
        CLERK,
        text("Li Qiang needs a key, and the clerk enters his request."),
        "key loan request --key {key_2} --borrower {li_qiang} --purpose 'breaker check 断路器检查' --due +9h",
        keep="loan",
    ),
    Command(
        "09:03",
        CLERK,
        text("Nobody has approved it yet."),
        "key loan issue {loan} --as borrower={li_qiang}",
        4,
    ),
    Command("09:04", CLERK, text("The clerk may not approve it."), "key loan approve {loan}", 4),
    Command("09:10", HEAD, text("The head of engineering approves it."), "key loan approve {loan}"),
    Command(
        "09:12", CLERK, text("Without the borrower's signature the key stays."), "key loan issue {loan}", 4
    ),
    Command(
        "09:13",
        CLERK,
        text("He signs at the counter and takes the key."),
        "key loan issue {loan} --as borrower={li_qiang}",
    ),
    Command("09:14", CLERK, text("Which keys are out?"), "key loan report"),
)

COMPLAINT = (
    Command(
        "10:05",
        CLERK,
        text("A customer calls."),
        "complaint open --channel phone --customer {customer_0302} --subject technical"
        " --content 'The tap drips. 水龙头漏水。'",
        keep="complaint",
    ),
    Command(
        "10:12",
        CLERK,
        text("The complaint gets an owner and a limit."),
        "complaint assign {complaint} --to {zhou_tao} --department engineering --limit +2d",
    ),
    Command(
        "10:40",
        "zhou.tao",
        text("The engineer has looked at it."),
        "complaint investigate {complaint} --finding 'seal worn 垫圈磨损' --root-cause 'hard water 水质硬'",
    ),
    Command(
        "11:05",
        "zhou.tao",
        text("It is mended."),
        "complaint resolve {complaint} --solution 'seal replaced 更换垫圈'"
        " --prevention 'seals checked on each round 每次巡检查看垫圈'",
    ),
    Command("11:10", CLERK, text("The customer is told."), "complaint reply {complaint} --how phone"),
    Command(
        "11:11",
        CLERK,
        text("Nobody has asked whether it is really solved."),
        "complaint close {complaint}",
        4,
    ),
)

POISON = (
    Command(
        "13:05",
        "wei.hong",
        text("A cleaner needs rat poison."),
        f"hazmat use request --material '{RATS}' --place '{LOCKER}' --quantity 100 --user {{wei_hong}}"
        " --purpose 'bait in B2 地下二层投放鼠饵'",
        keep="use",
    ),
    Command("13:10", LEAD, text("A lead approves it."), "hazmat use approve {use}"),
    Command(
        "13:12",
        OTHER_LEAD,
        text("Another lead may not hand it out."),
        "hazmat use issue {use} --as key-holder={cao_fang}",
        4,
    ),
    Command(
        "13:13",
        LEAD,
        text("She hands it out herself; the cleaning lead opens the locker."),
        "hazmat use issue {use} --as key-holder={cao_fang}",
    ),
    Command(
        "14:20",
        LEAD,
        text("What is left comes back."),
        "hazmat use return {use} --quantity 20 --consumed 80",
    ),
    Command("14:22", LEAD, text("How much is there of everything?"), "hazmat balance"),
)

HANDOVER = (
    Command(
        "14:50",
        EARLY,
        text("The early shift hands over, and the books are taken down as they stand."),
        "handover open --kind duty --incoming {sun_yan} --progress 'one leak 漏水一起'"
        " --equipment 'all running 设备正常' --check item=rounds,mark=normal --check item=lighting,mark=normal",
        keep="handover",
    ),
    Command(
        "14:53",
        MIDDLE,
        text("The relief counts the office key and finds none."),
        "handover count {handover} --count what={key_13},found=0",
    ),
    Command("14:54", MIDDLE, text("So she cannot take over."), "handover accept {handover} --read", 4),
    Command(
        "14:58",
        MIDDLE,
        text("It lay in the drawer."),
        "handover count {handover} --count what={key_13},found=1 --reason 'in the drawer 在抽屉内'",
    ),
    Command("14:59", EARLY, text("He signs again."), "sign {handover} outgoing"),
    Command("15:00", MIDDLE, text("Now she takes over."), "handover accept {handover} --read"),
)

EVENING = (
    Command(
        "16:30",
        SPECIALIST,
        text("Now somebody has."),
        "complaint follow-up {complaint} --satisfied yes --how phone",
    ),
    Command("16:31", SPECIALIST, text("The case is closed."), "complaint close {complaint}"),
    Command("17:40", CLERK, text("Li Qiang's key is back."), f"key loan return {{loan}} {RETURN}"),
    Command("17:50", MANAGER, text("Does everything stand by the rules?"), "check"),
    Command("17:52", MANAGER, text("What was done to the loan?"), "audit log {loan}"),
    Command("17:53", MANAGER, text("Who entered each field of it?"), "audit blame {loan}"),
    Command(
        "17:54", MANAGER, text("What does the clause ask that refused it?"), "check --explain CS13-4.1#1"
    ),
    Command("17:56", MANAGER, text("How has the month been?"), "complaint report"),
    Command("17:58", MANAGER, text("What is left for tomorrow, in Chinese?"), "--lang zh_CN due", 1),
)

DAY = (*MORNING, *LOAN, *COMPLAINT, *POISON, *HANDOVER, *EVENING)
