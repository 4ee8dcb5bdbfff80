"""A pytest plugin that ends a run with a table of the bars and the figures that were measured.

A bar is an aim with a figure, such as "at most 30 KB". A test calls `record` before it asserts, so
that a bar that is missed is in the table too. Rows go with the reports of the tests, which also come from
other processes of the run.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

#: What a row may begin with, up to its colon. The table has this order.
SUBJECTS = (
    "keys",
    "axe",
    "weight",
    "requests",
    "layout shift",
    "focus",
    "said aloud",
    "JavaScript off",
    "errors",
    "late answer",
    "Back",
    "long work",
)
HEAD = ("what", "bar", "measured", "reached")
#: The figure of a bar begins so when shop has nothing yet that could be measured.
ABSENT = "not built"


@dataclass
class Row:
    """One bar, reached if the tests that measured it passed."""

    what: str
    bar: str
    measured: str
    tests: set[str] = field(default_factory=set)

    @property
    def place(self) -> tuple[int, str]:
        subject = self.what.partition(":")[0]
        return SUBJECTS.index(subject), self.what

    @property
    def reached(self) -> str:
        if self.measured.startswith(ABSENT):
            return "–"
        return "NO" if self.tests & _failed else "yes"


#: The name of the rows among a report's properties.
PROPERTY = "bar"

_rows: dict[str, Row] = {}
_failed: set[str] = set()
#: What was recorded since the last report: what, bar and figure.
_recorded: list[tuple[str, str, str]] = []


def record(what: str, measured: str | float, bar: str) -> None:
    """Puts a figure into the table. The same `what` replaces it: then both tests have to pass."""
    assert what.partition(":")[0] in SUBJECTS, f"{what!r} begins with none of {SUBJECTS}"
    figure = f"{measured:g}" if isinstance(measured, float) else measured
    _recorded.append((what, bar, figure))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    report.user_properties += [(PROPERTY, row) for row in _recorded]
    _recorded.clear()
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed.add(report.nodeid)
    recorded: list[Any] = [value for name, value in report.user_properties if name == PROPERTY]
    for what, bar, figure in recorded:
        row = _rows.setdefault(what, Row(what, bar, figure))
        row.bar, row.measured = bar, figure
        row.tests.add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    known = {test for row in _rows.values() for test in row.tests}
    missing = sorted(test for test in _failed - known if "test_bars_" in test)
    if not _rows and not missing:
        return
    rows = [(row.what, row.bar, row.measured, row.reached) for row in sorted(_rows.values(), key=_place)]
    rows += [(test.rpartition("::")[2], "", "failed before it was measured", "NO") for test in missing]
    terminalreporter.section("The bars, as measured by this run")
    widths = [max(len(row[column]) for row in (HEAD, *rows)) for column in range(len(HEAD))]
    for row in (HEAD, tuple("-" * width for width in widths), *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line(line.rstrip(), red=row[-1] == "NO")


def _place(row: Row) -> tuple[int, str]:
    return row.place
