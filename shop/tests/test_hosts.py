"""Several hosts in DATABASE_URL: a dead one is passed over."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler

from shop import configuration

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="a file has no hosts"),
]


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of this machine that refuses: taken, but nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def connect(hosts: str, ports: str) -> Any:
    """A connection to the test's own database, by a URL with these hosts."""
    own = connection.settings_dict
    url = f"postgresql://postgres@/{own['NAME']}?host={hosts}&port={ports}"
    database = ConnectionHandler({"default": configuration.read_database(url, Path("/nowhere"))})["default"]
    with database.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('transaction_isolation')")
        answer = cursor.fetchone()
    database.close()
    return answer


@pytest.mark.parametrize("dead_first", [True, False])
def test_a_dead_host_is_passed_over(*, dead_first: bool) -> None:
    alive = connection.settings_dict["HOST"]
    with closed_port() as port:
        hosts, ports = ["127.0.0.1", alive], [str(port), "5432"]
        if not dead_first:
            hosts, ports = hosts[::-1], ports[::-1]

        assert connect(",".join(hosts), ",".join(ports)) == (connection.settings_dict["NAME"], "serializable")


def test_without_any_host_alive_the_database_is_away() -> None:
    with closed_port() as port, pytest.raises(OperationalError):
        connect("127.0.0.1,127.0.0.1", f"{port},{port}")
