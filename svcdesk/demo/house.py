"""The house of the demo: floors, units, rooms, and the keys that open them."""

from __future__ import annotations

from typing import NamedTuple

FLOORS = range(3, 27)
UNITS = tuple(f"{floor:02}{door:02}" for floor in FLOORS for door in range(1, 5))

ROOMS = (
    ("B1 pump room 地下一层水泵房", "machine-room", "engineering"),
    ("B1 power room 地下一层配电房", "machine-room", "engineering"),
    ("B1 generator room 地下一层发电机房", "machine-room", "engineering"),
    ("B1 chiller room 地下一层冷冻机房", "machine-room", "engineering"),
    ("Roof lift room 屋面电梯机房", "machine-room", "engineering"),
    ("Roof water tank 屋面水箱间", "machine-room", "engineering"),
    ("2F network room 二层弱电间", "machine-room", "engineering"),
    ("1F fire control room 一层消防控制室", "machine-room", "security"),
    ("East stairs 东消防通道", "fire-passage", "security"),
    ("West stairs 西消防通道", "fire-passage", "security"),
    ("South gate 南门", "estate-gate", "security"),
    ("North gate 北门", "estate-gate", "security"),
    ("2F office 二层管理处办公室", "management-office", "customer-service"),
    ("2F file room 二层档案室", "management-office", "customer-service"),
    ("B1 tool store 地下一层工具库", "storeroom", "engineering"),
    ("B1 material store 地下一层物料库", "material-storeroom", "customer-service"),
    ("B1 cleaning store 地下一层保洁库", "storeroom", "cleaning"),
    ("1F front desk 一层前台", "front-desk", "reception"),
    ("1F parcel room 一层包裹间", "storeroom", "reception"),
    ("3F roof garden 三层空中花园", "public-area", "customer-service"),
)
"""Rooms with the category and the department of their keys."""


AREAS = ("south 南区", "north 北区", "west 西区", "east 东区")
"""Areas whose sets hang at the control room and are counted twice a day."""

LOCKERS = ("B1 pesticide locker 地下一层药剂柜", "B1 solvent locker 地下一层溶剂柜")
"""Where hazardous materials lie, each locked and set apart; what does not go together lies in two of them."""


class Key(NamedTuple):
    """A key as it is entered: what it is called, of which kind and whose, what it opens, where it hangs."""

    name: str
    category: str
    department: str
    place: str
    hook: str
    set_kind: str = "working"


def keys(occupied: frozenset[str], units: tuple[str, ...]) -> list[Key]:
    """Return the keys of the rooms and of these units; owners' spare sets hang sealed."""
    rooms = [
        Key(name, category, department, name, str(number))
        for number, (name, category, department) in enumerate(ROOMS, 1)
    ]
    areas = [
        Key(f"Area set {name}", "area-set", "security", "", f"A{number}")
        for number, name in enumerate(AREAS, 1)
    ]
    doors = [
        Key(
            f"Unit {unit} {unit}室",
            "occupied-unit" if unit in occupied else "vacant-unit",
            "customer-service",
            f"unit {unit}",
            unit,
        )
        for unit in units
    ]
    sealed = [
        Key(
            f"Unit {unit} sealed {unit}室封存",
            "occupied-unit",
            "customer-service",
            f"unit {unit}",
            f"S{unit}",
            "sealed",
        )
        for unit in units
        if unit in occupied
    ]
    return [*rooms, *areas, *doors, *sealed]
