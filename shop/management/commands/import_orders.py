"""`manage.py import_orders`: real orders and credit notes from CSV files."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from shop.db.errors import Busy
from shop.files import retail_csv
from shop.files.imports import ImportResult, import_invoices
from shop.files.retail_invoices import Batch, Invoice, make_batches
from shop.files.retail_rows import Reason, Reject, RetailLine
from shop.web.csv_files import CsvWriter, escape_formula
from shop.web.wording import word_error

KEPT = "What was imported so far is kept: run the same command again and it goes on from there."


class Rejects:
    """The CSV file of rows that were not imported, with file, line number, reason and the row."""

    def __init__(self, file: TextIO) -> None:
        # Bytes that are not UTF-8 are written as they were read.
        self._writer = CsvWriter(file)
        self._writer.write(["file", "line", "reason", "detail", "row"])
        self.count = 0

    def write(self, rejects: Iterable[Reject]) -> None:
        for reject in rejects:
            source = reject.source
            cells = [
                escape_formula(text) for text in (source.file, reject.reason, reject.detail, source.text)
            ]
            self._writer.write([cells[0], source.line, *cells[1:]])
            self.count += 1


@dataclass
class Totals:
    """The figures of a run. `rows` is the sum of `lines`, `credit_lines` and all `skipped` rows.

    `products` and `customers` stand on an order of the run; the `credited` ones, by their number, on credit
    notes only.
    """

    rows: int = 0
    orders: int = 0
    lines: int = 0
    products: int = 0
    customers: int = 0
    value: Decimal = Decimal("0.00")
    credit_notes: int = 0
    credit_lines: int = 0
    credit_value: Decimal = Decimal("0.00")
    credited_products: set[str] = field(default_factory=set)
    credited_customers: set[str] = field(default_factory=set)
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, imported: ImportResult) -> None:
        self.orders += imported.orders
        self.lines += imported.lines
        self.value += imported.value
        self.credit_notes += imported.credit_notes
        self.credit_lines += imported.credit_lines
        self.credit_value += imported.credit_value
        # A product of a credit note may be sold by a later batch. Then it counts as one of the orders.
        self.credited_products |= imported.new_products
        self.products += len(self.credited_products & imported.sold_products)
        self.credited_products -= imported.sold_products
        self.credited_customers |= imported.new_customers
        self.customers += len(self.credited_customers & imported.buying_customers)
        self.credited_customers -= imported.buying_customers

    def as_json(self) -> str:
        """Returns one line of JSON, in which amounts are strings with exactly two decimals."""
        figures = {
            "value": f"{self.value:.2f}",
            "credit_value": f"{self.credit_value:.2f}",
            "credit_products": len(self.credited_products),
            "credit_customers": len(self.credited_customers),
            "skipped": dict(self.skipped),
        }
        plain = {name: value for name, value in vars(self).items() if not name.startswith("credited")}
        return json.dumps(plain | figures)


class Command(BaseCommand):
    help = (
        "Imports orders and credit notes from CSV files in the format of the Online Retail data set. "
        "The same file again adds nothing; a run that was interrupted is started again and goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON, as the last line")
        parser.add_argument(
            "--rejects",
            type=Path,
            metavar="PATH",
            help="where rows that were not imported are written (var/rejects-<time>.csv)",
        )

    def handle(self, *, files: list[Path], json: bool, rejects: Path | None, **options: Any) -> None:
        check_files(files)
        path = rejects or settings.VAR_DIR / f"rejects-{timezone.localtime():%Y%m%d-%H%M%S-%f}.csv"
        totals = Totals()
        try:
            with open_rejects(path, files) as written:
                for file in files:
                    for batch in read_with_progress(file):
                        store_batch(batch, totals, written)
        except Busy as error:
            raise CommandError(f"{word_error(error)} {KEPT}") from error
        except (OSError, retail_csv.WrongFile) as error:
            raise CommandError(f"Stopped: {error}. {KEPT}") from error
        if not written.count and rejects is None:
            path.unlink()
        self._report(totals, path if written.count else None)
        if json:
            self.stdout.write(totals.as_json())

    def _report(self, totals: Totals, rejects: Path | None) -> None:
        self.stdout.write(
            f"{totals.rows:,} rows read. Imported: {totals.orders:,} orders with {totals.lines:,} lines, "
            f"worth {totals.value:,.2f}. New: {totals.products:,} products, {totals.customers:,} customers."
        )
        if totals.credit_notes:
            self.stdout.write(
                f"  And {totals.credit_notes:,} credit notes with {totals.credit_lines:,} lines, worth "
                f"{totals.credit_value:,.2f}. New by them alone: {len(totals.credited_products):,} products, "
                f"{len(totals.credited_customers):,} customers."
            )
        for reason, count in sorted(totals.skipped.items()):
            self.stdout.write(f"  {count:,} rows skipped: {reason.replace('_', ' ')}")
        if rejects:
            self.stdout.write(f"Each of them (except those imported already) is in {rejects}.")


def check_files(files: Iterable[Path]) -> None:
    """Raises CommandError for a file that cannot be read or has another format, before anything is stored."""
    for file in files:
        if not file.is_file():
            raise CommandError(f"There is no file {file}. Nothing was imported.")
        try:
            retail_csv.check_header(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}. Nothing was imported.") from error
        except retail_csv.WrongFile as error:
            raise CommandError(str(error)) from error


@contextmanager
def open_rejects(path: Path, files: Iterable[Path]) -> Iterator[Rejects]:
    """Opens the rejects file, empty. Raises CommandError when it is one of the files to import."""
    if path.exists() and any(path.samefile(file) for file in files):
        raise CommandError(f"{path} is one of the files to import: give another path for the rejects.")
    try:
        path.touch()
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}. Nothing was imported.") from error
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        yield Rejects(file)


def read_with_progress(file: Path) -> Iterator[Batch]:
    """Yields the batches of a file. On a terminal it shows a bar that counts bytes."""
    hidden = not sys.stderr.isatty()
    with tqdm(total=file.stat().st_size, desc=file.name, unit="B", unit_scale=True, disable=hidden) as bar:

        def read_and_count() -> Iterator[RetailLine | Reject]:
            for row in retail_csv.read_rows(file):
                yield row
                bar.update(len(row.source.text) + 1)

        yield from make_batches(read_and_count())


def store_batch(batch: Batch, totals: Totals, rejects: Rejects) -> None:
    """Imports a batch, adds its figures to `totals` and writes the rejected rows."""
    imported = import_invoices(invoices=list(batch.invoices.values())) if batch.invoices else ImportResult()
    refused = [*batch.rejects, *reject_changed_invoices(imported.with_other_lines)]
    rejects.write(refused)
    totals.rows += batch.rows
    totals.add(imported)
    totals.skipped.update(str(reject.reason) for reject in refused)
    repeated = sum(len(invoice.lines) for invoice in imported.already_stored)
    if repeated:
        totals.skipped[str(Reason.ALREADY_IMPORTED)] += repeated


def reject_changed_invoices(invoices: Iterable[Invoice]) -> Iterator[Reject]:
    """Yields a Reject for each line of invoices whose number is stored with other lines."""
    for invoice in invoices:
        for line in invoice.lines:
            detail = f"Invoice {invoice.number} is stored already, with other lines; this one was not added."
            yield Reject(line.source, Reason.INVOICE_CONTINUED, detail)
