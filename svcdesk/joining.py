"""Two histories read from git, and the commit that joins them: the same bytes for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Literal

from svcdesk import commits
from svcdesk import message
from svcdesk import schema
from svcdesk import yamlio
from svcdesk.audit.reading import Seen
from svcdesk.audit.reading import seen
from svcdesk.books import OpenBooks
from svcdesk.clock import stamp
from svcdesk.desk import LAW
from svcdesk.desk import committed
from svcdesk.disputes import conflict_of
from svcdesk.disputes import next_serial
from svcdesk.errors import BadInput
from svcdesk.errors import NeedsAttention
from svcdesk.feeds import Source
from svcdesk.ids import parse_path
from svcdesk.ids import path_of
from svcdesk.merging import Ground
from svcdesk.merging import Joined
from svcdesk.merging import Local
from svcdesk.merging import join
from svcdesk.model import Record
from svcdesk.model import Step
from svcdesk.model import text
from svcdesk.reader import Reader
from svcdesk.sealed import parse
from svcdesk.sshsig import named_key
from svcdesk.workflow import replay


@dataclass(frozen=True, slots=True)
class Merge:
    """What a commit holds that joins two histories, beyond the tree of the published one."""

    files: Mapping[str, bytes]
    message: str
    conflicts: tuple[str, ...]


def recompute(
    store: Reader, source: Source, zone: str, published: str, local: str, by: str, at: datetime
) -> Merge:
    """Return the merge of two tips by a person at a moment; `source` are the books of the published one.

    Raises NeedsAttention where the local side holds what no act of svcdesk is, or cannot be joined.
    """
    ground = Ground(
        source, _since(store, published, local), stamp(store.time_of(published), zone), zone, LAW, _ordered
    )
    joined = join(ground, list(_locals(store, published, local)))
    conflicts = _conflicts(ground, joined, by, stamp(at, zone))
    files = {_path(each): yamlio.dump(each.data) for each in joined.records}
    files |= {_path(each): _dumped(each) for each in conflicts}
    named = tuple(each.id for each in conflicts)
    words = message.compose_merge(by, stamp(at, zone), named, store.tree(published, "records/policy"))
    return Merge(files, words, named)


def _ordered(record: Record) -> Record:
    return Record(record.register, schema.ordered(record.register, record.data))


def _path(record: Record) -> str:
    return path_of(LAW.registers[record.register], record.id)


def _conflicts(ground: Ground, joined: Joined, by: str, at: str) -> list[Record]:
    """Return the record of each dispute, numbered in the order in which they arose."""
    books = OpenBooks(ground.source, LAW.registers, ground.zone, schema.references).changed(joined.records)
    first = next_serial(ground.source, at[2:7].replace("-", "")) if joined.disputes else 0
    found = []
    for serial, dispute in enumerate(joined.disputes, first):
        news = {each: ground.news(each) for each in dispute.opposing}
        dispute.held = [(commit, _repeatable(step, books, at)) for commit, step in dispute.held]
        found.append(_ordered(conflict_of(dispute, books, news, serial, by, at)))
    return found


def _repeatable(step: Step, books: OpenBooks, at: str) -> Step:
    """Return a step without what it gives in clear and the desk seals by now: only its own commit says that."""
    clear = {each.field.partition(".")[0] for each in LAW.texts(step.new.register, step.sets) if not parse(each.value)}
    if not clear or not books.setting("sealing", at):
        return step
    sets = {name: value for name, value in step.sets.items() if name not in clear}
    return Step(step.old, {**step.act, "sets": sets}, step.new)


def _dumped(conflict: Record) -> bytes:
    """Return the file of a conflict, without the acts word for word where it would be too large or too deep."""
    body = yamlio.dump(conflict.data)
    try:
        yamlio.load(body)
    except BadInput:
        return yamlio.dump(_slim(conflict.data))
    return body


def _slim(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _slim(each) for name, each in value.items() if name not in ("act", "differences")}
    return [_slim(each) for each in value] if isinstance(value, list) else value


def _since(store: Reader, published: str, local: str) -> dict[str, int]:
    """Return each record that the published side changed since the two parted, with the number of its acts then."""
    bases = store.git.run("merge-base", "--all", "--end-of-options", published, local, ok=(0, 1)).split()
    if len(bases) != 1:
        raise NeedsAttention(text("the two histories have {count} places where they part", count=len(bases)))
    if bases[0].decode("ascii") in (published, local):
        raise NeedsAttention(text("one history holds the other; there is nothing to join"))
    trees = (store.tree(each, "records") for each in (bases[0].decode("ascii"), published))
    changes = [("records/" + path, old) for path, old, _new in store.changes(*trees)]
    olds = dict(store.blobs({old: None for _path, old in changes if old}))
    found = {}
    for path, old in changes:
        place = parse_path(path, LAW.registers)
        if place is not None:
            found[place[1]] = len(committed(place[0].name, path, olds[old]).acts) if old else 0
    return found


def _locals(store: Reader, published: str, local: str) -> Iterator[Local]:
    """Yield the commits that the published history lacks, in order, each as the acts that it holds."""
    for each in seen(store, LAW.registers, local, [published]):
        commit = commits.parse(each.oid, each.body)
        trailers = message.parse(commit.message)
        if len(commit.parents) != 1 or not trailers:
            raise _foreign(each.oid)
        steps = [step for change in each.changes for step in _steps(store, each, change.path, change.old)]
        place = {name: number for number, name in enumerate(trailers.get("Svcdesk-Record", "").split())}
        steps.sort(key=lambda step: place.get(step.new.id, len(place)))
        kind: Literal["act", "import"] = "import" if trailers.get("Svcdesk-Action") == "import" else "act"
        # Whether the key made the signature was asked when the commit itself was judged.
        yield Local(each.oid, kind, tuple(steps), named_key(commit.signature) if commit.signature else "")


def _steps(store: Reader, each: Seen, path: str, blob: str) -> Sequence[Step]:
    """Return the steps by which a commit changed a record; raises NeedsAttention where it did anything else."""
    place, read = parse_path(path, LAW.registers), each.reads.get(path)
    if place is None or read is None or read.data is None:
        raise _foreign(each.oid)
    old = committed(place[0].name, path, next(store.blobs([blob]))[1]) if blob else None
    acts = list(old.acts) if old else []
    if read.data["acts"][: len(acts)] != acts:
        raise _foreign(each.oid)
    return [
        Step(step.old, step.act, _ordered(step.new))
        for step in replay(place[0], place[1], read.data["acts"])[len(acts) :]
    ]


def _foreign(commit: str) -> NeedsAttention:
    return NeedsAttention(
        text(
            "{commit} is no act that svcdesk recorded, and cannot be joined; git log shows it",
            commit=commit[:12],
        )
    )
