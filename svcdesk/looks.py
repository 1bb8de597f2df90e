"""What a name looks like, so that nobody passes for a colleague by a letter that only Unicode tells apart. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_TWINS = str.maketrans("аеорсухіјѕһԁкмтвнαειορυχκτβηζνμ", "aeopcyxijshdkmtbhaeiopyxktbhznm")
"""Cyrillic and Greek letters that are drawn, small or large, as Latin ones are."""
_BLANK = "\u115f\u1160"
"""Letters of which nothing is seen."""


@lru_cache(maxsize=4096)
def look(name: str) -> str:
    """Return a name without capitals, spaces, widths, what is not seen, and the script of letters that look alike."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_TWINS)
    return "".join(each for each in plain if each.isalnum() and each not in _BLANK)
