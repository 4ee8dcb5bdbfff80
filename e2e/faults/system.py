"""The system under test: database, proxy, server, staff, products, and the journal of what was told."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.faults.audit import audit
from e2e.faults.books import Findings
from e2e.faults.clients import PASSWORD, Basket, Clerk, Product, Program
from e2e.faults.databases import Database, Postgres, run_database
from e2e.faults.journal import Journal
from e2e.faults.money import Cashier
from e2e.faults.server import FaultServer
from testing.http_client import Tally
from testing.made_once import make_once
from testing.seeding import Seeder
from testing.servers import Server

STAFF, TILLS, HOT, WIDE = 16, 4, 3, 3000


@dataclass
class System:
    """The fixture of all tests of an engine. Tally, journal and audit cover the whole run on it."""

    engine: str
    database: Database
    server: FaultServer
    journal: Journal
    #: A process with a connection of its own, which is open while it audits only.
    auditor: Seeder
    tokens: dict[str, str]
    products: list[Product]
    registers: list[int]
    tally: Tally = field(default_factory=Tally)
    counts: Counter[str] = field(default_factory=Counter)
    figures: dict[str, str] = field(default_factory=dict)
    clients: int = 0
    _clerks: dict[str, Clerk] = field(default_factory=dict)

    @property
    def postgres(self) -> Postgres:
        assert isinstance(self.database, Postgres)
        return self.database

    @property
    def has_proxy(self) -> bool:
        return isinstance(self.database, Postgres)

    @property
    def hot(self) -> list[Product]:
        return self.products[:HOT]

    def clerk(self, number: int = 0) -> Clerk:
        """Returns a member of staff in a browser of their own, who is signed in once for all tests."""
        name = f"clerk{number % STAFF}"
        if name not in self._clerks:
            self._clerks[name] = Clerk(self.server.port, self.tally, self.journal, name).sign_in()
        return self._clerks[name]

    def clerks(self, count: int) -> list[Clerk]:
        return [self.clerk(number) for number in range(count)]

    def program(self, number: int = 0) -> Program:
        """Returns a client of the API with a connection of its own."""
        token = self.tokens[f"clerk{number % STAFF}"]
        return Program(self.server.port, self.tally, self.journal, token)

    def programs(self, count: int) -> list[Program]:
        return [self.program(number) for number in range(count)]

    def cashier(self, number: int = 0) -> Cashier:
        """Returns a member of staff at one of the tills.

        `number` counts from the last one, because clerks and cashiers must be different people: two windows
        of the same person share an empty draft.
        """
        last = STAFF - 1 - number
        return Cashier(self.clerk(last), self.program(last), self.registers[number % TILLS])

    def cashiers(self, count: int) -> list[Cashier]:
        return [self.cashier(number) for number in range(count)]

    def basket(self, things: list[Product], size: int = 2) -> Basket:
        return {thing: random.randint(1, 3) for thing in random.sample(things, size)}

    def faults(self) -> Counter[str]:
        """Returns the number of faults so far, by kind."""
        proxied = self.database.proxy.counts if isinstance(self.database, Postgres) else Counter[str]()
        return self.counts + proxied

    def settle(self) -> None:
        """Waits until no transaction is open and every late COMMIT is delivered."""
        if not isinstance(self.database, Postgres):
            return
        self.database.proxy.disarm()
        self.database.proxy.flow.wait(30)
        self.database.server.wait()
        deadline = time.monotonic() + 20
        while not self.database.is_quiet():
            assert time.monotonic() < deadline, "transactions that do not end"
            time.sleep(0.1)

    def audit(self) -> Findings:
        """Compares what clients were told with the rows."""
        self.settle()
        return audit(self.journal, self.database)

    def audit_all(self) -> Findings:
        """Compares as `audit` does, and runs `manage.py audit_money`, which takes a second."""
        findings = self.audit()
        findings.wrong += self.list_failures()
        return findings

    def check(self) -> Findings:
        """Audits the run so far. Raises AssertionError for a broken promise or a bad answer."""
        return self._raise_if_broken(self.audit())

    def check_money(self) -> Findings:
        """Audits the run as `check` does, and all money by `manage.py audit_money`."""
        return self._raise_if_broken(self.audit_all())

    def _raise_if_broken(self, findings: Findings) -> Findings:
        assert not findings.broken, "\n".join(findings.broken[:20])
        assert not self.tally.bad, "\n".join([*self.tally.bad[:5], *self.server.tracebacks()[-3:]])
        return findings

    def list_failures(self) -> list[str]:
        """Returns what `manage.py audit_money` finds."""
        checks = self.auditor.call("audit_money")["checks"]
        self.figures["rows that audit_money looked at"] = f"{sum(check['rows'] for check in checks):,}"
        return [
            f"{check['code']}: {failure['row']}: {failure['sentence']}"
            for check in checks
            for failure in check["failures"]
        ]


@contextmanager
def run_system(engine: str, kept: Path, shared: Path) -> Iterator[System]:
    """Runs the system with an empty database, for as long as the block lasts.

    Logs stay in `kept`. Static files are collected in `shared`, for the systems of other processes too.
    """
    kept.mkdir(parents=True, exist_ok=True)
    for name in ("server.log", "journal.jsonl"):
        (kept / name).unlink(missing_ok=True)
    with TemporaryDirectory(prefix="faults-") as var, run_database(engine, Path(var)) as database:
        server = FaultServer(Path(var), log=kept / "server.log", database_url=database.url)
        server.manage("migrate", "--verbosity=0")
        static = make_once(shared / "static", _collect_static)
        (server.var / "static").symlink_to(static / "static")
        seeded = _seed(server)
        server.start()
        journal = Journal(kept / "journal.jsonl")
        try:
            with Seeder(server) as auditor:
                yield System(engine, database, server, journal, auditor, *seeded)
        finally:
            server.stop()
            journal.close()


def _collect_static(var: Path) -> None:
    """Compresses the static files, which takes seven seconds."""
    Server(var).manage("collectstatic", "--no-input", "--verbosity=0")


def _seed(server: FaultServer) -> tuple[dict[str, str], list[Product], list[int]]:
    """Makes managers, who may do everything that the tests do, products, and tills."""
    names = [f"clerk{number}" for number in range(STAFF)]
    with Seeder(server) as seeder:
        tokens = seeder.make_staff(*names, password=PASSWORD, group="manager")
        rows = seeder.call("tracked", count=HOT + WIDE)
        registers = seeder.call("registers", count=TILLS)
    products = [Product(row["id"], Decimal(row["price"]), row["sku"]) for row in rows]
    return tokens, products, registers


unique = itertools.count(1)
