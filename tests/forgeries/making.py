"""What the forgeries are made of: honest acts as svcdesk writes them, to be spoilt in one place."""

from __future__ import annotations

from typing import Any

from svcdesk import message
from svcdesk.model import Change
from svcdesk.model import Step
from tests.forgeries import world
from tests.forging import Forger


def approval(forger: Forger, by: str = "", at: str = world.NOW, **rest: Any) -> Step:
    """Return the step that approves the loan that is asked for."""
    record = rest.pop("record", forger.world.requested)
    by = by or forger.world.head
    rest = {"signed": [{"line": "approver", "staff": by}], **rest}
    return forger.step(record, "approve", by, at, **rest)


def request(forger: Forger, record: str = "", at: str = world.NOW, by: str = "", **rest: Any) -> Step:
    """Return the step by which a key is asked for: the next loan, by the clerk, unless told otherwise."""
    by = by or forger.world.clerk
    form = {
        "key": forger.world.free_key,
        "borrower": forger.world.engineer,
        "purpose": "inspection",
        "due": "2026-11-22T18:00:00+08:00",
        **rest.pop("sets", {}),
    }
    signed = rest.pop("signed", [{"line": "requester", "staff": by}])
    return forger.step(
        record or forger.world.next_loan, "request", by, at, sets=form, signed=signed, new=True, **rest
    )


def borrowed(forger: Forger) -> list[dict[str, str]]:
    """Return the signature of the one who borrows."""
    return [{"line": "borrower", "staff": forger.world.engineer}]


def honest(forger: Forger, *steps: Step, **how: Any) -> str:
    """Commit steps in the name of the one who acts, unless told otherwise."""
    return forger.act(*steps, author=how.pop("author", forger.world.authors.get(steps[0].actor, "")), **how)


def words(forger: Forger, *steps: Step, kind: Any = "act", base: str = "main") -> str:
    """Return the message that svcdesk would write for these steps."""
    return message.compose(Change(steps, kind), forger.git("rev-parse", f"{base}:records/policy"))
