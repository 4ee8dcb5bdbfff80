"""A proxy that counts statements, or delays them, in a process of its own.

    python -m testing.counting_proxy UPSTREAM DIRECTORY SECONDS count|pass

listens in DIRECTORY, holds every message of a client back for SECONDS, and with `count` counts
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
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from testing import ROOT, postgres_messages
from testing.proxy import Link, Proxy

#: Rows of an answer that are recorded.
RECORDED_ROWS = 3


@dataclass
class CountingProxy:
    """The proxy as its user sees it: clients connect in `directory`."""

    directory: Path
    process: subprocess.Popen[str] = field(repr=False)

    def counts(self) -> tuple[int, int]:
        """Returns the statements and the round trips so far."""
        statements, round_trips = self._ask("counts")
        return statements, round_trips

    def record(self) -> None:
        """From now on remembers every statement."""
        self._ask("record")

    def take_recorded(self) -> list[dict[str, Any]]:
        """Returns the statements since then: their `sql` and the first `rows` of their answers, as text."""
        statements: list[dict[str, Any]] = self._ask("recorded")
        return statements

    def _ask(self, command: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def run_proxy(upstream: Path, *, delay: float = 0.0, count: bool = False) -> Iterator[CountingProxy]:
    """Runs a proxy before the server in `upstream`; `delay` is seconds a round trip."""
    with tempfile.TemporaryDirectory(prefix="shop-proxy-") as directory:
        arguments = [str(upstream), directory, str(delay), "count" if count else "pass"]
        process = subprocess.Popen(
            [sys.executable, "-m", "testing.counting_proxy", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        proxy = CountingProxy(Path(directory), process)
        try:
            proxy.counts()  # answered when it listens
            yield proxy
        finally:
            process.kill()
            process.communicate()


class _Proxy(Proxy):
    """Counts on all connections. A round trip is a message that wants an answer."""

    def __init__(self, server: Path, directory: Path, delay: float, *, is_counting: bool) -> None:
        self.delay = delay
        self.is_counting = is_counting
        self.round_trips = 0
        self.statements = 0
        self.recorded: list[dict[str, Any]] | None = None
        super().__init__(server, directory)

    def make_link(self, client: socket.socket) -> Link:
        return _CountingLink(self, client) if self.is_counting else _DelayingLink(self, client)

    def answer_command(self, command: str) -> Any:
        if command == "counts":
            return self.statements, self.round_trips
        if command == "record":
            self.recorded = []
        elif command == "recorded":
            recorded, self.recorded = self.recorded, None
            return recorded
        return None


class _DelayingLink(Link):
    proxy: _Proxy

    def pass_request(self, message: bytes) -> bool:
        if self.proxy.delay:
            time.sleep(self.proxy.delay)
        return super().pass_request(message)


class _CountingLink(_DelayingLink):
    def __init__(self, proxy: _Proxy, client: socket.socket) -> None:
        super().__init__(proxy, client)
        self._replies = bytearray()
        self._statement: dict[str, Any] | None = None

    def pass_request(self, message: bytes) -> bool:
        # A simple query, or the Sync that ends extended ones.
        self.proxy.round_trips += message[:1] in (b"Q", b"S")
        if postgres_messages.is_query(message) and self.proxy.recorded is not None:
            self._statement = {"sql": message[5:-1].decode(), "rows": []}
            self.proxy.recorded.append(self._statement)
        return super().pass_request(message)

    def pass_reply(self, data: bytes) -> None:
        self._replies += data
        for message in postgres_messages.take_messages(self._replies):
            # CommandComplete, EmptyQueryResponse, ErrorResponse: a statement has ended.
            self.proxy.statements += message[:1] in (b"C", b"I", b"E")
            if message[:1] == b"D" and self._statement and len(self._statement["rows"]) < RECORDED_ROWS:
                self._statement["rows"].append(_read_columns(message))
        super().pass_reply(data)


def _read_columns(message: bytes) -> list[str | None]:
    """Returns the values of a DataRow, as text."""
    (count,) = struct.unpack_from("!H", message, 5)
    at = 7
    values: list[str | None] = []
    for _ in range(count):
        (length,) = struct.unpack_from("!i", message, at)
        at += 4
        values.append(None if length < 0 else message[at : at + length].decode(errors="replace"))
        at += max(length, 0)
    return values


def main(upstream: str, directory: str, delay: str, mode: str) -> None:
    proxy = _Proxy(Path(upstream), Path(directory), float(delay), is_counting=mode == "count")
    for line in sys.stdin:
        print(json.dumps(proxy.answer_command(line.strip())), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
