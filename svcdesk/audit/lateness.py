"""Acts that were away for long before they joined the published history: late, and beyond a limit not let in."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from datetime import datetime

from svcdesk.books import OpenBooks
from svcdesk.model import Finding
from svcdesk.model import text

LATE = "sync.late-minutes"
LATEST = "sync.latest-minutes"


def tardy(
    brought: Iterable[tuple[str, datetime]], joined: datetime, setting: str, books: OpenBooks
) -> Iterator[tuple[str, Finding]]:
    """Yield what joins the published history later than a setting allows: each commit, and what is to be said.

    Whoever dates an act back has to bring it in late: that shows. A clone that really was away for longer
    than the limit is let in once the policy says so.
    """
    minutes = books.setting(setting, joined.isoformat())
    for commit, entered in brought:
        if (joined - entered).total_seconds() > minutes * 60:
            message = text(
                "{commit} of {entered} joined at {joined}; {setting} allows {minutes} minutes",
                commit=commit[:12],
                entered=entered.isoformat(),
                joined=joined.isoformat(),
                setting=setting,
                minutes=minutes,
            )
            yield commit, Finding("late-entry", message)
