"""What people call the program's own words: actions, states, posts, departments, moments."""

from __future__ import annotations

import re
import sys

from svcdesk.clock import instant
from svcdesk.clock import stamp
from svcdesk.declared import Line
from svcdesk.declared import Register
from svcdesk.desk import Desk
from svcdesk.language import ENGLISH
from svcdesk.language import _
from svcdesk.language import chosen
from svcdesk.language import label
from svcdesk.language import lookup
from svcdesk.language import short_title
from svcdesk.output import safe
from svcdesk.registers import REGISTERS
from svcdesk.sealed import is_sealed
from svcdesk.workflow import find_action

LAST = "9999-12-31T23:59:59+00:00"
"""A moment at which whatever the desk has decided is in force."""

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def action_words(register: Register | None, name: str) -> str:
    """Return what an action is called: as it is typed, or its title in another language than English."""
    if name == "init":
        return _("init")
    action = find_action(register, name) if register is not None else None
    if chosen() == ENGLISH or action is None:
        return safe(name)
    return short_title(action.title)


def state_words(register: str, state: str) -> str:
    """Return what a state is called: as records hold it, or its label in another language than English."""
    return safe(state) if chosen() == ENGLISH else label(register, "state", state)


def register_words(name: str) -> str:
    """Return what a register is called: its name, or its title in another language than English."""
    return name if chosen() == ENGLISH or name not in REGISTERS else lookup(REGISTERS[name].title)


def line_words(line: Line) -> str:
    """Return what a signature line is called: as it is typed, in another language than English after its title."""
    return line.name if chosen() == ENGLISH else _("{action} ({name})", action=lookup(line.title), name=line.name)


def post_words(desk: Desk, post: str) -> str:
    """Return what a post is called: its code, or the title of the desk's settings; English keeps to codes."""
    if chosen() == ENGLISH:
        return safe(post)
    posts = desk.books.policy.value("posts", LAST)
    return safe(str(posts.get(post, {}).get("title") or post))


def department_words(desk: Desk, department: str) -> str:
    """Return what a department is called: its code, or the name on its record; English keeps to codes."""
    found = () if chosen() == ENGLISH else desk.books.find("department", code=department)
    return safe(str(found[0]["name"] if found else department))


def word(desk: Desk, register: str, name: str, value: str) -> str:
    """Return what a text in a field (or `field.column`) stands for: a label, a post, a department, or itself.

    A sealed one is shown to who may read it, and so is that it is erased.
    """
    if is_sealed(value):
        return safe(desk.unseal(value) or _sealed_words(desk, value))
    last = name.rpartition(".")[2]
    if last in ("post", "posts"):
        return post_words(desk, value)
    if last in ("department", "departments"):
        return department_words(desk, value)
    if last in ("register", "book"):
        return register_words(value)
    return label(register, name, value)


def _sealed_words(desk: Desk, value: str) -> str:
    erasure = desk.erasure(value)
    return _("(erased: {record})", record=erasure) if erasure else _("(sealed)")


def labelled(title: str, value: str) -> str:
    """Return a value under its heading, on one line; both are fit to be shown."""
    return _("{heading}: {value}", heading=title, value=value)


def moment_words(desk: Desk, value: str) -> str:
    """Return a moment as people at a terminal read it: to the minute, without the offset if it is the desk's own."""
    if not TIME.fullmatch(value) or stamp(instant(value), desk.zone) != value:
        return value
    return f"{value[:10]} {value[11:16]}"


def at_terminal() -> bool:
    """Whether a person reads what is printed."""
    return sys.stdout.isatty()
