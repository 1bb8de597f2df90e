"""Whether a value suits a setting: its kind, and what posts, rules and calendars have to say. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from svcdesk.clock import Calendar
from svcdesk.errors import BadInput
from svcdesk.model import ASSURANCES
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.people import ADMIN
from svcdesk.posts import POSTS
from svcdesk.registers import REGISTERS
from svcdesk.sealed import CLASSES
from svcdesk.settings import SETTINGS

KINDS: tuple[tuple[type, Text], ...] = (
    (bool, text("yes or no")),
    (int, text("a whole number")),
    (str, text("a text")),
    (list, text("a list")),
    (Mapping, text("a mapping")),
)
LARGEST = 2_500_000
"""So many days, and more so minutes, after any moment there still is a date."""

BINDINGS = ("refuse", "warn", "off")
CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
PUBLIC = re.compile(r"[A-Za-z0-9+/]{43}=")
"""An X25519 key in base64."""
POST_KEYS = frozenset(("title", "rank", "superior", "duties"))


def misfits(name: str, value: Any, posts: Mapping[str, Any], zone: str) -> Iterator[Text]:
    """Yield why a value does not suit a setting; `posts` are those in force."""
    setting = SETTINGS.get(name)
    if setting is None:
        yield text("there is no setting {name}", name=name)
        return
    wanted = _kind(setting.default)
    if wanted is not None and _kind(value) is not wanted:
        yield text("{name} is {kind}; {value} is none", name=name, kind=wanted, value=_short(value))
    elif name == "sealing":
        yield from _sealing(value, posts)
    elif name in SPECIAL:
        yield from SPECIAL[name](value, zone)
    elif setting.suits is not None:
        yield from (text("{name}: {fault}", name=name, fault=fault) for fault in setting.suits(value))
    elif isinstance(value, int) and value < 0:
        yield text("{name} cannot be less than 0; it is {value}", name=name, value=value)
    elif isinstance(value, int) and value > LARGEST:
        yield text("{name} cannot be more than {largest}; it is {value}", name=name, largest=LARGEST, value=value)
    elif isinstance(value, list):
        yield from _entries(name, value, setting.default, posts)


def _kind(value: Any) -> Text | None:
    return next((words for kind, words in KINDS if isinstance(value, kind)), None)


def _short(value: Any) -> str:
    written = str(value)
    return written if len(written) <= 60 else f"{written[:59]}…"


def _entries(name: str, value: list[Any], default: list[Any], posts: Mapping[str, Any]) -> Iterator[Text]:
    """A list holds entries of its default's kind; posts, where the default names posts."""
    wanted = _kind(default[0]) if default else _kind("")
    for each in value:
        if _kind(each) is not wanted:
            yield text("{name}: {value} is not {kind}", name=name, value=_short(each), kind=wanted)
        elif default and set(map(str, default)) <= POSTS.keys() and each not in posts:
            yield text("{name}: there is no post {post}", name=name, post=each)


def _calendar(value: Mapping[str, Any], zone: str) -> Iterator[Text]:
    try:
        Calendar.read(value, zone)
    except BadInput as error:
        yield error.message


def _posts(value: Mapping[str, Any], zone: str) -> Iterator[Text]:
    if _rank(value.get(ADMIN)) != 0:
        yield text("posts: {post} has to stay, with rank 0", post=ADMIN)
    for post, entry in value.items():
        if (
            _rank(entry) is None
            or not entry.keys() <= POST_KEYS
            or _kind(entry.get("title")) is not _kind("")
        ):
            yield text("posts: {post} needs title and rank, and may have superior and duties", post=post)
            continue
        above = entry.get("superior", [])
        for each in [above] if isinstance(above, str) else above:
            if each not in value:
                yield text("posts: {post}: there is no post {superior}", post=post, superior=each)


def _rank(entry: Any) -> int | None:
    """Return a post's rank, None where it has none that counts."""
    rank = entry.get("rank") if isinstance(entry, Mapping) else None
    return rank if isinstance(rank, int) and not isinstance(rank, bool) and rank >= 0 else None


def _rules(value: Mapping[str, Any], zone: str) -> Iterator[Text]:
    known = {rule.name for register in REGISTERS.values() for rule in register.rules}
    fixed = {rule.name for register in REGISTERS.values() for rule in register.rules if rule.fixed}
    for rule, binding in value.items():
        if binding not in BINDINGS:
            yield text(
                "rules: {rule}: {value} is none of refuse, warn, off", rule=rule, value=_short(binding)
            )
        elif rule not in known:
            yield text("rules: there is no rule {rule}", rule=rule)
        elif rule in fixed and binding != "refuse":
            yield text("rules: {rule} always refuses and cannot be {value}", rule=rule, value=binding)


def _lines(value: Mapping[str, Any], zone: str) -> Iterator[Text]:
    """Each signature line that there is goes with the name of a post, or an empty one."""
    known = {f"{register.name}.{line.name}" for register in REGISTERS.values() for line in register.lines}
    for line, post in value.items():
        if line not in known:
            yield text("signing.on-duty: there is no signature line {line}", line=line)
        elif not isinstance(post, str):
            yield text("signing.on-duty: {line} needs the name of a post, or an empty one", line=line)


def _least(value: Mapping[str, Any], zone: str) -> Iterator[Text]:
    """Each line, each register, or all of them, goes with the least assurance that counts there."""
    lines = {f"{register.name}.{line.name}" for register in REGISTERS.values() for line in register.lines}
    for place, assurance in value.items():
        if place not in lines | REGISTERS.keys() | {"*"}:
            yield text("signing.least: {line} is neither a line nor a register nor *", line=place)
        elif assurance not in ASSURANCES[1:]:
            yield text(
                "signing.least: {line}: {value} is none of {values}",
                line=place,
                value=_short(assurance),
                values=", ".join(ASSURANCES[1:]),
            )


def _shifts(value: Mapping[str, Any], zone: str) -> Iterator[Text]:
    """A shift goes from one time of day to another."""
    for shift, times in value.items():
        known = isinstance(times, Mapping) and times.keys() == {"from", "to"}
        if not known or not all(CLOCK.fullmatch(str(each)) for each in times.values()):
            yield text("duty-roster.shifts: {shift} needs from and to, such as 08:00 and 15:00", shift=shift)


def _sealing(value: Mapping[str, Any], posts: Mapping[str, Any]) -> Iterator[Text]:
    """Classes go with the posts that read or find them, staff with their keys; an empty mapping seals nothing."""
    readers, recipients, finders = value.get("readers"), value.get("recipients"), value.get("finders", {})
    if not value:
        return
    if value.keys() - {"finders"} != {"readers", "recipients"} or not isinstance(recipients, Mapping) or not recipients:
        yield text("sealing needs readers and recipients, may have finders, and nothing else")
        return
    if not isinstance(readers, Mapping) or readers.keys() != set(CLASSES):
        yield text("sealing: readers are needed of {classes}", classes=", ".join(CLASSES))
        return
    if not isinstance(finders, Mapping) or not finders.keys() <= set(CLASSES):
        yield text("sealing: finders are named for {classes}, or for none of them", classes=", ".join(CLASSES))
        return
    for named in (readers, finders):
        yield from _named_posts(named, posts)
    for staff, key in recipients.items():
        if not isinstance(key, str) or not PUBLIC.fullmatch(key):
            yield text("sealing: {staff} needs a public key, as svcdesk seal key shows it", staff=staff)


def _named_posts(given: Mapping[str, Any], posts: Mapping[str, Any]) -> Iterator[Text]:
    for klass, named in given.items():
        if not isinstance(named, list) or not named:
            yield text("sealing: {name} needs a list of posts", name=klass)
            continue
        for post in named:
            if post not in posts:
                yield text("{name}: there is no post {post}", name="sealing", post=post)


SPECIAL = {
    "calendar": _calendar,
    "posts": _posts,
    "rules": _rules,
    "signing.least": _least,
    "signing.on-duty": _lines,
    "duty-roster.shifts": _shifts,
}
"""Settings whose values have a shape of their own."""
