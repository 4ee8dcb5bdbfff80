"""Rows 10 and 11: processes killed under load, and everything at random."""

import random
import threading
import time

import pytest

from e2e.faults import load
from e2e.faults.actions import carry_out
from e2e.faults.bench import Bench
from e2e.faults.chaos import Chaos, kill_worker
from e2e.faults.money_actions import closing
from e2e.faults.options import OPTIONS
from e2e.faults.server import WORKERS


@pytest.mark.everywhere
def test_row_10_web_workers_killed_under_load(bench: Bench) -> None:
    """Passes when 20 SIGKILLs lose, double and break nothing."""
    with load.running(bench, clerks=2, programs=3, cashiers=3):
        for _ in range(OPTIONS.pick(5, 20)):
            time.sleep(0.4)
            kill_worker(bench)
            bench.server.wait_for_workers(WORKERS, seconds=15)
    bench.check_money()


def test_row_10_the_whole_web_server_killed_under_load(bench: Bench) -> None:
    """Passes when it goes on where it was, and the audit finds nothing."""
    with load.running(bench, clerks=2, programs=3, cashiers=3):
        for _ in range(OPTIONS.pick(1, 4)):
            time.sleep(0.8)
            bench.server.kill()
            bench.counts["web server killed with SIGKILL and restarted"] += 1
            bench.server.start()
            load.wait_for_success(bench, time.monotonic())
    bench.check_money()


@pytest.mark.server
def test_row_10_the_database_killed_and_restarted_under_load(bench: Bench) -> None:
    """Passes when somebody gets something done within 2 s of its return, with no restart of the desk."""
    took = []
    with load.running(bench, clerks=2, programs=3, cashiers=3):
        for number in range(OPTIONS.pick(2, 6)):
            time.sleep(1)
            if number % 2:
                bench.postgres.server.crash()
            else:
                bench.postgres.server.kill()
            bench.counts["database killed and restarted"] += 1
            time.sleep(0.5)
            bench.postgres.server.start()
            took.append(load.wait_for_success(bench, time.monotonic()))
    bench.figures["first success after the database is back"] = f"{max(took):.2f} s at most, of {len(took)}"
    bench.check_money()
    assert max(took) < 2, took


@pytest.mark.everywhere
def test_row_10_tills_closed_while_workers_are_killed(bench: Bench) -> None:
    """Passes when each till is closed once, with one Z-report, whatever its worker was doing."""
    for _ in range(OPTIONS.pick(3, 20)):
        action = closing(bench)
        killing = threading.Timer(random.uniform(0, 0.03), kill_worker, [bench])
        killing.start()
        carry_out(action)
        killing.join()
        bench.server.wait_for_workers(WORKERS, seconds=15)
        bench.counts["worker killed while a till was closed"] += 1
    bench.check_money()


@pytest.mark.everywhere
def test_row_11_random_faults(bench: Bench) -> None:
    """Passes when the audit finds nothing, and no answer was a 500."""
    began = time.monotonic()
    faults = sum(bench.faults().values())
    with load.running(bench, clerks=3, programs=5, cashiers=4):
        chaos = Chaos(bench, pause=0.25 if bench.has_proxy else 0.8)
        try:
            time.sleep(OPTIONS.seconds)
        finally:
            chaos.end()
            if bench.has_proxy:
                bench.postgres.proxy.disarm()
    gap = load.longest_gap(bench.tally.done_at, began, time.monotonic())
    bench.figures["random faults"] = (
        f"{sum(bench.faults().values()) - faults} in {OPTIONS.seconds:.0f} s, "
        f"at most {gap:.1f} s without anybody served"
    )
    bench.check_money()
