"""On a real cluster: writes through all its nodes, a node killed and back, every node drained in turn."""

import signal
import time

import pytest

from e2e.faults import load
from e2e.faults.bench import Bench
from e2e.faults.cockroach import Cockroach
from e2e.faults.options import OPTIONS

pytestmark = pytest.mark.cluster


def test_writes_go_through_every_node(bench: Bench) -> None:
    """Passes when each node has connections of the desk, and the audit finds nothing."""
    database = cluster_of(bench)
    with load.running(bench, clerks=2, programs=6, cashiers=4):
        time.sleep(OPTIONS.pick(3, 15))
        sessions = database.sessions()
    bench.figures["connections by node"] = ", ".join(map(str, sessions))
    assert all(sessions), sessions
    bench.check()


def test_a_node_killed_under_load_and_back(bench: Bench) -> None:
    """Passes when the desk goes on within 15 s of the SIGKILL, and the audit finds nothing.

    CockroachDB itself needs some seconds until another node holds the lease of what the dead one held.
    """
    database = cluster_of(bench, with_processes=True)
    took = []
    with load.running(bench, clerks=2, programs=4, cashiers=2):
        for _ in range(OPTIONS.pick(1, 3)):
            time.sleep(2)
            node = database.nodes[-1]
            node.end(signal.SIGKILL)
            bench.counts["node killed with SIGKILL and restarted"] += 1
            took.append(load.wait_for_success(bench, time.monotonic()))
            time.sleep(3)
            node.start()
            database.remember_pids()
    bench.figures["served again after a node was killed"] = f"{max(took):.1f} s at most, of {len(took)}"
    bench.check()
    assert max(took) < 15, took


def test_every_node_drained_in_turn(bench: Bench) -> None:
    """Passes when a rolling restart never leaves everybody waiting for 10 s, and the audit is clean."""
    database = cluster_of(bench, with_processes=True)
    began = time.monotonic()
    with load.running(bench, clerks=2, programs=4, cashiers=2):
        for node in database.nodes:
            node.end(signal.SIGTERM)
            bench.counts["node drained and restarted"] += 1
            node.start()
            database.remember_pids()
            time.sleep(OPTIONS.pick(2, 10))
    gap = load.longest_gap(bench.tally.done_at, began, time.monotonic())
    bench.figures["rolling drain"] = f"at most {gap:.1f} s without anybody served"
    bench.check()
    assert gap < 10


def cluster_of(bench: Bench, *, with_processes: bool = False) -> Cockroach:
    assert isinstance(bench.database, Cockroach)
    if with_processes and not all(node.pid for node in bench.database.nodes):
        pytest.skip("no COCKROACH_PIDS: whose process could be killed?")
    return bench.database
