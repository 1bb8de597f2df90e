"""The one way in which a record is written: its texts, its writer, and a reader of just that. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from svcdesk.errors import BadInput
from svcdesk.model import Text
from svcdesk.model import text

LARGEST_FILE = 256 * 1024
LONGEST_KEY = 200
DEEPEST_NESTING = 16
TOO_LARGE = text("file is larger than {limit} bytes", limit=LARGEST_FILE)
TOO_DEEP = text("nested deeper than {limit} levels", limit=DEEPEST_NESTING)

# A zero-width joiner is refused unless it joins two emoji; variation selectors are part of names and emoji.
_EMOJI = "\u2190-\u21ff\u2300-\u27bf\u2900-\u2bff\u3030\u303d\U0001f000-\U0001fbff"
_INVISIBLE_LETTER = "\u034f"  # the one forbidden character that str.isprintable lets pass
FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
    f"|(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])"
)

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
# What YAML 1.1 or 1.2 reads as anything but text: words, numbers in every base, dates.
_TYPED = (
    r"(?:[yYnN]|(?i:yes|no|on|off|true|false|null)"
    r"|[-+]?0(?:x[0-9a-fA-F_]+|o[0-7_]+|b[01_]+)"
    r"|[-+]?[0-9.][0-9_.,:]*(?:[eE][-+]?[0-9]+)?|[-+]?\.(?i:inf|nan)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:.Zz +-]*)?)"
)
_PLAIN = re.compile(
    rf"(?!{_TYPED}\Z)[^\n \-?:,\[\]{{}}#&*!|>'\"%@`=<~.](?:[^\n :#]|:(?! |\Z)|(?<! )#| (?!\Z))*"
)
_LINE = re.compile(
    r'^((?:  )*)(- )?(?:("(?:[^"\\\n]|\\.)*"|[A-Za-z0-9_.-]+):(?: (?=.)|$))?(.*)$', re.MULTILINE
)
_ACTS = b"\nacts:\n"  # no line within a text, nor any field but the record's own, begins at the margin
_ACT = b"  - "
WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}


def find_hidden(value: str) -> re.Match[str] | None:
    """Find the first control, invisible or direction-changing character of a text; newlines are allowed."""
    # Nearly every text is printable, which is known many times faster than what a search would find.
    if value.replace("\n", "").isprintable() and _INVISIBLE_LETTER not in value:
        return None
    return FORBIDDEN.search(value)


def is_safe_text(value: str) -> bool:
    """Tell whether a text has no control, invisible or direction-changing character; newlines are allowed."""
    return find_hidden(value) is None


def clean(value: str) -> str:
    """Return the text in NFC; raises BadInput that names the first forbidden character."""
    normal = unicodedata.normalize("NFC", value)
    fault = text_fault(normal)
    if fault:
        raise BadInput(fault[1])
    return normal


def text_fault(value: str) -> tuple[int, Text] | None:
    """Return where and why a text may not be stored."""
    found = find_hidden(value)
    if found:
        code = f"U+{ord(found.group()):04X}"
        return found.start(), text("character {code} is not allowed in text", code=code)
    if unicodedata.is_normalized("NFC", value):
        return None
    normal = unicodedata.normalize("NFC", value)
    pairs = enumerate(zip(value, normal, strict=False))
    start = next((offset for offset, (old, new) in pairs if old != new), len(normal))
    return start, text("text is not in Unicode form NFC")


def dump(data: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a record, keys as given; raises BadInput on what no file may hold."""
    lines: list[str] = []
    _entries(data, 0, lines)
    written = "\n".join(lines or ["{}"]) + "\n"
    _refuse_forbidden(written)
    blob = written.encode()
    if len(blob) > LARGEST_FILE:
        raise BadInput(TOO_LARGE)
    return blob


def load_canonical(blob: bytes) -> dict[str, Any] | None:
    """Read what dump has written, about five times faster than libyaml; None for all else.

    Each piece of a line is held against what dump would write for it, so that no other spelling gets through.
    """
    try:
        return _read_lines(blob.decode()) if len(blob) <= LARGEST_FILE else None
    except (BadInput, ValueError, LookupError, TypeError, AttributeError):
        return None


def load_grown(
    blob: bytes, former: bytes, known: Mapping[str, Any]
) -> tuple[dict[str, Any], Sequence[Any]] | None:
    """Read what dump has written and grew out of `former`, which holds `known`; the record, and the acts it has more.

    The lines of acts mean the same whatever stands before or after them, so those that are there already are
    not read again. None where the acts do not go on from those known, and for all that dump would not write.
    """
    start, begin = former.find(_ACTS), blob.find(_ACTS)
    acts, grown = former[start:], blob[begin:]
    more = grown[len(acts) :]
    goes_on = start >= 0 and grown.startswith(acts) and more.startswith(_ACT)
    if not goes_on or list(known)[-1] != "acts" or len(blob) > LARGEST_FILE:
        return None
    record = load_canonical(blob[:begin] + _ACTS + more)
    if record is None:
        return None
    added = record["acts"]
    record["acts"] = [*known["acts"], *added]
    return record, added


def _read_lines(written: str) -> dict[str, Any] | None:
    """Build a mapping line by line; `levels` holds the open container at each depth of two spaces.

    `opened` is the key whose value stands on the lines below. What does not fit raises one of many errors.
    """
    _refuse_forbidden(written)
    record: dict[str, Any] = {}
    levels: list[Any] = [record]
    opened: str | None = None
    for indent, dash, key, value in _LINE.findall(written.removesuffix("\n")):
        level = len(indent) >> 1
        if opened is None:
            del levels[level + 1 :]
        elif level == len(levels) < DEEPEST_NESTING // 2:
            levels.append([] if dash else {})
            levels[level - 1][opened] = levels[level]
        else:
            return None
        place = levels[level]
        if dash:
            place.append({} if key else _read_value(value))
            if not key:
                opened = None
                continue
            place = place[-1]
            levels.append(place)
        name = _read_key(key)
        if name in place:
            return None
        if value:
            place[name] = _read_value(value)
            opened = None
        else:
            opened = name
    return record if opened is None and written.endswith("\n") else None


@lru_cache(maxsize=2048)
def _read_key(token: str) -> str:
    key = _read_quoted(token) if token[0] == '"' else token
    if len(key) > LONGEST_KEY or _scalar(key) != token:
        raise ValueError(token)
    return key


def _read_value(token: str) -> Any:
    """Return the value of a canonical scalar or empty collection; raises ValueError on any other spelling."""
    return [] if token == "[]" else {} if token == "{}" else _read_scalar(token)


@lru_cache(maxsize=4096)
def _read_scalar(token: str) -> str | int | bool | None:
    if token[0] == '"':
        return _read_quoted(token)
    if token in WORDS:
        return WORDS[token]
    if _PLAIN.fullmatch(token):
        return token
    if INTEGER.fullmatch(token) and str(int(token)) == token:
        return int(token)
    raise ValueError(token)


def _read_quoted(token: str) -> str:
    value: str = json.loads(token) if "\\" in token else token[1:-1]
    if _PLAIN.fullmatch(value) or _quoted(value) != token:
        raise ValueError(token)
    return value


def _entries(data: Mapping[str, Any], depth: int, lines: list[str]) -> None:
    """Add the lines of a block mapping at this depth."""
    for key, value in data.items():
        if type(key) is not str or len(key) > LONGEST_KEY:
            raise BadInput(_bad_key(key))
        if type(value) is str:
            lines.append(f"{_label(key, depth)} {_scalar(value)}")
        elif _is_block(value, depth):
            lines.append(_label(key, depth))
            _block(value, depth + 1, lines)
        else:
            lines.append(f"{_label(key, depth)} {_small(value)}")


@lru_cache(maxsize=2048)
def _label(key: str, depth: int) -> str:
    """Return what a key puts on its line."""
    return f"{'  ' * depth}{_scalar(key)}:"


def _bad_key(key: object) -> Text:
    return text("key {key}: text of up to {limit} characters is needed", key=repr(key), limit=LONGEST_KEY)


def _items(data: Sequence[Any], depth: int, lines: list[str]) -> None:
    """Add the lines of a block sequence at this depth."""
    indent = "  " * depth + "- "
    for value in data:
        if _is_block(value, depth):
            first = len(lines)
            _block(value, depth + 1, lines)
            lines[first] = indent + lines[first][len(indent) :]
        else:
            lines.append(indent + _small(value))


def _block(value: Any, depth: int, lines: list[str]) -> None:
    """Add the lines of a collection that is not empty."""
    if isinstance(value, Mapping):
        _entries(value, depth, lines)
    else:
        _items(value, depth, lines)


def _is_block(value: Any, depth: int) -> bool:
    """Tell whether a value takes lines of its own; raises BadInput where it would lie too deep."""
    if not isinstance(value, (dict, list, tuple, Mapping)):
        return False
    if depth + 2 > DEEPEST_NESTING:
        raise BadInput(TOO_DEEP)
    return bool(value)


def _small(value: Any) -> str:
    """Return what stands on the line of its key or dash."""
    if isinstance(value, str):
        return _scalar(str(value))
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int) and INTEGER.fullmatch(str(int(value))):
        return str(int(value))
    if isinstance(value, (Mapping, list, tuple)):
        return "{}" if isinstance(value, Mapping) else "[]"
    raise BadInput(
        text("{value}: only text, whole numbers of up to 18 digits, true, false, null", value=repr(value))
    )


@lru_cache(maxsize=2048)
def _scalar(value: str) -> str:
    """Return text plain where YAML 1.1 and 1.2 both read it as that text, else in double quotes."""
    return value if _PLAIN.fullmatch(value) else _quoted(value)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _refuse_forbidden(written: str) -> None:
    """Raise BadInput where what is to be written has a forbidden character or is not in NFC."""
    fault = text_fault(written)
    if fault:
        raise BadInput(fault[1])
