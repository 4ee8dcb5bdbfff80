"""Reads a report in one snapshot."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from shop.db.transactions import read_in_snapshot
from shop.reports.days import Days
from shop.reports.sums import Reader
from shop.reports.tables import Report, Table


@dataclass(frozen=True)
class Reading:
    """A report's table, that of the days before if it was asked for, and the time of the snapshot."""

    report: Report
    days: Days
    table: Table
    before: Table | None
    at: datetime.datetime


def read_report(report: Report, days: Days, *, limit: int | None = None, compare: bool = False) -> Reading:
    """Reads a report of some days: its first rows, or all without `limit`."""

    def read() -> Reading:
        at = timezone.localtime()
        table = report.read(Reader(days), limit)
        before = report.read(Reader(days.get_before()), limit) if compare and report.of_days else None
        return Reading(report, days, table, before, at)

    return read_in_snapshot(f"report {report.name}", read)
