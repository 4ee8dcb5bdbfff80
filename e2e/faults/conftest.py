"""The system under test on each engine, and its figures when all its tests are over."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.faults import cockroach, report
from e2e.faults.databases import COCKROACHDB, SQLITE
from e2e.faults.options import KEPT, OPTIONS
from e2e.faults.system import System, run_system

#: How many tests passed, failed or were skipped, by engine.
_tests: dict[str, Counter[str]] = {}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "everywhere: in the short form too, on every engine")
    config.addinivalue_line("markers", "full: not in the short form")
    config.addinivalue_line("markers", "server: breaks a PostgreSQL server or the way to it")
    config.addinivalue_line("markers", "cluster: for a cluster of CockroachDB")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what an engine cannot have done to it, and in the short form what others show as well."""
    left_out = [item for item in items if "system" in getattr(item, "fixturenames", ()) and not _fits(item)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def _fits(item: pytest.Item) -> bool:
    engine, marks = _engine(item.nodeid), {mark.name for mark in item.iter_markers()}
    if engine == COCKROACHDB or "cluster" in marks:
        return engine == COCKROACHDB and "server" not in marks
    if "server" in marks and engine == SQLITE:
        return False
    return OPTIONS.full or "everywhere" in marks or (engine == "postgresql" and "full" not in marks)


def _engine(nodeid: str) -> str:
    return next((engine for engine in OPTIONS.engines if f"[{engine}" in nodeid), "")


@pytest.fixture(scope="session", params=OPTIONS.engines)
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    if request.param == COCKROACHDB and (why := cockroach.why_skipped()):
        pytest.skip(f"skipped: {why}")
    kept = KEPT / request.param / os.environ.get("PYTEST_XDIST_WORKER", "")
    shared = os.environ.get("FAULTS_SHARED") or tmp_path_factory.getbasetemp()
    with run_system(request.param, kept, Path(shared)) as running:
        yield running
        report.compute_result(running, _tests.get(running.engine, Counter())).save(kept)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" or report.outcome != "passed":
        _tests.setdefault(_engine(report.nodeid), Counter())[report.outcome] += 1
