"""Key loans (钥匙借用登记表): who holds which key, for what, until when."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.model import Action
from svcdesk.model import Books
from svcdesk.model import Deadline
from svcdesk.model import Feeds
from svcdesk.model import Hold
from svcdesk.model import Line
from svcdesk.model import Record
from svcdesk.model import Register
from svcdesk.model import Setting
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import Who
from svcdesk.model import act_rule
from svcdesk.model import text
from svcdesk.rules import HEADS
from svcdesk.rules import KEY_DESK
from svcdesk.rules import is_staff
from svcdesk.rules import other_holds
from svcdesk.rules import signers
from svcdesk.rules import since
from svcdesk.rules import when

ISSUER = Who(setting="key-loan.issuer", clauses=("CS3-B2#1",))


@act_rule("CS13-4.3", actions=("request", "issue"))
def borrower_is_staff(step: Step, books: Books) -> Iterator[Text]:
    """Only staff of the management office borrow keys."""
    if not is_staff(step.new["borrower"], step.at, books):
        yield text("{borrower} held no post at {at}", borrower=step.new["borrower"], at=step.at)


@act_rule("CS13-4.2#1", actions=("issue",), fixed=True)
def one_holder_per_key(step: Step, books: Books) -> Iterator[Text]:
    """A key is with one holder at any instant."""
    for hold in other_holds(step.new["key"], step.at, step.new.id, books):
        yield text(
            "{key} is {status} with {holder} since {since} ({record})",
            key=hold.thing,
            status=hold.status,
            holder=hold.holder,
            since=hold.since,
            record=hold.record,
        )


@act_rule("CS13-4.1#2", actions=("issue",))
def borrower_signs_for_himself(step: Step, books: Books) -> Iterator[Text]:
    """The borrower's line is signed by the borrower, not by a colleague."""
    for signer in signers(step.new, "borrower"):
        if signer != step.new["borrower"]:
            yield text(
                "{signer} signed, the borrower is {borrower}", signer=signer, borrower=step.new["borrower"]
            )


@act_rule("CS13-4.1#3", actions=("request",))
def loan_is_short(step: Step, books: Books) -> Iterator[Text]:
    """A key is lent for no longer than the policy allows."""
    limit = books.setting("key-loan.longest-minutes", step.at)
    latest = later(step.at, limit)
    if before(latest, step.new["due"]):
        yield text(
            "due {due}; {minutes} minutes from {at} is {latest}",
            due=step.new["due"],
            minutes=limit,
            at=step.at,
            latest=latest,
        )


def custody(loan: Record) -> Iterator[Hold]:
    """The key is with the borrower from issue to return."""
    issued = since(loan, "issued", "issue")
    if issued:
        yield Hold(loan["key"], loan["borrower"], "on-loan", issued, when(loan, "return"), loan.id)


def needs_approval(loan: Record, books: Books) -> bool:
    """A loan is approved where the policy names approvers."""
    return bool(books.setting("key-loan.approver", loan.opened))


REGISTER = Register(
    name="key-loan",
    prefix="KL",
    title="Key loans",
    area="key",
    book="loan",
    columns=("id", "state", "key", "borrower", "purpose", "due"),
    lines=(
        Line("requester", "requester"),
        Line(
            "approver",
            "approver",
            Who(setting="key-loan.approver"),
            differs=("requester", "borrower"),
            clauses=("CS13-4.1#1",),
            needed=needs_approval,
        ),
        Line("borrower", "borrower", assurance="attested", clauses=("CS13-4.1#2",)),
        Line("custodian", "custodian", ISSUER, differs=("borrower",), clauses=("CS13-4.1#4",)),
    ),
    actions=(
        Action(
            "request",
            "Ask for a key.",
            to="requested",
            needs=("key", "borrower", "purpose", "due"),
            takes=("contractor",),
            signs="requester",
            clauses=("CS13-4.1#2", "CS3-B2#2"),
        ),
        Action("approve", "Approve a loan.", to="approved", source=("requested",), signs="approver"),
        Action(
            "issue",
            "Hand the key out.",
            to="issued",
            source=("requested", "approved"),
            may=ISSUER,
            lines=("approver", "borrower"),
        ),
        Action(
            "return",
            "Take the key back.",
            to="returned",
            source=("issued",),
            takes=("power_off", "doors_locked", "windows_shut", "unit_locked"),
            may=ISSUER,
            signs="custodian",
        ),
    ),
    rules=(borrower_is_staff, one_holder_per_key, borrower_signs_for_himself, loan_is_short),
    deadlines=(
        Deadline(
            "key-back",
            ("CS13-4.1#3",),
            "The key goes back to the custodian by the time agreed.",
            ("issued",),
            lambda loan, books: str(loan["due"]),
            lambda loan, books: str(loan["borrower"]),
        ),
    ),
    feeds=Feeds(custody=custody),
    settings={
        "key-loan.issuer": Setting(list(KEY_DESK), "Posts that hand keys out.", ("CS3-B2#1",)),
        "key-loan.approver": Setting(
            list(HEADS), "Posts that approve a key loan; none means no approval.", ("CS13-4.1#1",)
        ),
        "key-loan.longest-minutes": Setting(
            1440, "Longest time for which a key is lent, in minutes.", ("CS13-4.1#3",), "less"
        ),
    },
    final=("returned",),
)
