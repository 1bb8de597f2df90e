"""Files that a command hands over: new ones, never in the place of another."""

from __future__ import annotations

import os
from pathlib import Path

from svcdesk.durable import sync
from svcdesk.durable import write_all
from svcdesk.errors import BadInput
from svcdesk.model import text


def write_new(file: Path, content: bytes) -> None:
    """Write a file for its owner's eyes; raises BadInput where it is there already, OSError."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise BadInput(text("{file} is there already; name another file", file=str(file))) from None
    try:
        write_all(descriptor, content)
        sync(descriptor)
    finally:
        os.close(descriptor)
