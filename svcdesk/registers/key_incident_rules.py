"""The rules of key incidents: who is told, what is written down, what has to be done before a case closes."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import post_terms
from svcdesk.rules import when

UNITS = ("occupied-unit", "vacant-unit", "in-unit-room")
"""Categories of keys whose loss the CS manager is told of in writing (CS3-B7)."""

HARMED = ("seal-opened", "damaged", "lost", "lock-damaged")
NEED_KEY = ("seal-opened", "damaged", "lost")

REPORT = "written-report"
"""The kind of paper that stands in for the account on the record."""

STEPS = {
    "found": ("report", "hand-in", "reward", "close"),
    "inspection": ("inspect",),
}
"""kind: the steps that it goes through; every other kind goes through all the rest."""

DONE = {"replaced": ("key-recut", "deliver"), "lock-changed": ("key-lock-change", "redistribute")}
"""outcome: the register, and the act in it, that show it."""

OUTCOMES = {
    "seal-opened": ("resealed", "replaced", "lock-changed", "waived"),
    "damaged": ("repaired", "replaced", "lock-changed", "waived"),
    "lost": ("recovered", "replaced", "lock-changed", "waived"),
    "lock-damaged": ("repaired", "lock-changed"),
    "found": ("returned",),
}


def office(record: Record, books: Books) -> str:
    """Return whose case it is: `sealed`, `unit`, `spare-machine-room` or `other`.

    The kind of key decides where it is harmed or lost; keys found and locks go to security.
    """
    key = books.get(record.get("key", ""))
    if key is None or record["kind"] not in NEED_KEY:
        return "other"
    if key["category"] in UNITS:
        return "sealed" if key.get("set_kind") == "sealed" else "unit"
    spare = key["category"] == "machine-room" and key.get("set_kind") == "spare"
    return "spare-machine-room" if spare else "other"


def addressees(record: Record, books: Books, at: str) -> tuple[str, ...]:
    """Return the posts to which an incident is reported."""
    return tuple(books.setting("key-incident.addressees", at)[office(record, books)])


@act_rule("CS3-A6#1", "CS9-1.1.3#1", actions=("report",))
def sealed_key_is_reported_to_the_cs_department(step: Step, books: Books) -> Iterator[Text]:
    """A sealed unit key found opened, damaged or lost is reported to the CS department."""
    yield from _told_elsewhere(step, "sealed", books)


@act_rule("CS3-B7#2", "CS9-1.2.7#2", actions=("report",))
def unit_key_is_reported_to_the_cs_manager(step: Step, books: Books) -> Iterator[Text]:
    """Damage or loss of a unit or room key is reported to the CS manager."""
    yield from _told_elsewhere(step, "unit", books)


@act_rule("CS3-C3#3", actions=("report",))
def spare_key_is_reported_to_the_property_manager(step: Step, books: Books) -> Iterator[Text]:
    """Damage or loss of a spare machine-room key is reported to the property manager."""
    yield from _told_elsewhere(step, "spare-machine-room", books)


@act_rule("CS13-3#3", "CS13-5.1#1", "CS13-7.2#1", actions=("report",))
def all_else_is_reported_to_security(step: Step, books: Books) -> Iterator[Text]:
    """All other keys lost or damaged, keys found and locks damaged are reported to security."""
    yield from _told_elsewhere(step, "other", books)


def _told_elsewhere(step: Step, wanted: str, books: Books) -> Iterator[Text]:
    posts = addressees(step.new, books, step.at)
    if office(step.new, books) == wanted and not books.posts(step.new["told"], step.at) & set(posts):
        office_posts = post_terms(posts, step.at, books)
        yield text("{told} was told; it goes to {posts}", told=step.new["told"], posts=office_posts)


@act_rule(actions=("receive",))
def report_is_received_by_the_office_in_charge(step: Step, books: Books) -> Iterator[Text]:
    """That a report has arrived is confirmed by the office that it goes to."""
    posts = addressees(step.new, books, step.at)
    if not books.posts(step.actor, step.entered) & set(posts):
        office_posts = post_terms(posts, step.at, books)
        yield text("{actor} confirms it; it goes to {posts}", actor=step.actor, posts=office_posts)


@act_rule(actions=("report",))
def report_says_which_key_or_lock(step: Step, books: Books) -> Iterator[Text]:
    """A report names the key, or the place of the lock, and lies after the discovery."""
    kind = step.new["kind"]
    if kind in NEED_KEY and not step.new.get("key"):
        yield text("{kind}: name the key", kind=kind)
    if kind in ("lock-damaged", "found") and not (step.new.get("key") or step.new.get("place")):
        yield text("{kind}: name the key or the place", kind=kind)
    if before(step.at, step.new["discovered"]):
        yield text(
            "reported at {at}, discovered only at {discovered}",
            at=step.at,
            discovered=step.new["discovered"],
        )


@act_rule()
def steps_fit_the_kind(step: Step, books: Books) -> Iterator[Text]:
    """A key that was found is handed in; everything else is received, filed and settled."""
    special = {action for actions in STEPS.values() for action in actions} - {"report", "close"}
    kind = step.new["kind"]
    allowed = STEPS.get(kind)
    named = step.action in ("correct", "void", "sign", "import")
    if not named and (step.action in special if allowed is None else step.action not in allowed):
        yield text("{action} is no step for {kind}", action=step.action, kind=kind)


@act_rule("CS3-A6#2", "CS9-1.1.3#2", actions=("report", "account"))
def account_is_the_reporters_own(step: Step, books: Books) -> Iterator[Text]:
    """The full account is the reporter's own, entered by the reporter or shown as a signed paper."""
    shown = {paper["kind"] for paper in step.act.get("papers", ())}
    if step.sets.get("narrative") and step.actor != step.new["reporter"] and REPORT not in shown:
        yield text(
            "{reporter} reports; {actor} cannot write the account without the paper {paper}",
            reporter=step.new["reporter"],
            actor=step.actor,
            paper=REPORT,
        )


@act_rule("CS3-A6#2", "CS9-1.1.3#2", actions=("settle",))
def sealed_key_case_has_a_full_account(step: Step, books: Books) -> Iterator[Text]:
    """The case of a sealed unit key is settled only on the reporter's full account."""
    yield from _unwritten(step, "sealed", books)


@act_rule("CS3-B7#1", "CS9-1.2.7#1", actions=("settle",))
def unit_key_case_has_a_written_report(step: Step, books: Books) -> Iterator[Text]:
    """Damage or loss of a unit or room key is settled only on a written report."""
    yield from _unwritten(step, "unit", books)


@act_rule("CS3-C3#1", actions=("settle",))
def spare_key_case_has_a_written_report(step: Step, books: Books) -> Iterator[Text]:
    """Damage or loss of a spare machine-room key is settled only on a written report."""
    yield from _unwritten(step, "spare-machine-room", books)


def _unwritten(step: Step, wanted: str, books: Books) -> Iterator[Text]:
    if office(step.new, books) == wanted and not written(step.new):
        yield text("there is no written account; enter it, or show the paper {paper}", paper=REPORT)


def written(incident: Record) -> bool:
    """Tell whether there is a written account of an incident, on the record or as a paper."""
    papers = {paper["kind"] for act in incident.acts for paper in act.get("papers", ())}
    return bool(incident.get("narrative")) or REPORT in papers


@act_rule("CS13-5.1#1", "CS13-3#3", actions=("settle",))
def loss_is_filed_with_security_first(step: Step, books: Books) -> Iterator[Text]:
    """A loss is settled only after security has filed it."""
    if step.new["kind"] == "lost" and not when(step.new, "file"):
        yield text("{record} is not filed with security", record=step.new.id)


@act_rule("CS13-7.1#2", actions=("inspect",))
def violation_is_stopped_at_once(step: Step, books: Books) -> Iterator[Text]:
    """A violation found at an inspection is stopped at once, and how is written down."""
    if step.new.get("violation") and not step.new.get("stopped"):
        yield text("a violation was found; say how it was stopped")


@act_rule(actions=("recover",))
def recovered_key_was_handed_in(step: Step, books: Books) -> Iterator[Text]:
    """A lost key is found again only by the record of its having been handed in to security."""
    found = books.get(step.new["found_in"])
    handed_in = when(found, "hand-in") if found else None
    if step.new["kind"] != "lost":
        yield text("{record} is no loss", record=step.new.id)
    elif found is None or found["kind"] != "found" or not handed_in or before(step.at, handed_in):
        yield text("{record} does not show a key handed in by {at}", record=step.new["found_in"], at=step.at)
    elif found.get("key", step.new["key"]) != step.new["key"]:
        yield text("{record} is about {key}", record=found.id, key=found["key"])


@act_rule("CS3-C3#2", "CS13-5.1#2", actions=("close",))
def case_closes_only_when_made_good(step: Step, books: Books) -> Iterator[Text]:
    """A case closes only when the key or lock is replaced, recovered or mended, or security has waived it."""
    kind, outcome = step.new["kind"], step.new["outcome"]
    if outcome not in OUTCOMES[kind]:
        yield text("{outcome} ends no case of {kind}", outcome=outcome, kind=kind)
    elif outcome in DONE and not made_good(step.new, outcome, step.at, books):
        register, action = DONE[outcome]
        yield text(
            "no {register} of {record} has come to {action} by {at}",
            register=register,
            record=step.new.id,
            action=action,
            at=step.at,
        )
    elif outcome == "recovered" and not when(step.new, "recover"):
        yield text("{record} has not been found again", record=step.new.id)
    elif outcome == "waived" and not when(step.new, "waive"):
        yield text("security has not waived {record}", record=step.new.id)


def made_good(incident: Record, outcome: str, at: str, books: Books) -> bool:
    """Tell whether the replacement or new lock for an incident was finished by `at`."""
    register, action = DONE[outcome]
    finished = (when(other, action) for other in books.find(register, incident=incident.id))
    return any(moment and not before(at, moment) for moment in finished)


RULES = (
    sealed_key_is_reported_to_the_cs_department,
    unit_key_is_reported_to_the_cs_manager,
    spare_key_is_reported_to_the_property_manager,
    all_else_is_reported_to_security,
    report_is_received_by_the_office_in_charge,
    report_says_which_key_or_lock,
    steps_fit_the_kind,
    account_is_the_reporters_own,
    sealed_key_case_has_a_full_account,
    unit_key_case_has_a_written_report,
    spare_key_case_has_a_written_report,
    loss_is_filed_with_security_first,
    violation_is_stopped_at_once,
    recovered_key_was_handed_in,
    case_closes_only_when_made_good,
)
