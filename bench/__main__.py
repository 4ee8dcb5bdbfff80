"""Runs the bench: `python -m bench`, at the scale that SCALE says (full or small)."""

import argparse
import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bench import (
    compare_trees,
    database,
    desk,
    distant_database,
    imports,
    lists,
    memory,
    orders,
    pages,
    reports,
    results,
    scale,
    search,
    starts,
    tricks,
    workers,
)
from bench.results import Findings
from bench.setup import VAR, Setup
from testing import ROOT

PARTS: dict[str, Callable[[Setup], Findings]] = {
    "orders": orders.measure,
    "lists": lists.measure,
    "distant": distant_database.measure,
    "desk": desk.measure,
    "pages": pages.measure,
    "search": search.measure,
    "reports": reports.measure,
    "import": imports.measure,
    "memory": memory.measure,
    "starts": starts.measure,
    "workers": workers.measure,
}
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Measures, prints, and writes RESULTS.md after a run of all parts; the exit code judges nothing."""
    wanted = _arguments()
    chosen = scale.chosen()
    signal.signal(signal.SIGTERM, _exit)  # so that what was started is stopped
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Another bench is running: two would measure each other.") from None
        if wanted.fresh:
            for path in VAR.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
        with database.run_database(VAR / "pg") as postgres:
            setup = Setup(postgres, chosen)
            if wanted.against:
                table = compare_trees.measure(setup, wanted.against.resolve(), wanted.after.resolve())
                print(table.markdown())
                return 0
            if wanted.tricks:
                tricks.measure(setup)
                return 0
            return _measure(setup, wanted.only)


def _measure(setup: Setup, only: list[str]) -> int:
    began, load = time.monotonic(), os.getloadavg()[0]
    findings: list[Findings] = []
    for name in only:
        part = time.monotonic()
        part_findings = PARTS[name](setup)
        findings.append(part_findings)
        print("\n".join(table.markdown() for table in part_findings.tables))
        print(f"({name}: {time.monotonic() - part:.0f} s)\n", flush=True)
    print(results.bars_table([bar for part_findings in findings for bar in part_findings.bars]).markdown())
    if list(only) == list(PARTS):
        run = results.Run(setup.scale, setup.postgres.version(), time.monotonic() - began, load)
        RESULTS.write_text(results.results(findings, run))
        print(f"Written to bench/{RESULTS.name}.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only", type=_parts, default=list(PARTS), metavar="PART,…", help=f"some of {', '.join(PARTS)}"
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="TREE",
        help="only orders, by turns with shop as it is in another folder",
    )
    parser.add_argument(
        "--after",
        type=Path,
        default=ROOT,
        metavar="TREE",
        help="what to compare with it, if not this folder",
    )
    parser.add_argument("--tricks", action="store_true", help="only shop with and without each of its tricks")
    parser.add_argument("--fresh", action="store_true", help="forget the big data of an earlier run")
    return parser.parse_args()


def _parts(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(unknown)}")
    return names


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
