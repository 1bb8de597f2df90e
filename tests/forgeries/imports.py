"""Rows that no sheet accounts for."""

from __future__ import annotations

import hashlib
from typing import Any

from svcdesk import yamlio
from svcdesk.contents import contents
from svcdesk.model import Step
from svcdesk.objects import object_id
from tests.forgeries import world
from tests.forgeries.catalogue import forgery
from tests.forgeries.making import approval
from tests.forgeries.making import honest
from tests.forgeries.making import words
from tests.forging import Forger

SIGNED = "2026-11-22T12:00:00+08:00"
NOW = "2026-11-22T12:20:00+08:00"
COUNTS = {"rows": 1, "new": 1, "changed": 0, "unchanged": 0, "left_alone": 0, "rejected": 0}
WHAT = {"book": "customer", "file": "more.csv", "source": "a" * 64, "map": "b" * 64}


def row(forger: Forger, base: str, record: str = "", batch: str = "", **rest: Any) -> Step:
    """Return the step by which a row of a sheet opens a customer's record."""
    sets = {"name": "Tenant Tang", "kind": "tenant", **rest.pop("sets", {})}
    source = {"import": batch or forger.world.next_sheet, "row": 1}
    given = {"ref": "3", "state": "active", "source": source, **rest}
    return forger.step(
        record or forger.world.next_customer,
        "import",
        forger.world.admin,
        NOW,
        base,
        sets=sets,
        new=True,
        **given,
    )


def proposed(forger: Forger, *rows: Step) -> str:
    """Commit an import that one has proposed and the other has signed: of these rows, or of one."""
    sets = {**WHAT, **COUNTS, "contents": contents(rows or [row(forger, "main")])}
    importer = [{"line": "importer", "staff": forger.world.admin}]
    step = forger.step(
        forger.world.next_sheet,
        "propose",
        forger.world.admin,
        "2026-11-22T11:00:00+08:00",
        sets=sets,
        signed=importer,
        new=True,
    )
    base = honest(forger, step)
    second = [{"line": "second", "staff": forger.world.keeper}]
    return honest(
        forger,
        forger.step(forger.world.next_sheet, "sign", forger.world.keeper, SIGNED, base, signed=second),
        base=base,
    )


def carried_out(forger: Forger, base: str, *rows: Step, **sets: Any) -> Step:
    """Return the step on the book of imports that accounts for these rows."""
    blobs = sorted(object_id("blob", yamlio.dump(each.new.data)) for each in rows)
    digest = hashlib.sha256("\n".join(blobs).encode()).hexdigest()
    brought = {"contents": contents(rows), "digest": digest}
    given = {**WHAT, **COUNTS, **brought, "first": rows[0].new.id, "last": rows[-1].new.id, **sets}
    return forger.step(forger.world.next_sheet, "carry-out", forger.world.admin, NOW, base, sets=given)


def taken_over(forger: Forger, base: str, *steps: Step, **how: Any) -> str:
    """Commit an import as svcdesk would."""
    return honest(forger, *steps, base=base, words=words(forger, *steps, kind="import", base=base), **how)


def honest_import(forger: Forger) -> str:
    """Carry out what two have signed."""
    base = proposed(forger)
    taken = row(forger, base)
    return taken_over(forger, base, carried_out(forger, base, taken), taken)


@forgery("import-rows", "next_customer", "N-row")
def adds_a_row_to_an_old_import(forger: Forger) -> str:
    """A single record that names an import of long ago as its source."""
    return honest(forger, row(forger, "main", batch=forger.world.sheet))


@forgery("import-rows", "next_sheet", "N-more-rows")
def takes_over_more_than_was_signed(forger: Forger) -> str:
    """A record more than the import accounts for."""
    base = proposed(forger)
    taken, more = row(forger, base), row(forger, base, forger.world.number("CU-*0004"), ref="4")
    return taken_over(forger, base, carried_out(forger, base, taken), taken, more)


@forgery("import-rows", "next_sheet", "N-other-rows")
def takes_over_other_rows(forger: Forger) -> str:
    """Other content than the import's digest stands for."""
    base = proposed(forger)
    taken = row(forger, base)
    other = row(forger, base, sets={"name": "Tenant Tong"})
    return taken_over(forger, base, carried_out(forger, base, taken), other)


@forgery("import-rows", "next_sheet", "N-counts")
def miscounts_the_rows(forger: Forger) -> str:
    """The import says that a row was changed; it is new."""
    base = proposed(forger)
    taken = row(forger, base)
    counts = {"new": 0, "changed": 1}
    return taken_over(forger, base, carried_out(forger, base, taken, **counts), taken)


@forgery("import-rows", "admin", "N-foreign-act")
def lets_an_act_ride_on_an_import(forger: Forger) -> str:
    """Another act of his within the commit of an import."""
    base = proposed(forger)
    taken = row(forger, base)
    ride = forger.step(forger.world.admin, "change", forger.world.admin, NOW, base, sets={"phone": "12345"})
    return taken_over(forger, base, carried_out(forger, base, taken), taken, ride)


@forgery("import-rows", "requested", "N-called-import")
def calls_an_act_an_import(forger: Forger) -> str:
    """Two acts under a message that needs to name only one."""
    step = approval(forger)
    other = forger.step(forger.world.head, "change", forger.world.head, world.NOW, sets={"phone": "12345"})
    return honest(forger, step, other, words=words(forger, step, other, kind="import"))


@forgery("second-admin-signs-an-import", "next_sheet", "N-import-second")
def imports_alone(forger: Forger) -> str:
    """One of two who keep the desk takes a sheet over by himself."""
    taken = row(forger, "main")
    return taken_over(forger, "main", _loaded(forger, taken), taken)


def _loaded(forger: Forger, taken: Step) -> Step:
    digest = hashlib.sha256(object_id("blob", yamlio.dump(taken.new.data)).encode()).hexdigest()
    brought = {"contents": contents([taken]), "digest": digest}
    sets = {**WHAT, **COUNTS, **brought, "first": taken.new.id, "last": taken.new.id}
    signed = [{"line": "importer", "staff": forger.world.admin}]
    return forger.step(
        forger.world.next_sheet, "load", forger.world.admin, NOW, sets=sets, signed=signed, new=True
    )


@forgery("second-signs", "next_sheet", "N-import-unsigned")
def carries_out_what_nobody_signed(forger: Forger) -> str:
    """A proposal is carried out that only one has signed."""
    base = forger.git("rev-parse", f"{proposed(forger)}^")
    taken = row(forger, base)
    return taken_over(forger, base, carried_out(forger, base, taken), taken)


@forgery("what-was-signed-is-imported", "next_sheet", "H26-import")
def swaps_the_sheet_that_was_signed(forger: Forger) -> str:
    """Another sheet than the one that two have signed."""
    base = proposed(forger)
    taken = row(forger, base)
    return taken_over(forger, base, carried_out(forger, base, taken, source="c" * 64), taken)


@forgery("what-was-signed-is-imported", "next_sheet", "H26-rows")
def swaps_the_rows_that_were_signed(forger: Forger) -> str:
    """Another row than two have signed, under the same sheet and with figures of its own."""
    base = proposed(forger)
    taken = row(forger, base, sets={"name": "Tenant Tong"})
    return taken_over(forger, base, carried_out(forger, base, taken), taken)


@forgery("import-rows", "next_sheet", "H26-figure")
def takes_other_rows_for_those_that_were_signed(forger: Forger) -> str:
    """The same, and the figure of what was signed."""
    base = proposed(forger)
    taken = row(forger, base, sets={"name": "Tenant Tong"})
    signed = {"contents": contents([row(forger, base)])}
    return taken_over(forger, base, carried_out(forger, base, taken, **signed), taken)


@forgery("import-right", "next_customer", "N-import-right")
def imports_without_the_right(forger: Forger) -> str:
    """The clerk takes a row over."""
    sets = {"name": "Tenant Tang", "kind": "tenant"}
    source = {"import": forger.world.sheet, "row": 3}
    step = forger.step(
        forger.world.next_customer,
        "import",
        forger.world.clerk,
        world.NOW,
        sets=sets,
        ref="3",
        state="active",
        source=source,
        new=True,
    )
    return honest(forger, step)


@forgery("footprint", "next_customer", "N-import-signed")
def takes_signatures_over(forger: Forger) -> str:
    """A row that brings a signature of its own."""
    base = proposed(forger)
    taken = row(forger, base, signed=[{"line": "approver", "staff": forger.world.head}])
    return taken_over(forger, base, carried_out(forger, base, taken), taken)


@forgery("ref-once", "next_customer", "N-import-twice")
def takes_a_row_over_twice(forger: Forger) -> str:
    """A row that an earlier import has taken over becomes a second record."""
    base = proposed(forger)
    taken = row(forger, base, ref="1", sets={"name": "Tenant Tao"})
    return taken_over(forger, base, carried_out(forger, base, taken), taken)
