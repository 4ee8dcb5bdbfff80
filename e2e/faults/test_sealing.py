"""Days that are sealed while processes are killed, replies are lost, and old days are imported.

Each day is sealed with the sums of its facts or not sealed, and the next run seals it.
"""

import csv
import datetime
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from e2e.faults.options import OPTIONS
from e2e.faults.system import System, unique
from e2e.faults.test_imports import HEADER
from testing import ROOT
from testing.faulty_proxy import Fault

#: The last day that is imported here. Other sales are of today.
LAST = datetime.date.today() - datetime.timedelta(days=30)  # noqa: DTZ011 (a month does not depend on zones)
UNSEALED = (
    "SELECT DISTINCT business_day FROM shop_order WHERE external_number IS NOT NULL"
    " AND business_day NOT IN (SELECT day FROM shop_sealedday)"
)


@pytest.mark.everywhere
def test_row_10_sealing_killed_at_work(system: System, tmp_path: Path) -> None:
    """Passes when after each SIGKILL the sealed days are right, and the last run seals the others."""
    import_days(system, tmp_path, days=OPTIONS.pick(20, 60))
    for _ in range(OPTIONS.pick(2, 6)):
        process = start(system, "seal_days")
        if wait_for_a_sealed_day(system, process):
            process.kill()
            system.counts["sealing killed with SIGKILL"] += 1
        process.wait()
        check_sums(system)
    seal_all(system)
    system.check_money()


@pytest.mark.server
@pytest.mark.parametrize(
    "fault", [Fault.LOSE_REPLY, Fault.LOSE_REQUEST, Fault.LATE, Fault.CUT], ids=lambda fault: fault.name
)
def test_row_6_a_seal_that_is_lost_on_the_way_counts_once(
    system: System, tmp_path: Path, fault: Fault
) -> None:
    """Passes when the day is sealed with the sums of its facts, once, or by the next run."""
    import_days(system, tmp_path, days=1)
    proxy = system.postgres.proxy
    before = proxy.counts[fault]
    proxy.arm(fault, seconds=1.2 if fault is Fault.LATE else 0.0)
    start(system, "seal_days").wait()
    assert proxy.counts[fault] == before + 1
    system.settle()
    check_sums(system)
    seal_all(system)
    system.check_money()


@pytest.mark.everywhere
def test_row_1_an_import_of_old_days_against_their_sealing(system: System, tmp_path: Path) -> None:
    """Passes when no sum misses what was imported while its day was sealed, or has it twice."""
    days = OPTIONS.pick(10, 40)
    import_days(system, tmp_path, days)
    seal_all(system)
    for _ in range(OPTIONS.pick(1, 4)):
        importing = start(system, *write_days(tmp_path, days, invoices=20))
        runs = 0
        while importing.poll() is None:
            start(system, "seal_days").wait()
            runs += 1
        assert importing.returncode == 0
        system.counts["days sealed while they were imported"] += runs
    check_sums(system)
    seal_all(system)
    system.check_money()


def write_days(directory: Path, days: int, invoices: int = 3) -> list[str]:
    """Writes a file with invoices of the last days. Returns the command that imports it."""
    run = next(unique)
    path = directory / f"{run}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(days * invoices):
            day = LAST - datetime.timedelta(days=number % days)
            for sku in random.sample(range(50), random.randint(1, 6)):
                price = f"{random.randint(50, 2000) / 100:.2f}"
                row = [700_000 + run * 10_000 + number, f"I{sku}", f"Imported {sku}", random.randint(1, 9)]
                writer.writerow([*row, f"{day} 10:00:00", price, 1000 + number % 9, "UK"])
    return ["import_orders", str(path), "--rejects", str(directory / "rejects.csv")]


def import_days(system: System, directory: Path, days: int) -> None:
    assert start(system, *write_days(directory, days)).wait() == 0
    assert system.database.rows(UNSEALED)


def start(system: System, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=system.server.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for_a_sealed_day(system: System, process: subprocess.Popen[bytes]) -> bool:
    """Waits until the process has sealed a day. Returns whether it is still running."""
    before = len(system.database.rows(UNSEALED))
    while process.poll() is None:
        if len(system.database.rows(UNSEALED)) < before:
            time.sleep(random.uniform(0, 0.05))
            return process.poll() is None
        time.sleep(0.005)
    return False


def check_sums(system: System) -> None:
    """Expects that the sums of each sealed day are those of its facts."""
    assert [failure for failure in system.list_failures() if failure.startswith("A13")] == []


def seal_all(system: System) -> None:
    """Expects that one run without faults seals all days that are left."""
    system.settle()
    assert start(system, "seal_days").wait() == 0
    assert system.database.rows(UNSEALED) == []
