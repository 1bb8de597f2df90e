"""Who may borrow which key, for whom, and from whom. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import is_staff
from svcdesk.rules import post_terms
from svcdesk.rules import signers
from svcdesk.rules import since


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
    if category(step.new, books) == "machine-room" and not step.new.get("circumstance"):
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
    if category(step.new, books) == "vacant-unit" and not books.posts(step.actor, step.entered) & set(posts):
        yield text("{actor} is none of {posts}", actor=step.actor, posts=post_terms(posts, step.at, books))


@act_rule("CS13-4.1#2", actions=("issue",))
def borrower_signs_for_himself(step: Step, books: Books) -> Iterator[Text]:
    """The borrower's line is signed by the borrower, not by a colleague."""
    for signer in signers(step.new, "borrower"):
        if signer != step.new["borrower"]:
            yield text(
                "{signer} signed, the borrower is {borrower}", signer=signer, borrower=step.new["borrower"]
            )


@act_rule("CS13-4.1#1", actions=("approve", "sign"))
def nobody_approves_his_own_loan(step: Step, books: Books) -> Iterator[Text]:
    """Who borrows a key does not approve the loan, not even as the deputy of a head."""
    if step.new["borrower"] in signers(step.new, "approver"):
        yield text("{borrower} borrows the key; another head approves", borrower=step.new["borrower"])


@act_rule("CS13-4.2#1", actions=("correct",), fixed=True)
def borrower_never_changes(step: Step, books: Books) -> Iterator[Text]:
    """A key that is out passes to nobody else: it comes back and is lent anew."""
    if step.old is None or since(step.old, "issued", "issue") is None:
        return
    for name in ("borrower", "key"):
        if step.new.get(name) != step.old.get(name):
            yield text(
                "{field} was {old} when the key was handed out; void this loan and enter a new one",
                field=name,
                old=step.old.get(name),
            )


def _needs_post(step: Step, setting: str, books: Books) -> Iterator[Text]:
    posts = books.setting(setting, step.at)
    if not books.posts(step.new["borrower"], step.at) & set(posts):
        wanted = post_terms(posts, step.at, books)
        yield text("{borrower} is none of {posts}", borrower=step.new["borrower"], posts=wanted)


def category(loan: Record, books: Books) -> str:
    """Return the category of the key that is lent."""
    key = books.get(loan["key"])
    return str(key.get("category", "")) if key else ""


BORROWER_RULES = (
    borrower_is_staff,
    key_stays_with_staff,
    contractors_workers_borrow_nothing,
    contractor_key_is_signed_for_by_engineering_or_a_manager,
    viewing_is_borrowed_by_leasing_staff,
    assistant_opens_a_machine_room_only_for_cause,
    vacant_unit_is_lent_by_the_assistant,
    borrower_signs_for_himself,
    nobody_approves_his_own_loan,
    borrower_never_changes,
)
