"""A proxy before PostgreSQL's Unix socket that loses what is said at COMMIT."""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

SOCKET = ".s.PGSQL.5432"


class Lose(Enum):
    """What gets lost, with the connection."""

    NOTHING = "nothing"
    REQUEST = "request"
    REPLY = "reply"


class Proxy:
    """Passes everything on, except COMMITs while `lose` says so. `commits` counts those lost."""

    def __init__(self, server: Path, directory: Path) -> None:
        self.server = server
        self.lose = Lose.NOTHING
        self.times = 1
        self.commits = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(directory / SOCKET))
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self.listener.accept()
                upstream = socket.socket(socket.AF_UNIX)
                upstream.connect(str(self.server / SOCKET))
                dropped = threading.Event()
                for target in (self._requests, self._replies):
                    threading.Thread(target=target, args=(client, upstream, dropped), daemon=True).start()

    def _requests(self, client: socket.socket, upstream: socket.socket, dropped: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if self._loses(data):
                    dropped.set()
                    if self.lose is Lose.REPLY:
                        upstream.sendall(data)
                        continue  # the reply ends both sides
                    break
                upstream.sendall(data)
        _hang_up(client, upstream)

    def _replies(self, client: socket.socket, upstream: socket.socket, dropped: threading.Event) -> None:
        with suppress(OSError):
            while data := upstream.recv(65536):
                if dropped.is_set():
                    break
                client.sendall(data)
        _hang_up(client, upstream)

    def _loses(self, data: bytes) -> bool:
        """Whether this is a COMMIT (a simple query message) to be lost."""
        if self.lose is Lose.NOTHING or self.commits >= self.times:
            return False
        if not (data.startswith(b"Q") and data.endswith(b"COMMIT\0")):
            return False
        self.commits += 1
        return True


def _hang_up(*sides: socket.socket) -> None:
    for side in sides:
        with suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
        side.close()


@contextmanager
def before(server: Path) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the server whose socket is in `server`; gives it and its HOST."""
    with tempfile.TemporaryDirectory(prefix="shop-proxy-") as directory:
        proxy = Proxy(server, Path(directory))
        try:
            yield proxy, directory
        finally:
            proxy.listener.close()
