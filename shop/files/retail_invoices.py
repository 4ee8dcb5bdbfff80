"""Gathers the rows of a file into invoices, and invoices into batches of bounded size."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from shop.files.retail_rows import Line, Reason, Reject
from shop.money.amounts import MAX_AMOUNT

#: Rows after which a batch is stored: one transaction, short enough for the desk to go on beside it.
BATCH_ROWS = 1000
#: Lines of one invoice, which is stored as a whole and so has to fit the memory and a transaction.
MAX_INVOICE_LINES = 10_000


@dataclass(slots=True)
class Invoice:
    """Lines that stand together under one number. Its date is that of its first line."""

    number: str
    lines: list[Line] = field(default_factory=list)
    customer: str = ""
    total: Decimal = Decimal(0)

    @property
    def dated_at(self) -> datetime:
        return self.lines[0].dated_at

    def add(self, line: Line) -> Reject | None:
        """Takes a line, or says why it cannot be on this invoice."""
        if line.customer and self.customer not in ("", line.customer):
            detail = f"Invoice {self.number} belongs to customer {self.customer}."
            return Reject(line.source, Reason.OTHER_CUSTOMER, detail)
        if len(self.lines) >= MAX_INVOICE_LINES:
            detail = f"Invoice {self.number} has {MAX_INVOICE_LINES} lines without this one."
            return Reject(line.source, Reason.INVOICE_TOO_LARGE, detail)
        if self.total + line.total > MAX_AMOUNT:
            detail = f"Invoice {self.number} would be worth more than {MAX_AMOUNT}."
            return Reject(line.source, Reason.INVOICE_TOO_LARGE, detail)
        self.lines.append(line)
        self.total += line.total
        self.customer = self.customer or line.customer
        return None


@dataclass(slots=True)
class Batch:
    """So many rows: whole invoices, each number once, and rejects. `rows` counts what was read."""

    rows: int = 0
    size: int = 0
    invoices: dict[str, Invoice] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def add_reject(self, reject: Reject) -> None:
        self.rejects.append(reject)
        self.size += 1

    def add_invoice(self, invoice: Invoice) -> None:
        """Takes an invoice that is complete; one without any line is none."""
        if invoice.lines:
            self.invoices[invoice.number] = invoice
            self.size += len(invoice.lines)


def make_batches(rows: Iterable[Line | Reject]) -> Iterator[Batch]:
    """Rows of one file as batches.

    Rejected rows do not end an invoice. A number that comes again after another invoice is
    an invoice of its own in a later batch, where the import finds the first one stored.
    """
    batch, invoice = Batch(), Invoice("")
    for row in rows:
        batch.rows += 1
        if isinstance(row, Reject):
            batch.add_reject(row)
        else:
            if row.invoice != invoice.number:
                if invoice.number in batch.invoices:
                    yield batch
                    batch = Batch()
                batch.add_invoice(invoice)
                invoice = Invoice(row.invoice)
            if reject := invoice.add(row):
                batch.add_reject(reject)
        if batch.size >= BATCH_ROWS:
            yield batch
            batch = Batch()
    if invoice.number in batch.invoices:
        yield batch
        batch = Batch()
    batch.add_invoice(invoice)
    yield batch
