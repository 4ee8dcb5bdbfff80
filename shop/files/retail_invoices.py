"""Gathers the rows of a file into invoices, and invoices into batches of bounded size."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from shop.files.retail_rows import Reason, Reject, RetailLine, is_credit_note
from shop.money.amounts import MAX_AMOUNT

#: Rows of a batch, which is one transaction: short enough that clerks are not held up.
BATCH_ROWS = 1000
#: Most lines of one invoice, which has to fit into the memory and into one transaction.
MAX_INVOICE_LINES = 10_000


@dataclass(slots=True)
class Invoice:
    """Lines that follow each other under one number. The date of the first line is the invoice's date.

    A credit note is one too; its lines were given back.
    """

    number: str
    lines: list[RetailLine] = field(default_factory=list)
    customer: str = ""
    total: Decimal = Decimal(0)

    @property
    def dated_at(self) -> datetime:
        return self.lines[0].dated_at

    @property
    def is_credit_note(self) -> bool:
        return is_credit_note(self.number)

    def add(self, line: RetailLine) -> Reject | None:
        """Adds a line. Returns a Reject when the line cannot be on this invoice."""
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
    """Whole invoices with different numbers, and rejected rows. `rows` counts the rows that were read."""

    rows: int = 0
    size: int = 0
    invoices: dict[str, Invoice] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def add_reject(self, reject: Reject) -> None:
        self.rejects.append(reject)
        self.size += 1

    def add_invoice(self, invoice: Invoice) -> None:
        """Adds a complete invoice; ignores one without lines."""
        if invoice.lines:
            self.invoices[invoice.number] = invoice
            self.size += len(invoice.lines)


def make_batches(rows: Iterable[RetailLine | Reject]) -> Iterator[Batch]:
    """Groups the rows of one file into batches.

    A rejected row does not end an invoice, and neither does a row of a credit note. A number that comes again
    after another one makes an invoice in a later batch, where the import finds the number stored already.
    """
    batch, unfinished = Batch(), {False: Invoice(""), True: Invoice("")}
    for row in rows:
        batch.rows += 1
        if isinstance(row, Reject):
            batch.add_reject(row)
        else:
            invoice = unfinished[is_credit_note(row.invoice)]
            if row.invoice != invoice.number:
                if invoice.number in batch.invoices:
                    yield batch
                    batch = Batch()
                batch.add_invoice(invoice)
                invoice = unfinished[is_credit_note(row.invoice)] = Invoice(row.invoice)
            if reject := invoice.add(row):
                batch.add_reject(reject)
        if batch.size >= BATCH_ROWS:
            yield batch
            batch = Batch()
    for invoice in unfinished.values():
        if invoice.number in batch.invoices:
            yield batch
            batch = Batch()
        batch.add_invoice(invoice)
    yield batch
