"""Reads CSV files in the format of the Online Retail data set, row by row.

retail_rows.py decides what a row means. Nothing here uses the database.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from shop.files.retail_rows import COLUMNS, Reject, RetailLine, Source, parse_row

#: Most characters of a line, and most lines of a row whose quoted text holds line breaks.
#: Anything longer has an unclosed quote or is another kind of file, and must not fill the memory.
MAX_LINE_LENGTH, MAX_ROW_LINES = 20_000, 10


class WrongFile(Exception):
    """The file does not have this format."""


def check_header(path: Path) -> None:
    """Raises WrongFile when the file's first row does not name the columns; OSError when it is unreadable."""
    with _open(path) as file:
        _skip_header(file, path)


def read_rows(path: Path) -> Iterator[RetailLine | Reject]:
    """Yields every row of a file, except empty lines. Raises WrongFile, OSError."""
    with _open(path) as file:
        _skip_header(file, path)
        for source, fields in _split_rows(file, path.name):
            yield parse_row(source, fields)


def _open(path: Path) -> TextIO:
    return open(path, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _skip_header(file: TextIO, path: Path) -> None:
    header = _split_fields(file.readline(MAX_LINE_LENGTH)) or []
    if tuple(name.strip() for name in header) != COLUMNS:
        raise WrongFile(
            f"{path} is not a file of orders: its first line must be {','.join(COLUMNS)}. "
            "Nothing was imported."
        )


def _split_fields(text: str) -> list[str] | None:
    """Returns the fields of a row; None when it is not CSV, or its quoted text does not end here."""
    try:
        return next(csv.reader((text,), strict=True), [])
    except csv.Error:
        return None


class _Lines:
    """Reads the lines after a file's header and counts them. Lines can be put back and read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._returned: list[str] = []
        self.number = 1

    def take(self) -> str:
        """Returns the next line, empty at the end of the file; of a line that is too long, its beginning."""
        if self._returned:
            self.number += 1
            return self._returned.pop(0)
        line = rest = self._file.readline(MAX_LINE_LENGTH)
        self.number += bool(line)
        while len(rest) == MAX_LINE_LENGTH and not rest.endswith("\n"):
            rest = self._file.readline(MAX_LINE_LENGTH)
        return line

    def put_back(self, lines: list[str]) -> None:
        self._returned = lines + self._returned
        self.number -= len(lines)


def _split_rows(file: TextIO, name: str) -> Iterator[tuple[Source, list[str] | None]]:
    """Yields each row with its fields; the fields are None when the row cannot be split."""
    lines = _Lines(file)
    while text := lines.take():
        number, fields = lines.number, _split_fields(text)
        if fields is None:
            text, fields = _join_lines(text, lines)
        if text.strip():
            yield Source(name, number, text.rstrip("\r\n")), fields


def _join_lines(text: str, lines: _Lines) -> tuple[str, list[str] | None]:
    """Joins the lines of a row whose quoted text holds line breaks. Returns its text and its fields.

    When no number of lines makes a whole row, the quote is a mistake: only its own line is rejected
    (the fields are None), and the rows after it are still read.
    """
    taken: list[str] = []
    while len(taken) < MAX_ROW_LINES and (following := lines.take()):
        taken.append(following)
        whole = text + "".join(taken)
        fields = _split_fields(whole)
        if fields and len(fields) == len(COLUMNS):
            return whole, fields
    lines.put_back(taken)
    return text, None
