"""Importing real orders into SQLite: how fast, and whether more files want more memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.results import Bar, Findings, Table
from bench.servers import MeasuredServer
from bench.setup import Setup
from testing import ROOT

RATE, GROWTH = 5_000, 1.2


@dataclass(frozen=True)
class Run:
    """One import into an empty database: seconds from start to exit, the peak of memory in MiB."""

    seconds: float
    peak: float
    lines: int
    orders: int
    rows: int


def folder() -> Path | None:
    """Where the files of real orders are: RETAIL_DATA, or beside the project."""
    named = os.environ.get("RETAIL_DATA")
    directory = Path(named) if named else ROOT.parent / "shared" / "data" / "online-retail"
    return directory if any(directory.glob("*.csv")) else None


def measure(setup: Setup) -> Findings:
    """The first file, then all of them, each into an empty database."""
    data = folder()
    wanted = f"≥ {RATE:,} lines/s", f"≤ {GROWTH}×"
    whats = "import on SQLite", "import's peak of memory, all files for one"
    if data is None:
        bars = [Bar(what, bar, "skipped: no data", None) for what, bar in zip(whats, wanted, strict=True)]
        return Findings([], bars)
    files = sorted(data.glob("*.csv"))
    few, many = [], []
    for _ in range(setup.scale.import_rounds):
        few.append(_run(files[:1]))
        many.append(_run(files))
    rate = median(run.lines / run.seconds for run in many)
    growth = median(run.peak for run in many) / median(run.peak for run in few)
    table = Table(
        "Import of real orders, SQLite",
        ["files", "rows", "orders", "lines", "seconds", "lines/s", "peak MiB"],
    )
    table.rows = [_row("1", few), _row(str(len(files)), many)]
    table.notes = [
        f"`manage.py import_orders` into an empty database, the median of {setup.scale.import_rounds}.",
        "The whole process, from its start to its end. Peak: its largest resident set.",
    ]
    bars = [
        Bar(f"{whats[0]}, {len(files)} files", wanted[0], f"{rate:,.0f} lines/s", rate >= RATE),
        Bar(whats[1], wanted[1], f"{growth:.2f}×", growth <= GROWTH),
    ]
    return Findings([table], bars)


def _row(files: str, runs: list[Run]) -> list[str]:
    seconds, peak = median(run.seconds for run in runs), median(run.peak for run in runs)
    first = runs[0]
    return [
        files,
        f"{first.rows:,}",
        f"{first.orders:,}",
        f"{first.lines:,}",
        f"{seconds:.1f}",
        f"{median(run.lines / run.seconds for run in runs):,.0f}",
        f"{peak:.0f}",
    ]


def _run(files: list[Path]) -> Run:
    with tempfile.TemporaryDirectory(prefix="shop-bench-") as var:
        server = MeasuredServer("shop", Path(var))
        server.manage("migrate", "--verbosity=0")
        arguments = [
            "manage.py",
            "import_orders",
            "--json",
            "--rejects",
            f"{var}/rejects.csv",
            *map(str, files),
        ]
        began = time.perf_counter()
        with (Path(var) / "said").open("w+") as said:
            child = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=server.environment, stdout=said, stderr=said
            )
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.perf_counter() - began
            said.seek(0)
            text = said.read()
        if child.returncode:
            raise RuntimeError(f"The import failed:\n{text[-2000:]}")
        totals = json.loads(text.splitlines()[-1])
        # Linux gives the largest resident set in KiB.
        return Run(seconds, used.ru_maxrss / 1024, totals["lines"], totals["orders"], totals["rows"])
