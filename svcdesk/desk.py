"""A desk: found, read, queried. One method per thing that a person can ask of it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from svcdesk import git
from svcdesk import schema
from svcdesk import yamlio
from svcdesk.books import OpenBooks
from svcdesk.clock import instant
from svcdesk.declared import Register
from svcdesk.errors import BadInput
from svcdesk.errors import BadYaml
from svcdesk.errors import NeedsAttention
from svcdesk.errors import SvcdeskError
from svcdesk.errors import UnknownRecord
from svcdesk.git import Git
from svcdesk.ids import TAIL
from svcdesk.ids import parse_path
from svcdesk.ids import path_of
from svcdesk.ids import register_of
from svcdesk.judge import Law
from svcdesk.model import Record
from svcdesk.model import Terms
from svcdesk.model import text
from svcdesk.naming import named
from svcdesk.naming import near
from svcdesk.parallel import Advance
from svcdesk.parallel import Watch
from svcdesk.parallel import unwatched
from svcdesk.registers import REGISTERS
from svcdesk.sealable import Place
from svcdesk.sealable import places
from svcdesk.sealable import replaced
from svcdesk.sealed import is_sealed
from svcdesk.store import Store
from svcdesk.tree import LEARNED
from svcdesk.tree import learned_on
from svcdesk.workflow import allowed_from
from svcdesk.workflow import as_of
from svcdesk.workflow import find_action

if TYPE_CHECKING:
    from svcdesk.index import Index
    from svcdesk.index import Row

CONFIG = "records/desk.yaml"
STATE = "svcdesk"
"""Folder in the git directory that holds lock, intent, index and the clone's station."""


def faults(register: str, data: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], Any]]:
    """Return what the schema of a register holds against a record."""
    return [(fault.path, fault.message) for fault in schema.validate(register, data)]


LAW = Law(REGISTERS, faults, schema.references, schema.texts_of_some)
"""The law of this version: the declared registers and their schemas."""


class Config(NamedTuple):
    """What `records/desk.yaml` says."""

    id: str
    name: str
    zone: str
    sample: bool


def read_config(blob: bytes) -> Config:
    """Return the desk's own data; raises BadInput where `records/desk.yaml` cannot be read as meant."""
    data = yamlio.load(blob)
    wrong = [name for name in ("id", "name", "zone") if not isinstance(data.get(name), str)]
    if wrong or data.get("format") != 1:
        raise BadInput(
            text("{path}: {fields} missing or wrong", path=CONFIG, fields=", ".join(wrong) or "format")
        )
    return Config(data["id"], data["name"], data["zone"], data.get("sample") is True)


def find_root(start: Path) -> Path:
    """Return the folder of the desk at or above `start`; raises NeedsAttention where there is none."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG).is_file():
            return folder
    if any((folder / ".git").exists() for folder in (here, *here.parents)):
        raise NeedsAttention(
            text(
                "{folder} lies in a git repository that has no desk's files; where it is the clone of a desk,"
                " git switch main brings them",
                folder=str(start),
            )
        )
    raise NeedsAttention(
        text("{folder} is no desk, nor is any folder above it; svcdesk init makes one", folder=str(start))
    )


class Desk:
    """One desk as one clone holds it; everything is read from the tip of `main`."""

    def __init__(self, root: Path, repository: Git | None = None) -> None:
        """Open the desk in a folder; `repository` is given where it lies elsewhere, or is bare."""
        self.root = root
        self.registers = REGISTERS
        self.git = repository or _repository(root)
        self.watch: Watch = unwatched
        """Shows how far long work has come."""
        self.unseal: Callable[[str], str | None] = lambda value: None
        self.erasure: Callable[[str], str] = lambda value: ""
        """Gives the clear text of a sealed value to who may read it."""

    @classmethod
    def find(cls, start: Path) -> Desk:
        """Return the desk at or above `start`."""
        return cls(find_root(start))

    @cached_property
    def config(self) -> Config:
        """The desk's own data, from the commit where there is one."""
        blob = self.store.read(self.tip, CONFIG) if self.git and self.tip else None
        return read_config(blob if blob is not None else (self.root / CONFIG).read_bytes())

    @property
    def zone(self) -> str:
        """The desk's time zone."""
        return self.config.zone

    @cached_property
    def store(self) -> Store:
        """The repository; raises NeedsAttention where the desk has none of its own."""
        if self.git is None:
            raise NeedsAttention(
                text("the desk at {folder} has no git repository of its own", folder=str(self.root))
            )
        return Store(self.git)

    @cached_property
    def tip(self) -> str:
        """The commit that `main` stood at when this command first asked."""
        return self.store.tip()

    def is_being_written(self) -> bool:
        """Whether main has moved since this command began, or has moved and waits for its files."""
        if self.git is None:
            return False
        return self.store.tip() != self.tip or self.store.is_filing()

    def go_by(self, founding: str) -> None:
        """Take the desk's own data from the commit that founded it, since no later one may change them."""
        blob = self.store.read(founding, CONFIG)
        if blob is not None:
            self.config = read_config(blob)

    def require_history(self) -> None:
        """Raise NeedsAttention on a sample, which has records but no history of its own."""
        if self.config.sample:
            raise NeedsAttention(text("these records are a sample: they can be checked, not acted on"))
        if not self.tip:
            raise NeedsAttention(text("the desk has no commit on main yet"))

    @cached_property
    def index(self) -> Index:
        """The query index, brought up to the tip."""
        from svcdesk.index import Index

        self.require_history()
        opened = Index(self.git_folder / "index.db", schema.fingerprint(), indexed_fields)
        self.refresh(opened)
        return opened

    def index_of(self, records: Iterable[Record]) -> Index:
        """Return an index in memory of just these records."""
        from svcdesk.index import Index

        opened = Index(None, schema.fingerprint(), indexed_fields)
        opened.update(
            "-", (), (make_row(each, path_of(self.registers[each.register], each.id), "") for each in records)
        )
        return opened

    def close(self) -> None:
        """Let go of the index and of the git processes, where any was needed."""
        for opened in (self.__dict__.pop("index", None), self.__dict__.pop("store", None)):
            if opened is not None:
                opened.close()

    @property
    def git_folder(self) -> Path:
        """The clone's own folder in the git directory."""
        assert self.git is not None
        return self.git.git_dir / STATE

    def refresh(self, index: Index) -> None:
        """Bring the index from the tree that it stands for to the tip's."""
        tree = self.store.tree(self.tip, "records")
        while index.tree != tree:
            if index.tree and self.store.exists(index.tree):
                changes = self.store.changes(index.tree, tree)
            else:
                changes = [(path, "", oid) for path, oid in self.store.files(tree)]
                index.clear()
            removed = ["records/" + path for path, _old, new in changes if not new]
            added = [("records/" + path, oid) for path, _old, oid in changes if oid]
            with self.watch(len(added)) as advance:
                index.update(tree, removed, self._rows(added, advance))

    def _rows(self, files: Sequence[tuple[str, str]], advance: Advance = lambda count: None) -> Iterator[Row]:
        """Yield the records among these (path, blob id) as the index takes them."""
        for (path, oid), (_oid, blob) in zip(
            files, self.store.blobs(oid for _path, oid in files), strict=True
        ):
            place = parse_path(path, self.registers)
            if place is not None:
                yield make_row(committed(place[0].name, path, blob), path, oid)
            advance(1)

    @cached_property
    def books(self) -> OpenBooks:
        """The books at the tip."""
        return OpenBooks(self.index, self.registers, self.zone, schema.references)

    def register(self, name: str) -> Register:
        """Return a register by name; raises BadInput on an unknown one."""
        if name not in self.registers:
            raise BadInput(
                text(
                    "there is no register {name}; there are {names}",
                    name=name,
                    names=", ".join(self.registers),
                )
            )
        return self.registers[name]

    def get(self, name: str, register: str | None = None, action: str | None = None) -> Record:
        """Return the record with this id, unique tail of one, or (of one register) unique name, code or e-mail.

        Where several match, the one on which `action` is legal now. Raises UnknownRecord, and BadInput
        with the list where what was typed is not unique.
        """
        exact = self.index.get(name.upper())
        if exact is not None and register in (None, exact.register):
            return exact
        matches = self._matches(name, (register,))
        if len(matches) > 1 and action is not None:
            matches = [each for each in matches if self._legal(each, action)] or matches
        return self._only(name, matches, () if register is None else (register,))

    def matching(self, name: str) -> list[Record]:
        """Return the record with this id, or all whose id ends so; raises UnknownRecord where there is none."""
        exact = self.index.get(name.upper())
        found = [exact] if exact is not None else self._matches(name, (None,))
        return found or [self._only(name, found, ())]

    def _matches(self, name: str, registers: Sequence[str | None]) -> list[Record]:
        """Return the records whose id ends like this, else those that are called so."""
        tails = registers if TAIL.fullmatch(name) else ()
        found = [record for each in tails for record in self.index.tail(each, name)]
        return found or [
            record
            for each in registers
            if _has_names(each)
            for record in named(map(self.opened, self.index.of(each or "")), name)
        ]

    def _only(self, name: str, matches: Sequence[Record], registers: Sequence[str]) -> Record:
        if not matches:
            raise self._unknown(name, registers)
        if len(matches) > 1:
            listed = ", ".join(f"{each.id} {each.state}" for each in matches[:20])
            raise BadInput(
                text("{name} matches {count} records: {list}", name=name, count=len(matches), list=listed)
            )
        return matches[0]

    def _unknown(self, name: str, registers: Sequence[str]) -> SvcdeskError:
        """Return the error for what no record is called, with the records that are called nearly so."""
        called = [each for each in registers if _has_names(each)]
        terms = Terms(self.registers[each].term for each in registers)
        if called:
            commands = " | ".join(f"svcdesk {_command(self.registers[each])} list" for each in called)
            values = {"registers": terms, "record": name, "command": commands}
            close = near((self.opened(record) for each in called for record in self.index.of(each)), name)
            if not close:
                return UnknownRecord(text("there is no {registers} {record}; {command} shows them", **values))
            return UnknownRecord(
                text(
                    "there is no {registers} {record}; near it: {near}; {command} shows them",
                    **values,
                    near=close,
                )
            )
        if not TAIL.fullmatch(name):
            return BadInput(text("{name} is no record id, nor the end of one", name=name))
        if not terms:
            return UnknownRecord(text("there is no record {name}", name=name))
        return UnknownRecord(text("there is no {registers} {name}", registers=terms, name=name))

    def _legal(self, record: Record, action: str) -> bool:
        verb = find_action(self.registers[record.register], action)
        return verb is not None and allowed_from(verb, record.state)

    def resolve(self, value: str, registers: Sequence[str]) -> str:
        """Return the full id for what was typed into a field that refers to one of these registers."""
        upper = value.upper()
        known = register_of(upper, self.registers)
        if known is not None and known.name in registers:
            return upper
        return self._only(value, self._matches(value, registers), registers).id

    def known(self, value: str, registers: Sequence[str]) -> str:
        """Return the full id as `resolve` does; raises UnknownRecord too where no record has what looks like one."""
        found = self.resolve(value, registers)
        if self.index.get(found) is None:
            raise self._unknown(found, registers)
        return found

    def opened(self, record: Record) -> Record:
        """Return a record with its sealed texts in clear, as far as who asks may read them."""
        wanted = schema.sealable(record.register)
        forms = (record.data, *(act.get("sets", {}) for act in record.acts)) if wanted else ()
        if not any(is_sealed(each.value) for form in forms for each in places(wanted, form)):
            return record
        data = replaced(wanted, record.data, self._clear)
        acts = [
            {**act, "sets": replaced(wanted, act["sets"], self._clear)} if "sets" in act else act for act in record.acts
        ]
        return Record(record.register, {**data, "acts": acts})

    def _clear(self, place: Place) -> str:
        return (self.unseal(place.value) if is_sealed(place.value) else None) or place.value

    def staff_by_email(self, email: str) -> Record | None:
        """Return the person to whom an e-mail address belongs."""
        found = [
            each for each in self.index.where("staff", "emails", email.casefold()) if each.state != "void"
        ]
        return found[0] if len(found) == 1 else None

    def at_commit(self, moment: datetime) -> Iterator[Record]:
        """Yield every record as the books stood at `moment`, by the last commit not later than it."""
        commit = self.store.commit_at(moment)
        if commit:
            files = [
                ("records/" + path, oid) for path, oid in self.store.files(self.store.tree(commit, "records"))
            ]
            yield from (row.record for row in self._rows(files))

    def as_of(self, records: Iterable[Record], moment: str) -> Iterator[Record]:
        """Yield the records as the acts up to an event time leave them."""
        instant(moment)
        for record in records:
            then = as_of(self.registers[record.register], record, moment)
            if then is not None:
                yield then


def _repository(root: Path) -> Git | None:
    found = git.find(root)
    return found if found is not None and found.root == root and found.git_dir.is_dir() else None


def _has_names(register: str | None) -> bool:
    """Tell whether the records of a register are called by names."""
    return register is not None and "name" in schema.fields(register)


def _command(register: Register) -> str:
    """Return the words after `svcdesk` that lead to a register's verbs."""
    return f"{register.area} {register.book}".strip()


def committed(register: str, path: str, blob: bytes) -> Record:
    """Return the record that a commit holds; raises NeedsAttention where a hand has made it unreadable."""
    try:
        data = yamlio.load(blob)
    except BadYaml as error:
        place = f"{path}:{error.line}:{error.column}"
        raise NeedsAttention(
            text("{place}: {problem}; it was committed by hand", place=place, problem=error.message)
        ) from error
    if not _is_fold(data):
        raise NeedsAttention(
            text("{place}: no record of acts; it was committed by hand, see svcdesk check", place=path)
        )
    return Record(register, data)


def _is_fold(data: Mapping[str, Any]) -> bool:
    """Whether data has the parts that all code relies on: id, state, and acts by somebody at some time."""
    acts = data.get("acts")
    return (
        isinstance(data.get("id"), str)
        and isinstance(data.get("state"), str)
        and isinstance(acts, list)
        and bool(acts)
        and all(_is_act(each) for each in acts)
    )


def _is_act(act: Any) -> bool:
    return isinstance(act, dict) and all(isinstance(act.get(each), str) for each in ("action", "at", "by"))


def indexed_fields(register: str) -> list[str]:
    """Return the fields of a register that the index holds apart."""
    return ["ref", LEARNED, *schema.indexed_names(register)]


def make_row(record: Record, path: str, blob: str) -> Row:
    """Return a record as the index takes it."""
    from svcdesk.index import Row

    mentions = dict.fromkeys(
        wanted for _field, wanted, _names in schema.references(record.register, record.data)
    )
    named = [("ref", act["ref"]) for act in record.acts if "ref" in act]
    named += [(LEARNED, day) for day in learned_on(record)]
    return Row(record, path, blob, (*schema.indexed(record.register, record.data), *named), tuple(mentions))
