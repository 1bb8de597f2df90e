"""How long and how large a demo desk is; each ends at the same fixed moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

from svcdesk.demo.house import UNITS

ZONE = "Asia/Shanghai"
MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=ZoneInfo(ZONE))
"""The morning on which the demo's history ends and the day that is walked through begins."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The first day, the units, how busy a working day is, for how long what is kept, whether things go wrong."""

    first: date
    units: tuple[str, ...] = UNITS
    loans: int = 3
    complaints: int = 2
    materials: int = 6
    count_days: int = 45
    duty_days: int = 90
    book_days: int = 30
    flaws: bool = True
    seed: int = 20261120

    @property
    def days(self) -> list[date]:
        """Every day from the first to that of the last moment."""
        count = (MOMENT.date() - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]


DEMO = Plan(date(2026, 8, 21))
SAMPLE = Plan(
    date(2026, 11, 16),
    UNITS[:8],
    loans=1,
    complaints=1,
    materials=2,
    count_days=2,
    duty_days=1,
    book_days=1,
    flaws=False,
)
SHORT = Plan(date(2026, 11, 8), UNITS[:16], loans=2)
