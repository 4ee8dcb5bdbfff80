"""The one PostgreSQL that everything is measured on, kept under var/bench so that big data are made once.

It has the settings of the tests' throw-away servers (`testing.databases.FAST`): what is
measured is code, not this machine's disk.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.servers import cpu_seconds
from testing.databases import Postgres


class MeasuredPostgres(Postgres):
    """A PostgreSQL whose CPU can be read."""

    def exists(self, name: str) -> bool:
        return bool(self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def vacuum(self, name: str) -> None:
        """Brings statistics and visibility up to date, as autovacuum would in time."""
        self.execute("VACUUM (ANALYZE)", name)

    def cpu(self) -> float:
        """Returns the seconds of CPU that its processes have used so far."""
        return sum(map(cpu_seconds, self.process().children()))

    def version(self) -> str:
        return str(self.execute("SHOW server_version")[0][0])


@contextmanager
def run_database(data: Path) -> Iterator[MeasuredPostgres]:
    """Runs the server for as long as the block lasts."""
    server = MeasuredPostgres(data)
    try:
        server.start()
        yield server
    finally:
        server.stop()
