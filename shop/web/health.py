"""Whether the database answers, known within a deadline whatever the network does.

Django's own connection cannot tell: a server that accepts and stays silent, or one that went
quiet after the last request, would hold the question for as long as TCP likes. So a server is
asked on short-lived connections of their own, to all its hosts at once, without blocking.
"""

import logging
import selectors
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any

import psycopg2
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, cursor

logger = logging.getLogger("shop.health")

#: Seconds that a server has to answer.
DEADLINE = 1.5

_lock = Lock()
#: The check that runs, or the last one. Requests that come meanwhile share it, so that no
#: number of them opens more than one connection a host.
_check: Future[bool] | None = None


def database_answers(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database answers within DEADLINE. Never raises."""
    if connection.vendor == "sqlite":
        return _can_read_file(connection)
    try:
        return _get_shared_check(connection.get_connection_params()).result(timeout=DEADLINE)
    except TimeoutError:
        return False


def _can_read_file(connection: BaseDatabaseWrapper) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA schema_version")
    except DatabaseError as error:
        logger.warning("ping: %s", error)
        return False
    return True


def _get_shared_check(parameters: Mapping[str, Any]) -> Future[bool]:
    global _check
    with _lock:
        if _check is None or _check.done():
            _check = Future()
            # In a thread, since looking up a host's name cannot be given a deadline.
            Thread(target=_run_check, args=(_check, parameters), daemon=True).start()
        return _check


def _run_check(check: Future[bool], parameters: Mapping[str, Any]) -> None:
    try:
        check.set_result(_ask_all_hosts(parameters))
    except Exception as error:
        logger.warning("ping: %s", error)
        check.set_result(False)


class _Host:
    """One connection attempt, driven without blocking up to the answer of SELECT 1."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.connection = psycopg2.connect(**parameters, async_=True)
        self.cursor: cursor | None = None
        self.waits_for = POLL_WRITE

    def advance(self) -> bool:
        """Goes on as far as the socket allows; True once the server has answered. Raises psycopg2.Error."""
        self.waits_for = self.connection.poll()
        if self.waits_for == POLL_OK and self.cursor is None:
            # Kept: psycopg2 gives up a question whose cursor is gone.
            self.cursor = self.connection.cursor()
            self.cursor.execute("SELECT 1")
            self.waits_for = self.connection.poll()
        return self.waits_for == POLL_OK


def _ask_all_hosts(parameters: Mapping[str, Any]) -> bool:
    deadline = time.monotonic() + DEADLINE
    hosts: list[_Host] = []
    try:
        for each in _split_hosts(parameters):
            with _log_failure():
                hosts.append(_Host(each))
        return _any_host_answers(hosts, deadline)
    finally:
        for host in hosts:
            host.connection.close()


def _any_host_answers(hosts: list[_Host], deadline: float) -> bool:
    waiting = list(hosts)
    while waiting and (left := deadline - time.monotonic()) > 0:
        for host in _wait_for_sockets(waiting, left):
            waiting.remove(host)
            with _log_failure():
                if host.advance():
                    return True
                waiting.append(host)
    return False


def _wait_for_sockets(waiting: list[_Host], seconds: float) -> list[_Host]:
    # Registered anew each time: libpq changes the socket between the addresses of a host.
    with selectors.DefaultSelector() as selector:
        for host in waiting:
            event = selectors.EVENT_READ if host.waits_for == POLL_READ else selectors.EVENT_WRITE
            selector.register(host.connection.fileno(), event, host)
        return [key.data for key, _ in selector.select(seconds)]


@contextmanager
def _log_failure() -> Iterator[None]:
    """Ends the attempt at one host; the others go on."""
    try:
        yield
    except psycopg2.Error as error:
        logger.warning("ping: %s", str(error).strip())


def _split_hosts(parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parameters for each host of libpq's comma lists alone."""
    common = {key: value for key, value in parameters.items() if key != "cursor_factory"}
    if not common.get("host") or "hostaddr" in common:
        return [common]
    hosts, ports = str(common["host"]).split(","), str(common.get("port", "")).split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    return [common | {"host": host, "port": port} for host, port in zip(hosts, ports, strict=False)]
