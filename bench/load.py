"""The load: keep-alive HTTP clients in one process of their own, as cheap as Python allows.

The process shares the machine with what it measures, so requests are made beforehand and answers
are only looked at as far as it takes to find their end.
"""

import gc
import math
import multiprocessing
import select
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from multiprocessing.connection import Connection

from bench.figures import Turn
from bench.servers import MeasuredServer

#: What a client sends, one request after the other, each as soon as the last one is answered.
#: One that is a generator is sent the answers.
Stream = Iterator[bytes]
CLIENTS = 4
_fork = multiprocessing.get_context("fork")


def take_turn(
    server: MeasuredServer,
    streams: Sequence[Stream],
    seconds: float,
    database_cpu: Callable[[], float] = lambda: 0.0,
) -> Turn:
    """Lets one client a stream send for so long, or until its stream ends."""
    lines = connect(server, len(streams))
    ours, theirs = _fork.Pipe(duplex=False)
    before, database_before = server.cpu(), database_cpu()
    child = _fork.Process(target=_run, args=(lines, streams, seconds, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        latencies, elapsed, statuses = ours.recv()
    except EOFError:
        raise RuntimeError("The clients ended without an answer.") from None
    finally:
        child.terminate()  # it has told all, or somebody stops the bench
        child.join()
        for line in lines:
            line.close()
    return Turn(latencies, elapsed, statuses, server.cpu() - before, database_cpu() - database_before)


def connect(server: MeasuredServer, count: int) -> list[socket.socket]:
    """So many connections, spread evenly over the workers.

    Which worker takes a connection is chance, and it keeps it: left to it, some turns would
    use one core and some two.
    """
    share = math.ceil(count / len(server.deployed_workers()))
    held: Counter[int] = Counter()
    lines: list[socket.socket] = []
    deadline = time.monotonic() + 20
    while len(lines) < count:
        line = socket.create_connection(("127.0.0.1", server.port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(server.ping_request())
        if not read_answer(line).startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{server.project} does not answer /ping/: see its log.")
        worker = server.find_worker(line.getsockname()[1])
        if worker and held[worker] < share:
            held[worker] += 1
            lines.append(line)
        else:
            line.close()
        if time.monotonic() > deadline:
            raise RuntimeError(f"The connections to {server.project} cannot be spread over its workers.")
    return lines


def read_answer(line: socket.socket) -> bytes:
    """One whole answer, head and body."""
    data = b""
    while not _is_whole(data):
        more = line.recv(262144)
        if not more:
            raise ConnectionResetError(f"The server hung up: {data[:200]!r}")
        data += more
    return data


def _is_whole(data: bytes) -> bool:
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = data[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        length = int(head[at + 17 :].partition(b"\r")[0])
        return len(data) >= end + 4 + length
    if b"transfer-encoding: chunked" in head:
        return data.endswith(b"0\r\n\r\n")
    return head[9:12] in (b"204", b"304")


class _Crowd:
    """The clients of a turn, in their own process: one loop sends and takes for all of them."""

    def __init__(self, lines: list[socket.socket], streams: Sequence[Stream], seconds: float) -> None:
        self.latencies: list[float] = []
        self.statuses: Counter[int] = Counter()
        pairs = zip(lines, streams, strict=True)
        self._by_handle = {line.fileno(): (line, stream) for line, stream in pairs}
        self._sent: dict[int, float] = {}
        self._parts: dict[int, bytes] = {}
        self._ends = time.perf_counter() + seconds

    def run(self) -> None:
        poll = select.epoll()
        for handle in self._by_handle:
            poll.register(handle, select.EPOLLIN)
            self._send(handle)
        while self._sent:
            for handle, _ in poll.poll():
                self._take(handle)

    def _send(self, handle: int, answer: bytes | None = None) -> None:
        """Sends the next request, unless the time or the stream is over; `answer` is that to the last one."""
        line, stream = self._by_handle[handle]
        if time.perf_counter() >= self._ends:
            return
        try:
            request = stream.send(answer) if isinstance(stream, Generator) else next(stream)
        except StopIteration:
            return
        self._sent[handle] = time.perf_counter()
        line.sendall(request)

    def _take(self, handle: int) -> None:
        data = self._by_handle[handle][0].recv(262144)
        if not data:
            raise ConnectionResetError("The server hung up.")
        data = self._parts.pop(handle, b"") + data
        if not _is_whole(data):
            self._parts[handle] = data
            return
        self.latencies.append(1000 * (time.perf_counter() - self._sent.pop(handle)))
        self.statuses[int(data[9:12])] += 1
        self._send(handle, data)


def alone() -> None:
    """Makes this process one that only measures: no pauses to collect garbage, and a signal just ends it."""
    gc.disable()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _run(lines: list[socket.socket], streams: Sequence[Stream], seconds: float, result: Connection) -> None:
    alone()
    began = time.perf_counter()
    crowd = _Crowd(lines, streams, seconds)
    crowd.run()
    result.send((crowd.latencies, time.perf_counter() - began, crowd.statuses))
