"""What terminals, spreadsheets and CI logs obey: kept out of text, or put in as colour. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

_EMOJI = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_HIDDEN = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: terminals obey them
    "\xad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f"
)
# A zero-width joiner is honest between the parts of one emoji and nowhere else.
_JOINER = f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
_UNSAFE = re.compile(f"[{_HIDDEN}]|{_JOINER}")

_COLOURS = {"red": 31, "green": 32, "yellow": 33, "bold": 1, "dim": 2}
_FORMULA = re.compile("[=+\\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def safe(text: str, multiline: bool = False) -> str:
    r"""Return text with controls, bidi and zero-width characters spelled out, as `\x1b` or `\u202e`.

    With `multiline`, newlines and tabs stay as they are.
    """
    if not multiline:
        return _UNSAFE.sub(_visible, text)
    return _UNSAFE.sub(lambda match: _kept(match, "\n\t") or _visible(match), text)


def _kept(match: re.Match[str], allowed: str) -> str:
    return match.group() if match.group() in allowed else ""


def safe_json(document: str) -> str:
    r"""Return a JSON document with the same characters written as `\u` escapes; its value is unchanged."""
    return _UNSAFE.sub(lambda match: _kept(match, "\n") or _json_escape(match), document)


def _json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    pairs = (units[start : start + 2] for start in range(0, len(units), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs)


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe before what could start one."""
    quoted = f"'{text}" if _FORMULA.match(text) else text
    return safe(quoted, multiline=True)


def safe_annotation(text: str, attribute: bool = False) -> str:
    """Return text for a GitHub workflow command: its message, or one of its attributes."""
    escaped = safe(text, multiline=True).replace("%", "%25").replace("\n", "%0A")
    return escaped.replace(":", "%3A").replace(",", "%2C") if attribute else escaped


def wants_colour(environment: Mapping[str, str], terminal: bool) -> bool:
    """Whether to colour: at a terminal that can, unless NO_COLOR is set to anything."""
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def colour(text: str, name: Literal["red", "green", "yellow", "bold", "dim"], enabled: bool) -> str:
    """Return text in a terminal colour, or unchanged."""
    return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if enabled else text
