"""The project's only retry loop and its only `atomic()`.

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import psycopg2
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_UNKNOWN

from shop import metrics
from shop.errors import Busy, ShopError, UnknownOutcome

logger = logging.getLogger("shop.transactions")

#: Seconds from the first attempt after which no further attempt is begun.
BUDGET = 6.0
MAX_ATTEMPTS = 15
#: Attempts that may end in a unique or foreign key violation. A service looks before it writes,
#: so after a lost race the next attempt sees the other's row (or its absence) and says what is wrong.
MAX_DUPLICATES = 4
FIRST_DELAY, LONGEST_DELAY = 0.010, 1.0

P = ParamSpec("P")
R = TypeVar("R")


_SQLITE_DUPLICATES = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
}


#: Shutdown, crash, starting up, statement completion unknown, idle too long in a transaction, too many
#: connections; then CockroachDB's own: range unavailable, connection lost between its nodes.
_LOST = {"57P01", "57P02", "57P03", "40003", "25P03", "53300", "58C00", "58C01"}


class Phase(StrEnum):
    """How far an attempt got."""

    ENTERING = "entering"
    BODY = "body"
    COMMIT = "commit"
    AFTER = "after"


class Failure(StrEnum):
    """What a database error means to the loop."""

    CONFLICT = "conflict"
    DUPLICATE = "duplicate"
    LOST = "lost connection"
    TIMEOUT = "timeout"


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
    duplicates: int = 0
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
                if failure is Failure.LOST:
                    connection.close_if_unusable_or_obsolete()
                self._give_up_or_wait(failure, error)
            else:
                _count("committed", attempt)
                return value

    def _once(self, connection: BaseDatabaseWrapper, attempt: _Attempt) -> R:
        with transaction.atomic(durable=True):
            attempt.phase = Phase.BODY
            transaction.on_commit(attempt.mark_committed)
            value = self.body()
            _refuse_swallowed_error(connection)
            attempt.phase = Phase.COMMIT
        return value

    def _note(self, failure: Failure, phase: Phase, error: Exception) -> None:
        self.duplicates += failure is Failure.DUPLICATE
        if failure is Failure.LOST and phase is Phase.COMMIT:
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
        delay = random.uniform(0, min(LONGEST_DELAY, FIRST_DELAY * 2**self.attempts))
        if self.duplicates >= MAX_DUPLICATES and failure is Failure.DUPLICATE and not self.ambiguous:
            raise error
        spent = time.monotonic() - self.began
        if failure is Failure.TIMEOUT or self.attempts >= MAX_ATTEMPTS or spent + delay > BUDGET:
            logger.error("gave up name=%s attempts=%d seconds=%.2f", self.name, self.attempts, spent)
            kind = UnknownOutcome if self.ambiguous else Busy
            metrics.GIVE_UPS.labels(kind.code).inc()
            raise kind(kind.detail) from error
        time.sleep(delay)


def _count(outcome: str, attempt: _Attempt, error: Exception | None = None) -> None:
    code = (sqlstate(error) if error else None) or ""
    metrics.ATTEMPTS.labels(outcome, attempt.phase, code).inc()


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


def _chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and what it was raised from or while handling."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [other for other in (one.__cause__, one.__context__) if other is not None]


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE of a psycopg2 error (or the SQLite error name) anywhere in the chain."""
    for one in _chain(error):
        code = getattr(one, "pgcode", None) or getattr(one, "sqlite_errorname", None)
        if code:
            return str(code)
    return None


def classify(error: Exception, connection: BaseDatabaseWrapper) -> Failure | None:
    """What the loop makes of `error`; None for what is not the database's doing."""
    for one in _chain(error):
        failure = None
        if isinstance(one, psycopg2.Error):
            failure = _classify_psycopg2(one, connection)
        elif isinstance(one, sqlite3.Error):
            failure = _classify_sqlite(one)
        if failure is not None:
            return failure
    return None


def is_unavailable(error: Exception) -> bool:
    """Whether a read failed because the database is away or too busy, not because of what was asked."""
    return classify(error, connections[DEFAULT_DB_ALIAS]) in {Failure.CONFLICT, Failure.LOST, Failure.TIMEOUT}


def _classify_psycopg2(error: psycopg2.Error, connection: BaseDatabaseWrapper) -> Failure | None:
    code = error.pgcode
    if code in {"40001", "40P01"}:
        return Failure.CONFLICT
    if code in {"23505", "23503"}:
        return Failure.DUPLICATE
    if code == "57014":
        return Failure.TIMEOUT
    if code is None:
        broken = getattr(connection.connection, "closed", True)
        lost = isinstance(error, psycopg2.OperationalError) or bool(broken)
        return Failure.LOST if lost else None
    if code.startswith("08") or code in _LOST:
        return Failure.LOST
    return None


def _classify_sqlite(error: sqlite3.Error) -> Failure | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return Failure.CONFLICT
    if code in _SQLITE_DUPLICATES:
        return Failure.DUPLICATE
    return None
