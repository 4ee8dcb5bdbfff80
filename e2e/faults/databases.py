"""The databases under test, and functions that kill them or their connections."""

import os
import random
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from e2e.faults import cockroach
from testing import databases
from testing.faulty_proxy import FaultyProxy

SQLITE, COCKROACHDB = "sqlite", "cockroachdb"
ENGINES = (*databases.ENGINES, SQLITE, COCKROACHDB)


class Database(Protocol):
    """What the auditor needs of any of them; `url` is what shop is given."""

    engine: str
    url: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Returns the rows of a query that goes through no proxy."""


class Sqlite:
    """The embedded database: a file under `var`."""

    engine = SQLITE
    url = ""

    def __init__(self, var: Path) -> None:
        self.path = var / "shop.sqlite3"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as connection:
            return connection.execute(sql).fetchall()


class Postgres:
    """PostgreSQL under test; the server under test reaches it through the proxy only."""

    def __init__(self, engine: str, server: databases.Postgres) -> None:
        self.engine = engine
        self.server = server
        self.proxy = FaultyProxy(server.socket)
        address = f"127.0.0.1:{self.proxy.port}/{databases.DATABASE}"
        url = f"postgresql://postgres@{address}?sslmode=disable&gssencmode=disable"
        self.url = databases.engine_url(engine, url)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.server.execute(sql, databases.DATABASE)

    def backends(self, state: str = "") -> list[int]:
        """Returns process ids of shop's connections: idle, idle in transaction, active, or any."""
        rows = self.rows("SELECT pid, state FROM pg_stat_activity WHERE application_name = 'shop'")
        return [pid for pid, is_in in rows if state in ("", is_in)]

    def is_quiet(self) -> bool:
        """Whether no transaction is open and no COMMIT is still to be delivered."""
        busy = self.backends("active") or self.backends("idle in transaction")
        return not self.proxy.has_late_commit() and not busy

    def terminate(self, *pids: int) -> None:
        for pid in pids:
            self.rows(f"SELECT pg_terminate_backend({pid})")

    def kill_backend(self) -> bool:
        """Sends SIGKILL to one backend: PostgreSQL ends all the others and recovers from its log."""
        pids = self.backends()
        if pids:
            with suppress(ProcessLookupError):
                os.kill(random.choice(pids), signal.SIGKILL)
        return bool(pids)


@contextmanager
def run_database(engine: str, var: Path) -> Iterator[Database]:
    """Runs the database of an engine, empty, for as long as the block lasts."""
    if engine == SQLITE:
        yield Sqlite(var)
        return
    if engine == COCKROACHDB:
        with cockroach.run_cluster() as cluster:
            yield cluster
        return
    # What was acknowledged has to outlive the server's death, so it has PostgreSQL's own settings.
    with databases.run_engine(engine, settings=()) as (server, _):
        database = Postgres(engine, server)
        try:
            yield database
        finally:
            database.proxy.close()
