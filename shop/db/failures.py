"""Classifies database errors by their codes, never by their text.

Errors of psycopg2 that have no code are classified by their class, and by whether the connection is closed.
"""

import sqlite3
from collections.abc import Iterator
from enum import StrEnum

import psycopg2
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE_DUPLICATES = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
}


#: Shutdown, crash, starting up, statement completion unknown, idle too long in a transaction, too many
#: connections; then CockroachDB's own: range unavailable, connection lost between its nodes.
_LOST_CONNECTION = {"57P01", "57P02", "57P03", "40003", "25P03", "53300", "58C00", "58C01"}

#: CockroachDB's "uncategorised" error: another node died while the statement ran, or CockroachDB has a bug.
_INTERNAL_ERROR = "XXUUU"


class Failure(StrEnum):
    """The kinds of database errors that the retry loop tells apart."""

    CONFLICT = "conflict"
    DUPLICATE = "duplicate"
    LOST = "lost connection"
    INTERNAL = "internal error"
    TIMEOUT = "timeout"


def _walk_causes(error: BaseException) -> Iterator[BaseException]:
    """Yields `error`, its causes and its contexts."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        link = todo.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        todo += [other for other in (link.__cause__, link.__context__) if other is not None]


def get_sqlstate(error: BaseException) -> str | None:
    """Returns the first SQLSTATE of psycopg2, or error name of SQLite, among `error` and its causes."""
    for link in _walk_causes(error):
        code = getattr(link, "pgcode", None) or getattr(link, "sqlite_errorname", None)
        if code:
            return str(code)
    return None


def classify(error: Exception, connection: BaseDatabaseWrapper) -> Failure | None:
    """Returns the kind of a database error; None for any other error."""
    for link in _walk_causes(error):
        failure = None
        if isinstance(link, psycopg2.Error):
            failure = _classify_psycopg2(link, connection)
        elif isinstance(link, sqlite3.Error):
            failure = _classify_sqlite(link)
        if failure is not None:
            return failure
    return None


def is_unavailable(error: Exception) -> bool:
    """Whether a read failed because the database cannot be reached or is too busy."""
    return classify(error, connections[DEFAULT_DB_ALIAS]) in {Failure.CONFLICT, Failure.LOST, Failure.TIMEOUT}


def _classify_psycopg2(error: psycopg2.Error, connection: BaseDatabaseWrapper) -> Failure | None:
    code = error.pgcode
    if code in {"40001", "40P01"}:
        return Failure.CONFLICT
    if code in {"23505", "23503"}:
        return Failure.DUPLICATE
    if code == "57014":
        return Failure.TIMEOUT
    if code == _INTERNAL_ERROR:
        return Failure.INTERNAL
    if code is None:
        broken = getattr(connection.connection, "closed", True)
        lost = isinstance(error, psycopg2.OperationalError) or bool(broken)
        return Failure.LOST if lost else None
    if code.startswith("08") or code in _LOST_CONNECTION:
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
