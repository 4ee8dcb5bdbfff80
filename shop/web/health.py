"""Checks whether the database answers, within a deadline whatever the network does.

Django's own connection cannot do this: a server that accepts a connection and sends nothing would block
it until TCP gives up. So each check opens a short connection to every host of the cluster, all at once and
without blocking. libpq would ask the hosts one after the other, for `connect_timeout` each.
bench/BEFORE_AFTER.md, "(d) the watcher of deadlines, and the prober behind /ping/", says what it costs.
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
#: The check that is running, or the last one. Requests that arrive meanwhile wait for the same check, so
#: there is at most one connection to each host.
_check: Future[bool] | None = None


def database_answers(connection: BaseDatabaseWrapper) -> bool:
    """Returns whether the database answers within DEADLINE. Never raises."""
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
            # A thread, because looking up the name of a host has no deadline.
            Thread(target=_run_check, args=(_check, parameters), daemon=True).start()
        return _check


def _run_check(check: Future[bool], parameters: Mapping[str, Any]) -> None:
    try:
        check.set_result(_ask_all_hosts(parameters))
    except Exception as error:
        logger.warning("ping: %s", error)
        check.set_result(False)


class _Host:
    """A connection to one host that sends SELECT 1 without blocking."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.connection = psycopg2.connect(**parameters, async_=True)
        self.cursor: cursor | None = None
        self.waits_for = POLL_WRITE

    def advance(self) -> bool:
        """Continues without blocking; returns whether the server has answered. Raises psycopg2.Error."""
        self.waits_for = self.connection.poll()
        if self.waits_for == POLL_OK and self.cursor is None:
            # Stored here, because psycopg2 cancels a statement whose cursor was collected.
            self.cursor = self.connection.cursor()
            self.cursor.execute("SELECT 1")
            self.waits_for = self.connection.poll()
        return self.waits_for == POLL_OK


def _ask_all_hosts(parameters: Mapping[str, Any]) -> bool:
    deadline = time.monotonic() + DEADLINE
    hosts: list[_Host] = []
    try:
        for host_parameters in _split_hosts(parameters):
            with _log_failure():
                hosts.append(_Host(host_parameters))
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
    # Each round registers the sockets again: libpq opens another socket for another address of a host.
    with selectors.DefaultSelector() as selector:
        for host in waiting:
            event = selectors.EVENT_READ if host.waits_for == POLL_READ else selectors.EVENT_WRITE
            selector.register(host.connection.fileno(), event, host)
        return [key.data for key, _ in selector.select(seconds)]


@contextmanager
def _log_failure() -> Iterator[None]:
    """Logs the error of one host; the checks of the others continue."""
    try:
        yield
    except psycopg2.Error as error:
        logger.warning("ping: %s", str(error).strip())


def _split_hosts(parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Splits libpq's lists of hosts and ports: returns the parameters of each host."""
    common = {key: value for key, value in parameters.items() if key != "cursor_factory"}
    if not common.get("host") or "hostaddr" in common:
        return [common]
    hosts, ports = str(common["host"]).split(","), str(common.get("port", "")).split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    return [common | {"host": host, "port": port} for host, port in zip(hosts, ports, strict=False)]
