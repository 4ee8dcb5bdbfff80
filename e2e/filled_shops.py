"""Shops that the bars are measured at: with the demo data, and with 100,000 products besides."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from testing.seeding import Seeder
from testing.servers import Server, serve

DEMO, LARGE = "demo data", "100,000 products"
PRODUCTS = 100_000


@dataclass(frozen=True)
class FilledShop:
    """A served shop and the means to put something into it."""

    name: str
    server: Server
    seeder: Seeder


@contextmanager
def serve_filled(name: str, like: Server, *staff: str, password: str) -> Iterator[FilledShop]:
    """Serves a shop with the static files of another, and with staff who are named as their roles."""
    with TemporaryDirectory(prefix="shop-") as var:
        # Compressing the same files once more takes seven seconds.
        (Path(var) / "static").symlink_to(like.var / "static")
        server = Server(Path(var), log=like.log)
        server.manage("migrate", "--verbosity=0")
        server.manage("load_demo")
        with Seeder(server) as seeder:
            if name == LARGE:
                seeder.call("many_products", count=PRODUCTS)
            seeder.make_staff(*staff, password=password)
            with serve(server):
                yield FilledShop(name, server, seeder)
