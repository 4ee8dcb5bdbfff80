"""Runs the fault tests: `python -m e2e.faults`, or with `--short` in two or three minutes."""

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.faults import cockroach
from e2e.faults.databases import COCKROACHDB, ENGINES
from e2e.faults.options import KEPT
from e2e.faults.report import load, markdown
from testing import ROOT


def main() -> int:
    """The exit code is 1 when a promise was broken or a test failed."""
    wanted = _arguments()
    engines = wanted.engine or list(ENGINES)
    with TemporaryDirectory(prefix="faults-") as shared:
        codes = _run(engines, wanted, shared)
    results = [result for engine in engines if (result := load(KEPT / engine))]
    expected = [engine for engine in engines if engine != COCKROACHDB or not cockroach.why_skipped()]
    text = markdown(results, _command(), f"{datetime.now(UTC):%Y-%m-%d}")
    print(text)
    if wanted.report:
        wanted.report.write_text(text)
    return int(any(codes) or len(results) < len(expected) or not all(result.kept for result in results))


def _run(engines: list[str], wanted: argparse.Namespace, shared: str) -> list[int]:
    """Returns the exit codes of the tests on these engines: all at once in the short form."""
    if wanted.short:
        runs = [_begin(engine, wanted, shared) for engine in engines]
        return [run.wait() for run in runs]
    return [_begin(engine, wanted, shared).wait() for engine in engines]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m e2e.faults", description=__doc__)
    parser.add_argument(
        "--short", action="store_true", help="each fault once on PostgreSQL, a choice of them elsewhere"
    )
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only this one; may be repeated")
    parser.add_argument("--seconds", type=float, help="of random faults, on each engine (60; short: 8)")
    parser.add_argument("--report", type=Path, help="where the figures are written, as Markdown")
    parser.add_argument("-k", dest="matching", help="only tests that match, as in pytest")
    return parser.parse_args()


def _begin(engine: str, wanted: argparse.Namespace, shared: str) -> subprocess.Popen[bytes]:
    """All tests on one engine, in a process of their own."""
    for path in (KEPT / engine).rglob("result.json"):
        path.unlink()
    environment = os.environ | {
        "FAULTS_ENGINES": engine,
        "FAULTS_FULL": "" if wanted.short else "1",
        "FAULTS_SECONDS": str(wanted.seconds or ""),
        "FAULTS_SHARED": shared,
    }
    # Without Django and browsers: the server under test is another process, and so is the seed.
    command = [sys.executable, "-m", "pytest", "e2e/faults", "-p", "no:django", "-p", "no:playwright"]
    command += ["-W", "ignore::pytest.PytestConfigWarning", "--quiet", "--no-header", "--tb=short", "-rs"]
    if wanted.short and engine == "postgresql":
        # It has four times as many tests as the others. Each process has a system of its own.
        command += ["--numprocesses=3", "--dist=loadfile"]
    command += ["-k", wanted.matching] if wanted.matching else []
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _command() -> str:
    return " ".join(["python -m e2e.faults", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
