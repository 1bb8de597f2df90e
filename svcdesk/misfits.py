"""Where a record does not fit its schema, said once and as people call the place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from svcdesk.model import Finding
from svcdesk.model import Record
from svcdesk.model import Term
from svcdesk.model import Text
from svcdesk.model import text

Path = tuple[str | int, ...]
Fault = tuple[Path, Text]

FORM = 3
"""Parts of the path to the fields of an act: `acts`, which act, `sets`."""


def misfits(record: Record, faults: Sequence[Fault]) -> Iterator[Finding]:
    """Yield a finding for each fault; a wrong field stands in the act and in the record, and is told once."""
    typed = {
        (_standing(path, record), str(message)): path[FORM:] for path, message in faults if _is_typed(path)
    }
    standing = {(path, str(message)) for path, message in faults if not _is_typed(path)}
    for path, message in faults:
        if not _is_typed(path) or (_standing(path, record), str(message)) not in standing:
            shown = typed.get((path, str(message)), path)
            place = ".".join(map(str, path))
            yield Finding("schema", _placed(record.register, shown, message), record=record.id, field=place)


def _is_typed(path: Path) -> bool:
    return path[:1] == ("acts",) and path[2:FORM] == ("sets",) and len(path) > FORM


def _standing(path: Path, record: Record) -> Path:
    """Return where in the record what an act has set stands: an entry may follow those of earlier acts."""
    name, *rest = path[FORM:]
    whole, added = record.get(str(name)), record.acts[int(path[1])]["sets"][name]
    if rest and isinstance(whole, list) and added and whole[-len(added) :] == added:
        return (name, int(rest[0]) + len(whole) - len(added), *rest[1:])
    return path[FORM:]


def _placed(register: str, path: Path, message: Text) -> Text:
    """Return a sentence after the words for its place: `counted, entry 2: found: ...`."""
    parts: list[Text | Term] = []
    names: list[str] = []
    for each in path:
        if isinstance(each, str):
            names.append(each)
            parts.append(Term(each, "field", ".".join(names), register))
        elif names == ["acts"]:
            parts, names = [text("act {number}", number=each + 1)], []
        else:
            parts[-1] = text("{field}, entry {number}", field=parts[-1], number=each + 1)
    for part in reversed(parts):
        message = text("{field}: {fault}", field=part, fault=message)
    return message
