"""What a desk's policy decides about duties: shifts, who stands which post, what has to be assigned when."""

from __future__ import annotations

from svcdesk.declared import Setting
from svcdesk.rules import HEADS

LEADS = ("cs-lead", "cs-supervisor", "supervisor", "duty-station-master", "floor-director")
"""Posts that lead others without heading a department."""

SETTINGS: dict[str, Setting] = {
    "duty-roster.shifts": Setting(
        {
            "early": {"from": "08:00", "to": "15:00"},
            "middle": {"from": "15:00", "to": "22:00"},
            "night": {"from": "22:00", "to": "08:00"},
            "day": {"from": "08:00", "to": "18:00"},
            "overnight": {"from": "18:00", "to": "08:00"},
            "full-day": {"from": "08:00", "to": "08:00"},
        },
        "Shifts and their times of day; one that does not end after it begins ends the next day. The text "
        "names early and middle shift (CS9) and 08:00 and 18:00 as times of change (CS4-3); the rest fills "
        "the day.",
        ("CS4-3.1#1", "CS4-3.2"),
    ),
    "duty-roster.maker": Setting(
        [
            *HEADS,
            *LEADS,
            "administrative-assistant-manager",
            "greeter-assistant",
            "runner-assistant",
            "bar-assistant",
            "floor-assistant",
            "general-manager",
        ],
        "Posts that draw up rosters.",
        ("GC-u-6.1#2", "GC-u-10.2a", "GC-u-10.6#2", "GC-u-12.1#2", "GC-u-14.1#2"),
    ),
    "duty-roster.eligible": Setting(
        {
            "duty-person": ["duty-person", "area-manager", *LEADS, *HEADS],
            "duty-station-master": ["duty-station-master", "station-master"],
            "control-room-watch": ["control-room-watch", "security-guard"],
        },
        "Posts whose holders stand a post on duty; a post not named is stood by its own holders.",
        ("CS15-1.1", "CS15-2.6#1"),
    ),
    "duty-roster.daily-posts": Setting(["duty-person"], "Posts that are stood every day.", ("CS15-1.1",)),
    "duty-roster.logged-posts": Setting(
        ["duty-person"], "Posts whose every duty has a log of its own.", ("CS15-2.7#1",)
    ),
    "duty-roster.publish-minutes": Setting(
        360,
        "Minutes before a day begins by which its daily posts are on the roster; the text gives none.",
        ("CS15-1.1",),
        "more",
    ),
    "duty-roster.holiday-minutes": Setting(
        4320,
        "Minutes before a holiday begins by which its additional duty is arranged; the text gives none.",
        ("CS15-1.9",),
        "more",
    ),
    "duty-roster.rest-minutes": Setting(
        480, "Minutes that a person rests between two duties; the text gives none.", (), "more"
    ),
    "duty-roster.log-minutes": Setting(
        30, "Minutes after the beginning of a duty in which its log is opened.", ("CS15-2.7#1",), "less"
    ),
    "duty-roster.instructions": Setting(
        {
            "idea": "a manager is on duty every day; the post is never left",
            "before-hours": "take over from the control room at 08:00, look round, open what opens",
            "after-hours": "look round, lock up, hand over to the control room at 18:00",
            "safety": "people first: warn, bring to safety, call for help",
            "security": "nobody enters outside business hours without leave; every round is logged",
            "accidents": "deal with it at once, report upwards at once, write the report the next day",
        },
        "What the manual says of duty: its idea, before and after business hours, safety of persons, "
        "security, accidents and force majeure.",
        ("OM-idx-4.1", "OM-idx-4.2", "OM-idx-10.1", "OM-idx-10.2", "OM-idx-10.3"),
    ),
}
