"""Writes many rows, each in its own transaction and with its own outcome."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from shop.db.errors import Busy, NotTried, ShopError

#: Rows that a page writes at once: those of one page of a list.
MAX_ROWS = 50
#: After these seconds no further row is written, because a request that takes too long loses its connection.
MAX_SECONDS = 3.0

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Outcome:
    """The result for one row; `refusal` is empty when the row was written."""

    name: str
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        return not self.refusal


def write_rows(
    rows: Iterable[RowT], write: Callable[[RowT], object], word: Callable[[ShopError | Busy], str]
) -> list[Outcome]:
    """Runs `write`, a service, for each row, and returns an outcome for each, named `str(row)`.

    One transaction for all would make a refused row undo the others, and would meet more conflicts
    the more rows it has. Once the database is busy, or MAX_SECONDS are over, the remaining rows are
    not tried. `word` makes a sentence of an error. Raises Busy when the database is busy at the first row.
    """
    start = time.monotonic()
    outcomes: list[Outcome] = []
    is_over = False
    for row in rows:
        is_over = is_over or time.monotonic() - start > MAX_SECONDS
        if is_over:
            outcomes.append(Outcome(str(row), word(NotTried())))
            continue
        try:
            write(row)
        except ShopError as refusal:
            outcomes.append(Outcome(str(row), word(refusal)))
        except Busy as busy:
            if not outcomes:
                raise
            outcomes.append(Outcome(str(row), word(busy)))
            is_over = True
        else:
            outcomes.append(Outcome(str(row)))
    return outcomes
