"""YAML in and out, in the desk's own narrow dialect; the only module that imports yaml, and late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Any
from typing import NoReturn

from svcdesk.canonical import DEEPEST_NESTING
from svcdesk.canonical import INTEGER
from svcdesk.canonical import LARGEST_FILE
from svcdesk.canonical import LONGEST_KEY
from svcdesk.canonical import TOO_DEEP
from svcdesk.canonical import TOO_LARGE
from svcdesk.canonical import WORDS
from svcdesk.canonical import clean
from svcdesk.canonical import dump
from svcdesk.canonical import is_safe_text
from svcdesk.canonical import load_canonical
from svcdesk.canonical import text_fault
from svcdesk.errors import BadYaml
from svcdesk.model import Text
from svcdesk.model import text

if TYPE_CHECKING:
    import yaml

__all__ = ["clean", "dump", "is_safe_text", "load", "position"]

Path = tuple[str | int, ...]
Place = tuple[int, int]

_MARKER = re.compile(r"^(?:(<{7}|={7}|>{7})|%)", re.MULTILINE)


def load(blob: bytes) -> dict[str, Any]:
    """Return the record that a file holds; raises BadYaml with the line and column of what is refused."""
    record = load_canonical(blob)
    return _read(blob)[0] if record is None else record


def load_any(blob: bytes) -> Any:
    """Return what a YAML text of any spelling and size holds, a list of items too; raises BadYaml."""
    return _read(blob, lists=True)[0]


def position(blob: bytes, path: Sequence[str | int]) -> Place:
    """Return line and column, from 1, of the value at `path`, else of the innermost value on the way to it.

    Raises BadYaml where the file cannot be read.
    """
    places = _read(blob)[1]
    place = tuple(path)
    while place not in places:
        place = place[:-1]
    return places[place]


def _read(blob: bytes, lists: bool = False) -> tuple[Any, dict[Path, Place]]:
    """Read any spelling that the dialect allows, by libyaml; what it holds, and the place of each value."""
    import yaml

    written = _decode(blob, len(blob) if lists else LARGEST_FILE)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        reader = _Reader(yaml.parse(written, Loader=loader))
        return reader.document(lists), reader.places
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadYaml(text("not YAML: {problem}", problem=str(error.problem)), *place) from error


def _decode(blob: bytes, largest: int) -> str:
    """Return the text of a file; raises BadYaml at the first character or line that could be mistaken."""
    if len(blob) > largest:
        raise BadYaml(TOO_LARGE, 1, 1)
    try:
        written = blob.decode()
    except UnicodeDecodeError as error:
        before = blob[: error.start].decode()
        raise BadYaml(text("not UTF-8"), *_place(before, len(before))) from error
    fault = text_fault(written)
    if fault:
        raise BadYaml(fault[1], *_place(written, fault[0]))
    marker = _MARKER.search(written)
    if marker:
        problem = text("conflict marker") if marker.group(1) else text("directives are not allowed")
        raise BadYaml(problem, *_place(written, marker.start()))
    return written


def _place(written: str, offset: int) -> Place:
    """Return line and column, from 1, of a character."""
    return written.count("\n", 0, offset) + 1, offset - written.rfind("\n", 0, offset)


class _Reader:
    """Builds a record from libyaml's events: nesting and aliases are refused before anything is composed.

    libyaml's own composer recurses, and crashes at 50,000 brackets; its events come one by one.
    """

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.places: dict[Path, Place] = {}

    def document(self, lists: bool) -> Any:
        """Read the one document of the stream: a mapping or, where that is allowed, a list of items."""
        import yaml

        next(self.events)
        first = next(self.events)
        if not isinstance(first, yaml.DocumentStartEvent):
            raise BadYaml(text("file is empty; a record is needed"), 1, 1)
        root = next(self.events)
        if not isinstance(root, (yaml.MappingStartEvent, *[yaml.SequenceStartEvent] * lists)):
            _refuse(root, text("a mapping of fields is needed at the top"))
        data = self.value(root, ())
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            _refuse(after, text("one document is allowed in a file"))
        return data

    def value(self, event: yaml.Event, path: Path) -> Any:
        """Read the value that begins with this event."""
        import yaml

        _refuse_features(event)
        self.places[path] = _start(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if len(path) >= DEEPEST_NESTING:
            _refuse(event, TOO_DEEP)
        return self.mapping(path) if isinstance(event, yaml.MappingStartEvent) else self.sequence(path)

    def mapping(self, path: Path) -> dict[str, Any]:
        """Read keys and values up to the end of the mapping."""
        import yaml

        data: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = _key(event)
            if key in data:
                _refuse(event, text("key {key} stands twice", key=key))
            data[key] = self.value(next(self.events), (*path, key))
        return data

    def sequence(self, path: Path) -> list[Any]:
        """Read items up to the end of the sequence."""
        import yaml

        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items


def _key(event: yaml.Event) -> str:
    """Return a key, which is text."""
    import yaml

    _refuse_features(event)
    if not isinstance(event, yaml.ScalarEvent):
        _refuse(event, text("a key must be text"))
    if event.value == "<<" and not event.style:
        _refuse(event, text("merge keys are not allowed"))
    key = _scalar(event)
    if not isinstance(key, str):
        _refuse(event, text("a key must be text"))
    if len(key) > LONGEST_KEY:
        _refuse(event, text("a key has at most {limit} characters", limit=LONGEST_KEY))
    return key


def _scalar(event: yaml.ScalarEvent) -> Any:
    """Return text as it stands; only plain true, false, null and decimal integers are anything else."""
    value: str = event.value
    if not event.style:
        if value in WORDS:
            return WORDS[value]
        return int(value) if INTEGER.fullmatch(value) else value
    fault = text_fault(value)
    if fault:
        _refuse(event, fault[1])
    return value


def _refuse_features(event: yaml.Event) -> None:
    """Refuse what makes a file mean more than it shows: aliases, anchors, tags."""
    import yaml

    if isinstance(event, yaml.AliasEvent):
        _refuse(event, text("aliases are not allowed"))
    if getattr(event, "anchor", None) is not None:
        _refuse(event, text("anchors are not allowed"))
    if getattr(event, "tag", None) is not None:
        _refuse(event, text("tags are not allowed"))


def _refuse(event: yaml.Event, message: Text) -> NoReturn:
    raise BadYaml(message, *_start(event))


def _start(event: yaml.Event) -> Place:
    """Return line and column, from 1, where an event begins."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
