"""Decimal texts such as `86.50` or `0.5`, reckoned as whole hundredths or tenths; no fraction is ever a float. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def rounded(part: int, whole: int) -> int:
    """Return a quotient of numbers that are not negative as a whole number, rounded half up."""
    return (2 * part + whole) // (2 * whole)


def mean(values: Sequence[int]) -> int | None:
    """Return the mean, rounded half up; None of none."""
    return rounded(sum(values), len(values)) if values else None


def hundredths(written: str) -> int:
    """Return the hundredths of a text with two decimals."""
    whole, _dot, rest = written.partition(".")
    return int(whole) * 100 + int(rest)


def from_hundredths(value: int) -> str:
    """Return hundredths as a text with two decimals."""
    return f"{value // 100}.{value % 100:02}"


def tenths(written: str) -> int:
    """Return the tenths of a text with one decimal or none."""
    whole, _dot, rest = written.partition(".")
    return int(whole) * 10 + int(rest or 0)


def from_tenths(value: int) -> str:
    """Return tenths as a text, without a needless `.0`."""
    return f"{value // 10}.{value % 10}" if value % 10 else str(value // 10)


def in_tenths(value: object) -> bool:
    """Tell whether a value is such a text."""
    if not isinstance(value, str) or not value.isascii():
        return False
    whole, dot, rest = value.partition(".")
    return whole.isdecimal() and (rest.isdecimal() and len(rest) == 1 if dot else True)
