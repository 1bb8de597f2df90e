"""Record files read version by version: what is read of what is new only is what reading all of it gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from svcdesk import schema
from svcdesk.audit.reading import Versions
from svcdesk.canonical import load_grown
from svcdesk.desk import Desk
from svcdesk.reader import FileChange
from svcdesk.reading import read_grown
from svcdesk.reading import read_record
from svcdesk.registers import REGISTERS
from tests.forgeries.world import template as template

LOAN = b"id: KL2611-A0001\nstate: requested\nacts:\n  - action: request\n    by: S-A0001\n"
MORE = b"  - action: approve\n    by: S-A0002\n"


def versions(folder: Path) -> Iterator[tuple[FileChange, bytes, bytes]]:
    """Yield every change of a record in a desk's history, with the bytes before it and after."""
    desk = Desk(folder)
    for _commit, changes in desk.store.history(desk.tip):
        for each in changes:
            if each.old and each.path.startswith("records/"):
                (_, former), (_, blob) = desk.store.blobs([each.old, each.new])
                yield each, former, blob
    desk.store.close()


def test_what_a_record_has_more_is_all_that_has_to_be_read(template: Path) -> None:
    found = list(versions(template))
    assert len(found) > 10
    for change, former, blob in found:
        grown = read_grown(read_record(change.path, former, REGISTERS), former, blob, REGISTERS)
        assert grown == read_record(change.path, blob, REGISTERS)


def test_whatever_is_done_to_the_bytes_nothing_else_is_read_of_them(template: Path) -> None:
    random = Random(5)
    taken = 0
    for change, former, blob in versions(template):
        read = read_record(change.path, former, REGISTERS)
        for _ in range(40):
            spoilt = spoil(random, blob, former)
            grown = read_grown(read, former, spoilt, REGISTERS)
            assert grown in (None, read_record(change.path, spoilt, REGISTERS))
            taken += grown is not None
    assert taken > 10


def spoil(random: Random, blob: bytes, former: bytes) -> bytes:
    """Return a file with a line or a character of it, or of its former version, in another place."""
    lines = blob.splitlines(keepends=True)
    place = random.randrange(len(lines))
    choice = random.randrange(4)
    if choice == 0:
        del lines[place]
    elif choice == 1:
        lines.insert(place, random.choice(former.splitlines(keepends=True)))
    elif choice == 2:
        lines[place] = lines[place].replace(b"1", b"2")
    else:
        at = random.randrange(len(lines[place]))
        lines[place] = lines[place][:at] + random.choice((b"a", b" ", b"-", b'"')) + lines[place][at + 1 :]
    return b"".join(lines)


@pytest.mark.parametrize(
    "blob",
    [
        LOAN,
        LOAN.replace(b"requested", b"approved"),
        LOAN.replace(b"S-A0001", b"S-A0002") + MORE,
        LOAN.rstrip(b"\n") + b"  - \n",
        LOAN + MORE[2:],
        LOAN + MORE.rstrip(b"\n"),
        LOAN + MORE.replace(b"approve", b"approve "),
        LOAN + b"    at: now\n" + MORE,
        b"acts:\n  - action: request\n    by: S-A0001\n" + MORE,
        LOAN.replace(b"acts:", b"acts: []\nacts:") + MORE,
    ],
)
def test_what_did_not_grow_is_read_as_a_whole(blob: bytes) -> None:
    known = {"id": "KL2611-A0001", "state": "requested", "acts": [{"action": "request", "by": "S-A0001"}]}
    assert load_grown(LOAN + MORE, LOAN, known) == (
        {**known, "acts": [*known["acts"], {"action": "approve", "by": "S-A0002"}]},
        [{"action": "approve", "by": "S-A0002"}],
    )
    assert load_grown(blob, LOAN, known) is None


def test_no_schema_asks_of_acts_what_the_others_are_needed_for() -> None:
    for name in REGISTERS:
        asked = schema.document(name)
        assert asked["properties"]["acts"].keys() == {"$ref"}
        assert asked["$defs"]["acts"].keys() == {"description", "type", "minItems", "items"}
        assert not asked.keys() & {"if", "allOf", "anyOf", "oneOf"}


def test_another_file_is_no_earlier_version(template: Path) -> None:
    (change, former, blob), *_ = versions(template)
    reader = Versions(REGISTERS)
    first = reader.read(change._replace(new=change.old, old=""), former)
    elsewhere = change._replace(path="records/key/elsewhere.yaml")
    assert [each.rule for each in reader.read(elsewhere, blob).findings] == ["path"]
    assert reader.read(change, blob) == read_record(change.path, blob, REGISTERS) != first
    assert [each.rule for each in reader.read(change, former).findings] == ["object-id"]
