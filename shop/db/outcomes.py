"""One write for many rows: each row has a transaction of its own, and an outcome of its own."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from shop.db.errors import Busy, ShopError

#: Rows that a page of the desk writes at once: a page of a list.
MAX_ROWS = 50
#: Seconds after which no further row is begun: a request that takes longer loses its connection.
MAX_SECONDS = 3.0
NOT_TRIED = "Not tried: it took too long. Do it again for what is left."

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Outcome:
    """What became of one row; `refusal` is empty when the row was written."""

    name: str
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        return not self.refusal


def write_rows(rows: Iterable[RowT], write: Callable[[RowT], object]) -> list[Outcome]:
    """Runs `write`, a service, for each row, and returns an outcome for each, named `str(row)`.

    One transaction for all would make a refused row undo the others, and would meet more conflicts
    the more rows it has. Once the database is busy, or MAX_SECONDS are over, the remaining rows are
    not tried. Raises Busy when the database is busy at the first row.
    """
    began, outcomes, stop = time.monotonic(), list[Outcome](), ""
    for row in rows:
        if not stop and time.monotonic() - began > MAX_SECONDS:
            stop = NOT_TRIED
        if stop:
            outcomes.append(Outcome(str(row), stop))
            continue
        try:
            write(row)
        except ShopError as refusal:
            outcomes.append(Outcome(str(row), refusal.detail))
        except Busy as busy:
            if not outcomes:
                raise
            outcomes.append(Outcome(str(row), busy.detail))
            stop = NOT_TRIED
        else:
            outcomes.append(Outcome(str(row)))
    return outcomes
