"""Every setting that a desk's policy may hold: default, source, and which way is stricter."""

from __future__ import annotations

from svcdesk.calendars import default_calendar
from svcdesk.declared import Setting
from svcdesk.posts import post_table
from svcdesk.registers import REGISTERS

PROFILES: dict[str, tuple[str, ...]] = {
    "property": ("GK", "CS1", "CS2", "CS6", "CS8", "GC-u"),
    "concierge": ("CS1", "CS2", "CS6", "CS8", "GC-u"),
    "shop": ("GK", "CS3", "CS9", "CS13", "GC-u"),
    "restaurant": ("GK", "CS1", "CS2", "CS6", "CS8"),
    "branch": ("GK", "CS1", "CS2", "CS6", "CS8", "GC-u"),
}
"""profile: the regulations that do not bind a desk of that kind."""


GENERAL: dict[str, Setting] = {
    "calendar": Setting(default_calendar("Asia/Shanghai"), "Working hours and days off, by year."),
    "posts": Setting(
        post_table(),
        "Posts with title, rank, superior and duties.",
        (
            "GC-i-11",
            "GC-j-2.1",
            "GC-j-2.2",
            "GC-j-2.4",
            "GC-o-11",
            "GC-u-4",
            *(f"GC-u-{number}.0" for number in range(5, 16)),
        ),
    ),
    "rules": Setting({}, "Rules that only warn, or are off, by name."),
    "rules.adopted": Setting(1, "The set of rules that the desk has adopted.", (), "more"),
    "signing.least": Setting(
        {},
        "Least assurance, identified or signed: of a line as register.line, of every act of a register by its "
        "name, of every act on the desk as *. Unsigned, the desk takes git's word for who acts: "
        "svcdesk policy set signing.least '*=signed' asks everyone for a key.",
    ),
    "sealing": Setting(
        {},
        "Which posts read what is sealed (readers: class and posts), which may find it by its exact text without "
        "reading it (finders), and the key of each person who reads or finds (recipients); svcdesk seal setup begins "
        "it, and nothing is sealed before.",
    ),
    "signing.on-duty": Setting(
        {},
        "Signature lines that only people on duty by the roster may fill, each as register.line with the post "
        "on duty, such as key-seal-use.guard: control-room-watch; any post where none is named.",
    ),
    "sync.late-minutes": Setting(
        1_440, "Minutes after which an act that reaches the others only then counts as late.", (), "less"
    ),
    "sync.latest-minutes": Setting(
        44_640, "Minutes after which an act is no longer let in from a clone that was away.", (), "less"
    ),
    "scope.excluded": Setting(
        list(PROFILES["property"]), "Regulations that do not bind this kind of department."
    ),
}
"""The settings that belong to no register."""

SETTINGS: dict[str, Setting] = GENERAL | {
    name: setting for register in REGISTERS.values() for name, setting in register.settings.items()
}
"""name: setting. The defaults are the regulations' own figures (annex a); their choices are those of annex d."""
