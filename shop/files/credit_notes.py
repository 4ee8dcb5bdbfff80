"""Credit notes from elsewhere: returns without an order, on their own date, that move no stock."""

from decimal import Decimal

from django.utils import timezone

from shop.files.batch_rows import BatchCustomers, BatchProducts
from shop.files.retail_invoices import Invoice
from shop.files.retail_rows import RetailLine
from shop.products.models import Product
from shop.returns.models import Return, ReturnLine

REASON = "credit note"


def build_return(note: Invoice, customers: BatchCustomers) -> Return:
    """Returns a credit note as a return, without tax, since its file names none. Stores nothing."""
    return Return(
        kind=Return.Kind.GOODS,
        reason=REASON,
        external_number=note.number,
        customer=customers.get(note.customer),
        gross=note.total,
        net=note.total,
        tax=Decimal(0),
        business_day=timezone.localdate(note.dated_at),
        created_at=note.dated_at,
    )


def build_return_lines(made: Return, note: Invoice, products: BatchProducts) -> list[ReturnLine]:
    """Returns the lines of a credit note; makes the products that are missing. Stores nothing."""
    return [
        _build_line(made, position, line, products.get_or_make(line))
        for position, line in enumerate(note.lines, start=1)
    ]


def _build_line(made: Return, position: int, line: RetailLine, product: Product) -> ReturnLine:
    return ReturnLine(
        of_return=made,
        product=product,
        position=position,
        name=line.description or product.name,
        quantity=line.quantity,
        gross=line.total,
        net=line.total,
        tax=Decimal(0),
    )
