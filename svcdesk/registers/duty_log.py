"""Duty logs (值班记录表): how a duty was stood, item by item, with rounds, lights, calls and time online."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import later
from svcdesk.declared import Action
from svcdesk.declared import Deadline
from svcdesk.declared import Feeds
from svcdesk.declared import Register
from svcdesk.declared import Report
from svcdesk.declared import Setting
from svcdesk.feeds import Books
from svcdesk.feeds import Merit
from svcdesk.model import Record
from svcdesk.model import Touch
from svcdesk.model import text
from svcdesk.registers.duty_log_rules import RULES
from svcdesk.registers.duty_log_rules import duty_of
from svcdesk.registers.duty_log_rules import uncovered

COPIED = ("person", "post", "place", "date")


def beginning(books: Books, old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Take down who stands which duty by the roster, and when the watch began."""
    duty = books.get(sets.get("duty", ""))
    if duty is None or duty.register != "duty-roster":
        return {"begun": at}
    return {name: duty[name] for name in COPIED if name in duty.data} | {"begun": at}


def ending(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """The watch ends when its log is closed."""
    return {"ended": at}


def stood(books: Books, log: Record) -> Iterator[Touch]:
    """The duty was stood."""
    duty = duty_of(log, books)
    if duty is not None and duty.state in ("published", "swapped"):
        yield Touch(duty.id, "stand", {"log": log.id})


def merit(log: Record) -> Iterator[Merit]:
    """A post left alone, and time offline without a special reason, speak against the person."""
    person = log.get("person")
    if person is None:
        return
    for each in uncovered(log):
        yield Merit(person, "duty-post-left", each["from"], log.id)
    for each in log.get("lapses", ()):
        if not each.get("reason"):
            yield Merit(person, "online-lapse", each["from"], log.id)


def close_due(log: Record, books: Books) -> str | None:
    """Return by when the log is closed: some minutes after the duty ends."""
    duty = duty_of(log, books)
    if duty is None or "ends" not in duty.data:
        return None
    return later(duty["ends"], books.setting("duty-roster.log-minutes", duty["ends"]))


def person(log: Record, books: Books) -> str:
    """Return who stands the duty."""
    return str(log.get("person", log.acts[0]["by"]))


def abnormal(logs: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield what was found abnormal on rounds, and lights that were not as they had to be."""
    for log in logs:
        if log.state == "void":
            continue
        for each in log.get("rounds", ()):
            marked = [name for name in ("property", "hygiene", "discipline") if each.get(name) == "abnormal"]
            if marked:
                yield _row(log, each["when"], each["area"], marked, each)
        for each in log.get("lights", ()):
            if each.get("wanted", each["seen"]) != each["seen"]:
                yield _row(log, each["when"], each["where"], [each["seen"]], each)


def _row(log: Record, when: str, where: str, marked: list[str], each: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "id": log.id,
        "when": when,
        "where": where,
        "abnormal": marked,
        "remark": each.get("remark", ""),
        "person": log.get("person"),
    }


REGISTER = Register(
    name="duty-log",
    prefix="WL",
    title="Duty log",
    area="duty",
    book="log",
    columns=("id", "state", "date", "post", "person", "begun", "ended", "situation"),
    actions=(
        Action(
            "open",
            "Open the log of a duty as it begins.",
            to="open",
            needs=("duty",),
            clauses=("CS15-1.3",),
            gathers=beginning,
        ),
        Action(
            "enter",
            "Write down what happened.",
            source=("open",),
            needs=("entries",),
            adds=("entries",),
            clauses=("CS15-2.7#1",),
        ),
        Action("round", "Mark the areas looked at.", source=("open",), needs=("rounds",), adds=("rounds",)),
        Action(
            "lights",
            "Write down which effect lighting was lit or dark.",
            source=("open",),
            needs=("lights",),
            adds=("lights",),
        ),
        Action("call", "Log a telephone call.", source=("open",), needs=("calls",), adds=("calls",)),
        Action(
            "online",
            "Write down times logged in to the online-service client.",
            source=("open",),
            needs=("online",),
            adds=("online",),
        ),
        Action(
            "lapse",
            "Write down a time at which the agent on duty was not online.",
            source=("open", "closed"),
            needs=("lapses",),
            adds=("lapses",),
        ),
        Action(
            "absence",
            "Write down a time at which the watch was away from the post.",
            source=("open", "closed"),
            needs=("absences",),
            adds=("absences",),
        ),
        Action(
            "close",
            "Close the log when the watch ends.",
            to="closed",
            source=("open",),
            needs=("situation", "result"),
            takes=("relief",),
            clauses=("CS15-1.3",),
            completes=ending,
            touches=stood,
        ),
    ),
    rules=RULES,
    deadlines=(
        Deadline(
            "log-closed",
            ("CS15-2.7#1",),
            "Every duty is recorded: its log is closed when it ends.",
            ("open",),
            close_due,
            person,
        ),
    ),
    reports=(
        Report(
            "abnormal",
            "What rounds found abnormal.",
            (),
            abnormal,
            headings={
                "when": text("when"),
                "where": text("where"),
                "abnormal": text("abnormal"),
                "remark": text("remark"),
            },
        ),
    ),
    feeds=Feeds(merit=merit),
    settings={
        "duty-log.early-minutes": Setting(
            60, "Minutes before a duty begins from which its log may be opened.", (), "less"
        ),
    },
    final=("closed",),
    computed=("person", "post", "place", "date", "begun", "ended"),
)
