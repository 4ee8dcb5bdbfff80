"""/ping/ answers within two seconds, whatever the database does."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.http import HttpResponse
from django.test import Client

from shop.api import ping
from shop.web import health
from testing.api_client import read_json

pytestmark = pytest.mark.django_db


def message(kind: bytes, body: bytes) -> bytes:
    """One message of PostgreSQL's protocol."""
    return kind + struct.pack("!i", len(body) + 4) + body


READY = message(b"Z", b"I")
WELCOME = b"".join(
    (
        message(b"R", struct.pack("!i", 0)),
        message(b"S", b"server_version\x0015.0\0"),
        message(b"S", b"client_encoding\0UTF8\0"),
        message(b"S", b"DateStyle\0ISO, MDY\0"),
        message(b"S", b"standard_conforming_strings\0on\0"),
        message(b"K", struct.pack("!ii", 1, 1)),
        READY,
    )
)
ONE = b"".join(
    (
        message(b"T", struct.pack("!h", 1) + b"one\0" + struct.pack("!ihihih", 0, 0, 23, 4, -1, 0)),
        message(b"D", struct.pack("!hi", 1, 1) + b"1"),
        message(b"C", b"SELECT 1\0"),
        READY,
    )
)


class Server:
    """Speaks as much of PostgreSQL's protocol as `answers` has, one a message, then stays silent."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = answers
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = str(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self._speak, args=(client,), daemon=True).start()

    def _speak(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            for said in self.answers:
                client.recv(65536)
                client.sendall(said)
            while client.recv(65536):
                pass


@pytest.fixture
def serve() -> Iterator[Any]:
    """Starts servers that end with the test."""
    servers: list[Server] = []

    def start(*answers: bytes) -> Server:
        servers.append(Server(*answers))
        return servers[-1]

    yield start
    for server in servers:
        server.listener.close()


@pytest.fixture
def closed_port() -> str:
    """A port that refuses connections."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


@pytest.fixture
def database_at(monkeypatch):
    """Makes /ping/ ask a database at these ports of this machine."""
    monkeypatch.setattr(health, "_check", None)

    def use(*ports: str) -> None:
        parameters = {
            "host": ",".join(["127.0.0.1"] * len(ports)),
            "port": ",".join(ports),
            "dbname": "shop",
            "user": "shop",
            "sslmode": "disable",
            "gssencmode": "disable",
            "connect_timeout": "2",
        }
        fake = SimpleNamespace(vendor="postgresql", get_connection_params=lambda: parameters)
        monkeypatch.setattr(ping, "connection", fake)

    return use


def pinged() -> tuple[Any, float]:
    """The answer, and the seconds it took."""
    began = time.monotonic()
    response = Client().get("/ping/")
    return response, time.monotonic() - began


def assert_unavailable(response: HttpResponse) -> None:
    data = read_json(response, 503)
    assert data.pop("latency_ms") >= 0
    assert data == {
        "status": "unavailable",
        "app": "python/django",
        "database": "unavailable",
        "engine": "postgresql",
    }


@pytest.mark.parametrize("path", ["/ping", "/ping/"])
def test_ping_needs_no_sign_in(path):
    data = read_json(Client().get(path), 200)

    assert 0 <= data.pop("latency_ms") < 2000
    assert data == {
        "status": "ok",
        "app": "python/django",
        "database": "ok",
        "engine": connection.vendor,
    }


def test_a_database_that_refuses_is_told_at_once(database_at, closed_port):
    database_at(closed_port)

    response, seconds = pinged()

    assert_unavailable(response)
    assert seconds < 0.5


def test_a_database_that_accepts_and_stays_silent_is_told_in_time(database_at, serve):
    database_at(serve().port)

    response, seconds = pinged()

    assert_unavailable(response)
    assert seconds < 2


def test_a_database_that_goes_quiet_after_connecting_is_told_in_time(database_at, serve):
    database_at(serve(WELCOME).port)

    response, seconds = pinged()

    assert_unavailable(response)
    assert seconds < 2


def test_several_hosts_cost_no_more_time(database_at, serve, closed_port):
    database_at(serve().port, closed_port, serve().port, serve(WELCOME).port)

    response, seconds = pinged()

    assert_unavailable(response)
    assert seconds < 2


def test_one_host_that_answers_is_enough(database_at, serve, closed_port):
    database_at(serve().port, closed_port, serve(WELCOME, ONE).port)

    response, seconds = pinged()

    assert read_json(response, 200)["database"] == "ok"
    assert seconds < 1


def test_a_database_that_comes_back_is_seen(database_at, serve, closed_port):
    database_at(closed_port)
    assert_unavailable(pinged()[0])

    database_at(serve(WELCOME, ONE).port)

    assert read_json(pinged()[0], 200)["status"] == "ok"


def test_pings_at_once_share_one_connection(database_at, serve):
    server = serve()
    database_at(server.port)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(Client().get("/ping/").status_code)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [503] * 8
    assert server.connections == 1


def test_a_name_that_takes_for_ever_to_look_up_is_told_in_time(database_at, closed_port, monkeypatch):
    database_at(closed_port)
    address_known = threading.Event()
    monkeypatch.setattr("shop.web.health.psycopg2.connect", lambda **parameters: address_known.wait(10))

    response, seconds = pinged()
    address_known.set()

    assert_unavailable(response)
    assert seconds < 2


def test_an_unreadable_file_is_a_database_that_is_away(tmp_path):
    file = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "nowhere" / "shop.sqlite3"}
    handler = ConnectionHandler({"default": file})

    assert health.database_answers(handler["default"]) is False


def test_ping_only_answers_get():
    response = Client().post("/ping/")

    assert read_json(response, 405)["error"] == "method_not_allowed"
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
