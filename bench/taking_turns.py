"""One client that asks several servers by turns, so that what disturbs one disturbs all."""

import math
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack

from bench.load import connect, read_answer
from bench.servers import MeasuredServer

#: Requests that are not counted: the first ones read templates and plan statements.
WARM = 4
#: Seconds for all requests for one page.
PATIENCE = 60


class Asker:
    """Keeps one connection to each server."""

    def __init__(self, servers: Sequence[MeasuredServer]) -> None:
        self._stack = ExitStack()
        self._servers = servers
        self._lines: list[socket.socket] = []

    def __enter__(self) -> "Asker":
        for server in self._servers:
            self._lines.append(self._stack.enter_context(connect(server, 1)[0]))
        return self

    def __exit__(self, *details: object) -> None:
        self._stack.close()

    def ask(self, requests: Sequence[bytes], times: int) -> list[list[float]]:
        """Sends each server its request `times` times, by turns. Returns the milliseconds for each server.

        An answer that is not a 200 counts as infinitely slow. Past PATIENCE no further round begins.
        """
        taken: list[list[float]] = [[] for _ in requests]
        ends = time.monotonic() + PATIENCE
        for number in range(WARM + times):
            if time.monotonic() > ends and all(taken):
                break
            for request, line, latencies in zip(requests, self._lines, taken, strict=True):
                began = time.perf_counter()
                line.sendall(request)
                answer = read_answer(line)
                waited = 1000 * (time.perf_counter() - began)
                if number >= WARM:
                    latencies.append(waited if answer.startswith(b"HTTP/1.1 200") else math.inf)
        return taken
