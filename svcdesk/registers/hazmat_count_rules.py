"""What must hold of a count of hazardous material, and when the next one is due. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.claims import open_rule
from svcdesk.claims import state_rule
from svcdesk.clock import before
from svcdesk.clock import day_of
from svcdesk.clock import instant
from svcdesk.clock import later
from svcdesk.feeds import Books
from svcdesk.feeds import Movement
from svcdesk.ledger_rules import entry
from svcdesk.ledger_rules import holds_good
from svcdesk.ledger_rules import lot_of
from svcdesk.ledger_rules import material_is_on_the_list
from svcdesk.ledger_rules import signed_since
from svcdesk.ledger_rules import slip_rules
from svcdesk.ledger_rules import slips
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import signers

BOTH = ("counter", "second")


def ledger(count: Record) -> Iterator[Movement]:
    """A closed count posts what it found less what the books said."""
    if count.state == "closed" and count.get("difference"):
        yield Movement(
            count["material"],
            count["place"],
            lot_of(count),
            count["difference"],
            count.opened,
            count.id,
        )


def variance(books: Books, old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Take down what the books said at the moment of the count, and the difference."""
    if old is None:
        return {}
    expected = books.balance(old["material"], old["place"], lot_of(old), old.opened)
    return {"expected": expected, "difference": old["quantity"] - expected}


def words(count: Record, books: Books) -> Text:
    """Return what was counted and what the books say."""
    account = count["material"], count["place"], lot_of(count)
    return text(
        "{counted} counted, {expected} by the books at {at}",
        counted=count["quantity"],
        expected=books.balance(*account, count.opened),
        at=count.opened,
    )


@open_rule()
def difference_is_signed_and_closed(count: Record, books: Books) -> Iterator[Text]:
    """A count that differs from the books is signed by both and closed with a reason."""
    if count.state == "counted" and not holds_good(count, books):
        yield words(count, books)


@state_rule()
def closed_count_says_what_the_books_say(count: Record, books: Books) -> Iterator[Text]:
    """With its difference posted, a closed count says what the books say."""
    if count.state == "closed" and not holds_good(count, books):
        yield words(count, books)


@act_rule(actions=("close",))
def difference_has_a_reason(step: Step, books: Books) -> Iterator[Text]:
    """A difference is closed only with a reason, unless it is the opening balance."""
    difference = step.new["difference"]
    if difference and not step.act.get("reason") and not _opens(step.new, books):
        yield text(
            "{counted} counted, {expected} expected; a reason is needed",
            counted=step.new["quantity"],
            expected=step.new["expected"],
        )


def _opens(count: Record, books: Books) -> bool:
    """Tell whether nothing was in the books of this material, place and lot before the count."""
    place = count["place"], lot_of(count)
    return not any(
        (each.place, each.lot) == place and not before(count.opened, each.at) and each.record != count.id
        for each in books.movements(count["material"])
    )


@act_rule(actions=("add", "sign", "close"))
def counter_handed_nothing_out_that_day(step: Step, books: Books) -> Iterator[Text]:
    """Whoever handed a material out that day does not count it."""
    given = {each.get("staff") for each in step.act.get("signed", ()) if each["line"] == "counter"}
    for use in books.find("hazmat-use", material=step.new["material"]) if given else ():
        issue = use.first("issue")
        if issue and issue["by"] in given and _that_day(issue, step):
            yield text("{counter} handed it out that day ({use})", counter=issue["by"], use=use.id)


def _that_day(issue: Mapping[str, Any], step: Step) -> bool:
    """Tell whether an issue lay before the count on its day, and was in the books when it was signed."""
    counted = step.new.opened
    same = day_of(issue["at"]) == day_of(counted) and before(issue["at"], counted)
    return same and not before(step.entered, entry(issue))


@act_rule(actions=("correct",))
def signed_count_is_not_corrected(step: Step, books: Books) -> Iterator[Text]:
    """A count that both have signed is voided, not corrected."""
    if step.old is not None and signed_since(step.old):
        yield text("both have signed {count}; void it and count again", count=step.old.id)


@act_rule(actions=("void",))
def both_signers_release_a_count(step: Step, books: Books) -> Iterator[Text]:
    """A signed count is void only when both who signed it have released it themselves."""
    if step.old is not None and signed_since(step.old):
        for each in dict.fromkeys(_to_release(step.new, set(signers(step.new, "release")))):
            yield text("{signer} has to sign its release first", signer=each)


@act_rule()
def release_is_for_those_who_signed(step: Step, books: Books) -> Iterator[Text]:
    """A signed count is released by those who signed it, and by nobody else."""
    given = [each["staff"] for each in step.act.get("signed", ()) if each["line"] == "release"]
    if step.old is None or not given:
        return
    waiting = _to_release(step.old, set(signers(step.old, "release")))
    for each in given:
        if each not in waiting:
            yield text("the release of {count} does not wait for {signer}", count=step.old.id, signer=each)


def _to_release(count: Record, released: set[str]) -> list[str]:
    """Return who can release a count for a line on which it is not released yet; clones may both have filled one."""
    lines = [signers(count, line) for line in BOTH]
    return [each for line in lines if released.isdisjoint(line) for each in line]


def sheet_due(count: Record, books: Books) -> str | None:
    """Return by when a count is signed by both and its difference closed; None once it is."""
    if signed_since(count) and holds_good(count, books):
        return None
    return later(count.opened, books.setting("hazmat-count.minutes", count.opened))


def next_due(count: Record, books: Books) -> str | None:
    """Return when the place is counted next; None once it has been, or where nothing is left."""
    for other in slips("hazmat-count", count, books):
        if instant(other.opened) > instant(count.opened):
            return None
    account = count["material"], count["place"], lot_of(count)
    last = max((each.at for each in books.movements(account[0])), key=instant, default=count.opened)
    if books.balance(*account, last) <= 0:
        return None
    return later(count.opened, books.setting("hazmat-count.days", count.opened) * 1440)


def counter(count: Record, books: Books) -> str:
    """Return who entered the count."""
    return str(count.acts[0]["by"])


RULES = (
    material_is_on_the_list,
    difference_is_signed_and_closed,
    closed_count_says_what_the_books_say,
    difference_has_a_reason,
    counter_handed_nothing_out_that_day,
    signed_count_is_not_corrected,
    both_signers_release_a_count,
    release_is_for_those_who_signed,
    *slip_rules(ledger),
)
