"""What stands on stdout: tables, JSON, YAML, CSV, findings (the only module that imports tabulate)."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import Literal
from typing import TextIO

from svcdesk.escape import colour as colour
from svcdesk.escape import safe as safe
from svcdesk.escape import safe_cell
from svcdesk.escape import safe_json
from svcdesk.escape import wants_colour as wants_colour
from svcdesk.findings import findings as findings

Format = Literal["table", "json", "yaml", "csv"]
Row = Mapping[str, Any]
Shown = Callable[[str, Any], str]
"""Gives the words for a column's value, where people do not read the value itself."""

GAP = 2  # columns between two cells of a table
NARROWEST = 8  # below this a cut cell says nothing
READABLE = 16  # below this a sentence is no longer read
BOM = "\ufeff"


def words(value: object) -> str:
    """Return a value as one line of text: lists joined, mappings as JSON, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)) and not any(isinstance(each, Mapping) for each in value):
        return ", ".join(words(each) for each in value)
    return json.dumps(value, ensure_ascii=False)


def _cells(row: Row, columns: Sequence[str], shown: Shown | None) -> list[str]:
    """Return the cells of a row in the words that people read."""
    values = ((name, row.get(name)) for name in columns)
    if shown is None:
        return [words(value) for _, value in values]
    return ["" if value is None else shown(name, value) for name, value in values]


def table(
    rows: Iterable[Row],
    columns: Sequence[str],
    headings: Mapping[str, str],
    width: int | None,
    shown: Shown | None = None,
    fold: bool = False,
) -> str:
    """Return rows as an aligned table that fits `width` terminal columns; without a width nothing is done to it.

    Long cells are cut, or where they are to be read whole (`fold`), go over several lines; what would then be
    too narrow to read comes as a paragraph for each row. Numbers stand to the right.
    """
    import tabulate

    rows = list(rows)
    titles = [safe(headings.get(name, name)) for name in columns]
    lines = [titles, *([safe(cell) for cell in _cells(row, columns, shown)] for row in rows)]
    limits = _limits(lines, width)
    if fold and rows and any(each is not None and each < READABLE for each in limits):
        return _paragraphs(lines, width or 0)
    if not fold:
        lines = [[cut(*each) for each in zip(line, limits, strict=True)] for line in lines]
    numeric = [bool(rows) and all(_is_number(row.get(name)) for row in rows) for name in columns]
    return tabulate.tabulate(
        lines[1:],
        headers=lines[0],
        tablefmt="simple",
        disable_numparse=True,
        colalign=["right" if each else "left" for each in numeric] if rows else None,
        maxcolwidths=limits if fold and rows else None,
    )


def _paragraphs(lines: list[list[str]], width: int) -> str:
    """Return each line of a table as its first cell and, indented below, whatever else it holds, under its title."""
    import tabulate
    from wcwidth import wcswidth

    titles = lines[0][1:]
    space = width - max(map(wcswidth, titles)) - 2 * GAP
    found = []
    for first, *cells in lines[1:]:
        held = [each for each in zip(titles, cells, strict=True) if each[1]]
        below = tabulate.tabulate(
            held, tablefmt="plain", disable_numparse=True, maxcolwidths=[None, max(space, NARROWEST)]
        )
        found += [first, *(f"{'':{GAP}}{line}" for line in below.splitlines() if held)]
    return "\n".join(found)


_ID = r"[A-Z]{1,3}(?:\d{4})?-[A-Z]{1,2}\d{4,}"
_MOMENT = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?"
WHOLE = re.compile(rf"-?|(?:{_ID})(?:[,、 ]+{_ID})*|{_MOMENT}|[0-9a-f]{{12}}|-?\d+")
"""What means something only as a whole: ids, moments, commits, numbers."""


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _limits(lines: list[list[str]], width: int | None) -> list[int | None]:
    """Return how wide each column may be so that lines fit; None for one that nothing is to be taken from.

    That is the first column, one of ids, moments or numbers alone, and all of them where the lines fit.
    """
    from wcwidth import wcswidth

    columns = list(zip(*lines, strict=True))
    widths = [max(wcswidth(cell) for cell in column) for column in columns]
    if width is None or sum(widths) + GAP * (len(widths) - 1) <= width:
        return [None] * len(columns)
    whole = [number == 0 or all(map(WHOLE.fullmatch, column[1:])) for number, column in enumerate(columns)]
    free = [each for each, kept in zip(widths, whole, strict=True) if not kept]
    space = width - (sum(widths) - sum(free)) - GAP * (len(widths) - 1)
    longest = max(free, default=0)
    while longest > NARROWEST and sum(min(each, longest) for each in free) > space:
        longest -= 1
    return [None if kept or each <= longest else longest for each, kept in zip(widths, whole, strict=True)]


def cut(cell: str, width: int | None) -> str:
    """Return a cell that is at most `width` terminal columns wide (None: any), ending in `…` where it was cut."""
    from wcwidth import wcswidth
    from wcwidth import wcwidth

    if width is None or wcswidth(cell) <= width:
        return cell
    used, kept = 1, ""
    for character in cell:
        used += max(wcwidth(character), 0)
        if used > width:
            break
        kept += character
    return kept.rstrip(" \u200d") + "…"


def render(
    format: Format,
    rows: Iterable[Row],
    columns: Sequence[str],
    headings: Mapping[str, str],
    *,
    width: int | None = None,
    shown: Shown | None = None,
    fold: bool = False,
) -> Iterator[str]:
    """Return rows in a format, piece by piece, each piece ready to be written.

    JSON and YAML give the whole rows as they are stored; tables and CSV the columns, in `shown` words.
    """
    if format == "json":
        yield from _json_array(rows)
    elif format == "yaml":
        yield from _yaml_list(rows)
    elif format == "csv":
        yield from _csv(rows, columns, headings, shown)
    else:
        yield table(rows, columns, headings, width, shown, fold) + "\n"


def document(format: Literal["json", "yaml"], value: Mapping[str, Any]) -> str:
    """Return one value, such as a record, as a JSON or YAML document."""
    if format == "yaml":
        from svcdesk import yamlio

        return yamlio.dump(value).decode()
    return json_text(value) + "\n"


def json_text(value: object) -> str:
    """Return a value as JSON that no terminal can be misled by."""
    return safe_json(json.dumps(value, ensure_ascii=False, indent=2))


def _json_array(rows: Iterable[Row]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + "  " + json_text(row).replace("\n", "\n  ")
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _yaml_list(rows: Iterable[Row]) -> Iterator[str]:
    """No scalar of ours goes over several lines, so indenting the lines of a document nests it."""
    empty = True
    for row in rows:
        yield "- " + document("yaml", row).removesuffix("\n").replace("\n", "\n  ") + "\n"
        empty = False
    if empty:
        yield "[]\n"


def _csv(
    rows: Iterable[Row], columns: Sequence[str], headings: Mapping[str, str], shown: Shown | None
) -> Iterator[str]:
    yield BOM + _csv_line(safe_cell(headings.get(name, name)) for name in columns)
    for row in rows:
        cells = zip(columns, _cells(row, columns, shown), strict=True)
        yield _csv_line(cell if _is_number(row.get(name)) else safe_cell(cell) for name, cell in cells)


def _csv_line(cells: Iterable[str]) -> str:
    import csv

    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def write(stream: TextIO, pieces: Iterable[str]) -> None:
    """Write pieces in UTF-8, or to a terminal of another encoding with what it cannot show escaped."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    for piece in pieces:
        stream.write(piece)
