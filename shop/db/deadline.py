"""No request waits for a dead database: after its deadline the connection is cut under it.

psycopg2 waits in C for an answer, and a server that is stopped, or a network that swallows
packets, never sends one: statement timeouts are the server's own, and TCP only notices what the
kernel on the other side does not acknowledge. So one thread a process looks after the requests
under way. Where one is overdue it shuts the socket down; the waiting call ends with a lost
connection, which the retry loop and the error pages know how to answer.
"""

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.db.metrics import CUT_CONNECTIONS

logger = logging.getLogger("shop.db.deadline")

#: Seconds a request may take before its database connection is cut, with room for one more try
#: to connect below the ten seconds in which every page answers.
REQUEST_SECONDS = 6.0
#: Seconds between two looks, and so between two cuts of one request.
CHECK_SECONDS = 0.5


@dataclass(eq=False)
class _WatchedRequest:
    """A request under way, and the database connection of its thread."""

    connection: BaseDatabaseWrapper
    ends: float


_watched_requests: set[_WatchedRequest] = set()
_lock = threading.Lock()
_watcher: threading.Thread | None = None


@contextlib.contextmanager
def deadline(seconds: float = REQUEST_SECONDS) -> Iterator[None]:
    """Cuts this thread's database connection if the block has not ended after `seconds`."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        # A file has no server to wait for; its busy timeout is short.
        yield
        return
    watched = _WatchedRequest(connection, time.monotonic() + seconds)
    with _lock:
        _watched_requests.add(watched)
        _start_watcher()
    try:
        yield
    finally:
        with _lock:
            _watched_requests.discard(watched)


def _start_watcher() -> None:
    """Begins the watching thread, in each process anew (a fork leaves threads behind)."""
    global _watcher
    if _watcher is None or not _watcher.is_alive():
        _watcher = threading.Thread(target=_cut_overdue_requests, name="deadline", daemon=True)
        _watcher.start()


def _cut_overdue_requests() -> None:
    while True:
        time.sleep(CHECK_SECONDS)
        now = time.monotonic()
        with _lock:
            # Under the lock: a request that has just ended must not lose its connection to the next.
            for watched in _watched_requests:
                if watched.ends < now:
                    _cut_connection(watched.connection)


def _cut_connection(connection: BaseDatabaseWrapper) -> None:
    raw = connection.connection
    try:
        handle = os.dup(raw.fileno())
    except Exception:  # closed, or not open yet: connecting has a timeout of its own
        return
    CUT_CONNECTIONS.inc()
    logger.warning("cut a database connection that did not answer in time")
    with contextlib.suppress(OSError), socket.socket(fileno=handle) as duplicate:
        duplicate.shutdown(socket.SHUT_RDWR)
