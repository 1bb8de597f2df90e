"""Counts of hazardous materials (盘点): dated assertions, counted blind and signed by two."""

from __future__ import annotations

from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Setting
from svcdesk.ledger_rules import LEAD
from svcdesk.registers.hazmat_count_rules import RULES
from svcdesk.registers.hazmat_count_rules import counter
from svcdesk.registers.hazmat_count_rules import ledger
from svcdesk.registers.hazmat_count_rules import next_due
from svcdesk.registers.hazmat_count_rules import sheet_due
from svcdesk.registers.hazmat_count_rules import variance

REGISTER = Register(
    name="hazmat-count",
    prefix="HC",
    title="Counts of hazardous materials",
    area="hazmat",
    book="count",
    columns=("id", "state", "material", "place", "lot", "quantity", "difference"),
    lines=(
        Line("counter", "counter", differs=("second",)),
        Line("second", "second person", differs=("counter",)),
        Line("release", "release of a signed count", count=2),
    ),
    actions=(
        Action(
            "add",
            "Write down a count as the second person; the counter signs it.",
            to="counted",
            needs=("material", "place", "quantity"),
            takes=("lot", "remark"),
            signs="second",
        ),
        Action(
            "close",
            "Close a count that both have signed and post its difference.",
            to="closed",
            source=("counted",),
            may=LEAD,
            lines=("counter", "second"),
            gathers=variance,
        ),
    ),
    rules=RULES,
    deadlines=(
        Deadline(
            "count-signed",
            (),
            "A count is signed by both, and a difference closed with its reason.",
            ("counted",),
            sheet_due,
            counter,
        ),
        Deadline(
            "next-count",
            (),
            "What lies in a place is counted again.",
            ("counted", "closed"),
            next_due,
            counter,
        ),
    ),
    feeds=Feeds(ledger=ledger),
    settings={
        "hazmat-count.days": Setting(
            30, "Days after which what lies in a place is counted again.", (), "less"
        ),
        "hazmat-count.minutes": Setting(
            480, "Minutes in which a count is signed by both and its difference closed.", (), "less"
        ),
    },
    final=("closed",),
    computed=("expected", "difference"),
    blind=("expected", "difference"),
)
