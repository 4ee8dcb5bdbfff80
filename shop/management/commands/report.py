"""`manage.py report NAME`: prints a report, for programs."""

import csv
import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.db.errors import Busy, InvalidValue
from shop.management.arguments import read_day
from shop.reports.days import check_days
from shop.reports.definitions import REPORTS, get_report
from shop.reports.reading import read_report
from shop.reports.tables import write_cells, write_records
from shop.web.wording import word_error


class Command(BaseCommand):
    help = "Prints a report of some days. Amounts have two decimals; days are written as in 2026-11-26."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=REPORTS, metavar="NAME", help=", ".join(REPORTS))
        today = timezone.localdate()
        parser.add_argument("--first", type=read_day, default=today, metavar="DAY", help="(today)")
        parser.add_argument("--last", type=read_day, default=None, metavar="DAY", help="(the first one)")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *, name: str, first: datetime.date, last: datetime.date | None, **options: Any) -> None:
        """Raises CommandError."""
        try:
            report = get_report(name)
            reading = read_report(report, check_days(first, last or first))
        except (InvalidValue, Busy) as refusal:
            raise CommandError(word_error(refusal)) from None
        if options["format"] == "json":
            records = write_records(report, reading.table)
            self.stdout.write(json.dumps(records, ensure_ascii=False, indent=1))
            return
        # Only cells that need it are quoted: programs read this, and people with `cut`.
        writer = csv.writer(_Output(self.stdout))
        writer.writerow(column.name for column in report.columns)
        for line in reading.table.lines:
            writer.writerow(write_cells(report, line))


class _Output:
    """Takes the line break off each row, because the command's output adds one."""

    def __init__(self, stdout: Any) -> None:
        self._stdout = stdout

    def write(self, text: str) -> None:
        self._stdout.write(text.replace("\r\n", ""))
