"""Desks that the bars are measured at: with the demo data, and with 100,000 products besides."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.server import ROOT, Server
from e2e.shelf import Shelf

DEMO, LARGE = "demo data", "100,000 products"


@dataclass(frozen=True)
class Desk:
    """A served desk and the means to put something into it."""

    name: str
    server: Server
    shelf: Shelf


@contextmanager
def serve(name: str, like: Server, staff: dict[str, str]) -> Iterator[Desk]:
    """Serves a desk with the static files of another; `staff` are passwords by role."""
    with TemporaryDirectory(prefix="desk-") as var:
        # Compressing the same files once more takes seven seconds.
        (Path(var) / "static").symlink_to(Path(like.environment["SHOP_VAR"]) / "static")
        server = Server(Path(var), log=like.log)
        server.manage("migrate", "--verbosity=0")
        server.manage("load_demo")
        if name == LARGE:
            _make_products(server)
        server.start()
        with Shelf(server) as shelf:
            for role, password in staff.items():
                shelf.staff(role, role, password)
            yield Desk(name, server, shelf)
        server.stop()


def _make_products(server: Server) -> None:
    command = [sys.executable, "-m", "e2e.many"]
    done = subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
