"""What a sealed value looks like: one text that says whose it is, by which key, made for which field. Pure.

A text, so that it stands wherever the clear one stood: a rule finds it present, and unlike any other.
"""

from __future__ import annotations

import re
from typing import NamedTuple

PREFIX = "sealed:v1:"
ID = r"[A-Z]{1,3}(?:[0-9]{4})?-[A-Z]{1,2}[0-9]{4,}"
SHAPE = rf"{PREFIX}({ID}):([0-9a-f]{{16}}):({ID})/([a-z0-9_]+(?:\.[a-z0-9_]+)?):([A-Za-z0-9_-]{{40,30000}})"
SEALED = re.compile(SHAPE)
CLASSES = ("customer", "restricted")
"""What only some may read, and what is therefore sealed."""


class Envelope(NamedTuple):
    """A sealed value: subject, key, the record and field (`field.column`) that it was made for, and the body."""

    subject: str
    key: str
    record: str
    field: str
    body: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.subject}:{self.key}:{self.record}/{self.field}:{self.body}"


def is_sealed(value: object) -> bool:
    """Tell whether a value is sealed, or claims to be."""
    return isinstance(value, str) and value.startswith(PREFIX)


def parse(value: object) -> Envelope | None:
    """Return the parts of a sealed value; None where it is clear, or sealed as no svcdesk does it."""
    found = SEALED.fullmatch(value) if isinstance(value, str) else None
    return Envelope(*found.groups()) if found else None


def hidden(text: str, word: str) -> str:
    """Return a text with a word in place of every sealed value in it."""
    return SEALED.sub(word, text) if PREFIX in text else text
