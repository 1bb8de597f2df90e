"""A CSV file as its rows, read line by line; what cannot be read as meant is refused with its place."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO
from typing import NamedTuple

from svcdesk.errors import BadInput
from svcdesk.model import text

ENCODINGS = ("utf-8", "gb18030", "big5", "cp1252", "iso-8859-1")
"""In each of these a newline is one byte that is part of no other character."""

LONGEST_LINE = 1 << 20
LONGEST_CELL = 1 << 17
MOST_ROWS = 100_000
BOM = b"\xef\xbb\xbf"
REJECTED = ("rejected", "row")
"""The columns that a file of rejected rows begins with."""
FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


class Row(NamedTuple):
    """A row as a spreadsheet numbers it (the headings are row 1), and its cells."""

    number: int
    cells: Sequence[str]


class Sheet:
    """One CSV file; after a whole reading `digest` is the SHA-256 of its bytes."""

    def __init__(self, path: Path, encoding: str = "utf-8", delimiter: str = ",") -> None:
        self.path = path
        self.name = path.name
        self.digest = ""
        self._encoding = encoding
        self._delimiter = delimiter

    def rows(self) -> Iterator[Row]:
        """Yield the headings, then each row, every one as wide as the headings; raises BadInput.

        Blank lines are passed over. A file of rejected rows gives the rows that were rejected.
        """
        try:
            with self.path.open("rb") as file:
                yield from self._rows(file)
        except OSError as error:
            raise BadInput(text("{file}: {reason}", file=self.name, reason=error.strerror or "")) from None

    def count_lines(self) -> int:
        """Return about how many rows there are, for a bar that shows how far the reading is; raises BadInput."""
        try:
            with self.path.open("rb") as file:
                return sum(part.count(b"\n") for part in iter(lambda: file.read(LONGEST_LINE), b""))
        except OSError as error:
            raise BadInput(text("{file}: {reason}", file=self.name, reason=error.strerror or "")) from None

    def _rows(self, file: BinaryIO) -> Iterator[Row]:
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(self._lines(file), delimiter=self._delimiter, strict=True)
        width, again, number = 0, False, 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise self._fault(reader.line_num, _csv_problem(error)) from None
            if cells is None:
                break
            number += 1
            if not cells:
                continue
            if not width:
                width, again = len(cells), tuple(cells[:2]) == REJECTED
                self._refuse_headings(cells)
            elif len(cells) != width:
                problem = text("{count} cells, the headings are {width}", count=len(cells), width=width)
                raise self._fault(reader.line_num, problem)
            elif number > MOST_ROWS + 1:
                raise BadInput(
                    text("{file}: more than {limit} rows; split the file", file=self.name, limit=MOST_ROWS)
                )
            yield Row(number, [_plain(each) for each in cells[2:]] if again else cells)
        if not width:
            raise BadInput(text("{file} is empty; the first line names the columns", file=self.name))

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        """Yield the file's lines as text; nothing longer than a line is ever held."""
        digest, number = hashlib.sha256(), 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            digest.update(line)
            if len(line) > LONGEST_LINE:
                raise self._fault(number, text("longer than {limit} bytes", limit=LONGEST_LINE))
            if b"\0" in line:
                raise self._fault(number, text("a NUL character; is this a text file?"))
            if number == 1 and self._encoding == "utf-8":
                line = line.removeprefix(BOM)
            try:
                yield line.decode(self._encoding)
            except UnicodeDecodeError:
                raise self._fault(number, text("not in {encoding}", encoding=self._encoding)) from None
        self.digest = digest.hexdigest()

    def _refuse_headings(self, headings: Sequence[str]) -> None:
        twice = sorted({each for each in headings if headings.count(each) > 1})
        if twice:
            raise BadInput(
                text("{file}: the column {column} stands twice", file=self.name, column=twice[0] or '""')
            )

    def _fault(self, line: int, problem: object) -> BadInput:
        return BadInput(text("{file}: line {line}: {problem}", file=self.name, line=line, problem=problem))


def _csv_problem(error: csv.Error) -> object:
    """Return in plain words why the csv module stopped."""
    said = str(error)
    if "field limit" in said:
        return text("a cell is longer than {limit} characters", limit=LONGEST_CELL)
    if "unexpected end" in said:
        return text("a quotation mark is never closed")
    if "new-line" in said:
        return text("a line ends in a lone carriage return; save the file with ordinary line ends")
    return text("quotation marks are not as in CSV")


def _plain(cell: str) -> str:
    """Return a cell of a file of rejected rows without the apostrophe that kept it from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA and cell[1:2] else cell


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; a sheet of rejected rows reads it back as it was."""
    return f"'{cell}" if (cell[:1] and cell[0] in FORMULA) or _plain(cell) != cell else cell
