"""Imports: sheets taken over from other books, each in one act that accounts for every row."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.declared import Action
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.feeds import Books
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import ADMIN
from svcdesk.rules import keepers

WHAT = ("book", "file", "source", "map", "rows", "contents")
COUNTS = ("new", "changed", "unchanged", "left_alone", "rejected")


@act_rule(actions=("load",), fixed=True)
def second_admin_signs_an_import(step: Step, books: Books) -> Iterator[Text]:
    """Once two people keep the desk, an import is proposed by one and signed by another before it is made."""
    if (count := len(keepers(step, books))) > 1:
        yield text("{count} people keep the desk; a proposal that two have signed is needed", count=count)


@act_rule(actions=("carry-out",), fixed=True)
def what_was_signed_is_imported(step: Step, books: Books) -> Iterator[Text]:
    """What is imported is what was proposed and signed: the same rows by the same map."""
    for name in WHAT:
        if step.old is not None and step.old.get(name) != step.new.get(name):
            yield text(
                "{field} is {value}, what was signed is {signed}",
                field=name,
                value=str(step.new.get(name)),
                signed=str(step.old.get(name)),
            )


@act_rule(actions=("correct", "void"), fixed=True)
def import_that_was_made_stays(step: Step, books: Books) -> Iterator[Text]:
    """An import that was made is neither corrected nor declared void: its records rest on it."""
    if step.old is not None and step.old.state == "loaded":
        yield text("{rows} rows rest on it; void the records that are wrong", rows=step.old["rows"])


REGISTER = Register(
    name="import",
    prefix="IM",
    title="Imports",
    area="import",
    columns=("id", "state", "book", "file", "rows", *COUNTS),
    lines=(
        Line("importer", "importer", ADMIN),
        Line("second", "second desk-admin", ADMIN, differs=("importer",)),
    ),
    actions=(
        Action(
            "load",
            "Take a sheet over.",
            to="loaded",
            needs=(*WHAT, *COUNTS, "digest"),
            takes=("first", "last"),
            may=ADMIN,
            signs="importer",
        ),
        Action(
            "propose",
            "Propose to take a sheet over.",
            to="proposed",
            needs=(*WHAT, *COUNTS),
            may=ADMIN,
            signs="importer",
        ),
        Action(
            "carry-out",
            "Take over the sheet that was proposed.",
            to="loaded",
            source=("proposed",),
            needs=(*WHAT, *COUNTS, "digest"),
            takes=("first", "last"),
            may=ADMIN,
            lines=("importer", "second"),
        ),
        Action(
            "withdraw", "Take a proposal back.", to="withdrawn", source=("proposed",), may=ADMIN, reason=True
        ),
    ),
    rules=(second_admin_signs_an_import, what_was_signed_is_imported, import_that_was_made_stays),
    final=("loaded", "withdrawn"),
    corrects=ADMIN,
)
