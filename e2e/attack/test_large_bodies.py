"""Bodies that shop has no use for are refused before they are read, and never become files."""

import socket
import tempfile
import time
from pathlib import Path

import pytest

from e2e.attack.options import FULL
from testing.servers import Server

MIB = 1024 * 1024
SIZE = (500 if FULL else 20) * MIB
KINDS = {
    "upload": b"multipart/form-data; boundary=x",
    "form": b"application/x-www-form-urlencoded",
    "json": b"application/json",
}
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'


def answer_to(server: Server, path: str, headers: bytes, body: list[bytes]) -> tuple[bytes, int]:
    """The first line of the answer, and how many bytes were sent before it came."""
    sent = 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n" % (path.encode(), headers))
        try:
            for piece in body:
                line.sendall(piece)
                sent += len(piece)
        except OSError:
            pass  # it hung up, and has said why before
        try:
            return line.recv(65536).partition(b"\r\n")[0], sent
        except ConnectionResetError:
            return b"reset", sent


def temporary_bytes() -> int:
    files = [path for path in Path(tempfile.gettempdir()).glob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("path", ["/sign-in/", "/order/", "/admin/login/", "/nowhere/"][: 4 if FULL else 2])
def test_a_large_body_is_refused_before_it_is_read(server: Server, path: str, kind: bytes) -> None:
    before = temporary_bytes()
    pieces = [PART, *[b"a" * MIB] * (SIZE // MIB)]
    headers = b"Content-Type: %s\r\nContent-Length: %d\r\n" % (kind, sum(map(len, pieces)))
    began = time.monotonic()
    status, sent = answer_to(server, path, headers, pieces)

    assert status in (b"HTTP/1.1 413 Request Entity Too Large", b"reset")
    assert sent < 16 * MIB  # what the system's buffers take
    assert time.monotonic() - began < 3
    assert temporary_bytes() - before < MIB


def test_a_large_body_in_chunks_is_cut_off(server: Server) -> None:
    chunk = b"100000\r\n" + b"a" * MIB + b"\r\n"
    headers = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    status, sent = answer_to(server, "/order/", headers, [chunk] * (SIZE // MIB))

    assert status in (b"HTTP/1.1 413 Request Entity Too Large", b"reset")
    assert sent < 16 * MIB


@pytest.mark.parametrize(
    ("path", "kind"), [("/sign-in/", "form"), ("/sign-in/", "upload"), ("/order/", "json")]
)
def test_what_the_server_lets_through_is_refused_with_a_sentence(
    server: Server, path: str, kind: str
) -> None:
    token = b"a" * 32
    body = (PART if kind == "upload" else b"") + b"a" * (3 * MIB // 2)
    headers = b"Cookie: csrftoken=%s\r\nX-CSRFToken: %s\r\n" % (token, token)
    headers += b"Content-Type: %s\r\nContent-Length: %d\r\n" % (KINDS[kind], len(body))
    status, _ = answer_to(server, path, headers, [body])

    # The API looks at the token before it reads anything.
    assert status.split()[1] == (b"401" if kind == "json" else b"413")
