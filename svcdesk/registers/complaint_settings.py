"""The settings of the complaint book: who handles, with what power, within which time. Pure."""

from __future__ import annotations

from typing import Any

from svcdesk.declared import Setting
from svcdesk.rules import HEADS

ABOVE_HEADS = (
    "general-manager",
    "deputy-general-manager",
    "operations-director",
    "centre-director",
    "subsidiary-head",
)
"""Posts above the heads of departments."""

HANDLERS = (
    *HEADS,
    *ABOVE_HEADS,
    "administrative-assistant-manager",
    "after-sales-agent",
    "complaint-specialist",
    "complaint-supervisor",
    "cs-assistant",
    "cs-lead",
    "cs-supervisor",
    "deputy-department-manager",
    "duty-station-master",
    "floor-director",
    "greeter-assistant",
    "hotline-agent",
    "marketing-head-office",
    "marketing-staff",
    "receptionist",
    "senior-agent",
    "service-specialist",
    "supervision-group",
    "team-leader",
)
"""Posts that take complaints in hand and pass them on: those that the regulations name for it."""


def _delegation() -> dict[str, dict[str, Any]]:
    """Return who may decide alone; the regulations ask for such a list and give no figures."""
    agents = ("after-sales-agent", "complaint-specialist", "cs-assistant", "hotline-agent", "receptionist")
    ranges: dict[str, dict[str, Any]] = {
        post: {"severity": "ordinary", "compensation": 200}
        for post in (*agents, "senior-agent", "service-specialist", "greeter-assistant")
    }
    leads = ("cs-lead", "team-leader", "floor-director", "cs-supervisor", "complaint-supervisor")
    ranges |= {post: {"severity": "urgent", "compensation": 500} for post in leads}
    masters = ("duty-station-master", "administrative-assistant-manager", "deputy-department-manager")
    ranges |= {post: {"severity": "complex", "compensation": 1000} for post in masters}
    ranges |= {post: {"severity": "major", "compensation": 5000} for post in HEADS}
    return ranges | {post: {"severity": "major"} for post in ABOVE_HEADS}


SETTINGS = {
    "complaint.handler": Setting(
        sorted(HANDLERS),
        "Posts that take complaints in hand, pass them on, follow them up and close them.",
        (
            "CS12-1",
            "CS1-3.7",
            "CS2-1.3.7",
            "CS8-2.3.9",
            "GC-e-11#2",
            "GC-f-4.9",
            "GC-f-5.4",
            "GC-i-13",
            "GC-u-10.4a",
            "GC-u-6.4",
            "GC-u-7.12b",
            "GC-u-7.5",
            "GK-2.2.3c",
        ),
    ),
    "complaint.major-owner": Setting(
        [*HEADS, *ABOVE_HEADS], "Posts that major complaints go to.", ("GK-2.2.1d",)
    ),
    "complaint.staff-owner": Setting(
        ["duty-station-master", "station-master"],
        "Posts that complaints about employees and between customers go to.",
        ("OM-2.7.3-x4#1", "OM-2.7.3-x5"),
    ),
    "complaint.delegation": Setting(
        _delegation(),
        "Who may settle complaints alone: by post, up to which severity and compensation in yuan.",
        ("OM-2.7.2#1",),
    ),
    "complaint.limits": Setting(
        {
            "ordinary": {"minutes": 1440, "clock": "elapsed"},
            "urgent": {"minutes": 1440, "clock": "elapsed"},
            "complex": {"minutes": 1440, "clock": "working"},
            "major": {"minutes": 1440, "clock": "working"},
        },
        "Time to solve a complaint by severity where no limit is set for it; three working days are 1440 "
        "working minutes.",
        ("SQ-std-5",),
    ),
    "complaint.longest-limits": Setting(
        {
            "ordinary": {"minutes": 30240, "clock": "elapsed"},
            "urgent": {"minutes": 10080, "clock": "elapsed"},
            "complex": {"minutes": 60480, "clock": "elapsed"},
            "major": {"minutes": 60480, "clock": "elapsed"},
        },
        "Longest time limit that may be set for a complaint, by severity; three weeks are fifteen working days.",
        ("GC-g-3.1.3",),
    ),
    "complaint.contact-minutes": Setting(
        {"ordinary": 240, "urgent": 30, "complex": 240, "major": 30},
        "Minutes in which somebody turns to a complaint, by severity.",
        ("SQ-std-2",),
    ),
    "complaint.entry-minutes": Setting(
        60, "Minutes after receipt in which a complaint is entered.", ("GC-e-15#1",), "less"
    ),
    "complaint.route-minutes": Setting(
        120, "Minutes in which a complaint is passed on.", ("GC-e-15#2",), "less"
    ),
    "complaint.verify-minutes": Setting(
        480, "Working minutes in which the department verifies a complaint.", ("GC-e-16#1",), "less"
    ),
    "complaint.act-minutes": Setting(
        240, "Working minutes in which somebody acts once the cause is clear.", ("OM-2.7.3-6",), "less"
    ),
    "complaint.reply-minutes": Setting(
        480, "Working minutes from the solution to the reply.", ("GC-k-18", "GC-e-17#1"), "less"
    ),
    "complaint.follow-up-minutes": Setting(
        1440, "Working minutes from the reply to the follow-up call.", ("GC-g-3.1.5",), "less"
    ),
    "complaint.after-report-minutes": Setting(
        1440, "Minutes in which a case settled on the spot is reported to the head.", ("OM-2.7.2#2",), "less"
    ),
    "complaint.escalate-after-minutes": Setting(
        1440, "Minutes after its limit at which an overdue case goes higher.", ("GC-g-3.1.4#1",), "less"
    ),
    "complaint.late-target-percent": Setting(
        10, "Share of late complaints that is still acceptable, in percent.", ("GC-g-3.1.4#1",), "less"
    ),
}
