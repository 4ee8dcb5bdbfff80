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
#: Conflicts of one call after which its attempts run alone on their machine (shop/db/alone.py).
ALONE_AFTER = 3


def draw_delay(attempt: int) -> float:
    """Returns seconds to wait after the n-th attempt: up to twice as long each time, with full jitter."""
    return random.uniform(0, min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempt, 10)))


@dataclass
class Retries:
    """Counts the attempts of one call, and decides whether to try again."""

    name: str
    started_at: float = field(default_factory=time.monotonic)
    #: After this no other attempt starts. Both are readings of `time.monotonic`.
    ends_at: float = field(default_factory=lambda: time.monotonic() + BUDGET)
    attempts: int = 0
    failures: Counter[Failure] = field(default_factory=Counter)
    #: Whether the next attempts run alone on this machine.
    runs_alone: bool = False
    #: Whether an earlier attempt may have been committed although its answer was lost.
    is_ambiguous: bool = False

    def note_failure(self, failure: Failure, error: Exception, phase: str) -> None:
        """Counts a failed attempt and logs it; `phase` says how far it got."""
        self.failures[failure] += 1
        self.runs_alone = self.failures[Failure.CONFLICT] >= ALONE_AFTER
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
        delay = draw_delay(self.attempts)
        if self.runs_alone:
            # Only calls of other machines are in its way. They hardly ever are, so it soon tries again.
            delay = random.uniform(0, min(LONGEST_DELAY, FIRST_DELAY * self.attempts))
        too_often = failure in MAX_FAILURES and self.failures[failure] >= MAX_FAILURES[failure]
        if too_often and not self.is_ambiguous:
            raise error
        is_hopeless = failure is Failure.TIMEOUT or (too_often and failure is Failure.INTERNAL)
        if is_hopeless or self.attempts >= MAX_ATTEMPTS or time.monotonic() + delay > self.ends_at:
            spent = time.monotonic() - self.started_at
            logger.error("gave up name=%s attempts=%d seconds=%.2f", self.name, self.attempts, spent)
            kind = UnknownOutcome if self.is_ambiguous else Busy
            metrics.GIVE_UPS.labels(kind.code).inc()
            raise kind(kind.detail) from error
        time.sleep(delay)
