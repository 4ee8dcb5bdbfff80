"""Reads CSV files in the format of the Online Retail data set, row by row.

What a row means is told by retail_rows.py. Nothing here touches the database.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from shop.files.retail_rows import COLUMNS, Line, Reject, Source, parse_row

#: Characters of one line of a file, and lines of a row whose quoted text holds line breaks.
#: What is longer is an unclosed quote or no such file, and must not fill the memory.
MAX_LINE_LENGTH, MAX_ROW_LINES = 20_000, 10


class WrongFile(Exception):
    """A file that is not in this format at all."""


def check_header(path: Path) -> None:
    """Raises WrongFile when the file's first row does not name the columns; OSError."""
    with _open(path) as file:
        _skip_header(file, path)


def read_rows(path: Path) -> Iterator[Line | Reject]:
    """Every row of a file, one at a time. Empty lines are no rows. Raises WrongFile, OSError."""
    with _open(path) as file:
        _skip_header(file, path)
        for source, fields in _split_rows(file, path.name):
            yield parse_row(source, fields)


def _open(path: Path) -> TextIO:
    return open(path, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _skip_header(file: TextIO, path: Path) -> None:
    found = _split_fields(file.readline(MAX_LINE_LENGTH)) or []
    if tuple(name.strip() for name in found) != COLUMNS:
        raise WrongFile(
            f"{path} is not a file of orders: its first line must be {','.join(COLUMNS)}. "
            "Nothing was imported."
        )


def _split_fields(text: str) -> list[str] | None:
    """The fields of a row; None when it is no CSV, or goes on after its end."""
    try:
        return next(csv.reader((text,), strict=True), [])
    except csv.Error:
        return None


class _Lines:
    """The lines of a file behind its header, numbered, with some put back for another look."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._returned: list[str] = []
        self.number = 1

    def take(self) -> str:
        """The next line, or nothing at the end; of a line that is too long only the beginning."""
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
    """Each row with its fields, or None for fields where it cannot be split."""
    lines = _Lines(file)
    while text := lines.take():
        number, fields = lines.number, _split_fields(text)
        if fields is None:
            text, fields = _join_lines(text, lines)
        if text.strip():
            yield Source(name, number, text.rstrip("\r\n")), fields


def _join_lines(text: str, lines: _Lines) -> tuple[str, list[str] | None]:
    """A row whose quoted text holds line breaks: its lines, and its fields.

    When no number of lines makes a whole row, the quote was a stray one: its line stands
    alone, without fields, so that it does not swallow the good rows behind it.
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
