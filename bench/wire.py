"""A proxy before PostgreSQL's Unix socket, in a process of its own: it counts, or adds a distance.

    python -m bench.wire UPSTREAM DIRECTORY SECONDS count|pass

listens in DIRECTORY, holds everything a client says back for SECONDS, and with `count` counts
what the server did. Every connection has threads of its own, so none waits for another. Lines
on standard input are commands, each answered by one line of JSON.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.faults import wire
from e2e.server import ROOT

SOCKET = ".s.PGSQL.5432"
CHUNK = 1 << 20


@dataclass
class Tally:
    """What passed. A round trip is a message that wants an answer; a statement is one the server ended."""

    round_trips: int = 0
    statements: int = 0
    log: list[dict[str, Any]] | None = None


@dataclass
class Proxy:
    """The proxy as the bench sees it: clients connect in `directory`."""

    directory: Path
    process: subprocess.Popen[str] = field(repr=False)

    def counts(self) -> tuple[int, int]:
        """Statements and round trips so far."""
        statements, round_trips = self._ask("counts")
        return statements, round_trips

    def record(self) -> None:
        """From now on remembers every statement."""
        self._ask("record")

    def recorded(self) -> list[dict[str, Any]]:
        """The statements since then: their `sql` and the first `rows` of their answers, as text."""
        found: list[dict[str, Any]] = self._ask("recorded")
        return found

    def _ask(self, command: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def proxy(upstream: Path, *, delay: float = 0.0, count: bool = False) -> Iterator[Proxy]:
    """A proxy before the server in `upstream`; `delay` is seconds a round trip."""
    with tempfile.TemporaryDirectory(prefix="shop-bench-") as directory:
        arguments = [str(upstream), directory, str(delay), "count" if count else "pass"]
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.wire", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        made = Proxy(Path(directory), process)
        try:
            made.counts()  # answered when it listens
            yield made
        finally:
            process.kill()
            process.communicate()


class _Link:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, upstream: str, delay: float, tally: Tally | None) -> None:
        self.client, self.delay, self.tally = client, delay, tally
        self.server = socket.socket(socket.AF_UNIX)
        self.path = upstream
        self.current: dict[str, Any] | None = None

    def requests(self) -> None:
        with suppress(OSError):
            hello = wire.startup(self.client)
            self.server.connect(self.path)
            self.server.sendall(hello)
            threading.Thread(target=self.replies, daemon=True).start()
            buffer = bytearray()
            while data := self.client.recv(CHUNK):
                if self.tally:
                    buffer += data
                    self._count(buffer)
                if self.delay:
                    time.sleep(self.delay)
                    # A long statement comes in pieces; those that came meanwhile have waited too.
                    with suppress(BlockingIOError):
                        data += self.client.recv(CHUNK, socket.MSG_DONTWAIT)
                self.server.sendall(data)
        self._hang_up()

    def replies(self) -> None:
        with suppress(OSError):
            buffer = bytearray()
            while data := self.server.recv(CHUNK):
                if self.tally:
                    buffer += data
                    self._note(buffer)
                self.client.sendall(data)
        self._hang_up()

    def _count(self, buffer: bytearray) -> None:
        assert self.tally
        for message in wire.messages(buffer):
            # A simple query, or the Sync that ends extended ones.
            self.tally.round_trips += message[:1] in (b"Q", b"S")
            if wire.is_query(message) and self.tally.log is not None:
                self.current = {"sql": message[5:-1].decode(), "rows": []}
                self.tally.log.append(self.current)

    def _note(self, buffer: bytearray) -> None:
        assert self.tally
        for message in wire.messages(buffer):
            # CommandComplete, EmptyQueryResponse, ErrorResponse: a statement has ended.
            self.tally.statements += message[:1] in (b"C", b"I", b"E")
            if message[:1] == b"D" and self.current is not None and len(self.current["rows"]) < 3:
                self.current["rows"].append(_columns(message))

    def _hang_up(self) -> None:
        for side in (self.client, self.server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()


def _columns(message: bytes) -> list[str | None]:
    """The values of a DataRow, as text."""
    (count,), at = struct.unpack_from("!H", message, 5), 7
    values: list[str | None] = []
    for _ in range(count):
        (length,) = struct.unpack_from("!i", message, at)
        at += 4
        values.append(None if length < 0 else message[at : at + length].decode(errors="replace"))
        at += max(length, 0)
    return values


def _serve(listener: socket.socket, upstream: str, delay: float, tally: Tally | None) -> None:
    while True:
        client, _ = listener.accept()
        link = _Link(client, upstream, delay, tally)
        threading.Thread(target=link.requests, daemon=True).start()


def main(upstream: str, directory: str, delay: str, mode: str) -> None:
    tally = Tally()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{directory}/{SOCKET}")
    listener.listen(128)
    counted = tally if mode == "count" else None
    arguments = (listener, f"{upstream}/{SOCKET}", float(delay), counted)
    threading.Thread(target=_serve, args=arguments, daemon=True).start()
    for line in sys.stdin:
        answer: Any = None
        if line.strip() == "counts":
            answer = tally.statements, tally.round_trips
        elif line.strip() == "record":
            tally.log = []
        elif line.strip() == "recorded":
            answer, tally.log = tally.log, None
        print(json.dumps(answer), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
