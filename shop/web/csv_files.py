"""Writes CSV files in which no typed text becomes a formula of a spreadsheet."""

import csv
import re
from collections.abc import Iterable
from typing import Any, Protocol

#: A cell that begins with one of these is a formula to a spreadsheet, as wide characters too.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
#: Where a spreadsheet may begin another cell inside of ours: many locales split at semicolons, and who
#: splits elsewhere than at our commas takes no notice of our quotes either. The runs do not overlap, so
#: that a long one is read once.
_SPLIT = re.compile(rf'([;\t\r\n][;\s"]*)([{re.escape("".join(FORMULA))}])?')


class _Writable(Protocol):
    def write(self, text: str, /) -> Any: ...


class CsvWriter:
    """Writes rows with every cell quoted, so that a semicolon in one does not split it."""

    def __init__(self, file: _Writable) -> None:
        self._writer = csv.writer(file, quoting=csv.QUOTE_ALL)

    def write(self, cells: Iterable[object]) -> Any:
        """Writes one row, and returns what the file's `write` returned."""
        return self._writer.writerow(cells)


def escape_formula(text: str) -> str:
    """Returns `text` with an apostrophe before each formula, so that no spreadsheet runs it."""
    inner = _SPLIT.sub(lambda run: f"{run[1]}'{run[2]}" if run[2] else run[0], text)
    is_formula = text.lstrip().startswith(FORMULA) or text[:1] in ("\t", "\r", "\n")
    return f"'{inner}" if is_formula and text else inner
