"""The shops under test: an empty one, one with the demo data, and one with 100,000 products besides.

Each is made once in a run. `copy_served` serves copies of them.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from testing.made_once import make_once
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


class ShopOriginals:
    """The shops that are made once in `directory`, which all processes of a run share."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def demo(self) -> Path:
        """Returns a shop as `make run` prepares it."""
        return make_once(self._directory / "demo", lambda var: _manage(var, "prepare_shop"))

    def large(self) -> Path:
        return make_once(self._directory / "large", self._make_large)

    def empty(self) -> Path:
        return make_once(self._directory / "empty", self._make_empty)

    def _make_large(self, var: Path) -> None:
        _copy(self.demo(), var)
        with Seeder(Server(var)) as seeder:
            seeder.call("many_products", count=PRODUCTS)

    def _make_empty(self, var: Path) -> None:
        # Compressing the same files once more takes seven seconds.
        _copy(self.demo() / "static", var / "static")
        _manage(var, "migrate", "--verbosity=0")


@contextmanager
def copy_served(shop: Path, *, log: Path) -> Iterator[Server]:
    """Serves a copy of a shop for as long as the block lasts."""
    with TemporaryDirectory(prefix="shop-") as var:
        _copy(shop, Path(var))
        with serve(Server(Path(var), log=log)) as server:
            yield server


@contextmanager
def serve_filled(
    name: str, originals: ShopOriginals, *staff: str, password: str, log: Path
) -> Iterator[FilledShop]:
    """Serves a filled shop with staff who are named as their roles."""
    shop = originals.large() if name == LARGE else originals.demo()
    with copy_served(shop, log=log) as server, Seeder(server) as seeder:
        seeder.make_staff(*staff, password=password)
        yield FilledShop(name, server, seeder)


def _manage(var: Path, *arguments: str) -> None:
    Server(var).manage(*arguments)


def _copy(shop: Path, var: Path) -> None:
    shutil.copytree(shop, var, dirs_exist_ok=True)
