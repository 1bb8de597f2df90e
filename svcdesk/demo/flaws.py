"""What goes wrong in the demo on purpose, and what `due` and `check` say of it at its last moment."""

from __future__ import annotations

from typing import NamedTuple

from svcdesk.demo.cast import HEADS
from svcdesk.demo.plan import MOMENT
from svcdesk.demo.stage import Scene
from svcdesk.demo.stage import Stage


class Flaw(NamedTuple):
    """One thing done wrong or late: the record's name on the stage, who notices, by which deadline or rule."""

    name: str
    noticed_by: str
    as_what: str
    sentence: str
    fails: bool = True
    """Whether the command ends with 1 because of it; a warning alone does not."""


FLAWS = (Flaw("pump-room-key-out", "due", "key-back", "the pump room key is not back since the day before"),)


def arrange(stage: Stage) -> None:
    """Let the flaws happen on the last days."""
    stage.begin(MOMENT.replace(day=19, hour=16, minute=5), key_not_back(stage))


def key_not_back(stage: Stage) -> Scene:
    """An engineer takes the pump room key in the afternoon and goes home with it."""
    clerk, borrower, hook = "fang.lei", "zhao.gang", "1"
    if hook in stage.busy:
        yield stage.after(minutes=10)
    stage.busy.add(hook)
    record = stage.act(
        clerk,
        "key-loan",
        "request",
        key=stage.named[f"key {hook}"],
        borrower=stage.named[borrower],
        purpose="leak at the second pump 二号泵漏水",
        due=stage.stamp(stage.after(hours=2)),
    ).id
    yield stage.after(minutes=6)
    stage.act(HEADS["engineering"], "key-loan", "approve", record)
    yield stage.after(minutes=4)
    stage.act(clerk, "key-loan", "issue", record, signed={"borrower": stage.named[borrower]})
    stage.named["pump-room-key-out"] = record
