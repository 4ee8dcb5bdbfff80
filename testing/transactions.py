"""Helpers for tests of transactions: a lock of another connection, conflicts, ended connections."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.db.errors import Busy, ShopError, UnknownOutcome

SQLITE = connection.vendor == "sqlite"
on_a_server = pytest.mark.skipif(SQLITE, reason="needs a database server")
on_sqlite = pytest.mark.skipif(not SQLITE, reason="about SQLite's locks")

Body = Callable[[], Group]
Retries = Callable[[], list[dict[str, str]]]


def execute(wrapper: BaseDatabaseWrapper, sql: str, *parameters: int) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute(sql, parameters)


@contextmanager
def hold_write_lock(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """Holds SQLite's only write lock by `wrapper`; the test's own connection gives up after 10 ms."""
    execute(connection, "PRAGMA busy_timeout = 10")
    execute(wrapper, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        execute(wrapper, "ROLLBACK")


def raise_busy() -> NoReturn:
    """Raises a conflict without a database: what Django makes of SQLite's answer "busy"."""
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise OperationalError("database is locked") from cause


def provoke_conflict(other: BaseDatabaseWrapper) -> None:
    """Makes the database itself refuse a statement: a serialization failure, or busy on SQLite."""
    if SQLITE:
        with hold_write_lock(other):
            Group.objects.create(name="never stored")
    else:
        execute(connection, "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")


def end_connection(wrapper: BaseDatabaseWrapper) -> None:
    """Ends the connection that the service uses, as a server that is shut down does."""
    if not is_postgresql(wrapper):
        pytest.skip("CockroachDB has no pg_terminate_backend")
    pid = connection.connection.info.backend_pid
    execute(wrapper, "SELECT pg_terminate_backend(%s, 2000)", pid)


def list_group_names(name: str) -> list[str]:
    """Returns the stored groups whose names begin with `name`; tests store groups as their rows."""
    return list(Group.objects.filter(name__startswith=name).values_list("name", flat=True))


def is_postgresql(wrapper: BaseDatabaseWrapper) -> bool:
    """Whether PostgreSQL answers, as itself or as the stand-in."""
    return wrapper.vendor == "postgresql" or "stand-in" in getattr(wrapper, "cockroachdb_server_info", "")


@contextmanager
def open_transaction(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """Runs the block in a transaction of a second connection, which then commits."""
    execute(wrapper, "BEGIN")
    yield
    execute(wrapper, "COMMIT")


def run_at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Runs all steps at the same time, each on its own connection. Returns their results or errors."""
    results: list[Any] = [None] * len(steps)
    start = threading.Barrier(len(steps))

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = steps[number]()
        except (ShopError, Busy) as refusal:
            results[number] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def replace_waiting(monkeypatch: pytest.MonkeyPatch, wait: Callable[[float], None]) -> None:
    """Calls `wait` with the seconds that the retry loop would sleep.

    Other modules still sleep: `time.sleep` belongs to the thread that watches overdue requests, too.
    """
    namespace = SimpleNamespace(monotonic=time.monotonic, sleep=wait)
    monkeypatch.setattr("shop.db.retries.time", namespace)


def lose_answer(monkeypatch: pytest.MonkeyPatch, module: Any, service: str) -> None:
    """Lets a service of a module do its work, and then raise UnknownOutcome."""
    run = getattr(module, service)

    def run_and_lose_answer(**values: Any) -> NoReturn:
        run(**values)
        raise UnknownOutcome(UnknownOutcome.detail)

    monkeypatch.setattr(module, service, run_and_lose_answer)
