"""What must hold when a key is asked for, approved, handed out and taken back. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.clock import before
from svcdesk.clock import day_of
from svcdesk.clock import later
from svcdesk.model import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import act_rule
from svcdesk.model import state_rule
from svcdesk.model import text
from svcdesk.rules import conflicting_holds
from svcdesk.rules import is_staff
from svcdesk.rules import signers
from svcdesk.rules import since
from svcdesk.rules import when

CHECKS = ("power_off", "doors_locked", "windows_shut", "unit_locked")
"""What is looked at when a room's key comes back."""


@act_rule("CS13-4.3", actions=("request", "issue"))
def borrower_is_staff(step: Step, books: Books) -> Iterator[Text]:
    """Only staff of the management office borrow keys."""
    if not is_staff(step.new["borrower"], step.at, books):
        yield text("{borrower} held no post at {at}", borrower=step.new["borrower"], at=step.at)


@act_rule("CS3-B5#2", "CS9-1.2.5#2", "CS13-4.3", actions=("request", "issue"))
def key_stays_with_staff(step: Step, books: Books) -> Iterator[Text]:
    """A key goes to people outside the staff only where the policy lets it."""
    outsider = step.new.get("outsider")
    never = books.setting("key-loan.outsiders", step.at) == "never"
    if outsider and never and not step.new.get("contractor"):
        yield text("{outsider} is not staff; a key is lent to staff only", outsider=outsider)


@act_rule("CS3-B6#2", "CS9-1.2.6#2", actions=("request", "issue"))
def contractors_workers_borrow_nothing(step: Step, books: Books) -> Iterator[Text]:
    """A contractor's workers do not borrow keys; staff borrow for them."""
    if step.new.get("contractor") and step.new.get("outsider"):
        yield text(
            "{outsider} works for {contractor}; the borrower keeps the key himself",
            outsider=step.new["outsider"],
            contractor=step.new["contractor"],
        )


@act_rule("CS3-B6#1", "CS9-1.2.6#1", actions=("request", "issue"))
def contractor_key_is_signed_for_by_engineering_or_a_manager(step: Step, books: Books) -> Iterator[Text]:
    """The key for an outside contractor is borrowed by engineering staff or a manager."""
    if step.new.get("contractor") or step.new.get("use") == "contractor":
        yield from _needs_post(step, "key-loan.contractor-borrowers", books)


@act_rule("CS3-B3#1", actions=("request", "issue"))
def viewing_is_borrowed_by_leasing_staff(step: Step, books: Books) -> Iterator[Text]:
    """The key for a customer's viewing is borrowed by leasing staff in their own name."""
    if step.new.get("use") == "viewing":
        yield from _needs_post(step, "key-loan.viewing-borrowers", books)


@act_rule("CS3-C2", actions=("request", "issue"))
def assistant_opens_a_machine_room_only_for_cause(step: Step, books: Books) -> Iterator[Text]:
    """An assistant borrows a machine-room key only under special circumstances, which are recorded."""
    barred = set(books.setting("key-loan.barred-from-machine-rooms", step.at))
    if _category(step.new, books) == "machine-room" and not step.new.get("circumstance"):
        for post in sorted(barred & books.posts(step.new["borrower"], step.at)):
            yield text(
                "{borrower} is {post}; a machine room needs special circumstances",
                borrower=step.new["borrower"],
                post=post,
            )


@act_rule("CS3-B2#1", actions=("issue", "return"))
def vacant_unit_is_lent_by_the_assistant(step: Step, books: Books) -> Iterator[Text]:
    """Keys of vacant units are handed out and taken back by the assistant only."""
    posts = books.setting("key-loan.vacant-unit-issuer", step.at)
    if _category(step.new, books) == "vacant-unit" and not books.posts(step.actor, step.entered) & set(posts):
        yield text("{actor} is none of {posts}", actor=step.actor, posts=" | ".join(posts))


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


@act_rule("CS13-4.2#1", actions=("correct",), fixed=True)
def borrower_never_changes(step: Step, books: Books) -> Iterator[Text]:
    """A key that is out passes to nobody else: it comes back and is lent anew."""
    if step.old is None or step.old.first("issue") is None:
        return
    for name in ("borrower", "key"):
        if step.new.get(name) != step.old.get(name):
            yield text(
                "{field} was {old} when the key was handed out; void this loan and enter a new one",
                field=name,
                old=step.old.get(name),
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
    limits = books.setting("key-loan.longest-by-category", step.at)
    limit = limits.get(_category(step.new, books), books.setting("key-loan.longest-minutes", step.at))
    latest = later(step.at, limit)
    if before(latest, step.new["due"]):
        yield text(
            "due {due}; {minutes} minutes from {at} is {latest}",
            due=step.new["due"],
            minutes=limit,
            at=step.at,
            latest=latest,
        )


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
    if _category(step.new, books) not in books.setting("key-loan.checked-categories", step.at):
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


def _needs_post(step: Step, setting: str, books: Books) -> Iterator[Text]:
    posts = books.setting(setting, step.at)
    if not books.posts(step.new["borrower"], step.at) & set(posts):
        yield text("{borrower} is none of {posts}", borrower=step.new["borrower"], posts=" | ".join(posts))


def _category(loan: Record, books: Books) -> str:
    key = books.get(loan["key"])
    return str(key.get("category", "")) if key else ""


def _is_sealed(loan: Record, at: str, books: Books) -> bool:
    key = books.get(loan["key"])
    kept_sealed = key is not None and key.get("set_kind") == "sealed"
    return kept_sealed or any(hold.status == "sealed" for hold in books.holds(loan["key"], at))


def _is_master(step: Step, books: Books) -> bool:
    return _category(step.new, books) in books.setting("key.master-categories", step.at)


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
    borrower_is_staff,
    key_stays_with_staff,
    contractors_workers_borrow_nothing,
    contractor_key_is_signed_for_by_engineering_or_a_manager,
    viewing_is_borrowed_by_leasing_staff,
    assistant_opens_a_machine_room_only_for_cause,
    vacant_unit_is_lent_by_the_assistant,
    sealed_key_is_not_lent,
    master_set_is_not_lent,
    key_is_in_use,
    head_of_a_department_concerned_approves,
    one_holder_per_key,
    loan_taken_over_has_one_holder,
    borrower_never_changes,
    borrower_signs_for_himself,
    loan_is_short,
    key_is_not_taken_home,
    room_is_left_safe,
    late_return_has_a_cause,
)
