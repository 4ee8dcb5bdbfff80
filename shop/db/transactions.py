"""The project's only retry loop (and its little sister for lone statements), and its only `atomic()`.

Every write is a service function under `retried_transaction`: the loop outside, one
durable transaction inside. A serializable database may refuse any transaction and
expects it to be run again; the function must therefore make everything it touches
itself, from ids and plain values (docs/TRANSACTIONS.md gives the reasons).
"""

import functools
import logging
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_UNKNOWN

from shop.db import metrics
from shop.db.errors import Busy, ShopError, UnknownOutcome
from shop.db.failures import Failure, classify, sqlstate

logger = logging.getLogger("shop.db.transactions")

#: Seconds from the first attempt after which no further attempt is begun.
BUDGET = 6.0
#: With 16 clients on 3 hot products 15 attempts were used up before
#: the budget was, and requests failed that the budget had room for (docs/RELIABILITY.md).
MAX_ATTEMPTS = 60
#: Attempts that may end in the same failure, where that is not a matter of waiting. Unique or foreign
#: key violation: a service looks before it writes, so after a lost race the next attempt sees the other's
#: row (or its absence) and says what is wrong. Internal error: where a node died, the next attempt meets
#: another one; a genuine error ends as one soon.
MAX_FAILURES = {Failure.DUPLICATE: 4, Failure.INTERNAL: 3}
#: After these at COMMIT it is not known whether the transaction happened.
AMBIGUOUS = {Failure.LOST, Failure.INTERNAL}
FIRST_DELAY, LONGEST_DELAY = 0.010, 0.25
#: Seconds within which a connection that died while it was idle is noticed. One that is lost
#: later was waiting for an answer, and is not given as long again.
STALE = 1.0

P = ParamSpec("P")
R = TypeVar("R")


_rerun: ContextVar[bool] = ContextVar("rerun", default=False)


def is_rerun() -> bool:
    """Whether the body that asks runs again: an earlier attempt may have been committed unseen."""
    return _rerun.get()


class Phase(StrEnum):
    """How far an attempt got."""

    ENTERING = "entering"
    BODY = "body"
    COMMIT = "commit"
    AFTER = "after"


class SwallowedDatabaseError(RuntimeError):
    """The body went on after a database error; committing would have dropped its work."""


@dataclass
class _Attempt:
    """One run of the body; `mark_committed` is its first on-commit hook."""

    phase: Phase = Phase.ENTERING
    committed: bool = False

    def mark_committed(self) -> None:
        self.committed = True
        self.phase = Phase.AFTER


@dataclass
class _Run(Generic[R]):
    """All attempts of one call."""

    name: str
    body: Callable[[], R]
    began: float = field(default_factory=time.monotonic)
    attempts: int = 0
    failures: Counter[Failure] = field(default_factory=Counter)
    ambiguous: bool = False

    def result(self) -> R:
        connection = connections[DEFAULT_DB_ALIAS]
        while True:
            self.attempts += 1
            attempt = _Attempt()
            try:
                value = self._once(connection, attempt)
            except ShopError as refusal:
                _count("refused", attempt)
                if self.ambiguous:
                    # The refusal may rest on a state in which the lost commit is not visible yet.
                    raise UnknownOutcome(UnknownOutcome.detail) from refusal
                raise
            except Exception as error:
                failure = None if attempt.committed else classify(error, connection)
                _count("error" if failure is None else failure, attempt, error)
                if failure is None:
                    raise
                self._note(failure, attempt.phase, error)
                if failure in AMBIGUOUS:
                    connection.close_if_unusable_or_obsolete()
                self._give_up_or_wait(failure, error)
            else:
                _count("committed", attempt)
                return value

    def _once(self, connection: BaseDatabaseWrapper, attempt: _Attempt) -> R:
        before = _rerun.set(self.attempts > 1)
        try:
            with transaction.atomic(durable=True):
                attempt.phase = Phase.BODY
                transaction.on_commit(attempt.mark_committed)
                value = self.body()
                _refuse_swallowed_error(connection)
                attempt.phase = Phase.COMMIT
        finally:
            _rerun.reset(before)
        return value

    def _note(self, failure: Failure, phase: Phase, error: Exception) -> None:
        self.failures[failure] += 1
        if failure in AMBIGUOUS and phase is Phase.COMMIT:
            self.ambiguous = True
            metrics.AMBIGUOUS_COMMITS.inc()
        logger.warning(
            "retry name=%s attempt=%d phase=%s failure=%s sqlstate=%s ambiguous=%s",
            self.name,
            self.attempts,
            phase,
            failure,
            sqlstate(error),
            self.ambiguous,
        )

    def _give_up_or_wait(self, failure: Failure, error: Exception) -> None:
        delay = _delay(self.attempts)
        too_often = failure in MAX_FAILURES and self.failures[failure] >= MAX_FAILURES[failure]
        if too_often and not self.ambiguous:
            raise error
        spent = time.monotonic() - self.began
        is_hopeless = failure is Failure.TIMEOUT or (too_often and failure is Failure.INTERNAL)
        if is_hopeless or self.attempts >= MAX_ATTEMPTS or spent + delay > BUDGET:
            logger.error("gave up name=%s attempts=%d seconds=%.2f", self.name, self.attempts, spent)
            kind = UnknownOutcome if self.ambiguous else Busy
            metrics.GIVE_UPS.labels(kind.code).inc()
            raise kind(kind.detail) from error
        time.sleep(delay)


def _delay(attempt: int) -> float:
    """Seconds to wait after the n-th attempt: up to twice as long each time, with full jitter."""
    return random.uniform(0, min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempt, 10)))


def _count(outcome: str, attempt: _Attempt, error: Exception | None = None) -> None:
    code = (sqlstate(error) if error else None) or ""
    metrics.ATTEMPTS.labels(outcome, attempt.phase, code).inc()


def retry_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """An execute wrapper for statements outside of transactions, each of which is one by itself.

    At SERIALIZABLE even a lone SELECT may be refused; it is sent again, as often as the budget allows.
    A SELECT on a connection that died while it was idle is sent once more, on a new one.
    """
    connection = context["connection"]
    if connection.in_atomic_block:
        return execute(sql, params, many, context)
    began = time.monotonic()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            return execute(sql, params, many, context)
        except Exception as error:
            failure, spent = classify(error, connection), time.monotonic() - began
            is_read = sql.startswith("SELECT")
            stale = is_read and failure is Failure.LOST and attempt == 1 and spent < STALE
            internal = is_read and failure is Failure.INTERNAL and attempt < MAX_FAILURES[Failure.INTERNAL]
            if not stale and not internal and (failure is not Failure.CONFLICT or spent > BUDGET):
                raise
            logger.warning("retry name=statement attempt=%d sqlstate=%s", attempt, sqlstate(error))
            if stale:
                connection.close()
                connection.ensure_connection()
                context["cursor"].cursor = connection.create_cursor()
            else:
                time.sleep(_delay(attempt))
    raise Busy(Busy.detail)


class Service(Generic[P, R]):
    """A write. Called, it is one retried transaction; `inside` runs its body in the caller's."""

    def __init__(self, body: Callable[P, R]) -> None:
        self._body = body
        functools.update_wrapper(self, body)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs the body in a transaction of its own, again as often as the database asks.

        Raises Busy when the budget is used up, UnknownOutcome when the last thing known is a
        connection lost at COMMIT, RuntimeError when called inside another transaction.
        """
        return run_in_transaction(self._body.__name__, lambda: self._body(*args, **kwargs))

    def inside(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs the body within a retried transaction that the caller opened.

        Raises RuntimeError where there is none.
        """
        if not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise RuntimeError(f"{self._body.__name__}.inside() needs a transaction that is open.")
        return self._body(*args, **kwargs)


def retried_transaction(body: Callable[P, R]) -> Service[P, R]:
    """Makes a function a service: one durable transaction that is run again on conflict."""
    return Service(body)


def run_in_transaction(name: str, body: Callable[[], R]) -> R:
    """Runs `body` in one durable, retried transaction; `name` is for the log. See Service."""
    return _Run(name, body).result()


def retried(handler: Callable[Concatenate[Any, Any, P], R]) -> Callable[Concatenate[Any, Any, P], R]:
    """`retried_transaction` for a method of Django's that answers a request (sign-in, the admin).

    Messages that a failed attempt queued are dropped: what they say did not happen.
    """

    @functools.wraps(handler)
    def wrapper(self: Any, request: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        queued = list(request._messages._queued_messages)

        def body() -> R:
            request._messages._queued_messages = list(queued)
            return handler(self, request, *args, **kwargs)

        try:
            return run_in_transaction(handler.__qualname__, body)
        except Exception:
            request._messages._queued_messages = queued
            raise

    return wrapper


def _refuse_swallowed_error(connection: BaseDatabaseWrapper) -> None:
    """Django would roll back, or the server turn COMMIT into ROLLBACK, and nobody would be told."""
    raw = connection.connection
    if raw is None:
        ended = True
    elif isinstance(raw, sqlite3.Connection):
        # Some errors (disk full, ON CONFLICT ROLLBACK) end SQLite's transaction on the spot.
        ended = not raw.in_transaction
    else:
        # UNKNOWN: the connection is gone, so there is nothing to commit.
        ended = raw.info.transaction_status in {TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_UNKNOWN}
    if connection.needs_rollback or ended:
        raise SwallowedDatabaseError("A database error was swallowed inside a transaction.")
