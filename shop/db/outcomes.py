"""One write for many rows: each in a transaction of its own, each with an outcome that is kept."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shop.db.errors import Busy, ShopError
from shop.db.transactions import retried_transaction
from shop.orders.models import BulkResult

#: Rows that are written at once: a page of a list.
MAX_ROWS = 50
#: Seconds after which no further row is begun: a request that takes longer loses its connection.
PATIENCE = 3.0
LEFT = "Not tried: it took too long. Do it again for what is left."


@dataclass(frozen=True)
class Outcome:
    """What became of one row; `refusal` is empty when it was done."""

    name: str
    refusal: str = ""

    @property
    def done(self) -> bool:
        return not self.refusal


def each(names: Iterable[str], write: Callable[[str], object]) -> list[Outcome]:
    """Runs `write`, a service, for each name. What one refuses undoes nothing of the others.

    Once the database is busy, or PATIENCE is used up, the rows behind are left as they are and
    told so. Raises Busy when not even the first row could be written.
    """
    began, outcomes, stop = time.monotonic(), list[Outcome](), ""
    for name in names:
        if not stop and time.monotonic() - began > PATIENCE:
            stop = LEFT
        if stop:
            outcomes.append(Outcome(name, stop))
            continue
        try:
            write(name)
        except ShopError as refusal:
            outcomes.append(Outcome(name, refusal.detail))
        except Busy as busy:
            if not outcomes:
                raise
            outcomes.append(Outcome(name, busy.detail))
            stop = LEFT
        else:
            outcomes.append(Outcome(name))
    return outcomes


@retried_transaction
def keep_result(*, action: str, list_query: str, outcomes: Sequence[Outcome]) -> BulkResult:
    """Stores what was done, for the page that says so."""
    rows = [[outcome.name, outcome.refusal] for outcome in outcomes]
    return BulkResult.objects.create(action=action, list_query=list_query, outcomes=rows)
