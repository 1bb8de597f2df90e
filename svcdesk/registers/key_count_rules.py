"""What must hold of a key handover sheet, what the books expect, and when keys change hands next. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.claims import act_rule
from svcdesk.clock import before
from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import instant
from svcdesk.clock import later
from svcdesk.feeds import Books
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import Text
from svcdesk.model import text
from svcdesk.rules import sets_there
from svcdesk.rules import signers
from svcdesk.rules import when

AREA = ("early", "middle")
CATEGORIES = {"early": "area-set", "middle": "area-set", "front-desk": "front-desk"}
"""shift: the category of keys that it counts; a shift not named counts every key of the department."""

LOOK_BACK = 14
"""Days after which an earlier turn at the front desk no longer says who has the keys."""


def opening(old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Date the sheet by the day on which it is opened."""
    return {"date": day_of(at)}


def expectation(books: Books, old: Record | None, sets: Mapping[str, Any], at: str) -> Mapping[str, Any]:
    """Take down how many sets hang there by the books at the minute of the count."""
    return {"expected": sum(sets_there(key, at, books) for key in keys_of(old, books)) if old else 0}


def keys_of(sheet: Record, books: Books) -> list[Record]:
    """Return the keys that a sheet counts, on their hooks or not."""
    category, department = CATEGORIES.get(sheet["shift"]), sheet["department"]
    own = books.find("key", department=department)
    keys = [key for key in own if key.get("kept_by", department) == department]
    keys += [key for key in books.find("key", kept_by=department) if key["department"] != department]
    return [key for key in keys if category in (None, key["category"])]


def differs(sheet: Record) -> bool:
    """Tell whether a count is not what the books say."""
    return bool(sheet.get("counted") != sheet.get("expected"))


def unattended(sheet: Record, direction: str) -> bool:
    """Tell whether nobody stands on the other side: front-desk keys lie overnight where the office keeps them."""
    return bool(sheet["shift"] not in AREA and sheet["direction"] == direction)


def giver_signs(sheet: Record, books: Books) -> bool:
    """Nobody gives what was taken from the place set aside, unless a difference needs a second person."""
    return differs(sheet) or not unattended(sheet, "collect")


def receiver_signs(sheet: Record, books: Books) -> bool:
    """Nobody receives what is put in the place set aside, unless a difference needs a second person."""
    return differs(sheet) or not unattended(sheet, "return")


@act_rule("CS9-1.1.2#2", actions=("close",))
def difference_is_explained(step: Step, books: Books) -> Iterator[Text]:
    """A count that differs from the books is closed only with an explanation."""
    if differs(step.new) and not step.new.get("explanation"):
        yield text(
            "{counted} counted, {expected} by the books; an explanation is needed",
            counted=step.new["counted"],
            expected=step.new["expected"],
        )


@act_rule("CS9-1.1.2#2", actions=("close",))
def difference_is_signed_in_person(step: Step, books: Books) -> Iterator[Text]:
    """Where a count differs from the books, giver and receiver each sign it themselves."""
    for line in ("giver", "receiver") if differs(step.new) else ():
        for each in step.new.signatures(line):
            if each.assurance == "attested":
                yield text("{signer} has not signed in person, but by {by}", signer=each.signer, by=each.by)


@act_rule("CS7-7", actions=("close",))
def front_desk_keys_come_from_who_had_them(step: Step, books: Books) -> Iterator[Text]:
    """The front-desk keys are handed on by the person who took them over last."""
    last = _turn_before(step, books)
    had = signers(last, "receiver") if last and last["direction"] != "return" else []
    for giver in signers(step.new, "giver") if had and last else ():
        if giver not in had:
            yield text(
                "{giver} gives them; by {record} they are with {holder}",
                giver=giver,
                record=last.id if last else "",
                holder=had[-1],
            )


def _turn_before(step: Step, books: Books) -> Record | None:
    """Return the front-desk sheet that was closed last before this one was."""
    if step.new["shift"] != "front-desk":
        return None
    for back in range(LOOK_BACK + 1):
        found = [
            (instant(closed), sheet.id, sheet)
            for sheet in books.find("key-count", date=day_later(step.new["date"], -back))
            if sheet.id != step.new.id and _same_keys(sheet, step.new) and _known(sheet, step)
            if (closed := when(sheet, "close")) and before(closed, step.at)
        ]
        if found:
            return max(found, key=lambda each: each[:2])[2]
    return None


def _known(sheet: Record, step: Step) -> bool:
    """Tell whether a sheet stood closed, and not void, in the books on which the step was entered."""
    entries = {act["action"]: str(act.get("entered", act["at"])) for act in sheet.acts}
    closed, gone = entries.get("close"), entries.get("void")
    return bool(closed and before(closed, step.entered) and not (gone and before(gone, step.entered)))


def _same_keys(one: Record, other: Record) -> bool:
    return one["department"] == other["department"] and CATEGORIES.get(one["shift"]) == CATEGORIES.get(
        other["shift"]
    )


def sheet_due(sheet: Record, books: Books) -> str:
    """A sheet that was opened is counted and closed within the minutes allowed."""
    return later(sheet.opened, books.setting("key-count.minutes", sheet.opened))


def keys_back_due(sheet: Record, books: Books) -> str | None:
    """Area keys that were collected are put back by the end of the middle shift."""
    if sheet["direction"] != "collect" or sheet["shift"] not in AREA or _followed(sheet, books):
        return None
    ends = books.setting("key-count.middle-shift-ends", sheet.opened)
    due = f"{sheet['date']}T{ends}:00{sheet.opened[19:]}"
    return later(due, 1440) if before(due, sheet.opened) else due


def relief_due(sheet: Record, books: Books) -> str | None:
    """Front-desk keys that a person took over change hands again within a day."""
    if sheet["shift"] != "front-desk" or sheet["direction"] == "return" or _followed(sheet, books):
        return None
    return later(sheet.opened, books.setting("key-count.relief-minutes", sheet.opened))


def report_due(sheet: Record, books: Books) -> str | None:
    """Keys missing at a count are reported; None once each has an incident that was not closed by then."""
    counted = when(sheet, "close") or sheet.opened
    if all(_reported(key, sheet.opened, books) for key in sheet.get("missing", ())):
        return None
    return later(counted, books.setting("key-count.report-minutes", counted))


def _reported(key: str, at: str, books: Books) -> bool:
    """Tell whether a key has an incident that was reported from a moment on, or still open then."""
    incidents = [
        each for each in books.mentioning(key) if each.register == "key-incident" and each.state != "void"
    ]
    closings = [when(each, "close") for each in incidents if each["kind"] != "inspection"]
    return any(closed is None or not before(closed, at) for closed in closings)


def _followed(sheet: Record, books: Books) -> bool:
    """Tell whether a later sheet of the same keys was opened within the days that a turn may last."""
    return any(
        other.state != "void" and _same_keys(other, sheet) and before(sheet.opened, other.opened)
        for ahead in range(LOOK_BACK + 1)
        for other in books.find("key-count", date=day_later(sheet["date"], ahead))
    )


def holder(sheet: Record, books: Books) -> str:
    """Return who took the keys over last by this sheet, or who opened it."""
    return next(iter(signers(sheet, "receiver")), str(sheet.acts[0]["by"]))


def differences(sheets: Sequence[Record], books: Books, at: str) -> Iterator[Mapping[str, Any]]:
    """Yield the sheets whose count is not what the books said, the open ones first."""
    found = [sheet for sheet in sheets if sheet.state in ("counted", "closed") and differs(sheet)]
    for sheet in sorted(found, key=lambda each: (each.state == "closed", each.id)):
        names = ("state", "date", "shift", "department", "counted", "expected", "missing", "explanation")
        yield {"id": sheet.id, **{name: sheet.get(name) for name in names}}


RULES = (
    difference_is_explained,
    difference_is_signed_in_person,
    front_desk_keys_come_from_who_had_them,
)
