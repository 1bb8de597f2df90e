"""Every setting that a desk's policy may hold: default, source, and which way is stricter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Literal

from svcdesk.calendars import default_calendar
from svcdesk.posts import POSTS
from svcdesk.rules import HEADS
from svcdesk.rules import KEY_DESK


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; a number or a time in minutes says whether more or less of it is stricter."""

    default: Any
    sentence: str
    clauses: tuple[str, ...] = ()
    stricter: Literal["more", "less", ""] = ""


PROFILES: dict[str, tuple[str, ...]] = {
    "property": ("GK", "CS1", "CS2", "CS6", "CS8", "GC-u"),
    "concierge": ("CS1", "CS2", "CS6", "CS8", "GC-u"),
    "shop": ("GK", "CS3", "CS9", "CS13", "GC-u"),
    "restaurant": ("GK", "CS1", "CS2", "CS6", "CS8"),
    "branch": ("GK", "CS1", "CS2", "CS6", "CS8", "GC-u"),
}
"""profile: the regulations that do not bind a desk of that kind."""


def _posts() -> dict[str, dict[str, Any]]:
    return {
        post: {"title": title, "rank": rank, **({"superior": superior} if superior else {})}
        for post, (title, rank, superior) in POSTS.items()
    }


SETTINGS: dict[str, Setting] = {
    "calendar": Setting(default_calendar("Asia/Shanghai"), "Working hours and days off, by year."),
    "posts": Setting(_posts(), "Posts with title, rank and superior.", ("GC-i-11",)),
    "rules": Setting({}, "Rules that only warn, or are off, by name."),
    "rules.adopted": Setting(1, "The set of rules that the desk has adopted.", (), "more"),
    "scope.excluded": Setting(
        list(PROFILES["property"]), "Regulations that do not bind this kind of department."
    ),
    "key-loan.issuer": Setting(list(KEY_DESK), "Posts that hand keys out.", ("CS3-B2#1",)),
    "key-loan.approver": Setting(
        list(HEADS), "Posts that approve a key loan; none means no approval.", ("CS13-4.1#1",)
    ),
    "key-loan.longest-minutes": Setting(
        1440, "Longest time for which a key is lent, in minutes.", ("CS13-4.1#3",), "less"
    ),
}
"""name: setting. The defaults are the regulations' own figures (annex a); their choices are those of annex d."""
