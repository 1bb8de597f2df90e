"""Carrying an erasure out: the judge first, then the keys, then the record that says so."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from svcdesk.about import in_clear
from svcdesk.about import linked
from svcdesk.books import OpenBooks
from svcdesk.errors import Refused
from svcdesk.keystore import Keystore
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.sealing import needed_store
from svcdesk.sealing import store_of
from svcdesk.session import Done
from svcdesk.session import Session
from svcdesk.workflow import Order

BOOK = "erasure"
UNDER_WAY = ("requested", "approved")


def under_way(books: OpenBooks, subject: str) -> Record | None:
    """Return the erasure of a subject that waits for its next step, or None."""
    return next((each for each in books.find(BOOK, subject=subject) if each.state in UNDER_WAY), None)


def next_step(session: Session, subject: str, basis: str) -> Done:
    """Take the step that comes next: ask for the erasure, approve it, or carry it out; raises Refused."""
    record = under_way(session.books, subject)
    if record is None:
        _refuse_done(session, subject)
        return session.act(Order(BOOK, "request", sets={"subject": subject, "basis": basis}))
    if record.state == "requested":
        return session.act(Order(BOOK, "approve", record.id))
    return carry_out(session, record)


def carry_out(session: Session, record: Record) -> Done:
    """Destroy the keys of an approved erasure and record it; raises Refused before anything is destroyed.

    Killed in between, the keys are gone and not yet recorded as gone: the same command again completes it.
    """
    store = needed_store(session.desk)
    whose = [record["subject"], *linked(session.books, record["subject"])]
    names = {each: _names(store, each) for each in whose}
    order = _order(record, names, in_clear(session.books, record["subject"]))
    session.act(order, dry_run=True)
    note = {"desk": session.desk.config.id, "erasure": record.id, "acts": [_signed(act) for act in record.acts]}
    for each in names:
        store.erase(each, note)
    return session.act(order)


def _refuse_done(session: Session, subject: str) -> None:
    """Raise Refused where all keys of a subject are destroyed already, as far as the key store is at hand."""
    store = store_of(session.desk)
    whose = (subject, *linked(session.books, subject)) if store else ()
    if store and any(map(store.erased, whose)) and not any(map(store.of, whose)):
        done = [each.id for each in session.books.find(BOOK, subject=subject) if each.state == "erased"]
        raise Refused(text("all keys of {subject} are destroyed already: {records}", subject=subject, records=done))


def _names(store: Keystore, subject: str) -> Sequence[str]:
    return sorted({*(each.name for each in store.of(subject)), *store.erased(subject)})


def _order(record: Record, names: dict[str, Sequence[str]], clear: Mapping[str, int]) -> Order:
    every = sorted(name for each in names.values() for name in each)
    sets: dict[str, Any] = {
        "keys": len(every),
        "digest": sha256("".join(f"{name}\n" for name in every).encode("ascii")).hexdigest(),
    }
    also = [each for each in names if each != record["subject"] and names[each]]
    if also:
        sets["also"] = also
    if clear:
        sets |= {"clear": sum(clear.values()), "clear_on": sorted(clear)}
    return Order(BOOK, "carry-out", record.id, sets=sets)


def _signed(act: Any) -> dict[str, str]:
    return {"action": act["action"], "by": act["by"], "at": act["at"]}
