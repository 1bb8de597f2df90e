"""What must hold when a sealed key is asked for, opened, sealed again and filed. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import conflicting_holds
from svcdesk.rules import signers
from svcdesk.rules import when

PAIRS = (("assistants", "assistants-confirm"), ("guard", "guard-confirms"))


def is_emergency(use: Record) -> bool:
    """Tell the procedure of CS3-A3 from that of CS3-A4."""
    return bool(use["ground"] == "emergency")


def of_customer(use: Record, books: Books) -> bool:
    """Tell a customer's entrusted key from the house's own master set, by the category of the key."""
    key = books.get(use["key"])
    return key is None or key.get("category") not in books.setting("key.master-categories", use.opened)


def in_emergency(use: Record, books: Books) -> bool:
    """The general manager is asked where a customer's key is used in an emergency."""
    return of_customer(use, books) and is_emergency(use)


def on_application(use: Record, books: Books) -> bool:
    """The CS manager consents where the customer has applied."""
    return not is_emergency(use)


def is_witnessed(use: Record, books: Books) -> bool:
    """Two assistants and a guard are present, as far as the policy asks for them."""
    if not of_customer(use, books):
        return bool(books.setting("key-seal-use.witnesses-for-master", use.opened))
    return is_emergency(use) or bool(books.setting("key-seal-use.witnesses-on-application", use.opened))


@act_rule(actions=("emergency", "apply"))
def only_a_sealed_key_is_opened(step: Step, books: Books) -> Iterator[Text]:
    """The key is a sealed one; others are lent."""
    key = books.get(step.new["key"])
    kept_sealed = key is not None and key.get("set_kind") == "sealed"
    if not kept_sealed and not any(each.status == "sealed" for each in books.holds(step.new["key"], step.at)):
        yield text("{key} is not sealed; it is lent by key-loan", key=step.new["key"])


@act_rule("CS3-A2#3", actions=("apply",))
def ground_is_one_of_the_application(step: Step, books: Books) -> Iterator[Text]:
    """A customer applies because the key was forgotten or lost; an emergency has a form of its own."""
    if step.new.get("ground") == "emergency":
        yield text("ground emergency; take the action emergency")


@act_rule("CS13-2.1#2", actions=("apply",))
def master_set_is_for_emergencies(step: Step, books: Books) -> Iterator[Text]:
    """The sealed master set is opened in emergencies only."""
    if not of_customer(step.new, books):
        yield text("{key} is of the master set; only an emergency opens it", key=step.new["key"])


@act_rule(actions=("submit", "approve", "consent", "complete"))
def procedure_follows_the_ground(step: Step, books: Books) -> Iterator[Text]:
    """An emergency goes to the general manager, an application to the CS manager."""
    if is_emergency(step.new) == (step.action in ("consent", "complete")):
        yield text(
            "the ground is {ground}; {action} is not for it", ground=step.new["ground"], action=step.action
        )


@act_rule("CS3-A3#1", actions=("open",))
def customer_could_not_be_reached(step: Step, books: Books) -> Iterator[Text]:
    """In an emergency the key is opened only after the customer could not be reached or could not come."""
    if not is_emergency(step.new) or not of_customer(step.new, books):
        return
    attempts = step.new.get("attempts", ())
    if not attempts:
        yield text("no attempt to reach the customer is recorded")
    elif attempts[-1]["result"] == "comes":
        yield text("the customer was reached at {at} and comes", at=attempts[-1]["when"])


@act_rule("CS3-A4#2", actions=("open",))
def person_in_charge_confirmed(step: Step, books: Books) -> Iterator[Text]:
    """The unit's person in charge confirms a customer's application before the key is used."""
    if is_emergency(step.new):
        return
    if step.new.get("confirmed_with") is None:
        yield text("nobody in charge of the unit was asked; confirm comes first")
    elif step.new["confirmation"] == "denied":
        yield text("the unit's person in charge denied it")


@act_rule(actions=("open",), fixed=True)
def key_is_nowhere_else(step: Step, books: Books) -> Iterator[Text]:
    """A sealed key that is opened is with nobody else."""
    own = books.get(step.new.id) or step.new
    if own.state == "void":
        return
    until = when(own, "reseal")
    for hold in conflicting_holds(step.new["key"], step.at, until, own.id, books, ("sealed", "seal-broken")):
        yield text(
            "{key} is {status} since {since} ({record})",
            key=hold.thing,
            status=hold.status,
            since=hold.since,
            record=hold.record,
        )


@act_rule("CS3-A4#4", actions=("complete", "file"))
def application_is_complete(step: Step, books: Books) -> Iterator[Text]:
    """The application bears the customer's company seal before it is filed."""
    if not is_emergency(step.new) and not step.new.get("company_seal"):
        yield text("the company seal is missing on the application")


@act_rule("CS3-A4#4", actions=("complete", "file"))
def user_is_the_customer(step: Step, books: Books) -> Iterator[Text]:
    """The application is signed for the customer who made it."""
    for signer in signers(step.new, "user"):
        if signer != step.new.get("customer"):
            yield text(
                "{signer} signed, the customer is {customer}",
                signer=signer,
                customer=step.new.get("customer"),
            )


@act_rule("CS3-A3#3", actions=("file",))
def witnesses_are_those_who_were_present(step: Step, books: Books) -> Iterator[Text]:
    """Those who were present at the opening sign in their own hand before the records are filed."""
    for present, confirmed in PAIRS:
        for signer in signers(step.new, confirmed):
            if signer not in signers(step.new, present):
                yield text("{signer} was not present at the opening", signer=signer)


RULES = (
    only_a_sealed_key_is_opened,
    ground_is_one_of_the_application,
    master_set_is_for_emergencies,
    procedure_follows_the_ground,
    customer_could_not_be_reached,
    person_in_charge_confirmed,
    key_is_nowhere_else,
    application_is_complete,
    user_is_the_customer,
    witnesses_are_those_who_were_present,
)
