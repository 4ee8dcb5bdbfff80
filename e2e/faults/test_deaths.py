"""Rows 10 and 11: processes killed under load, and everything at random."""

import random
import threading
import time

import pytest

from e2e.faults import load
from e2e.faults.actions import carry_out
from e2e.faults.chaos import Chaos, kill_worker
from e2e.faults.money_actions import closing
from e2e.faults.options import OPTIONS
from e2e.faults.server import WORKERS
from e2e.faults.system import System


@pytest.mark.everywhere
def test_row_10_web_workers_killed_under_load(system: System) -> None:
    """Passes when 20 SIGKILLs lose, double and break nothing."""
    with load.running(system, clerks=2, programs=3, cashiers=3):
        for _ in range(OPTIONS.pick(5, 20)):
            time.sleep(0.4)
            kill_worker(system)
            system.server.wait_for_workers(WORKERS, seconds=15)
    system.check_money()


def test_row_10_the_whole_web_server_killed_under_load(system: System) -> None:
    """Passes when it goes on where it was, and the audit finds nothing."""
    with load.running(system, clerks=2, programs=3, cashiers=3):
        for _ in range(OPTIONS.pick(1, 4)):
            time.sleep(0.8)
            system.server.kill()
            system.counts["web server killed with SIGKILL and restarted"] += 1
            system.server.start()
            load.wait_for_success(system, time.monotonic())
    system.check_money()


@pytest.mark.server
def test_row_10_the_database_killed_and_restarted_under_load(system: System) -> None:
    """Passes when somebody gets something done within 2 s of its return, with no restart of shop."""
    took = []
    with load.running(system, clerks=2, programs=3, cashiers=3):
        for number in range(OPTIONS.pick(2, 6)):
            time.sleep(1)
            if number % 2:
                system.postgres.server.crash()
            else:
                system.postgres.server.kill()
            system.counts["database killed and restarted"] += 1
            time.sleep(0.5)
            system.postgres.server.start()
            took.append(load.wait_for_success(system, time.monotonic()))
    system.figures["first success after the database is back"] = f"{max(took):.2f} s at most, of {len(took)}"
    system.check_money()
    assert max(took) < 2, took


@pytest.mark.everywhere
def test_row_10_tills_closed_while_workers_are_killed(system: System) -> None:
    """Passes when each till is closed once, with one Z-report, whatever its worker was doing."""
    for _ in range(OPTIONS.pick(3, 20)):
        action = closing(system)
        killing = threading.Timer(random.uniform(0, 0.03), kill_worker, [system])
        killing.start()
        carry_out(action)
        killing.join()
        system.server.wait_for_workers(WORKERS, seconds=15)
        system.counts["worker killed while a till was closed"] += 1
    system.check_money()


@pytest.mark.everywhere
def test_row_11_random_faults(system: System) -> None:
    """Passes when the audit finds nothing, and no answer was a 500."""
    began = time.monotonic()
    faults = sum(system.faults().values())
    with load.running(system, clerks=3, programs=5, cashiers=4):
        chaos = Chaos(system, pause=0.25 if system.has_proxy else 0.8)
        try:
            time.sleep(OPTIONS.seconds)
        finally:
            chaos.end()
            if system.has_proxy:
                system.postgres.proxy.disarm()
    gap = load.longest_gap(system.tally.done_at, began, time.monotonic())
    system.figures["random faults"] = (
        f"{sum(system.faults().values()) - faults} in {OPTIONS.seconds:.0f} s, "
        f"at most {gap:.1f} s without anybody served"
    )
    system.check_money()
