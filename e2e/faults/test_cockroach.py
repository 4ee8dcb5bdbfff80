"""On a real cluster: writes through all its nodes, a node killed and back, every node drained in turn."""

import signal
import time

import pytest

from e2e.faults import load
from e2e.faults.cockroach import Cockroach
from e2e.faults.options import OPTIONS
from e2e.faults.system import System

pytestmark = pytest.mark.cluster


def test_writes_go_through_every_node(system: System) -> None:
    """Passes when each node has connections of shop, and the audit finds nothing."""
    database = cluster_of(system)
    with load.running(system, clerks=2, programs=6, cashiers=4):
        time.sleep(OPTIONS.pick(3, 15))
        sessions = database.sessions()
    system.figures["connections by node"] = ", ".join(map(str, sessions))
    assert all(sessions), sessions
    system.check()


def test_a_node_killed_under_load_and_back(system: System) -> None:
    """Passes when shop goes on within 15 s of the SIGKILL, and the audit finds nothing.

    CockroachDB itself needs some seconds until another node holds the lease of what the dead one held.
    """
    database = cluster_of(system, with_processes=True)
    took = []
    with load.running(system, clerks=2, programs=4, cashiers=2):
        for _ in range(OPTIONS.pick(1, 3)):
            time.sleep(2)
            node = database.nodes[-1]
            node.end(signal.SIGKILL)
            system.counts["node killed with SIGKILL and restarted"] += 1
            took.append(load.wait_for_success(system, time.monotonic()))
            time.sleep(3)
            node.start()
            database.remember_pids()
    system.figures["served again after a node was killed"] = f"{max(took):.1f} s at most, of {len(took)}"
    system.check()
    assert max(took) < 15, took


def test_every_node_drained_in_turn(system: System) -> None:
    """Passes when a rolling restart never leaves everybody waiting for 10 s, and the audit is clean."""
    database = cluster_of(system, with_processes=True)
    began = time.monotonic()
    with load.running(system, clerks=2, programs=4, cashiers=2):
        for node in database.nodes:
            node.end(signal.SIGTERM)
            system.counts["node drained and restarted"] += 1
            node.start()
            database.remember_pids()
            time.sleep(OPTIONS.pick(2, 10))
    gap = load.longest_gap(system.tally.done_at, began, time.monotonic())
    system.figures["rolling drain"] = f"at most {gap:.1f} s without anybody served"
    system.check()
    assert gap < 10


def cluster_of(system: System, *, with_processes: bool = False) -> Cockroach:
    assert isinstance(system.database, Cockroach)
    if with_processes and not all(node.pid for node in system.database.nodes):
        pytest.skip("no COCKROACH_PIDS: whose process could be killed?")
    return system.database
