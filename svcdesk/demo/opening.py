"""The first days of the demo: people, places, customers and keys are entered."""

from __future__ import annotations

from svcdesk.demo import house
from svcdesk.demo.cast import ADMIN
from svcdesk.demo.cast import CUSTOMERS
from svcdesk.demo.cast import LATER
from svcdesk.demo.cast import STAFF
from svcdesk.demo.cast import Customer
from svcdesk.demo.cast import Person
from svcdesk.demo.plan import Plan
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage

CLERK = "chen.jing"


def enter_house(stage: Stage, plan: Plan) -> Scene:
    """Enter the staff, then the house, its customers and its keys, a minute for each."""
    for person in STAFF:
        enter_person(stage, person)
        yield stage.after(minutes=1)
    customers = [each for each in CUSTOMERS if each.unit in plan.units]
    yield from _places(stage, plan)
    yield from _customers(stage, customers)
    for key in house.keys(frozenset(each.unit for each in customers), plan.units):
        record = stage.act(
            CLERK,
            "key",
            "add",
            name=key.name,
            category=key.category,
            department=key.department,
            opens=stage.named.get(key.place),
            hook=key.hook,
            set_kind=key.set_kind,
            sets=1,
            pieces=2 if key.set_kind == "sealed" else 1,
        )
        stage.named[f"key {key.hook}"] = record.id
        yield stage.after(minutes=1)


def enter_person(stage: Stage, person: Person) -> None:
    """Enter one member of staff."""
    record = stage.act(
        ADMIN,
        "staff",
        "add",
        name=person.name,
        emails=[person.identity.email],
        post=person.post,
        department=person.department,
    )
    stage.named[person.code] = record.id


def _places(stage: Stage, plan: Plan) -> Scene:
    tower = stage.act(ADMIN, "place", "add", kind="building", name="Tower A 甲座").id
    for name, _category, _department in house.ROOMS:
        stage.named[name] = stage.act(CLERK, "place", "add", kind="room", name=name, within=tower).id
        yield stage.after(minutes=1)
    for floor in dict.fromkeys(unit[:2] for unit in plan.units):
        above = stage.act(
            CLERK, "place", "add", kind="floor", name=f"{floor}F {int(floor)}层", within=tower
        ).id
        for unit in plan.units:
            if unit.startswith(floor):
                name = f"Unit {unit} {unit}室"
                stage.named[f"unit {unit}"] = stage.act(
                    CLERK, "place", "add", kind="unit", name=name, within=above
                ).id
                yield stage.after(minutes=1)


def _customers(stage: Stage, customers: list[Customer]) -> Scene:
    for number, each in enumerate(customers, 1):
        record = stage.act(
            CLERK,
            "customer",
            "add",
            name=each.name,
            kind=each.kind,
            contact=f"138000{number:05}",
            unit=stage.named[f"unit {each.unit}"],
            person_in_charge=each.person_in_charge or None,
        )
        stage.named[f"customer {each.unit}"] = record.id
        yield stage.after(minutes=1)


def change_of_staff(stage: Stage, leaver: str) -> Scene:
    """One clerk leaves in the evening and another comes in her place, two days later."""
    stage.act(ADMIN, "staff", "leave", stage.named[leaver], reason="moves to another city 迁居外地")
    stage.gone.add(leaver)
    yield stage.after(days=2)
    enter_person(stage, LATER)
    stage.gone.discard(LATER.code)
