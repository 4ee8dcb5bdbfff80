"""Clients that send slowly, or nothing, take no thread from those who work, and are cut off."""

import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from e2e.attack.options import FULL
from testing.servers import Server

COUNT = 200 if FULL else 50
#: Seconds in which shop answers meanwhile, and after which a slow client is cut off.
SECONDS, CUT = 1.0, 13.0
#: A form that passes the check of its CSRF token, so that its body is read.
HEAD = (
    b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=%(token)s\r\nX-CSRFToken: %(token)s\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n" % {b"token": b"a" * 32}
)
BEGINNINGS = {
    "nothing": b"",
    "half a head": HEAD,
    "half a body": HEAD + b"Content-Length: 1000\r\n\r\nusername=a",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nusername=a",
}


@contextmanager
def connected(server: Server, beginning: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that have sent this."""
    with ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(COUNT)
        ]
        for line in lines:
            line.sendall(beginning)
            line.settimeout(0)
        yield lines


def seconds_of(url: str) -> float:
    began = time.monotonic()
    with urllib.request.urlopen(url, timeout=10) as response:
        assert response.status == 200
        response.read()
    return time.monotonic() - began


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_shop_answers_while_many_send_slowly(server: Server, beginning: bytes) -> None:
    with connected(server, beginning):
        waits = [seconds_of(f"{server.url}{path}") for path in ("/ping/", "/sign-in/") * 3]

    assert max(waits) < SECONDS


def is_cut(line: socket.socket) -> bool:
    try:
        while data := line.recv(65536):
            if b"408 " in data:
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def test_a_byte_now_and_then_does_not_keep_a_connection(server: Server) -> None:
    with connected(server, BEGINNINGS["half a body"]) as lines:
        deadline = time.monotonic() + CUT
        left = lines
        while left and time.monotonic() < deadline:
            time.sleep(0.5)
            left = [line for line in left if not is_cut(line)]
            for line in left:
                try:
                    line.send(b"a")
                except OSError:
                    continue

        assert left == []
