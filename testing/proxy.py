"""A proxy before PostgreSQL's Unix socket. This one passes everything on; others inherit from it."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

from testing import postgres_messages

SOCKET = ".s.PGSQL.5432"
CHUNK = 1 << 20


class Proxy:
    """Listens on a free port of loopback, or on a Unix socket in `directory` where one is given."""

    def __init__(self, server: Path, directory: Path | None = None) -> None:
        self.server = str(server / SOCKET)
        self._links: set[Link] = set()
        self._lock = threading.Lock()
        self._listener = _listen(directory)
        self.port: int = 0 if directory else self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def make_link(self, client: socket.socket) -> "Link | None":
        """Returns the link of a new connection, or None to turn it away."""
        return Link(self, client)

    def links(self) -> "list[Link]":
        with self._lock:
            return list(self._links)

    def add(self, link: "Link") -> None:
        with self._lock:
            self._links.add(link)

    def remove(self, link: "Link") -> None:
        with self._lock:
            self._links.discard(link)

    def close(self) -> None:
        self._listener.close()
        for link in self.links():
            link.hang_up()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                link = self.make_link(client)
                if link:
                    link.start()
                else:
                    client.close()


class Link(threading.Thread):
    """One connection. This thread passes on what the client sends, a second one what the server sends."""

    def __init__(self, proxy: Proxy, client: socket.socket) -> None:
        super().__init__(daemon=True)
        self.proxy = proxy
        self.client = client
        self.upstream = socket.socket(socket.AF_UNIX)

    def connect(self, hello: bytes) -> None:
        """Connects to the server and sends it the client's first message."""
        self.upstream.connect(self.proxy.server)
        self.upstream.sendall(hello)

    def pass_request(self, message: bytes) -> bool:
        """Sends one message of the client on; returns whether the connection stays open."""
        self.upstream.sendall(message)
        return True

    def pass_reply(self, data: bytes) -> None:
        """Sends some bytes of the server on."""
        self.client.sendall(data)

    def hang_up(self) -> None:
        close(self.client)
        close(self.upstream)

    def run(self) -> None:
        self.proxy.add(self)
        try:
            with suppress(OSError):
                self._pass_requests()
        finally:
            self.hang_up()
            self.proxy.remove(self)

    def _pass_requests(self) -> None:
        self.connect(postgres_messages.receive_startup(self.client))
        threading.Thread(target=self.pass_replies, daemon=True).start()
        buffer = bytearray()
        while data := self.client.recv(CHUNK):
            buffer += data
            for message in postgres_messages.take_messages(buffer):
                if not self.pass_request(message):
                    return

    def pass_replies(self) -> None:
        with suppress(OSError):
            while data := self.upstream.recv(CHUNK):
                self.pass_reply(data)
        self.hang_up()


def close(side: socket.socket) -> None:
    """Closes a socket, and wakes a thread that waits for it."""
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
    side.close()


def _listen(directory: Path | None) -> socket.socket:
    if directory is None:
        return socket.create_server(("127.0.0.1", 0), backlog=128)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(directory / SOCKET))
    listener.listen(128)
    return listener
