"""A TCP proxy between the desk and PostgreSQL's Unix socket that breaks what it is told to break."""

import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from e2e.faults import wire

SOCKET = ".s.PGSQL.5432"


class Fault(StrEnum):
    """What can be done to the traffic; the first four to a COMMIT."""

    LOSE_REPLY = "COMMIT's reply lost"
    LOSE_REQUEST = "COMMIT's request lost"
    LATE = "COMMIT delivered late"
    HOLD = "COMMIT held back"
    CUT = "cut in mid-statement"
    CUT_ALL = "all connections cut"
    REFUSE = "reconnect refused"
    STALL = "network stalled"


AT_COMMIT = (Fault.LOSE_REPLY, Fault.LOSE_REQUEST, Fault.LATE, Fault.HOLD)


@dataclass
class Armed:
    """One fault that waits for its message; `seconds` is how late or how long, `refuse` what follows it."""

    fault: Fault
    seconds: float = 0.0
    refuse: float = 0.0

    def fits(self, message: bytes) -> bool:
        if self.fault in AT_COMMIT:
            return wire.is_commit(message)
        return wire.is_query(message) and not wire.is_commit(message)


class Proxy:
    """Passes everything on, except where a fault was armed. `counts` are the faults that happened."""

    def __init__(self, directory: Path) -> None:
        self.server = str(directory / SOCKET)
        self.counts: Counter[str] = Counter()
        self.flow = threading.Event()
        self.flow.set()
        self.late = 0
        self._refuse_until = 0.0
        self._armed: list[Armed] = []
        self._links: set[_Link] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, fault: Fault, times: int = 1, *, seconds: float = 0.0, refuse: float = 0.0) -> None:
        """Breaks the next `times` messages that the fault is about."""
        with self._lock:
            self._armed += [Armed(fault, seconds, refuse) for _ in range(times)]

    def disarm(self) -> int:
        """Forgets what has not happened yet, and says how much that was; connections are taken again."""
        self._refuse_until = 0.0
        with self._lock:
            left = len(self._armed)
            self._armed.clear()
        return left

    def take(self, message: bytes) -> Armed | None:
        """The fault that is due for this message, counted."""
        with self._lock:
            armed = next((one for one in self._armed if one.fits(message)), None)
            if armed is None:
                return None
            self._armed.remove(armed)
        self.count(armed.fault)
        if armed.refuse:
            self.refuse(armed.refuse)
        return armed

    def count(self, fault: Fault) -> None:
        with self._lock:
            self.counts[fault] += 1

    def refuse(self, seconds: float) -> None:
        """Turns new connections away for a while."""
        self.count(Fault.REFUSE)
        self._refuse_until = time.monotonic() + seconds

    def stall(self, seconds: float) -> None:
        """Keeps everything back, in both directions, for a while; returns at once."""
        self.count(Fault.STALL)
        self.flow.clear()
        threading.Timer(seconds, self.flow.set).start()

    def cut_all(self) -> None:
        self.count(Fault.CUT_ALL)
        for link in self.links():
            link.hang_up()

    def links(self) -> "list[_Link]":
        with self._lock:
            return list(self._links)

    def close(self) -> None:
        self.flow.set()
        self._listener.close()
        for link in self.links():
            link.hang_up()

    def settled(self) -> bool:
        """Whether no COMMIT is still on its way."""
        return self.late == 0

    def moved_late(self, change: int) -> None:
        with self._lock:
            self.late += change

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                if time.monotonic() < self._refuse_until:
                    client.close()
                    continue
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _Link(self, client).start()

    def enter(self, link: "_Link") -> None:
        with self._lock:
            self._links.add(link)

    def leave(self, link: "_Link") -> None:
        with self._lock:
            self._links.discard(link)


class _Link(threading.Thread):
    """One connection. This thread passes on what the desk says, a second one what the server says."""

    def __init__(self, proxy: Proxy, client: socket.socket) -> None:
        super().__init__(daemon=True)
        self.proxy = proxy
        self.client = client
        self.upstream = socket.socket(socket.AF_UNIX)
        self.mute = threading.Event()
        self.answered = threading.Event()

    def run(self) -> None:
        self.proxy.enter(self)
        try:
            with suppress(OSError):
                self._requests()
        finally:
            self.hang_up()
            self.proxy.leave(self)

    def _requests(self) -> None:
        self.proxy.flow.wait()
        hello = wire.startup(self.client)
        self.upstream.connect(self.proxy.server)
        self.upstream.sendall(hello)
        threading.Thread(target=self._replies, daemon=True).start()
        buffer = bytearray()
        while data := self.client.recv(65536):
            buffer += data
            for message in wire.messages(buffer):
                self.proxy.flow.wait()
                armed = self.proxy.take(message)
                if armed is None:
                    self.upstream.sendall(message)
                elif not self._break(armed, message):
                    return

    def _replies(self) -> None:
        with suppress(OSError):
            while data := self.upstream.recv(65536):
                self.proxy.flow.wait()
                if not self.mute.is_set():
                    self.client.sendall(data)
                elif wire.is_answered(data):
                    self.answered.set()
        self.answered.set()
        self.hang_up()

    def _break(self, armed: Armed, message: bytes) -> bool:
        """Does the fault; answers whether the connection lives on."""
        if armed.fault is Fault.HOLD:
            time.sleep(armed.seconds)
            self.upstream.sendall(message)
            return True
        if armed.fault is Fault.CUT:
            self.upstream.sendall(message[: len(message) // 2])
        elif armed.fault is Fault.LOSE_REPLY:
            self._deliver_in_silence(message)
        elif armed.fault is Fault.LATE:
            self._deliver_late(armed.seconds, message)
        return False

    def _deliver_in_silence(self, message: bytes) -> None:
        self.mute.set()
        self.upstream.sendall(message)
        self.answered.wait(10)

    def _deliver_late(self, seconds: float, message: bytes) -> None:
        self.proxy.moved_late(+1)
        try:
            self.mute.set()
            _hang_up(self.client)
            time.sleep(seconds)
            self._deliver_in_silence(message)
        finally:
            self.proxy.moved_late(-1)

    def hang_up(self) -> None:
        _hang_up(self.client)
        _hang_up(self.upstream)


def _hang_up(side: socket.socket) -> None:
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
    side.close()
