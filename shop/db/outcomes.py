"""One write for many rows: each row has a transaction of its own, and an outcome of its own."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from shop.db.errors import Busy, NotTried, ShopError

#: Rows that a page of the desk writes at once: a page of a list.
MAX_ROWS = 50
#: Seconds after which no further row is begun: a request that takes longer loses its connection.
MAX_SECONDS = 3.0

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Outcome:
    """What became of one row; `refusal` is empty when the row was written."""

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
    began, outcomes, is_over = time.monotonic(), list[Outcome](), False
    for row in rows:
        is_over = is_over or time.monotonic() - began > MAX_SECONDS
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
