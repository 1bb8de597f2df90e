"""Shift counts of keys (钥匙交接单): counted blind as they change hands, then held against the books."""

from __future__ import annotations

from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Setting
from svcdesk.registers.key_count_rules import RULES
from svcdesk.registers.key_count_rules import differences
from svcdesk.registers.key_count_rules import expectation
from svcdesk.registers.key_count_rules import giver_signs
from svcdesk.registers.key_count_rules import holder
from svcdesk.registers.key_count_rules import keys_back_due
from svcdesk.registers.key_count_rules import opening
from svcdesk.registers.key_count_rules import receiver_signs
from svcdesk.registers.key_count_rules import relief_due
from svcdesk.registers.key_count_rules import report_due
from svcdesk.registers.key_count_rules import sheet_due

REGISTER = Register(
    name="key-count",
    prefix="KC",
    title="Key counts",
    area="key",
    book="count",
    columns=("id", "state", "date", "shift", "direction", "department", "counted", "expected"),
    lines=(
        Line(
            "giver",
            "giver",
            differs=("receiver",),
            assurance="attested",
            clauses=("CS7-7", "CS9-1.1.2#2"),
            needed=giver_signs,
        ),
        Line(
            "receiver",
            "receiver",
            differs=("giver",),
            assurance="attested",
            clauses=("CS7-7", "CS9-1.1.2#2"),
            needed=receiver_signs,
        ),
    ),
    actions=(
        Action(
            "open",
            "Open a key handover sheet.",
            to="open",
            needs=("shift", "direction", "department", "place"),
            clauses=("CS9-1.1.1#2",),
            completes=opening,
        ),
        Action(
            "count",
            "Enter what was counted; the books are asked only then.",
            to="counted",
            source=("open",),
            needs=("counted",),
            clauses=("CS9-1.1.1#2", "CS9-1.1.2#2"),
            gathers=expectation,
        ),
        Action(
            "recount",
            "Enter a second count; the first stays on the sheet.",
            source=("counted",),
            needs=("counted",),
            ends=("giver", "receiver"),
            reason=True,
            gathers=expectation,
        ),
        Action(
            "close",
            "Close the sheet, signed by both sides.",
            to="closed",
            source=("counted",),
            takes=("explanation", "missing"),
            lines=("giver", "receiver"),
        ),
    ),
    rules=RULES,
    deadlines=(
        Deadline(
            "key-sheet",
            (),
            "A key handover sheet that was opened is counted and closed at once.",
            ("open", "counted"),
            sheet_due,
            holder,
        ),
        Deadline(
            "area-keys-back",
            ("CS9-1.1.2#1",),
            "The area keys go back to the control room by the end of the middle shift.",
            ("closed",),
            keys_back_due,
            holder,
        ),
        Deadline(
            "front-desk-relief",
            ("CS7-7",),
            "The front-desk keys change hands with the person relieved every day.",
            ("closed",),
            relief_due,
            holder,
        ),
        Deadline(
            "missing-key-reported",
            ("CS13-3#3",),
            "A key that a count finds missing is reported as an incident.",
            ("closed",),
            report_due,
            holder,
        ),
    ),
    reports=(Report("differences", "Counts that differ from the books.", ("CS9-1.1.2#2",), differences),),
    settings={
        "key-count.minutes": Setting(
            30, "Minutes within which an opened key handover sheet is counted and closed.", (), "less"
        ),
        "key-count.middle-shift-ends": Setting(
            "22:00", "Time of day by which the middle shift has put the area keys back.", ("CS9-1.1.2#1",)
        ),
        "key-count.report-minutes": Setting(
            30, "Minutes within which a key missing at a count is reported.", ("CS13-3#3",), "less"
        ),
        "key-count.relief-minutes": Setting(
            1440, "Minutes after which the front-desk keys have to change hands again.", ("CS7-7",), "less"
        ),
    },
    final=("closed",),
    computed=("date", "expected"),
    blind=("expected",),
)
