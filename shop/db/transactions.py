"""The project's only retry loop, and its only `atomic()`.

Every write is a service: a function with the decorator `retried_transaction`. A serializable database may
refuse any transaction and expects it to be run again. So the function reads all rows itself, from ids and
plain values (docs/TRANSACTIONS.md gives the reasons).
"""

import functools
import sqlite3
from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_UNKNOWN

from shop.db import metrics
from shop.db.alone import keep_apart
from shop.db.errors import ShopError, UnknownOutcome
from shop.db.failures import classify, get_sqlstate
from shop.db.idempotency import run_with_key
from shop.db.retries import AMBIGUOUS, Retries

P = ParamSpec("P")
R = TypeVar("R")


#: What makes a transaction one that only reads, as its first statement.
SNAPSHOTS = {
    "postgresql": "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE",
    "cockroachdb": "SET TRANSACTION AS OF SYSTEM TIME follower_read_timestamp()",
}


class SwallowedDatabaseError(RuntimeError):
    """The body caught a database error and continued. A commit would lose its work."""


class _Attempt:
    """How far an attempt got: entering, body, commit, after."""

    phase = "entering"


def run_in_transaction(name: str, body: Callable[[], R]) -> R:
    """Runs `body` in a durable transaction, and again after a conflict; `name` is for the log.

    Raises Busy when the budget is used up, UnknownOutcome when a connection was lost at COMMIT,
    RuntimeError when called inside another transaction.
    """
    connection, retries = connections[DEFAULT_DB_ALIAS], Retries(name)
    while True:
        retries.attempts += 1
        attempt = _Attempt()
        try:
            with keep_apart(retries.ends_at, alone=retries.runs_alone), transaction.atomic(durable=True):
                attempt.phase = "body"
                transaction.on_commit(functools.partial(setattr, attempt, "phase", "after"))
                value = body()
                _raise_swallowed_error(connection)
                attempt.phase = "commit"
            metrics.ATTEMPTS.labels("committed", attempt.phase, "").inc()
        except ShopError as refusal:
            metrics.ATTEMPTS.labels("refused", attempt.phase, "").inc()
            if retries.is_ambiguous:
                # The commit whose answer was lost may not be visible yet, so the refusal may be wrong.
                raise UnknownOutcome(UnknownOutcome.detail) from refusal
            raise
        except Exception as error:
            _prepare_next_attempt(connection, retries, attempt, error)
        else:
            return value


def read_in_snapshot(name: str, body: Callable[[], R]) -> R:
    """Runs `body`, which only reads, in one snapshot that holds up nobody; `name` is for the log.

    SQLite's transactions take the lock of writers at once, but not this one. PostgreSQL waits for a
    snapshot in which nothing can conflict. CockroachDB reads what was there some seconds ago, so the
    result never decides a write.
    """
    connection = connections[DEFAULT_DB_ALIAS]

    def read() -> R:
        # A test may have opened a transaction around this one.
        if (how := SNAPSHOTS.get(connection.vendor)) and not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute(how)
        return body()

    mode = getattr(connection, "transaction_mode", None)
    try:
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # of SQLite's class
        return run_in_transaction(name, read)
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]


def _prepare_next_attempt(
    connection: BaseDatabaseWrapper, retries: Retries, attempt: _Attempt, error: Exception
) -> None:
    """Closes a broken connection and waits. Raises `error` if there is no further attempt."""
    failure = None if attempt.phase == "after" else classify(error, connection)
    metrics.ATTEMPTS.labels(failure or "error", attempt.phase, get_sqlstate(error) or "").inc()
    if failure is None:
        raise error
    retries.note_failure(failure, error, attempt.phase)
    if failure in AMBIGUOUS:
        connection.close_if_unusable_or_obsolete()
    retries.wait_or_give_up(failure, error)


class Service(Generic[P, R]):
    """A write. Called, it is one retried transaction; `inside` runs its body in the caller's."""

    def __init__(self, body: Callable[P, R], makes: Callable[[], models.QuerySet[Any]] | None) -> None:
        self._body = body
        self._makes = makes
        functools.update_wrapper(self, body)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs the body as `run_in_transaction` does; a call with a known key finds what it made."""
        body, key = functools.partial(self._body, *args, **kwargs), kwargs.get("once")
        run = functools.partial(run_in_transaction, self._body.__name__)
        if self._makes is None or key is None:
            return run(body)
        return cast(R, run_with_key(cast(Any, key), self._makes, cast(Any, body), run))

    def inside(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs the body in the retried transaction of the caller, without a key.

        Raises RuntimeError without an open transaction.
        """
        if not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise RuntimeError(f"{self._body.__name__}.inside() needs a transaction that is open.")
        return self._body(*args, **kwargs)


@overload
def retried_transaction(body: Callable[P, R], /) -> Service[P, R]: ...
@overload
def retried_transaction(
    *, once: Callable[[], models.QuerySet[Any]]
) -> Callable[[Callable[P, R]], Service[P, R]]: ...
def retried_transaction(
    body: Callable[P, R] | None = None, /, *, once: Callable[[], models.QuerySet[Any]] | None = None
) -> Any:
    """Makes a function a service: a durable transaction that is run again after a conflict.

    `once` returns the QuerySet of the row that the service makes. The service then has a parameter `once`,
    the key of the client: a key that was used before returns its row, and nothing is made.
    """
    if body is None:
        return functools.partial(Service, makes=once)
    return Service(body, makes=None)


def retry_request(handler: Callable[Concatenate[Any, Any, P], R]) -> Callable[Concatenate[Any, Any, P], R]:
    """Makes a view method of Django (sign-in, the admin) one retried transaction.

    Messages of a failed attempt are dropped, because its changes were rolled back.
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


def _raise_swallowed_error(connection: BaseDatabaseWrapper) -> None:
    """Raises an error where Django, or the server at COMMIT, would roll back silently."""
    raw = connection.connection
    if raw is None:
        ended = True
    elif isinstance(raw, sqlite3.Connection):
        # Some errors (disk full, ON CONFLICT ROLLBACK) end SQLite's transaction at once.
        ended = not raw.in_transaction
    else:
        # UNKNOWN: the connection is lost, so there is nothing to commit.
        ended = raw.info.transaction_status in {TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_UNKNOWN}
    if connection.needs_rollback or ended:
        raise SwallowedDatabaseError("A database error was swallowed inside a transaction.")
