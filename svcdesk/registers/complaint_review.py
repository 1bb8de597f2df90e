"""Station-master message book (站长留言本), complaint sheets: daily question rounds, early signs, reviews."""

from __future__ import annotations

from collections.abc import Iterator

from svcdesk.claims import act_rule
from svcdesk.clock import later
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.declared import Who
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import HEADS
from svcdesk.rules import when

ROUNDS = Who(setting="complaint-review.round-holder", clauses=("OM-2.7.4#1",))
REVIEWS = Who(setting="complaint-review.reviewer", clauses=("OM-2.7.4#3",))


@act_rule("OM-2.7.4#2", actions=("open",))
def one_sheet_per_month(step: Step, books: Books) -> Iterator[Text]:
    """The message book has one sheet per department and month."""
    for other in books.find("complaint-review", month=step.new["month"]):
        same = other.get("station") == step.new.get("station")
        if same and other.id < step.new.id and other.state != "void":
            yield text("{month} has its sheet already: {record}", month=step.new["month"], record=other.id)


@act_rule("OM-2.7.4#2", actions=("close",))
def book_goes_on(step: Step, books: Books) -> Iterator[Text]:
    """A sheet is closed only once the book goes on with the sheet of a later month."""
    following = books.get(step.new["carried_to"])
    month = following.get("month", "") if following else ""
    if month <= step.new["month"]:
        yield text(
            "{record} is for {month}; a sheet later than {own} is needed",
            record=step.new["carried_to"],
            month=month,
            own=step.new["month"],
        )


def _minutes(name: str, sheet: Record, books: Books) -> int:
    return int(books.setting(f"complaint-review.{name}-minutes", sheet.opened))


def _last_round(sheet: Record) -> str:
    return when(sheet, "round") or sheet.opened


def round_due(sheet: Record, books: Books) -> str | None:
    """Return when the staff have to be asked again."""
    return books.due_after(_last_round(sheet), _minutes("round", sheet, books))


def round_steps(sheet: Record, books: Books) -> Iterator[Text]:
    """Say how the moment of the next round comes about."""
    yield from books.clock_steps(_last_round(sheet), _minutes("round", sheet, books))


def review_due(sheet: Record, books: Books) -> str | None:
    """Return when the book has to be read again."""
    return later(when(sheet, "review") or sheet.opened, _minutes("review", sheet, books))


def _keeper(sheet: Record, books: Books) -> str:
    return str(sheet["keeper"])


def _reviewer(sheet: Record, books: Books) -> str:
    """Who last read the book, else the superior of who keeps it."""
    act = sheet.last("review")
    return str(act["by"]) if act else books.superior(_keeper(sheet, books), sheet.opened)


REGISTER = Register(
    name="complaint-review",
    prefix="CR",
    title="Complaint reviews",
    area="complaint",
    book="review",
    columns=("id", "state", "month", "station", "keeper", "meeting"),
    actions=(
        Action(
            "open",
            "Begin the sheet of a month.",
            to="open",
            needs=("month", "keeper"),
            takes=("station",),
            may=ROUNDS,
        ),
        Action(
            "note",
            "Write down a sign of dissatisfaction that somebody noticed.",
            source=("open",),
            needs=("signs",),
            adds=("signs",),
        ),
        Action(
            "round",
            "Ask the staff at the end of the day about complaints.",
            source=("open",),
            needs=("rounds",),
            adds=("rounds",),
            may=ROUNDS,
        ),
        Action(
            "review",
            "Read the book for patterns and check the measures.",
            source=("open",),
            needs=("patterns",),
            takes=("measures", "meeting", "retraining"),
            adds=("retraining",),
            may=REVIEWS,
        ),
        Action(
            "close",
            "Close the sheet; the book goes on with the next.",
            to="closed",
            source=("open",),
            needs=("carried_to",),
            may=ROUNDS,
        ),
    ),
    rules=(one_sheet_per_month, book_goes_on),
    deadlines=(
        Deadline(
            "round",
            ("OM-2.7.4#1",),
            "At the end of each working day the staff are asked about complaints.",
            ("open",),
            round_due,
            _keeper,
            round_steps,
        ),
        Deadline(
            "review",
            ("OM-2.7.4#3",),
            "The station master reads the message book periodically.",
            ("open",),
            review_due,
            _reviewer,
        ),
    ),
    settings={
        "complaint-review.round-holder": Setting(
            [*HEADS, "duty-station-master", "complaint-supervisor", "cs-supervisor"],
            "Posts that ask the staff about complaints at the end of the day.",
            ("OM-2.7.4#1",),
        ),
        "complaint-review.reviewer": Setting(
            [*HEADS, "complaint-supervisor"], "Posts that read the message book.", ("OM-2.7.4#3",)
        ),
        "complaint-review.round-minutes": Setting(
            540,
            "Working minutes from one question round to the next; a round in the last hour of a day is "
            "followed by one on the next.",
            ("OM-2.7.4#1",),
            "less",
        ),
        "complaint-review.review-minutes": Setting(
            10080, "Minutes from one reading of the message book to the next.", ("OM-2.7.4#3",), "less"
        ),
    },
    final=("closed",),
)
