"""Taking over what customers reported after hours: one act on the handover, a complaint for each report, one commit."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from svcdesk.errors import BadInput
from svcdesk.git import Identity
from svcdesk.model import text
from svcdesk.session import Done
from svcdesk.session import Session
from svcdesk.workflow import Order

TOLD = ("customer", "complainant", "contact", "place")
"""What a report says of who and where, as the complaint says it."""


def take_over(
    session: Session,
    record: str,
    numbers: Sequence[int] = (),
    at: str = "",
    identity: Identity | None = None,
    now: datetime | None = None,
    dry_run: bool = False,
) -> list[Done]:
    """Make complaints of the reports of a handover that are none yet, or of those numbered.

    The handover comes first in what is returned. Raises BadInput where there is nothing to take over, Refused.
    """
    handover = session.books.get(record)
    assert handover is not None, "whoever asks has looked it up"
    reports = dict(enumerate(handover.get("reports", ()), 1))
    taken = {row["report"] for row in handover.get("taken_over", ())}
    wanted = list(numbers) or [number for number in reports if number not in taken]
    unknown = ", ".join(str(number) for number in wanted if number not in reports)
    if unknown:
        raise BadInput(text("{record} has no report {number}", record=handover.id, number=unknown))
    if not wanted:
        raise BadInput(text("{record} has no report that is not a complaint yet", record=handover.id))
    book = session.desk.register("complaint")
    ids = session.next_ids(book, now or session.now, len(wanted))
    pairs = [{"report": number, "complaint": each} for number, each in zip(wanted, ids, strict=True)]
    leading = Order(handover.register, "take-over", handover.id, sets={"taken_over": pairs}, at=at)
    opened = [
        _complaint(each, reports[number], handover.id) for number, each in zip(wanted, ids, strict=True)
    ]
    return session.act_together((leading, *opened), identity, now, dry_run)


def _complaint(record_id: str, report: Mapping[str, Any], handover: str) -> Order:
    sets = {
        "channel": "handover-book",
        "subject": report.get("subject", "other"),
        "content": report["content"],
        **{name: report[name] for name in TOLD if name in report},
        "handover": handover,
    }
    return Order(
        "complaint", "open", record_id, sets=sets, at=report["received"], reason=f"handover {handover}"
    )
