"""What customers of the demo complain about, and how it ends."""

from __future__ import annotations

from typing import NamedTuple


class Matter(NamedTuple):
    """A complaint from its words to the measures that follow from it."""

    subject: str
    department: str
    content: str
    finding: str
    root_cause: str
    solution: str
    prevention: str


MATTERS = (
    Matter(
        "technical",
        "engineering",
        "No hot water since this morning. 早上起没有热水。",
        "mixing valve stuck 混水阀卡死",
        "no yearly service of the valves 阀门没有年度保养",
        "valve replaced 更换阀门",
        "valves added to the yearly service 阀门列入年度保养",
    ),
    Matter(
        "technical",
        "engineering",
        "The lift stops between floors. 电梯在楼层间停住。",
        "door contact worn 门锁触点磨损",
        "contact past its service life 触点超过使用年限",
        "contact replaced 更换触点",
        "contacts checked each month 触点每月检查",
    ),
    Matter(
        "service-quality",
        "cleaning",
        "The stairs have not been cleaned for three days. 楼道三天没有打扫。",
        "round missed 漏扫",
        "no substitute while the cleaner was ill 保洁员病假无人顶岗",
        "stairs cleaned the same day 当天清扫",
        "substitutes named in the roster 排班表写明顶岗人",
    ),
    Matter(
        "service-quality",
        "security",
        "Scooters block the fire passage. 电动车堵塞消防通道。",
        "four scooters on the east side 东侧四辆电动车",
        "no parking marks 没有停车划线",
        "scooters moved 车辆移走",
        "marks painted and shown on the round 划线并列入巡查",
    ),
    Matter(
        "charges",
        "customer-service",
        "The water charge of last month is too high. 上月水费过高。",
        "meter read twice 水表重复抄录",
        "two lists in use 同时使用两份抄表单",
        "charge corrected 更正水费",
        "one list, signed by the reader 只用一份抄表单并签名",
    ),
    Matter(
        "missed-call",
        "customer-service",
        "Nobody answered the telephone at noon. 中午电话无人接听。",
        "line not passed on over lunch 午间未转接",
        "lunch shift not in the roster 午班未排",
        "called back and apologised 回电致歉",
        "lunch shift added 增加午班",
    ),
    Matter(
        "service-quality",
        "reception",
        "A parcel was handed to the wrong unit. 包裹交错单元。",
        "label misread 看错标签",
        "no second look at the unit number 没有核对单元号",
        "parcel brought back 包裹追回",
        "recipient says the unit number 领取人报单元号",
    ),
)

RUDE = Matter(
    "staff-attitude",
    "security",
    "The guard at the gate was rude. 门岗保安态度粗暴。",
    "the guard raised his voice 保安高声说话",
    "no training in talking with visitors 没有接待培训",
    "apology by the manager 经理致歉",
    "training for all guards 全体保安培训",
)
"""A complaint about a colleague, which goes to the duty station master."""
