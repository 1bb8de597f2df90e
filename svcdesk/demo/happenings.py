"""What happens once in the demo, told by the days before its last one."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.demo import evaluations
from svcdesk.demo import events
from svcdesk.demo import hazmat
from svcdesk.demo import incidents
from svcdesk.demo import opening
from svcdesk.demo import seals
from svcdesk.demo.cast import CUSTOMERS
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

INSPECTED = ("engineering", "customer-service", "security", "leasing", "reception")
INSPECTIONS = (88, 60, 32, 4)
"""Days before the end on which keys are inspected; never more than thirty apart."""
COUNTS = (64, 36, 8)
"""Days before the end on which the lockers are counted; never more than thirty apart."""

Happening = tuple[int, Scene]


def happenings(stage: Stage, plan: Plan) -> Iterator[Happening]:
    """Yield each scene with the number of days before the end."""
    owners = [each.unit for each in CUSTOMERS if each.kind == "owner" and each.unit in plan.units]
    last = len(plan.days) - 3
    for number, unit in enumerate(owners):
        yield last - number * last // len(owners), seals.move_in(stage, unit, number + 1)
    yield 2, incidents.found_key(stage)
    yield from _in_lockers(stage, plan)
    yield from _with_people(stage, plan)
    for days in INSPECTIONS:
        for department in INSPECTED:
            yield days, incidents.inspection(stage, department)
    yield from _in_units(stage) if "0504" in plan.units else _on_one_floor(stage)


def _on_one_floor(stage: Stage) -> Iterator[Happening]:
    """Yield for a very small desk one of each of what a larger one does in the course of time."""
    yield 2, incidents.lost_key(stage, "0404")
    yield 2, seals.application(stage, "0301", 1)
    yield 1, incidents.damaged_lock(stage)
    yield 1, hazmat.use(stage, 0, "rats")


def _in_lockers(stage: Stage, plan: Plan) -> Iterator[Happening]:
    """Yield what happens once with hazardous materials."""
    yield len(plan.days) - 2, hazmat.stock_up(stage, plan)
    for days in COUNTS:
        yield days, hazmat.count_all(stage, plan)
    yield 40, hazmat.refill(stage, 0, 1500)
    yield 2, hazmat.spill(stage)
    yield 1, hazmat.waste(stage)
    yield 1, events.ordinary(stage)


def _with_people(stage: Stage, plan: Plan) -> Iterator[Happening]:
    """Yield how people are judged, in the last days of each month, or as soon as a desk has begun."""
    days = len(plan.days)
    forgotten = "open appeal" if plan.flaws else ""
    yield days - 2, evaluations.policy(stage)
    yield 55, evaluations.evaluate(stage, "2026-09")
    yield 47, evaluations.month(stage, "2026-09", "2026-09-22")
    yield min(23, days - 3), evaluations.evaluate(stage, "2026-10", forgotten)
    yield min(16, days - 3), evaluations.month(stage, "2026-10", "2026-10-29")
    yield min(12, days - 4), evaluations.reward(stage)


def _in_units(stage: Stage) -> Iterator[Happening]:
    """Yield what happens with the keys of units."""
    yield 71, incidents.found_key(stage)
    yield 62, seals.application(stage, "0403", 1)
    yield 59, events.major(stage)
    yield 50, opening.change_of_staff(stage, "qiu.shan")
    yield 45, seals.emergency(stage, "0502", "F2001")
    yield 36, incidents.lost_key(stage, "0404")
    yield 31, events.ordinary(stage)
    yield 24, incidents.damaged_lock(stage)
    yield 11, seals.application(stage, "0601", 2)
    yield 9, events.major(stage)
    yield 8, seals.emergency(stage, "0304", "F2002")
