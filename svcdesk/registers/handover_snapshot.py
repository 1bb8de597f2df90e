"""What a handover takes down from the books: the snapshot at its opening, what a count should find. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk.clock import before
from svcdesk.clock import day_later
from svcdesk.clock import day_of
from svcdesk.clock import days_between
from svcdesk.clock import instant
from svcdesk.feeds import Books
from svcdesk.feeds import Case
from svcdesk.feeds import Duty
from svcdesk.feeds import Hold
from svcdesk.model import Record
from svcdesk.rules import SECURITY
from svcdesk.rules import sets_there

NAME = "handover"
LOOK_BACK = 31
"""Days in which the handover before is looked for by its date."""

Fields = Mapping[str, Any]


def take_down(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Give department, post and shift where they were not said, and what the books say of the department."""
    found = {"date": day_of(at), **_who_and_what(books, sets, at)}
    kind, department = sets.get("kind", ""), sets.get("department") or found.get("department", "")
    if kind == "security":
        gives = books.posts(sets["outgoing"], at) & frozenset(SECURITY)
        found["direction"] = "from-security" if gives else "to-security"
    others = books.departments(sets.get("incoming", ""), at) if kind == "security" else frozenset()
    scope = frozenset((department,)) | others
    earlier = earlier_handovers(kind, department, at, books)
    since = earlier[-1].opened if earlier else ""
    lists = {
        **_snapshot(books, scope, since, at, stock=kind != "front-desk"),
        "pending": list(_pending(earlier, books, at)),
    }
    return found | {name: rows for name, rows in lists.items() if rows}


def _who_and_what(books: Books, sets: Fields, at: str) -> dict[str, str]:
    """Give what follows from the outgoing person: his department; his post, shift and its end by the roster."""
    person = sets["outgoing"]
    own = books.departments(person, at)
    shared = own & books.departments(sets.get("incoming", ""), at)
    duty = next(
        (each for each in books.on_duty(at) if each.person == person and is_rostered(each, books)), None
    )
    entry = books.get(duty.record) if duty else None
    posts = sorted(books.posts(person, at), key=lambda post: (-books.rank_of(post, at), post))
    found = {
        "department": min(shared or own, default=""),
        "post": duty.post if duty else next(iter(posts), ""),
        "shift": str(entry.get("shift", "")) if entry else "",
        "ends": duty.until if duty else "",
    }
    return {name: value for name, value in found.items() if value and not sets.get(name)}


def is_rostered(duty: Duty, books: Books) -> bool:
    """Tell whether a duty stands on a roster; that of who has not yet handed over stands on the handover."""
    record = books.get(duty.record)
    return record is not None and record.register != NAME


def earlier_handovers(kind: str, department: str, at: str, books: Books) -> list[Record]:
    """Return the handovers of a kind and department before `at`, from the last month, or all where there are none."""
    days = [day_later(day_of(at), -back) for back in range(LOOK_BACK + 1)]
    recent = [each for day in days for each in books.find(NAME, date=day)]
    return _of_kind(recent, kind, department, at) or _of_kind(
        books.find(NAME, kind=kind), kind, department, at
    )


def _of_kind(handovers: Sequence[Record], kind: str, department: str, at: str) -> list[Record]:
    """Return those of a kind and department in order; the book that goes to security and back is one."""
    found = [
        each
        for each in handovers
        if each.state != "void"
        and each["kind"] == kind
        and (kind == "security" or each["department"] == department)
        and before(each.opened, at)
    ]
    return sorted(found, key=lambda each: (instant(each.opened), each.id))


def _pending(earlier: Sequence[Record], books: Books, at: str) -> Iterator[Fields]:
    """Yield the items carried over by earlier handovers that nobody has settled, with their age."""
    passed_on = {(row["handover"], row["number"]) for each in earlier for row in each.get("pending", ())}
    own = {(each.id, number) for each in earlier for number, _item in unsettled(each)}
    for record_id, number in sorted(passed_on | own):
        handover = books.get(record_id)
        item = dict(unsettled(handover)).get(number) if handover and handover.state != "void" else None
        if handover is not None and item is not None:
            shown = {name: item[name] for name in ("what", "owner", "due") if name in item}
            days = days_between(day_of(handover.opened), day_of(at))
            yield {"handover": record_id, "number": number, **shown, "days": days}


def unsettled(handover: Record) -> Iterator[tuple[int, Fields]]:
    """Yield number and fields of the items that a handover carries over and that are not settled."""
    done = {row["number"] for row in handover.get("settled", ())}
    for number, item in enumerate(handover.get("carried", ()), 1):
        if number not in done:
            yield number, item


def _snapshot(
    books: Books, scope: frozenset[str], since: str, at: str, stock: bool
) -> dict[str, list[Fields]]:
    shot = books.snapshot(scope, since, at)
    keys = [
        key for each in sorted(scope) for key in books.find("key", department=each) if key.state == "active"
    ]
    rows = [
        _row("keys", "key", [key.id for key in keys], [], named=False),
        _row("keys-out", "key", [each.thing for each in shot.holds], _overdue(shot.holds, at)),
        *_key_counts(books, scope, since, at),
        *_cases(shot.cases, books, at),
    ]
    there: list[Fields] = [
        {
            "material": each.material,
            "place": each.place,
            **({"lot": each.lot} if each.lot else {}),
            "quantity": each.quantity,
        }
        for each in shot.stock
        if stock
    ]
    return {"snapshot": rows, "stock": there, "learned": [each._asdict() for each in shot.learned]}


def _row(heading: str, book: str, ids: Sequence[str], amiss: Sequence[str], named: bool = True) -> Fields:
    lists = {"ids": list(ids) if named else [], "amiss_ids": list(amiss)}
    return {
        "heading": heading,
        "book": book,
        "count": len(ids),
        "amiss": len(amiss),
        **{name: each for name, each in lists.items() if each},
    }


def _overdue(holds: Sequence[Hold], at: str) -> list[str]:
    return [each.thing for each in holds if each.due and before(each.due, at)]


def _cases(cases: Sequence[Case], books: Books, at: str) -> Iterator[Fields]:
    """Yield what is open, a row for each book."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        record = books.get(case.record)
        found.setdefault(record.register if record else "", []).append(case)
    for book, open_ones in sorted(found.items()):
        late = [each.record for each in open_ones if each.due and before(each.due, at)]
        yield _row("cases", book, [each.record for each in open_ones], late)


def _key_counts(books: Books, scope: frozenset[str], since: str, at: str) -> Iterator[Fields]:
    """Yield the key handover sheets since the handover before, of today where there was none."""
    today = day_of(at)
    first = max(day_of(since or at), day_later(today, -LOOK_BACK))
    days = [day_later(first, number) for number in range(days_between(first, today) + 1)]
    sheets = [
        each
        for day in days
        for each in books.find("key-count", date=day)
        if each["department"] in scope and each.state != "void"
        if not before(each.opened, since or each.opened) and not before(at, each.opened)
    ]
    if sheets:
        amiss = [
            each.id
            for each in sheets
            if each.state != "closed" or each.get("counted") != each.get("expected")
        ]
        yield _row("key-counts", "key-count", [each.id for each in sheets], amiss)


def expectation(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Take down what there has to be by the books of each thing that is counted, at the minute of the count."""
    before_this = list(old.get("expected", ())) if old else []
    rows = []
    for row in sets.get("counted", ()):
        where = {name: row[name] for name in ("place", "lot") if name in row}
        rows.append({"what": row["what"], **where, "quantity": _on_the_books(row, books, at)})
    return {"expected": [*before_this, *rows]}


def _on_the_books(row: Fields, books: Books, at: str) -> int:
    thing = books.get(row["what"])
    if thing is not None and thing.register == "key":
        return sets_there(thing, at, books)
    return sum(
        each.quantity
        for each in books.movements(row["what"])
        if row.get("place", each.place) == each.place
        and row.get("lot", each.lot) == each.lot
        and not before(at, each.at)
    )


def last_counts(handover: Record) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Return (what, place, lot): found and expected, by the last count of each thing."""
    return {
        (row["what"], row.get("place", ""), row.get("lot", "")): (row["found"], told["quantity"])
        for row, told in zip(handover.get("counted", ()), handover.get("expected", ()), strict=False)
    }


def escalation(books: Books, old: Record | None, sets: Fields, at: str) -> Fields:
    """Name the superior of the outgoing person: a refusal goes to him."""
    superior = books.superior(old["outgoing"], at) if old else ""
    return {"superior": superior} if superior else {}
