"""Stations: the letters under which clones number their records, each claimed once."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.claims import state_rule
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import ADMIN


@state_rule()
def letter_is_claimed_once(station: Record, books: Books) -> Iterator[Text]:
    """A letter is one station's, even after that was retired: two would give the same numbers."""
    for other in books.find("station", letter=station.get("letter")):
        if other.id != station.id:
            yield text("the letter {letter} is that of {station}", letter=station["letter"], station=other.id)


@act_rule(actions=("correct",), fixed=True)
def letter_stays(step: Step, books: Books) -> Iterator[Text]:
    """A station keeps its letter: its numbers are known by it."""
    if "letter" in step.sets:
        yield text("numbers were given under {letter}; claim another for this clone", letter=step.new["letter"])


REGISTER = Register(
    name="station",
    prefix="ST",
    title="Stations",
    area="station",
    dated=False,
    sharded=False,
    columns=("id", "state", "letter", "note"),
    actions=(
        Action("claim", "Claim a letter for this clone.", to="claimed", needs=("letter",), takes=("note",)),
        Action("retire", "Retire a letter for good.", to="retired", source=("claimed",), may=ADMIN),
    ),
    rules=(letter_is_claimed_once, letter_stays),
    corrects=ADMIN,
)
