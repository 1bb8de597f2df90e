"""The stage that the demo is played on: scenes in the order of time, each act by the person whose it is."""

from __future__ import annotations

import heapq
from collections.abc import Generator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from svcdesk.clock import instant
from svcdesk.clock import stamp
from svcdesk.git import Identity
from svcdesk.model import Record
from svcdesk.session import Session
from svcdesk.takeover import take_over
from svcdesk.workflow import Order

Scene = Generator[datetime, None, None]
"""What happens to one thing: it acts, then yields the moment at which it goes on."""


class Stage:
    """Plays scenes through one session, whichever comes first in time; the same seed gives the same acts."""

    def __init__(self, session: Session, people: Mapping[str, Identity], seed: int) -> None:
        self.session = session
        self.zone = session.desk.zone
        self.seed = seed
        self.acts = 0
        self.named: dict[str, str] = {}
        """The ids of the records that later scenes, or the list of flaws, speak of."""
        self.busy: set[str] = set()
        """The keys that a scene has in mind, so that no other scene asks for them."""
        self.gone: set[str] = set()
        """Who does not work here, not any more or not yet."""
        self._people = people
        self._waiting: list[tuple[datetime, int, Scene]] = []
        self._number = 0
        self._now = session.now

    @property
    def now(self) -> datetime:
        """The moment that has been reached."""
        return self._now

    def dice(self, *words: object) -> Random:
        """Return dice of their own for a scene, so that a change to one scene leaves the others alone."""
        return Random(" ".join(str(each) for each in (self.seed, *words)))

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return a moment of a day in the desk's zone."""
        return datetime.combine(day, time(hour, minute), ZoneInfo(self.zone))

    def stamp(self, moment: datetime) -> str:
        """Return a moment as records hold it."""
        return stamp(moment, self.zone)

    def after(self, **span: float) -> datetime:
        """Return the moment so many minutes, hours or days from now."""
        return self._now + timedelta(**span)

    def office(self, minutes: int) -> datetime:
        """Return the moment so many working minutes from now, by the desk's calendar."""
        return instant(self.session.books.working_time(self.stamp(self._now), minutes))

    def office_on(self, day: date, minutes: int) -> datetime:
        """Return the moment so many working minutes into a day, or into the next that is no day off."""
        return instant(self.session.books.working_time(self.stamp(self.moment(day, 0)), minutes))

    def begin(self, moment: datetime, scene: Scene) -> None:
        """Let a scene begin at a moment."""
        self._number += 1
        heapq.heappush(self._waiting, (moment, self._number, scene))

    def play(self, until: datetime) -> None:
        """Play what begins before `until`; what comes later does not happen any more."""
        while self._waiting and self._waiting[0][0] < until:
            moment, _number, scene = heapq.heappop(self._waiting)
            self._now = max(self._now, moment)
            following = next(scene, None)
            if following is not None:
                self.begin(following, scene)

    def one_of(self, dice: Random, codes: Sequence[str]) -> str:
        """Return one of these people who works here now."""
        return dice.choice([each for each in codes if each not in self.gone])

    def code_of(self, staff: str) -> str:
        """Return the code of a member of staff."""
        return next(code for code in self._people if self.named.get(code) == staff)

    def record(self, record_id: str) -> Record:
        """Return a record as it stands now."""
        found = self.session.books.get(record_id)
        assert found is not None, record_id
        return found

    def take_over(self, who: str, handover: str) -> list[Record]:
        """Let a person make complaints of the reports of a handover, and return these."""
        self.acts += 1
        done = take_over(self.session, handover, identity=self._people[who], now=self._now)
        return [each.record for each in done[1:]]

    def act(
        self,
        who: str,
        register: str,
        action: str,
        record: str = "",
        *,
        signed: Mapping[str, str | tuple[str, ...]] | None = None,
        papers: Mapping[str, str] | None = None,
        reason: str = "",
        at: datetime | None = None,
        **sets: Any,
    ) -> Record:
        """Let a person act now, or enter now what happened at `at`; raises what the session raises."""
        order = Order(
            register,
            action,
            record,
            sets=sets,
            signed=[each for line, who in (signed or {}).items() for each in signatures(line, who)],
            papers=[{"kind": kind, "number": number} for kind, number in (papers or {}).items()],
            reason=reason,
            at=self.stamp(at) if at else "",
        )
        self.acts += 1
        return self.session.act(order, self._people[who], self._now).record


def signatures(line: str, who: str | tuple[str, ...]) -> list[dict[str, str]]:
    """Return the signatures of one line by these people or customers."""
    signers = (who,) if isinstance(who, str) else who
    return [{"line": line, "customer" if each.startswith("CU-") else "staff": each} for each in signers]
