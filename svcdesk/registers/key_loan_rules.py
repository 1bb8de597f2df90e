"""What must hold when a key is asked for, approved, handed out and taken back. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.clock import day_of
from svcdesk.clock import later
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.registers.key_loan_borrower_rules import BORROWER_RULES
from svcdesk.registers.key_loan_borrower_rules import category
from svcdesk.rules import conflicting_holds
from svcdesk.rules import since
from svcdesk.rules import when

CHECKS = ("power_off", "doors_locked", "windows_shut", "unit_locked")
"""What is looked at when a room's key comes back."""


@act_rule("CS3-A2#3", actions=("request", "issue"))
def sealed_key_is_not_lent(step: Step, books: Books) -> Iterator[Text]:
    """A sealed key is never lent; it is used in an emergency or on the customer's application."""
    if _is_sealed(step.new, step.at, books) and not _is_master(step, books):
        yield text("{key} is sealed; its use is a record of key-seal-use", key=step.new["key"])


@act_rule("CS13-2.1#2", actions=("request", "issue"))
def master_set_is_not_lent(step: Step, books: Books) -> Iterator[Text]:
    """The sealed master set is for emergencies only."""
    if _is_sealed(step.new, step.at, books) and _is_master(step, books):
        yield text(
            "{key} is of the sealed master set; its use is a record of key-seal-use", key=step.new["key"]
        )


@act_rule(actions=("withdraw",), fixed=True)
def requester_withdraws(step: Step, books: Books) -> Iterator[Text]:
    """A request is taken back by the person who made it."""
    # A correction ends the signature on the former values; it is still the same person's request.
    signed = (step.new.first("request") or {}).get("signed", ())
    asked = [each["staff"] for each in signed if each["line"] == "requester"]
    if asked and step.actor not in asked:
        yield text("{actor} did not ask for it; {requester} did", actor=step.actor, requester=asked[0])


@act_rule(actions=("issue",))
def key_is_in_use(step: Step, books: Books) -> Iterator[Text]:
    """A key that was taken out of use is not lent."""
    key = books.get(step.new["key"])
    withdrawn = when(key, "withdraw") if key else None
    if withdrawn and not before(step.at, withdrawn):
        yield text("{key} was taken out of use at {at}", key=step.new["key"], at=withdrawn)


@act_rule("CS13-4.1#1", actions=("approve", "sign", "issue"))
def head_of_a_department_concerned_approves(step: Step, books: Books) -> Iterator[Text]:
    """The head who approves is of the borrower's department or of the key's."""
    concerned = _concerned(step, books)
    for signature in step.new.signatures("approver"):
        if concerned and not books.departments(signature.signer, signature.at) & concerned:
            yield text(
                "{signer} heads none of the departments concerned: {departments}",
                signer=signature.signer,
                departments=", ".join(sorted(concerned)),
            )


@act_rule("CS13-4.2#1", actions=("issue",), fixed=True)
def one_holder_per_key(step: Step, books: Books) -> Iterator[Text]:
    """A key is with one holder at any instant."""
    # A loan that is played again is held against the others only until its return, as the books know it.
    own = books.get(step.new.id) or step.new
    until = when(own, "return")
    if own.state == "void":
        return
    yield from _elsewhere(own, step.at, until, books)


@state_rule("CS13-4.2#1")
def loan_taken_over_has_one_holder(loan: Record, books: Books) -> Iterator[Text]:
    """A key that another book says is out is with one holder at any instant."""
    issued = since(loan, "issued")
    if issued and loan.first("issue") is None:
        yield from _elsewhere(loan, issued, when(loan, "return"), books)


@act_rule("CS13-4.1#3", actions=("request", "correct"))
def loan_is_short(step: Step, books: Books) -> Iterator[Text]:
    """A key is lent for no longer than the policy allows."""
    limits = books.setting("key-loan.longest-by-category", step.at)
    limit = limits.get(category(step.new, books), books.setting("key-loan.longest-minutes", step.at))
    latest = later(step.new.opened, limit)
    if before(latest, step.new["due"]):
        yield text(
            "due {due}; {minutes} minutes from {at} is {latest}",
            due=step.new["due"],
            minutes=limit,
            at=step.new.opened,
            latest=latest,
        )


@act_rule("CS13-4.1#3", actions=("request", "correct"))
def loan_ends_after_it_begins(step: Step, books: Books) -> Iterator[Text]:
    """A key is due back after it was asked for."""
    if not before(step.new.opened, step.new["due"]):
        yield text("due {due} does not lie after {at}", due=step.new["due"], at=step.new.opened)


@act_rule("CS13-4.2#2", actions=("request", "issue"))
def key_is_not_taken_home(step: Step, books: Books) -> Iterator[Text]:
    """A key leaves the premises only where the policy lets it, and is back the same day."""
    if not step.new.get("leaves_premises"):
        return
    if books.setting("key-loan.off-premises", step.at) == "never":
        yield text("a key never leaves the premises")
    elif day_of(step.new["due"]) > day_of(step.at):
        yield text(
            "due {due}; a key that leaves the premises at {at} is back that day",
            due=step.new["due"],
            at=step.at,
        )


@act_rule("CS3-B3#2", "CS9-1.2.3", actions=("return",))
def room_is_left_safe(step: Step, books: Books) -> Iterator[Text]:
    """Whoever brings a room's key back confirms power off, doors and windows shut, and the unit locked."""
    if category(step.new, books) not in books.setting("key-loan.checked-categories", step.at):
        return
    for name in CHECKS:
        if name not in step.sets:
            yield text("{field}: neither confirmed nor denied", field=name)
        elif not step.sets[name] and not step.sets.get("remark"):
            yield text("{field}: not so; it needs a remark", field=name)


@act_rule("CS3-B4#2", "CS9-1.2.4#2", actions=("return",))
def late_return_has_a_cause(step: Step, books: Books) -> Iterator[Text]:
    """The cause is found and recorded for a key that was long overdue."""
    limit = books.setting("key-loan.unexplained-minutes", step.at)
    latest = later(step.new["due"], limit)
    if before(latest, step.at) and not step.new.get("causes"):
        yield text("due {due}, back {at}; explain-overdue comes first", due=step.new["due"], at=step.at)


def _elsewhere(loan: Record, issued: str, until: str | None, books: Books) -> Iterator[Text]:
    for hold in conflicting_holds(loan["key"], issued, until, loan.id, books, ("sealed",)):
        yield text(
            "{key} is {status} with {holder} since {since} ({record})",
            key=hold.thing,
            status=hold.status,
            holder=hold.holder or "-",
            since=hold.since,
            record=hold.record,
        )


def _is_sealed(loan: Record, at: str, books: Books) -> bool:
    key = books.get(loan["key"])
    kept_sealed = key is not None and key.get("set_kind") == "sealed"
    return kept_sealed or any(hold.status == "sealed" for hold in books.holds(loan["key"], at))


def _is_master(step: Step, books: Books) -> bool:
    return category(step.new, books) in books.setting("key.master-categories", step.at)


def _concerned(step: Step, books: Books) -> frozenset[str]:
    """Return the departments one of whose heads may approve; none means any."""
    named = books.setting("key-loan.approver-of", step.at)
    key = books.get(step.new["key"])
    found: set[str] = set()
    if "key" in named and key:
        found.add(key["department"])
    if "borrower" in named:
        found |= books.departments(step.new["borrower"], step.at)
    return frozenset(found)


RULES = (
    *BORROWER_RULES,
    sealed_key_is_not_lent,
    master_set_is_not_lent,
    requester_withdraws,
    key_is_in_use,
    head_of_a_department_concerned_approves,
    one_holder_per_key,
    loan_taken_over_has_one_holder,
    loan_is_short,
    loan_ends_after_it_begins,
    key_is_not_taken_home,
    room_is_left_safe,
    late_return_has_a_cause,
)
