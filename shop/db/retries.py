"""Decides how often a transaction is run again, and how long it waits before."""

import logging
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from shop.db import metrics
from shop.db.errors import Busy, UnknownOutcome
from shop.db.failures import Failure, get_sqlstate

logger = logging.getLogger("shop.transactions")

#: Seconds after the first attempt in which another one may start.
BUDGET = 7.5
#: With 15 attempts, requests of 16 clients on 3 hot products failed although time was left
#: (docs/RELIABILITY.md).
MAX_ATTEMPTS = 60
#: Attempts that may end in the same failure, where waiting does not help. A unique or foreign key violation
#: is a lost race, because services look before they write: the next attempt sees the other row and raises
#: the right error. After an internal error the next attempt may reach another node.
MAX_FAILURES = {Failure.DUPLICATE: 4, Failure.INTERNAL: 3}
#: After one of these at COMMIT it is not known whether the transaction was committed.
AMBIGUOUS = {Failure.LOST, Failure.INTERNAL}
#: Seconds to wait before another attempt.
FIRST_DELAY, LONGEST_DELAY = 0.010, 0.5


def draw_delay(attempt: int, spent: float = 0) -> float:
    """Returns seconds to wait after the n-th attempt: up to twice as long each time, with full jitter.

    They get shorter as the budget is `spent` (seconds), so that of several clients at one row those that have
    waited longest come first. Without that, two of 128 sales of 16 clients at four tills used up their time.
    """
    longest = LONGEST_DELAY * max(0.1, 1 - spent / BUDGET)
    return random.uniform(0, min(longest, FIRST_DELAY * 2 ** min(attempt, 10)))


@dataclass
class Retries:
    """Counts the attempts of one call, and decides whether to try again."""

    name: str
    started_at: float = field(default_factory=time.monotonic)
    attempts: int = 0
    failures: Counter[Failure] = field(default_factory=Counter)
    #: Whether an earlier attempt may have been committed although its answer was lost.
    is_ambiguous: bool = False

    def note_failure(self, failure: Failure, error: Exception, phase: str) -> None:
        """Counts a failed attempt and logs it; `phase` says how far it got."""
        self.failures[failure] += 1
        if failure in AMBIGUOUS and phase == "commit":
            self.is_ambiguous = True
            metrics.AMBIGUOUS_COMMITS.inc()
        logger.warning(
            "retry name=%s attempt=%d phase=%s failure=%s sqlstate=%s ambiguous=%s",
            self.name,
            self.attempts,
            phase,
            failure,
            get_sqlstate(error),
            self.is_ambiguous,
        )

    def wait_or_give_up(self, failure: Failure, error: Exception) -> None:
        """Sleeps before the next attempt.

        Raises Busy when the budget is used up, UnknownOutcome when an earlier attempt may have been
        committed, and `error` itself when it came so often that waiting does not help.
        """
        spent = time.monotonic() - self.started_at
        delay = draw_delay(self.attempts, spent)
        too_often = failure in MAX_FAILURES and self.failures[failure] >= MAX_FAILURES[failure]
        if too_often and not self.is_ambiguous:
            raise error
        is_hopeless = failure is Failure.TIMEOUT or (too_often and failure is Failure.INTERNAL)
        if is_hopeless or self.attempts >= MAX_ATTEMPTS or spent + delay > BUDGET:
            logger.error("gave up name=%s attempts=%d seconds=%.2f", self.name, self.attempts, spent)
            kind = UnknownOutcome if self.is_ambiguous else Busy
            metrics.GIVE_UPS.labels(kind.code).inc()
            raise kind(kind.detail) from error
        time.sleep(delay)
