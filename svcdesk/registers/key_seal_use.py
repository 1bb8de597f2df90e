"""Uses of sealed keys (封存钥匙使用记录): in an emergency, or on the customer's written application."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.clock import later
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.feeds import Case
from svcdesk.feeds import Hold
from svcdesk.model import Record
from svcdesk.registers.key_seal_use_rules import RULES
from svcdesk.registers.key_seal_use_rules import in_emergency
from svcdesk.registers.key_seal_use_rules import is_emergency
from svcdesk.registers.key_seal_use_rules import is_witnessed
from svcdesk.registers.key_seal_use_rules import of_customer
from svcdesk.registers.key_seal_use_rules import on_application
from svcdesk.registers.key_seal_use_settings import SETTINGS
from svcdesk.rules import when

ASSISTANT = Who(setting="key-seal-use.assistant")
GUARD = Who(setting="key-seal-use.guard")
KEEPER = Who(setting="key-seal-use.keeper", clauses=("CS3-A2#3",))
MANAGER = Who(posts=("cs-manager",))
GENERAL_MANAGER = Who(posts=("general-manager",))


def emergency(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """The ground is decided by the form that was filled in."""
    return {"ground": "emergency"}


def custody(use: Record) -> Iterator[Hold]:
    """The key is out of its seal from the opening until it is sealed again."""
    opened = use.first("open")
    if opened:
        yield Hold(use["key"], opened["by"], "unsealed", opened["at"], when(use, "reseal"), use.id)


def case(use: Record) -> Case | None:
    """A use stays open until its records are filed."""
    if use.state in ("filed", "refused"):
        return None
    return Case(use.id, str(use.acts[0]["by"]), use.opened, None)


def application_due(use: Record, books: Books) -> str | None:
    """Return by when seal and signature are on the application, counted from the end of the use."""
    ended = when(use, "reseal")
    if ended is None or is_emergency(use) or (use.get("company_seal") and use.signatures("user")):
        return None
    return later(ended, books.setting("key-seal-use.application-minutes", ended))


REGISTER = Register(
    name="key-seal-use",
    prefix="KU",
    title="Uses of sealed keys",
    area="key",
    book="seal-use",
    columns=("id", "state", "key", "ground", "purpose"),
    lines=(
        Line("requester", "requester"),
        Line("applicant", "applying CS manager", MANAGER, clauses=("CS3-A3#2",), needed=in_emergency),
        Line(
            "general-manager",
            "general manager",
            GENERAL_MANAGER,
            differs=("applicant",),
            clauses=("CS3-A3#2",),
            needed=in_emergency,
        ),
        Line("consent", "consenting CS manager", MANAGER, clauses=("CS3-A4#3",), needed=on_application),
        Line(
            "assistants",
            "assistants present",
            ASSISTANT,
            count=2,
            differs=("guard",),
            assurance="attested",
            clauses=("CS3-A3#3",),
            needed=is_witnessed,
        ),
        Line(
            "guard",
            "security guard present",
            GUARD,
            differs=("assistants",),
            assurance="attested",
            clauses=("CS3-A3#3",),
            needed=is_witnessed,
        ),
        Line(
            "assistants-confirm",
            "assistants, in their own hand",
            ASSISTANT,
            count=2,
            clauses=("CS3-A3#3",),
            needed=is_witnessed,
        ),
        Line(
            "guard-confirms",
            "security guard, in his own hand",
            GUARD,
            clauses=("CS3-A3#3",),
            needed=is_witnessed,
        ),
        Line(
            "user",
            "user",
            Who(customer=True),
            assurance="attested",
            clauses=("CS3-A4#4",),
            needed=on_application,
        ),
        Line("manager", "CS manager", MANAGER, clauses=("CS3-A5#2",), needed=of_customer),
    ),
    actions=(
        Action(
            "emergency",
            "Ask to use a sealed key in an emergency.",
            to="requested",
            needs=("key", "purpose"),
            takes=("customer", "attempts"),
            adds=("attempts",),
            signs="requester",
            clauses=("CS3-A2#3",),
            completes=emergency,
        ),
        Action(
            "apply",
            "Enter the written application of a customer who forgot or lost his key.",
            to="requested",
            needs=("key", "ground", "customer", "purpose"),
            signs="requester",
            papers=("application",),
            clauses=("CS3-A4#1",),
        ),
        Action(
            "attempt",
            "Record an attempt to reach the customer.",
            source=("requested", "submitted"),
            needs=("attempts",),
            adds=("attempts",),
            clauses=("CS3-A3#1",),
        ),
        Action(
            "confirm",
            "Record what the unit's person in charge said.",
            source=("requested", "consented"),
            needs=("confirmed_with", "confirmation"),
            may=ASSISTANT,
            clauses=("CS3-A4#2",),
        ),
        Action(
            "submit",
            "Apply to the general manager, as CS manager.",
            to="submitted",
            source=("requested",),
            signs="applicant",
        ),
        Action(
            "approve",
            "Approve an emergency use, as general manager.",
            to="approved",
            source=("submitted",),
            signs="general-manager",
        ),
        Action(
            "consent",
            "Consent to a customer's application, as CS manager.",
            to="consented",
            source=("requested",),
            signs="consent",
        ),
        Action(
            "refuse",
            "Refuse the use.",
            to="refused",
            source=("requested", "submitted"),
            may=Who(posts=("cs-manager", "general-manager", "security-manager")),
            reason=True,
        ),
        Action(
            "open",
            "Break the seal, with the record before the use.",
            to="opened",
            source=("requested", "submitted", "approved", "consented"),
            may=KEEPER,
            needs=("state_before",),
            lines=("applicant", "general-manager", "consent", "assistants", "guard"),
            clauses=("CS3-A5#1",),
        ),
        Action(
            "reseal",
            "Seal the key again, with the record after the use.",
            to="resealed",
            source=("opened",),
            may=KEEPER,
            needs=("state_after", "seal"),
            clauses=("CS3-A5#1",),
        ),
        Action(
            "complete",
            "Enter that the application bears company seal and user's signature.",
            source=("resealed",),
            may=KEEPER,
            needs=("company_seal",),
            lines=("user",),
            clauses=("CS3-A4#4",),
        ),
        Action(
            "file",
            "File the records of the use.",
            to="filed",
            source=("resealed",),
            may=KEEPER,
            lines=("user", "manager", "assistants-confirm", "guard-confirms"),
            clauses=("CS3-A5#2",),
        ),
    ),
    rules=RULES,
    deadlines=(
        Deadline(
            "application-back",
            ("CS3-A4+",),
            "The application comes back with the company's seal and the user's signature.",
            ("resealed",),
            application_due,
            lambda use, books: str(use.acts[0]["by"]),
        ),
    ),
    feeds=Feeds(custody=custody, case=case),
    settings=SETTINGS,
    final=("filed", "refused"),
)
