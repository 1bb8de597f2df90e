"""What people hand in as a file or on standard input: items in YAML or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from svcdesk import yamlio
from svcdesk.errors import BadInput
from svcdesk.errors import BadYaml
from svcdesk.model import Text
from svcdesk.model import text

LARGEST_INPUT = 16 * 1024 * 1024
"""Bytes of one file."""


def read_items(source: str) -> list[dict[str, Any]]:
    """Return the items of a file or of standard input: a YAML or JSON mapping, or a list of them."""
    try:
        blob = _read(source)
    except OSError as error:
        raise BadInput(text("{file}: {reason}", file=source, reason=error.strerror or "")) from None
    if len(blob) > LARGEST_INPUT:
        raise BadInput(text("{file} is larger than {limit} bytes", file=source, limit=LARGEST_INPUT))
    found = _json(blob, source) if blob.lstrip()[:1] in (b"[", b"{") else _yaml(blob, source)
    items = found if isinstance(found, list) else [found]
    for number, each in enumerate(items, 1):
        if not isinstance(each, dict):
            raise BadInput(text("{file}: item {number} is no mapping of fields", file=source, number=number))
    return items


def read_value(written: str) -> Any:
    """Return the list or mapping that a text writes in YAML or JSON; raises BadInput."""
    return yamlio.load_any(written.encode())


def word(item: Mapping[str, Any], name: str) -> str:
    """Return what an item says under a name as text, empty where it says nothing; raises BadInput."""
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int, type(None))):
        raise BadInput(text("{field}: text is needed", field=name))
    return "" if value is None else str(value)


def words(item: Mapping[str, Any], name: str) -> list[str]:
    """Return what an item says under a name as a list of texts; one text is a list of one."""
    value = item.get(name)
    entries = value if isinstance(value, list) else [] if value is None else [value]
    return [word({name: each}, name) for each in entries]


def signatures(item: Mapping[str, Any]) -> list[str]:
    """Return an item's `signed`, a mapping of lines to one id or several, as `LINE=ID`; raises BadInput."""
    signed = item.get("signed")
    if signed is None:
        return []
    if not isinstance(signed, dict):
        raise BadInput(text("{field}: a mapping of lines to ids is needed", field="signed"))
    return [f"{line}={who}" for line in signed for who in words(signed, line)]


def _yaml(blob: bytes, source: str) -> Any:
    try:
        return yamlio.load_any(blob)
    except BadYaml as error:
        raise BadInput(_placed(source, error.line, error.column, error.message)) from None


def _json(blob: bytes, source: str) -> Any:
    try:
        return json.loads(blob.decode("utf-8"), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise BadInput(_placed(source, error.lineno, error.colno, text("not JSON"))) from None
    except (ValueError, RecursionError):
        raise BadInput(text("{file} is not JSON in UTF-8", file=source)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build a mapping whose keys stand once each."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput(text("key {key} stands twice", key=twice))
    return found


def _placed(source: str, line: int, column: int, problem: Text) -> Text:
    return text("{file}:{line}:{column}: {problem}", file=source, line=line, column=column, problem=problem)


def _read(source: str) -> bytes:
    """Return the bytes of a file, or of standard input for `-`, but never more than shows that it is too large."""
    if source == "-":
        return sys.stdin.buffer.read(LARGEST_INPUT + 1)
    with open(source, "rb") as file:
        return file.read(LARGEST_INPUT + 1)
