"""What disturbs a transaction in tests: a second connection, held locks, conflicts, dead backends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = connection.vendor == "sqlite"
on_a_server = pytest.mark.skipif(SQLITE, reason="needs a database server")
on_sqlite = pytest.mark.skipif(not SQLITE, reason="about SQLite's locks")

Body = Callable[[], Group]
Retries = Callable[[], list[dict[str, str]]]


def execute(wrapper: BaseDatabaseWrapper, sql: str, *parameters: int) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute(sql, parameters)


@contextmanager
def locked_by(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """SQLite's only write lock, held by `wrapper`; everyone else gives up after 10 ms."""
    execute(connection, "PRAGMA busy_timeout = 10")
    execute(wrapper, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        execute(wrapper, "ROLLBACK")


def meet_a_conflict(other: BaseDatabaseWrapper) -> None:
    """Makes the database itself answer a statement with a serialization failure, or busy."""
    if SQLITE:
        with locked_by(other):
            Group.objects.create(name="never stored")
    else:
        execute(connection, "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")


def end_connection(wrapper: BaseDatabaseWrapper) -> None:
    """Ends the backend of the connection that the service uses."""
    if not is_postgresql(wrapper):
        pytest.skip("CockroachDB has no pg_terminate_backend")
    pid = connection.connection.info.backend_pid
    execute(wrapper, "SELECT pg_terminate_backend(%s, 2000)", pid)


def named(name: str) -> list[str]:
    return list(Group.objects.filter(name__startswith=name).values_list("name", flat=True))


def is_postgresql(wrapper: BaseDatabaseWrapper) -> bool:
    """Whether PostgreSQL answers, as itself or as the stand-in."""
    return wrapper.vendor == "postgresql" or "stand-in" in getattr(wrapper, "cockroachdb_server_info", "")


@contextmanager
def other_transaction(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    execute(wrapper, "BEGIN")
    yield
    execute(wrapper, "COMMIT")
