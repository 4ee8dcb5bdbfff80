"""A real CockroachDB cluster as a database under test: the one given, or three nodes of our own.

COCKROACH_URLS holds one URL a node and COCKROACH_PIDS their process ids on this machine, in the
same order, separated by commas or spaces. Where there is neither, but `cockroach` is on PATH, a
cluster is started for the run and stopped after it.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import psutil
import psycopg2
from psycopg2.extensions import parse_dsn

from e2e.faults import cluster

NAME = "shop_faults"
READY_SECONDS = 60
#: Under load a node takes minutes to hand on its leases and its connections.
DRAIN_SECONDS = 300


def why_skipped() -> str:
    """Returns why there is no cluster to test; empty when there is one or one can be started."""
    return "" if os.environ.get("COCKROACH_URLS") else cluster.why_unusable()


@dataclass
class Node:
    """One node: how to reach it, and its process if it runs on this machine."""

    parameters: dict[str, str]
    pid: int | None = None
    command: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{self.parameters['host']}:{self.parameters.get('port', '26257')}"

    def end(self, number: signal.Signals) -> None:
        """Ends the node by a signal: SIGKILL at once, SIGTERM after it has handed on its leases."""
        if not cluster.is_node(self.pid):
            raise ValueError(f"Process {self.pid} is no cockroach: nothing is killed.")
        process = psutil.Process(self.pid)
        self.command = process.cmdline()
        process.send_signal(number)
        process.wait(timeout=DRAIN_SECONDS)

    def start(self) -> None:
        """Starts the node again, and waits until it answers."""
        cluster.HOME.mkdir(parents=True, exist_ok=True)
        self.pid = cluster.restart(self.command, cluster.HOME / f"{self.parameters.get('port')}.log")
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self.rows("SELECT 1")
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def rows(self, sql: str, **others: str) -> list[tuple[Any, ...]]:
        parameters: dict[str, Any] = self.parameters | {"connect_timeout": "3"} | others
        with closing(psycopg2.connect(**parameters)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []


class Cockroach:
    """The cluster. Shop is given all nodes and connects to any of them."""

    engine = "cockroachdb"

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.url = cluster_url(nodes)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Returns the rows from the first node that answers."""
        for node in self.nodes[:-1]:
            with suppress(psycopg2.OperationalError):
                return node.rows(sql, dbname=NAME)
        return self.nodes[-1].rows(sql, dbname=NAME)

    def sessions(self) -> list[int]:
        """Returns the number of shop's connections to each node."""
        sql = "SELECT count(*) FROM [SHOW CLUSTER SESSIONS] WHERE application_name = 'shop' AND node_id = {}"
        own = "SELECT DISTINCT node_id FROM crdb_internal.node_build_info"
        ids = [int(node.rows(own)[0][0]) for node in self.nodes]
        return [int(self.rows(sql.format(pk))[0][0]) for pk in ids]

    def remember_pids(self) -> None:
        """Stores the process ids, so that `cluster.stop` finds nodes that were started again."""
        if cluster.PIDS.exists():
            cluster.PIDS.write_text(str([node.pid for node in self.nodes]))


def cluster_url(nodes: list[Node]) -> str:
    """Returns a DATABASE_URL with all hosts."""
    first = nodes[0].parameters
    login = quote(first.get("user", "root"), safe="")
    if "password" in first:
        login += f":{quote(first['password'], safe='')}"
    known = {"host", "port", "user", "password", "dbname"}
    options = {name: value for name, value in first.items() if name not in known}
    options["load_balance_hosts"] = "random"
    return f"cockroach://{login}@{','.join(node.address for node in nodes)}/{NAME}?{urlencode(options)}"


@contextmanager
def run_cluster() -> Iterator[Cockroach]:
    """Runs the cluster with an empty database of its own, which is dropped in the end."""
    given = _list("COCKROACH_URLS")
    pids = [int(pid) for pid in _list("COCKROACH_PIDS")] if given else cluster.start()
    try:
        database = Cockroach(_nodes(given or cluster.urls(), pids))
        database.nodes[0].rows(f"DROP DATABASE IF EXISTS {NAME} CASCADE")
        database.nodes[0].rows(f"CREATE DATABASE {NAME}")
        yield database
        database.nodes[0].rows(f"DROP DATABASE IF EXISTS {NAME} CASCADE")
    finally:
        if not given:
            cluster.stop()


def _list(name: str) -> list[str]:
    return [part for part in re.split(r"[,\s]+(?=\w+://|\d)", os.environ.get(name, "").strip()) if part]


def _nodes(urls: list[str], pids: list[int]) -> list[Node]:
    nodes = [Node(parse_dsn(f"postgresql://{url.partition('://')[2]}")) for url in urls]
    for node, pid in zip(nodes, pids, strict=False):
        node.pid = pid
    return nodes
