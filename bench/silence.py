"""Makes a database silent, or lets it end an idle connection, for `bench.trick_runs`."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any
from unittest.mock import patch

import psutil
import psycopg2
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from shop.api import ping
from shop.db.deadline import deadline
from shop.web.health import DEADLINE

#: Seconds after which nobody waits any longer for an answer.
PATIENCE = 15.0


def end_idle_connection() -> None:
    """Lets the server end this thread's connection, which notices nothing until it is used."""
    pid = connection.connection.info.backend_pid
    other = psycopg2.connect(**connection.get_connection_params())
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    time.sleep(0.2)


def ask_own_connection() -> AbstractContextManager[Any]:
    """Lets /ping/ use Django's connection, under a deadline of its own."""

    def answers(own: BaseDatabaseWrapper) -> bool:
        try:
            with deadline(DEADLINE), own.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return False
        return True

    return patch.object(ping, "database_answers", answers)


@contextmanager
def server_stopped(postmaster: int) -> Iterator[None]:
    """Stops every process of the server, and lets them go on after the block."""
    server = psutil.Process(postmaster)
    processes = [server.pid, *(child.pid for child in server.children())]
    try:
        _send_signal(processes, signal.SIGSTOP)
        yield
    finally:
        _send_signal(processes, signal.SIGCONT)


def _send_signal(processes: list[int], number: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def ask(postmaster: int, call: Callable[[], tuple[int, bytes]], *, is_open: bool) -> list[float] | None:
    """Returns status and seconds of `call` while the server is stopped; None after `PATIENCE` seconds.

    `is_open` says whether the thread has an open connection before the server is stopped.
    """
    status_and_seconds: list[float] = []
    is_ready, stopped = threading.Event(), threading.Event()

    def run() -> None:
        if is_open:
            connection.ensure_connection()
        is_ready.set()
        stopped.wait()
        began = time.monotonic()
        status = call()[0]
        status_and_seconds.extend((status, time.monotonic() - began))
        connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    is_ready.wait()
    with server_stopped(postmaster):
        stopped.set()
        thread.join(PATIENCE)
        answered = list(status_and_seconds) or None
    thread.join()
    return answered
