"""Figures that tests measured, with their bars; printed at the end of the run."""

import pytest

_rows: list[tuple[str, str, str]] = []


def record(what: str, measured: str | float, bar: str) -> None:
    _rows.append((what, str(measured), bar))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, measured, bar in _rows:
        terminalreporter.write_line(f"{what}: {measured} (bar: {bar})")
