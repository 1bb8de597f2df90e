"""Audit exceptions: commits that broke a rule and stand all the same, by approval, and show as such for ever."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import ADMIN
from svcdesk.rules import second_admin_approves


@act_rule(actions=("correct", "void"), fixed=True)
def an_exception_stays(step: Step, books: Books) -> Iterator[Text]:
    """An exception is never corrected, and an approved one never void: it shows for ever."""
    if step.action == "correct" or (step.old is not None and step.old.state == "approved"):
        yield text("what it says stays on record; propose another")


def approval_comes_next(exception: Record, books: Books) -> Iterator[Text]:
    """Say what a proposal waits for."""
    yield text("it stands once this is approved: svcdesk audit exception approve {record}", record=exception.id)


REGISTER = Register(
    name="audit-exception",
    prefix="AX",
    title="Audit exceptions",
    area="audit",
    book="exception",
    dated=False,
    sharded=False,
    columns=("id", "state", "commit", "broken"),
    lines=(Line("proposer", "proposer", ADMIN), Line("approver", "approver", ADMIN)),
    actions=(
        Action(
            "propose",
            "Propose to let a commit stand that broke a rule.",
            to="proposed",
            needs=("commit", "broken"),
            may=ADMIN,
            signs="proposer",
            reason=True,
            remarks=approval_comes_next,
        ),
        Action(
            "approve",
            "Let the commit stand.",
            to="approved",
            source=("proposed",),
            may=ADMIN,
            signs="approver",
        ),
        Action("withdraw", "Take a proposal back.", to="withdrawn", source=("proposed",), may=ADMIN),
    ),
    rules=(second_admin_approves, an_exception_stays),
    final=("approved", "withdrawn"),
    corrects=ADMIN,
)
