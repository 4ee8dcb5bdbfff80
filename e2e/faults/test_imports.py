"""An import that is killed again and again, and started again."""

import csv
import random
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from e2e.faults import load
from e2e.faults.books import Books
from e2e.faults.options import OPTIONS
from e2e.faults.system import System, unique
from testing import ROOT
from testing.faulty_proxy import Fault

HEADER = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]


@pytest.mark.everywhere
def test_row_10_an_import_killed_at_random_points(system: System, tmp_path: Path) -> None:
    """Passes when after the last run every invoice is there once, whole."""
    file = tmp_path / "orders.csv"
    wanted = _write(file, invoices=OPTIONS.pick(250, 1200))
    with load.running(system, clerks=1, programs=1):
        for _ in range(OPTIONS.pick(2, 8)):
            if system.has_proxy:
                system.postgres.proxy.arm(random.choice([Fault.LOSE_REPLY, Fault.LOSE_REQUEST, Fault.CUT]))
            if _run(system, file, tmp_path, kill_after=random.uniform(1.0, 5.0)) == 0:
                break
            system.counts["import killed"] += 1
    for _ in range(3):
        if _run(system, file, tmp_path) == 0:
            break
    assert _stored(system, wanted) == wanted
    system.check()


def _write(path: Path, invoices: int) -> dict[str, tuple[int, Decimal]]:
    """Makes a file; gives each invoice's count of pieces and its amount."""
    run = next(unique)
    wanted: dict[str, tuple[int, Decimal]] = {}
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(invoices):
            invoice = str(700_000 + run * 10_000 + number)
            pieces, amount = 0, Decimal(0)
            for sku in random.sample(range(400), random.randint(1, 20)):
                quantity, price = random.randint(1, 9), Decimal(random.randint(50, 2000)) / 100
                date = f"2011-0{1 + number % 9}-1{number % 10} 10:00:00"
                row = [invoice, f"I{sku}", f"Imported {sku}", quantity, date, price, 1000 + number % 50, "UK"]
                writer.writerow(row)
                pieces, amount = pieces + quantity, amount + quantity * price
            wanted[invoice] = pieces, amount
    return wanted


def _run(system: System, file: Path, tmp_path: Path, kill_after: float | None = None) -> int:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_orders", str(file), "--rejects", str(tmp_path / "rejects.csv")],
        cwd=ROOT,
        env=system.server.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(timeout=kill_after)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _stored(system: System, wanted: dict[str, tuple[int, Decimal]]) -> dict[str, tuple[int, Decimal]]:
    system.settle()
    orders = [order for order in Books(system.database).orders.values() if order.imported in wanted]
    assert all(count == 1 for count in Counter(order.imported for order in orders).values())
    return {str(order.imported): (sum(order.lines.values()), order.subtotal) for order in orders}
