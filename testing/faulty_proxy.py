"""A proxy that breaks the connection to PostgreSQL in the ways it is told to."""

import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from testing import postgres_messages
from testing.proxy import Link, Proxy, close


class Fault(StrEnum):
    """The kinds of faults. The first four happen to a COMMIT."""

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
    """A fault that happens to the next message that it fits.

    `seconds` is how late the message is delivered, or how long it is held back. After the fault new
    connections are refused for `refuse` seconds.
    """

    fault: Fault
    seconds: float = 0.0
    refuse: float = 0.0

    def fits(self, message: bytes) -> bool:
        if self.fault in AT_COMMIT:
            return postgres_messages.is_commit(message)
        return postgres_messages.is_query(message) and not postgres_messages.is_commit(message)


class FaultyProxy(Proxy):
    """Passes on every message that no armed fault fits. `counts` are the faults that happened."""

    def __init__(self, server: Path, directory: Path | None = None) -> None:
        self.counts: Counter[str] = Counter()
        #: Cleared while the network stalls.
        self.flow = threading.Event()
        self.flow.set()
        self._late_commits = 0
        self._refuse_until = 0.0
        self._armed: list[Armed] = []
        super().__init__(server, directory)

    def make_link(self, client: socket.socket) -> Link | None:
        if time.monotonic() < self._refuse_until:
            return None
        if client.family == socket.AF_INET:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _FaultyLink(self, client)

    def arm(self, fault: Fault, times: int = 1, *, seconds: float = 0.0, refuse: float = 0.0) -> None:
        """Breaks the next `times` messages that the fault is about."""
        with self._lock:
            self._armed += [Armed(fault, seconds, refuse) for _ in range(times)]

    def disarm(self) -> None:
        """Forgets the faults that have not happened yet; connections are accepted again."""
        self._refuse_until = 0.0
        with self._lock:
            self._armed.clear()

    def take_fault(self, message: bytes) -> Armed | None:
        """Returns the fault that is due for this message, and counts it."""
        with self._lock:
            armed = next((fault for fault in self._armed if fault.fits(message)), None)
            if armed is None:
                return None
            self._armed.remove(armed)
        self._count(armed.fault)
        if armed.refuse:
            self.refuse(armed.refuse)
        return armed

    def refuse(self, seconds: float) -> None:
        """Turns new connections away for a while."""
        self._count(Fault.REFUSE)
        self._refuse_until = time.monotonic() + seconds

    def stall(self, seconds: float) -> None:
        """Holds back all messages, in both directions, for a while. Returns at once."""
        self._count(Fault.STALL)
        self.flow.clear()
        threading.Timer(seconds, self.flow.set).start()

    def cut_all(self) -> None:
        self._count(Fault.CUT_ALL)
        for link in self.links():
            link.hang_up()

    def close(self) -> None:
        self.flow.set()
        super().close()

    def has_late_commit(self) -> bool:
        """Whether a COMMIT is still to be delivered."""
        return self._late_commits > 0

    def add_late_commits(self, change: int) -> None:
        with self._lock:
            self._late_commits += change

    def _count(self, fault: Fault) -> None:
        with self._lock:
            self.counts[fault] += 1


class _FaultyLink(Link):
    proxy: FaultyProxy

    def __init__(self, proxy: FaultyProxy, client: socket.socket) -> None:
        super().__init__(proxy, client)
        #: Set when the client is to get no more replies.
        self.is_mute = threading.Event()
        self.is_answered = threading.Event()

    def connect(self, hello: bytes) -> None:
        self.proxy.flow.wait()
        super().connect(hello)

    def pass_request(self, message: bytes) -> bool:
        self.proxy.flow.wait()
        armed = self.proxy.take_fault(message)
        return super().pass_request(message) if armed is None else self._break(armed, message)

    def pass_reply(self, data: bytes) -> None:
        self.proxy.flow.wait()
        if not self.is_mute.is_set():
            super().pass_reply(data)
        elif postgres_messages.ends_reply(data):
            self.is_answered.set()

    def pass_replies(self) -> None:
        super().pass_replies()
        self.is_answered.set()

    def _break(self, armed: Armed, message: bytes) -> bool:
        """Carries out the fault. Returns whether the connection stays open."""
        if armed.fault is Fault.HOLD:
            time.sleep(armed.seconds)
            return super().pass_request(message)
        if armed.fault is Fault.CUT:
            self.upstream.sendall(message[: len(message) // 2])
        elif armed.fault is Fault.LOSE_REPLY:
            self._deliver_without_reply(message)
        elif armed.fault is Fault.LATE:
            self._deliver_late(armed.seconds, message)
        return False

    def _deliver_without_reply(self, message: bytes) -> None:
        self.is_mute.set()
        self.upstream.sendall(message)
        self.is_answered.wait(10)

    def _deliver_late(self, seconds: float, message: bytes) -> None:
        self.proxy.add_late_commits(+1)
        try:
            self.is_mute.set()
            close(self.client)
            time.sleep(seconds)
            self._deliver_without_reply(message)
        finally:
            self.proxy.add_late_commits(-1)
