"""The checking side of a desk: every finding in one run; reads, never writes."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from svcdesk import schema
from svcdesk import yamlio
from svcdesk.binding import Bindings
from svcdesk.books import OpenBooks
from svcdesk.calendars import zone_of
from svcdesk.contention import CONFLICT
from svcdesk.desk import CONFIG
from svcdesk.desk import LAW
from svcdesk.desk import Desk
from svcdesk.desk import read_config
from svcdesk.errors import BadInput
from svcdesk.hindsight import has_clones
from svcdesk.hindsight import judge_in_hindsight
from svcdesk.ids import parse_path
from svcdesk.ids import path_of
from svcdesk.ids import register_of
from svcdesk.ids import split_id
from svcdesk.judge import judge_open
from svcdesk.judge import judge_state
from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import text
from svcdesk.parallel import Advance
from svcdesk.parallel import Watch
from svcdesk.parallel import both_cores
from svcdesk.parallel import unwatched
from svcdesk.reading import Read
from svcdesk.reading import read_record
from svcdesk.reading import work_tree
from svcdesk.remembered import keep
from svcdesk.remembered import recall
from svcdesk.tree import Tree
from svcdesk.workflow import replay

Files = Mapping[str, bytes]


class Check:
    """One check of one set of files; `history` holds the files of HEAD that differ from them."""

    def __init__(self, desk: Desk, files: Files, history: Mapping[str, bytes | None] | None = None) -> None:
        self.desk = desk
        self.files = files
        self.history = history or {}

    def run(self, watch: Watch = unwatched) -> list[Finding]:
        """Return every finding on the files, with line and column where known."""
        with watch(2 * len(self.files)) as advance:
            return [self._located(each) for each in self._found(advance)]

    def _found(self, advance: Advance) -> list[Finding]:
        found = list(self._config())
        names = sorted(path for path in self.files if path != CONFIG)
        reads = both_cores(self._read, names, advance)
        records = {each.path: self._record(each) for each in reads if each.data is not None}
        found += [finding for each in reads for finding in each.findings]
        books = OpenBooks(
            Tree(records.values(), schema.references),
            self.desk.registers,
            self.desk.zone,
            schema.references,
        )
        _ = books.policy, books.people
        self._joined = has_clones(books)
        found += [
            each
            for batch in both_cores(
                lambda path: self._judge(path, records[path], books), sorted(records), advance
            )
            for each in batch
        ]
        found += self._against_history(records)
        found += serial_gaps(
            {path: (each.register, each.id) for path, each in records.items()}
            | self._unread(reads)
            | self._held_back(books)
        )
        found += self._switched_off(books)
        return found

    def _config(self) -> Iterator[Finding]:
        try:
            zone_of(read_config(self.files.get(CONFIG, b"")).zone)
        except BadInput as error:
            yield Finding("desk", error.message, path=CONFIG)

    def _read(self, path: str) -> Read:
        return read_record(path, self.files[path], self.desk.registers)

    def _record(self, read: Read) -> Record:
        place = parse_path(read.path, self.desk.registers)
        assert place is not None
        assert read.data is not None
        return Record(place[0].name, read.data)

    def _judge(self, path: str, record: Record, books: OpenBooks) -> list[Finding]:
        register = self.desk.registers[record.register]
        found = [
            finding
            for step in replay(register, record.id, record.acts)
            for finding in judge_in_hindsight(step, books, LAW, self._joined)
        ]
        found += judge_state(record, books, LAW) + judge_open(record, books, LAW)
        return [each._replace(path=path) for each in found]

    def _unread(self, reads: Iterable[Read]) -> dict[str, tuple[str, str]]:
        """Return register and id of the files that are there, but of which nothing could be made."""
        places = {
            each.path: parse_path(each.path, self.desk.registers) for each in reads if each.data is None
        }
        return {path: (place[0].name, place[1]) for path, place in places.items() if place is not None}

    def _held_back(self, books: OpenBooks) -> dict[str, tuple[str, str]]:
        """Return register and id of what conflicts hold back: the number is taken, the page is not there."""
        found = {}
        for conflict in books.of(CONFLICT):
            for record_id in conflict["records"]:
                register = register_of(record_id, self.desk.registers)
                if register is not None:
                    found[path_of(register, record_id)] = (register.name, record_id)
        return found

    def _against_history(self, records: Mapping[str, Record]) -> Iterator[Finding]:
        """HEAD -> work tree: nothing is deleted, acts are only added to the end."""
        for path, blob in sorted(self.history.items()):
            if path not in self.files:
                yield Finding("append-only", text("the record is gone; nothing is ever deleted"), path=path)
            elif path == CONFIG:
                yield Finding("hand-edit", text("changed by hand; git restores it"), path=path)
            elif path in records:
                before = _acts_of(blob)
                if list(records[path].acts[: len(before)]) != before:
                    message = text("acts were changed; an act adds to the end and touches nothing else")
                    yield Finding("append-only", message, record=records[path].id, path=path, field="acts")
                else:
                    message = text("written by hand and not recorded; svcdesk salvage {path}", path=path)
                    yield Finding("hand-edit", message, record=records[path].id, path=path)

    def _switched_off(self, books: OpenBooks) -> Iterator[Finding]:
        """Name every rule that the desk's policy has switched off, as of its last act."""
        last = max((each.acts[-1]["at"] for each in books.of("policy")), default="")
        bindings = books.policy.bindings(last) if last else Bindings({}, (), 0)
        for register in self.desk.registers.values():
            for rule in register.rules:
                if bindings.is_off(rule):
                    message = text(
                        "{register}: the rule {rule} is switched off", register=register.name, rule=rule.name
                    )
                    yield Finding("rule-off", message, rule.clauses, path=CONFIG, severity="warning")

    def _located(self, finding: Finding) -> Finding:
        if finding.line or not finding.path or finding.path not in self.files:
            return finding
        wanted = [int(part) if part.isdigit() else part for part in finding.field.split(".") if part]
        try:
            line, column = yamlio.position(self.files[finding.path], wanted)
        except BadInput:
            return finding
        return finding._replace(line=line, column=column)


def _acts_of(blob: bytes | None) -> list[Any]:
    """Return the acts of a record as HEAD has it; none of a record that is not there or cannot be read."""
    try:
        acts: list[Any] = yamlio.load(blob).get("acts", []) if blob is not None else []
    except BadInput:
        return []
    return acts


def serial_gaps(places: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    """Yield a finding for each number missing from a book; a paper book has no missing pages."""
    books: dict[tuple[str, str, str], dict[int, str]] = {}
    for path, (register, record_id) in places.items():
        parts = split_id(record_id)
        if parts is not None:
            books.setdefault((register, parts[1], parts[2]), {})[parts[3]] = path
    for (register, month, station), serials in sorted(books.items()):
        missing = sorted(set(range(1, max(serials) + 1)) - serials.keys())
        for first, last in _runs(missing):
            following = min(serial for serial in serials if serial > last)
            message = text(
                "{register} {month}{station}: {first} to {last} missing",
                register=register,
                month=month,
                station=station,
                first=first,
                last=last,
            )
            yield Finding("serial-gap", message, path=serials[following])


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _within(path: str, wanted: Sequence[str]) -> bool:
    return any(path == each or path.startswith(each.rstrip("/") + "/") for each in wanted)


def check_desk(
    desk: Desk,
    paths: Sequence[str] = (),
    since: str = "",
    staged: bool = False,
    index_file: str = "",
    watch: Watch = unwatched,
) -> list[Finding]:
    """Check a desk's files as they lie on the disk, or as git is about to commit them."""
    found = _check_staged(desk, index_file, watch) if staged else _check_work_tree(desk, watch)
    wanted = _changed_since(desk, since) or ["-"] if since else paths
    if not wanted:
        return found
    return [each for each in found if not each.path or _within(each.path, wanted)]


def _check_staged(desk: Desk, index_file: str, watch: Watch) -> list[Finding]:
    files = desk.store.staged("records", index_file)
    return Check(desk, files, _differing(desk, files)).run(watch)


def _check_work_tree(desk: Desk, watch: Watch) -> list[Finding]:
    """Check the files on the disk, from the beginning unless what was found last is known still to hold."""
    has_history = desk.git is not None and bool(desk.tip) and not desk.config.sample
    known = recall(desk) if has_history else None
    if known is not None:
        return known
    files, odd = work_tree(desk.root)
    found = odd + Check(desk, files, _differing(desk, files) if has_history else None).run(watch)
    if has_history:
        keep(desk, len(files) + len(odd), found)
    return found


def _differing(desk: Desk, files: Files) -> dict[str, bytes | None]:
    """Return what HEAD holds of each record file that is not the same among `files`; nothing of a sample's."""
    if not desk.tip or desk.config.sample:
        return {}
    committed = {
        "records/" + path: oid for path, oid in desk.store.files(desk.store.tree(desk.tip, "records"))
    }
    changed = {
        path: oid
        for path, oid in committed.items()
        if path not in files or desk.store.blob_id(files[path]) != oid
    }
    blobs = desk.store.blobs(changed.values())
    differing: dict[str, bytes | None] = {
        path: blob for path, (_oid, blob) in zip(changed, blobs, strict=True)
    }
    return differing | {path: None for path in files if path not in committed}


def _changed_since(desk: Desk, revision: str) -> list[str]:
    old = desk.store.resolve(revision)
    trees = (desk.store.tree(each, "records") for each in (old, desk.tip))
    return ["records/" + path for path, _old, _new in desk.store.changes(*trees)]
