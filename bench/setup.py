"""What the comparisons run on: two fresh databases with the same goods, and servers for each subject."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.database import MeasuredPostgres
from bench.scale import Scale
from bench.servers import MeasuredServer
from testing import ROOT
from testing.seeding import Seeder
from testing.servers import serve

VAR = ROOT / "var" / "bench"
PASSWORD = "correct horse battery staple"
TUTORIAL, SHOP = "bench_tutorial", "bench_shop"
TRACKED, PEOPLE = 2_000, 100
#: Orders that are there before the first turn. On empty tables PostgreSQL plans its checks of foreign keys
#: as scans of the whole table and keeps these plans, which makes serializable transactions refuse each other.
HISTORY, HISTORY_LINES = 5_000, 3

TUTORIAL_HISTORY = f"""
WITH made AS (
    INSERT INTO tutorial_orders (subtotal, customer_id)
    SELECT 100, (SELECT min(id) FROM tutorial_customers) FROM generate_series(1, {HISTORY}) RETURNING id
)
INSERT INTO tutorial_orders_product (orders_id, products_id)
SELECT made.id, named.id FROM made, (SELECT id FROM tutorial_products LIMIT {HISTORY_LINES}) AS named
"""


@dataclass
class Setup:
    """The databases of the comparisons, made when first asked for."""

    postgres: MeasuredPostgres
    scale: Scale
    _goods: dict[str, Any] = field(default_factory=dict)

    @property
    def goods(self) -> dict[str, Any]:
        """Ids, prices and tokens: `products`, `tracked`, `customers`, `token`."""
        self.make()
        return self._goods

    def make(self) -> None:
        """Makes both databases, unless this run has made them."""
        if not self._goods:
            self._make()

    def _make(self) -> None:
        server = self.make_server(SHOP)
        self.postgres.create_database(SHOP)
        server.manage("prepare_shop")
        with Seeder(server) as seeder:
            tokens = seeder.make_staff("clerk", "manager", password=PASSWORD)
            products = seeder.call("goods")
            tracked = seeder.call("tracked", count=TRACKED)
            people = seeder.call("people", count=PEOPLE)
            seeder.call("history", count=HISTORY, lines=HISTORY_LINES, clerk="clerk")
        self._goods = {
            "products": products,
            "tracked": tracked,
            "customers": people,
            "token": tokens["clerk"],
        }
        self._make_tutorial()
        for name in (SHOP, TUTORIAL):
            self.postgres.vacuum(name)

    def _make_tutorial(self) -> None:
        """The tutorial's tables with rows of the same ids and prices."""
        self.postgres.create_database(TUTORIAL)
        self.server("bench.tutorial", TUTORIAL).manage("migrate", "--run-syncdb", "--verbosity=0")
        rows = ", ".join(
            f"({product['id']}, '{product['sku']}', {product['price']})"
            for product in self._goods["products"]
        )
        people = ", ".join(f"({pk}, 'Customer {pk}')" for pk in self._goods["customers"])
        self.postgres.execute(f"INSERT INTO tutorial_products (id, name, price) VALUES {rows}", TUTORIAL)
        self.postgres.execute(f"INSERT INTO tutorial_customers (id, name) VALUES {people}", TUTORIAL)
        self.postgres.execute(TUTORIAL_HISTORY, TUTORIAL)

    def drafts(self, count: int, lines: int) -> list[str]:
        """References of new drafts with so many lines."""
        with Seeder(self.make_server(SHOP)) as seeder:
            references: list[str] = seeder.call("drafts", count=count, lines=lines, clerk="clerk")
        return references

    def make_server(self, database: str, host: Path | None = None) -> MeasuredServer:
        """A server of ours, not started, for any of the databases."""
        return self.server("shop", database, host)

    def ours(self, host: Path | None = None) -> AbstractContextManager[MeasuredServer]:
        """Ours, serving; through the socket in `host` if one is given."""
        self.make()
        return serve(self.make_server(SHOP, host))

    def tutorial(self, host: Path | None = None) -> AbstractContextManager[MeasuredServer]:
        self.make()
        return serve(self.server("bench.tutorial", TUTORIAL, host))

    def do_nothing(self, host: Path | None = None) -> AbstractContextManager[MeasuredServer]:
        """The do-nothing view."""
        self.make()
        return serve(self.server("bench.do_nothing", SHOP, host))

    def server(self, project: str, database: str, host: Path | None = None) -> MeasuredServer:
        """A server, not started, of a project on a database."""
        return MeasuredServer(project, VAR / "shop", self.postgres.url(database, host))
