"""A served shop with the demo data for all attacks."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from testing import ROOT
from testing.servers import Server

#: The server's log of the last run; ignored by git.
KEPT = ROOT / "var" / "attack"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="shop-") as var:
        new_server = Server(Path(var), log=KEPT / "server.log")
        new_server.manage("migrate", "--verbosity=0")
        new_server.manage("load_demo")
        new_server.manage("collectstatic", "--no-input", "--verbosity=0")
        new_server.start()
        yield new_server
        new_server.stop()
