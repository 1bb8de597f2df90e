"""The hazardous materials of the demo: what each is for, where it lies and how much there may be."""

from __future__ import annotations

from typing import NamedTuple

from svcdesk.demo.house import LOCKERS


class Material(NamedTuple):
    """A material as it is entered, how much is drawn of it, and what one piece of work takes."""

    name: str
    substance: str
    unit: str
    hazards: tuple[str, ...]
    locker: str
    drawn: int
    maximum: int
    needed: int
    purpose: str
    lot: str = ""


POISON, SOLVENT = LOCKERS

MATERIALS = (
    Material(
        "Rat poison 鼠药",
        "rat-poison",
        "g",
        ("acute-toxicity",),
        POISON,
        2000,
        5000,
        120,
        "bait in the cable trench 电缆沟投放鼠饵",
    ),
    Material(
        "Alcohol 75% 酒精",
        "alcohol",
        "ml",
        ("flammable-liquid", "eye-damage"),
        SOLVENT,
        6000,
        10000,
        500,
        "lift buttons disinfected 电梯按键消毒",
    ),
    Material(
        "Thinner 稀料",
        "thinner",
        "ml",
        ("flammable-liquid", "organ-toxicity"),
        SOLVENT,
        4000,
        5000,
        250,
        "stickers removed in the stairs 清除楼道小广告",
    ),
    Material(
        "Cockroach killer 灭螂药",
        "cockroach-killer",
        "g",
        ("acute-toxicity", "aquatic-hazard"),
        POISON,
        1500,
        3000,
        60,
        "gel bait in the refuse room 垃圾房投放胶饵",
    ),
    Material(
        "Dichlorvos 敌敌畏",
        "dichlorvos",
        "ml",
        ("acute-toxicity", "aquatic-hazard"),
        POISON,
        1500,
        2000,
        80,
        "drains sprayed against flies 下水道喷洒灭蝇",
    ),
    Material(
        "Bleach 84消毒液",
        "other",
        "ml",
        ("skin-corrosion", "aquatic-hazard"),
        POISON,
        5000,
        8000,
        400,
        "refuse bins disinfected 垃圾桶消毒",
        "B2604",
    ),
)
"""Rat poison and alcohol come first: a small desk has only the first few. Bleach lies apart from alcohol."""

ALCOHOL, BLEACH = 1, 5
"""Places in the list of two that do not go together."""
