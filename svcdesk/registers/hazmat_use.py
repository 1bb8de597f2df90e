"""Uses of hazardous materials (客服部危险品使用登记表): asked for, approved, handed out, used, brought back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Case
from svcdesk.model import Record
from svcdesk.registers.hazmat_use_rules import RULES
from svcdesk.registers.hazmat_use_rules import form_due
from svcdesk.registers.hazmat_use_rules import ledger
from svcdesk.registers.hazmat_use_rules import shift_end
from svcdesk.registers.hazmat_use_rules import shift_ends
from svcdesk.registers.hazmat_use_rules import stock_is_short
from svcdesk.rules import signers

LEAD = Who(setting="hazmat.leads", clauses=("CS11-3.0#3",))
RECEIVER = Who(setting="hazmat.leads")
KEY_HOLDER = Who(setting="hazmat.key-holders", clauses=("CS11-3.0#2",))
PERMITTER = Who(setting="hazmat.permitters", clauses=("CS11-6.0",))

ASKED = ("requested", "approved")
"""States before anything is handed out: where one who approved cannot do that, another lead approves as well."""


def handed_out(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Hand out what was needed unless another quantity is entered."""
    return {"issued": sets.get("issued", old["quantity"] if old else 0)}


def is_loan(use: Record, books: Books) -> bool:
    """What leaves the department is lent, and needs a permission."""
    return "lent_to" in use.data


def case(use: Record) -> Case | None:
    """What was handed out is the user's case until it is accounted for."""
    return Case(use.id, use["user"], use.opened, None) if use.state == "issued" else None


def user(use: Record, books: Books) -> str:
    """Return who uses it."""
    return str(use["user"])


def approver(use: Record, books: Books) -> str:
    """Return who approved it."""
    return next(iter(signers(use, "approver")), str(use.acts[0]["by"]))


REGISTER = Register(
    name="hazmat-use",
    prefix="HU",
    title="Uses of hazardous materials",
    area="hazmat",
    book="use",
    columns=("id", "state", "material", "place", "quantity", "user", "purpose", "issued", "returned"),
    lines=(
        Line("requester", "requester"),
        Line("approver", "approver", LEAD, differs=("requester",), clauses=("CS11-3.0#3",)),
        Line(
            "key-holder",
            "holder of the locker's key",
            KEY_HOLDER,
            assurance="attested",
            clauses=("CS11-3.0#2",),
        ),
        Line(
            "permission",
            "permission to lend",
            PERMITTER,
            differs=("requester",),
            clauses=("CS11-6.0",),
            needed=is_loan,
        ),
        Line("receiver", "receiver"),
    ),
    actions=(
        Action(
            "request",
            "Ask for material for a piece of work.",
            to="requested",
            needs=("material", "place", "quantity", "user", "purpose"),
            takes=("lot", "lent_to", "remark"),
            signs="requester",
            remarks=stock_is_short,
        ),
        Action("approve", "Approve a use.", to="approved", source=ASKED, signs="approver", remarks=stock_is_short),
        Action("refuse", "Refuse a use.", to="refused", source=ASKED, may=RECEIVER, reason=True),
        Action(
            "issue",
            "Hand the material out, the locker opened with the cleaning lead's key.",
            to="issued",
            source=("approved",),
            takes=("issued",),
            may=LEAD,
            lines=("approver", "key-holder", "permission"),
            clauses=("CS11-3.0#3",),
            completes=handed_out,
        ),
        Action(
            "return",
            "Take the remainder back into the locker.",
            to="returned",
            source=("issued",),
            needs=("returned", "consumed"),
            takes=("remark",),
            may=RECEIVER,
            signs="receiver",
            clauses=("CS11-4.0#3",),
        ),
        Action(
            "close",
            "Close the line; what did not come back was used up.",
            to="closed",
            source=("issued", "returned"),
            takes=("consumed", "remark"),
            may=RECEIVER,
        ),
    ),
    rules=RULES,
    deadlines=(
        Deadline(
            "remainder-back",
            ("CS11-4.0#2",),
            "What is left goes back after use, by the end of the shift.",
            ("issued",),
            shift_end,
            user,
        ),
        Deadline(
            "use-closed",
            (),
            "The line of a use that came back is closed.",
            ("returned",),
            form_due,
            approver,
        ),
    ),
    feeds=Feeds(ledger=ledger, case=case),
    settings={
        "hazmat-use.dual-control": Setting(
            True, "Whether the locker is opened by somebody other than the lead who hands out."
        ),
        "hazmat-use.shift-ends": Setting(
            ["08:00", "18:00"],
            "Times of day at which shifts end, for who is on no roster.",
            ("CS11-4.0#2",),
            suits=shift_ends,
        ),
        "hazmat-use.close-minutes": Setting(
            1440, "Minutes in which the line of a use that came back is closed.", (), "less"
        ),
    },
    final=("closed", "refused"),
)
