"""A person's month under the ten-point system (月度扣分), closed with its balance and what that leads to."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.decimals import from_tenths
from svcdesk.decimals import in_tenths
from svcdesk.decimals import tenths
from svcdesk.declared import Action
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.periods import cycle_of
from svcdesk.periods import preceding
from svcdesk.registers import evaluation_month_rules as rules

Fields = Mapping[str, Any]


def settled(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Take down the month's events, what they cost together, the balance, and how many months in a row are low."""
    person, month = sets.get("person"), sets.get("month")
    if not isinstance(person, str) or not isinstance(month, str) or cycle_of(month) != "month":
        return {}
    events = [
        {"record": each.id, "code": each["code"], "points": each.get("points", "0")}
        for each in sorted(books.find("evaluation-points", person=person), key=lambda each: each.id)
        if each.state == "confirmed" and each["month"] == month
    ]
    lost = sum(tenths(each["points"]) for each in events)
    balance = max(tenths(books.setting("evaluation-month.start", at)) - lost, 0)
    given = sets.get("balance", from_tenths(balance))
    return {
        "events": events,
        "deducted": from_tenths(lost),
        "balance": given,
        "low_months": _low_months(books, person, month, given, at) if in_tenths(given) else 0,
    }


def _low_months(books: Books, person: str, month: str, balance: str, at: str) -> int:
    """Count the months in a row, this one the last, whose balance is at or below the line."""
    line = tenths(books.setting("evaluation-month.severe", at))
    known = {each["month"]: each["balance"] for each in rules.standing(person, books)} | {month: balance}
    count = 0
    while month in known and tenths(known[month]) <= line:
        count, month = count + 1, preceding(month)
    return count


def points(value: Any) -> Iterator[Text]:
    """Yield why a value is no number of points."""
    if not in_tenths(value):
        yield text("points are written as 5 or 0.5; {value} is not", value=str(value))


REGISTER = Register(
    name="evaluation-month",
    prefix="EB",
    title="Monthly point balances",
    area="evaluation",
    book="month",
    columns=("id", "state", "month", "person", "deducted", "balance", "measure"),
    actions=(
        Action(
            "close",
            "Close a person's month with its balance.",
            to="closed",
            needs=("person", "month"),
            takes=("balance", "measure", "remark"),
            gathers=settled,
        ),
    ),
    rules=(
        rules.month_is_closed_once,
        rules.month_is_over,
        rules.every_event_is_decided,
        rules.month_is_closed_from_above,
        rules.month_begins_with_ten_points,
        rules.low_balance_gets_a_warning,
        rules.very_low_balance_gets_a_sanction,
        rules.low_months_in_a_row_get_a_severe_sanction,
        rules.figures_of_a_closed_month_stand,
    ),
    settings={
        "evaluation-month.start": Setting(
            "10", "Points that each month begins with.", ("CS1-5.0#2", "CS2-2.3.0#2"), suits=points
        ),
        "evaluation-month.warning": Setting(
            "5",
            "Balance from which down a verbal warning is needed.",
            ("CS1-5.0#3", "CS2-2.3.0#3"),
            suits=points,
        ),
        "evaluation-month.sanction": Setting(
            "2",
            "Balance from which down a sanction is needed.",
            ("CS1-5.0#4", "CS2-2.3.0#4"),
            suits=points,
        ),
        "evaluation-month.severe": Setting(
            "5",
            "Balance at or below which a month counts towards a severe sanction; the 58 printed cannot be "
            "meant, of ten points.",
            ("CS1-5.0#5", "CS2-2.3.0#5"),
            suits=points,
        ),
        "evaluation-month.severe-months": Setting(
            3, "Such months in a row that lead to a severe sanction.", ("CS1-5.0#5", "CS2-2.3.0#5"), "less"
        ),
    },
    final=("closed",),
    computed=("events", "deducted", "balance", "low_months"),
)
