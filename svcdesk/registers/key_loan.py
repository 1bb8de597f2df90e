"""Key loans (钥匙借用登记表): who holds which key, for what, until when."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import before
from svcdesk.clock import later
from svcdesk.clock import minutes_between
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Hold
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.registers.key_loan_rules import CHECKS
from svcdesk.registers.key_loan_rules import RULES
from svcdesk.registers.key_loan_settings import SETTINGS
from svcdesk.rules import since
from svcdesk.rules import when

ISSUER = Who(setting="key-loan.issuer", clauses=("CS3-B2#1", "CS13-4.1#4"))
PERMITTER = Who(setting="key-loan.permitter")


def custody(loan: Record) -> Iterator[Hold]:
    """The key is with the borrower from issue to return."""
    issued = since(loan, "issued", "issue")
    if issued:
        back, due = when(loan, "return"), loan["due"]
        yield Hold(loan["key"], loan["borrower"], "on-loan", issued, back, loan.id, due)


def merit(loan: Record) -> Iterator[Merit]:
    """A key that was not back when it was due speaks against the borrower, from that moment on."""
    issued, back = since(loan, "issued", "issue"), when(loan, "return")
    if issued and (back is None or before(loan["due"], back)):
        yield Merit(loan["borrower"], "key-overdue", loan["due"], loan.id)


def needs_approval(loan: Record, books: Books) -> bool:
    """A loan is approved where the policy names approvers."""
    return bool(books.setting("key-loan.approver", loan.opened))


def leaves(loan: Record, books: Books) -> bool:
    """A key that goes outside the building needs a permission."""
    return bool(loan.get("leaves_premises"))


def goes_to_an_outsider(loan: Record, books: Books) -> bool:
    """A key that goes to somebody outside the staff needs a permission."""
    return bool(loan.get("outsider"))


def issued_by(loan: Record, books: Books) -> str:
    """Return who handed the key out, and looks after the register line since."""
    issue = loan.last("issue", "import")
    return str(issue["by"]) if issue else ""


def next_check(loan: Record, books: Books) -> str | None:
    """Return when the line of a key that is out is to be looked at next: a day after it last was."""
    seen = since(loan, "issued", "issue", "explain-overdue")
    return later(seen, books.setting("key-loan.check-minutes", seen)) if seen else None


def keys_out(loans: Sequence[Record], books: Books, at: str) -> Iterable[Mapping[str, Any]]:
    """The loans whose key was out at a moment, with the minutes by which each is late."""
    for loan in loans:
        issued, returned = since(loan, "issued", "issue"), when(loan, "return")
        if loan.state == "void" or issued is None or before(at, issued):
            continue
        if returned is None or before(at, returned):
            key, borrower = books.get(loan["key"]), books.get(loan["borrower"])
            yield {
                "id": loan.id,
                "key": loan["key"],
                "name": key["name"] if key else "",
                "borrower": loan["borrower"],
                "held_by": borrower["name"] if borrower else "",
                "since": issued,
                "due": loan["due"],
                "late": max(minutes_between(loan["due"], at), 0),
                "cause": "; ".join(loan.get("causes", ())),
            }


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
        Line(
            "off-premises",
            "permission to leave the premises",
            PERMITTER,
            differs=("borrower",),
            clauses=("CS3-B5#1", "CS9-1.2.5#1"),
            needed=leaves,
        ),
        Line(
            "outsider",
            "permission for an outsider",
            PERMITTER,
            differs=("borrower",),
            clauses=("CS3-B5#2", "CS9-1.2.5#2"),
            needed=goes_to_an_outsider,
        ),
        Line("custodian", "custodian", ISSUER, differs=("borrower",), clauses=("CS13-4.1#4",)),
    ),
    actions=(
        Action(
            "request",
            "Ask for a key.",
            to="requested",
            needs=("key", "borrower", "purpose", "due"),
            takes=("use", "contractor", "circumstance", "leaves_premises", "outsider"),
            signs="requester",
            clauses=("CS3-B2#2", "CS3-C1#2", "CS9-1.2.2", "CS13-4.1#2"),
        ),
        Action("approve", "Approve a loan.", to="approved", source=("requested",), signs="approver"),
        Action(
            "refuse",
            "Refuse a loan.",
            to="refused",
            source=("requested",),
            may=Who(setting="key-loan.approver", clauses=("CS13-4.1#1",)),
            reason=True,
        ),
        Action("withdraw", "Take one's request back.", to="withdrawn", source=("requested", "approved")),
        Action(
            "issue",
            "Hand the key out.",
            to="issued",
            source=("requested", "approved"),
            may=ISSUER,
            lines=("approver", "borrower", "off-premises", "outsider"),
        ),
        Action(
            "explain-overdue",
            "Record why a key is not back.",
            source=("issued",),
            needs=("causes",),
            adds=("causes",),
            may=ISSUER,
            clauses=("CS3-B4#2", "CS9-1.2.4#2"),
        ),
        Action(
            "return",
            "Take the key back.",
            to="returned",
            source=("issued",),
            takes=(*CHECKS, "remark"),
            may=ISSUER,
            signs="custodian",
        ),
    ),
    rules=RULES,
    deadlines=(
        Deadline(
            "key-back",
            ("CS13-4.1#3",),
            "The key goes back to the custodian by the time agreed.",
            ("issued",),
            lambda loan, books: str(loan["due"]),
            lambda loan, books: str(loan["borrower"]),
        ),
        Deadline(
            "register-check",
            ("CS3-B4#1", "CS9-1.2.4#1"),
            "The register is checked every day: a key that is out is looked after.",
            ("issued",),
            next_check,
            issued_by,
        ),
    ),
    reports=(
        Report(
            "out",
            "Keys out",
            ("CS3-B4+",),
            keys_out,
            headings={
                "name": text("key name"),
                "held_by": text("borrower's name"),
                "since": text("since"),
                "late": text("minutes late"),
                "cause": text("cause"),
            },
        ),
    ),
    feeds=Feeds(custody=custody, merit=merit),
    settings=SETTINGS,
    final=("returned", "refused", "withdrawn"),
)
