"""What people hand in as a file or on standard input: items in YAML or JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from svcdesk import yamlio
from svcdesk.errors import BadInput
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
    found = _json(blob, source) if blob.lstrip()[:1] in (b"[", b"{") else yamlio.load_any(blob)
    items = found if isinstance(found, list) else [found]
    if not all(isinstance(each, dict) for each in items):
        raise BadInput(text("{file}: an item is a mapping of fields", file=source))
    return items


def _json(blob: bytes, source: str) -> Any:
    try:
        return json.loads(blob.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadInput(text("{file} is not JSON in UTF-8", file=source)) from None


def _read(source: str) -> bytes:
    """Return the bytes of a file, or of standard input for `-`, but never more than shows that it is too large."""
    if source == "-":
        return sys.stdin.buffer.read(LARGEST_INPUT + 1)
    with open(source, "rb") as file:
        return file.read(LARGEST_INPUT + 1)
