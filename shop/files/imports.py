"""Every write of an import: orders and credit notes from elsewhere, with their products and customers.

An imported order is history: it is placed, has its own date and takes nothing from stock. A credit note is a
return without an order, because it does not say which one it corrects.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from shop.db.idempotency import Once
from shop.db.models import IdempotencyKey
from shop.db.transactions import retried_transaction
from shop.files.batch_rows import BatchCustomers, BatchProducts
from shop.files.credit_notes import build_return, build_return_lines
from shop.files.retail_invoices import Invoice
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.past_days import note_changed_days
from shop.orders.pricing import set_figures_without_tax
from shop.returns.models import Return, ReturnLine
from shop.staff.changes import make_stamp

RowT = TypeVar("RowT")


@dataclass
class ImportResult:
    """What a batch added, and what it did not: `already_stored` are in the database with the same lines,
    `with_other_lines` are there under the same number with other ones.

    `new_` are the SKUs and the customers' numbers that were made; `sold_products` and `buying_customers`
    those that the orders name.
    """

    orders: int = 0
    lines: int = 0
    value: Decimal = Decimal(0)
    credit_notes: int = 0
    credit_lines: int = 0
    credit_value: Decimal = Decimal(0)
    new_products: set[str] = field(default_factory=set)
    sold_products: set[str] = field(default_factory=set)
    new_customers: set[str] = field(default_factory=set)
    buying_customers: set[str] = field(default_factory=set)
    already_stored: list[Invoice] = field(default_factory=list)
    with_other_lines: list[Invoice] = field(default_factory=list)


@retried_transaction
def import_invoices(*, invoices: Sequence[Invoice]) -> ImportResult:
    """Stores each invoice as a placed order, and each credit note as a return, unless its number is stored.

    Numbers must differ. The number of statements does not grow with the batch, except where the database
    limits their size.
    """
    result = ImportResult()
    onces = {invoice.number: _make_once(invoice) for invoice in invoices}
    fresh = _find_new_invoices(invoices, onces, result)
    if not fresh:
        return result
    products, customers = BatchProducts(fresh), BatchCustomers(fresh)
    customers.store()
    sales = [invoice for invoice in fresh if not invoice.is_credit_note]
    notes = [invoice for invoice in fresh if invoice.is_credit_note]
    orders = Order.objects.bulk_create(_build_order(invoice, customers) for invoice in sales)
    returns = Return.objects.bulk_create(build_return(note, customers) for note in notes)
    # The orders first, which know the names and prices of products better.
    lines = _join(products.build_lines(*pair) for pair in zip(sales, orders, strict=True))
    return_lines = _join(build_return_lines(*pair, products) for pair in zip(returns, notes, strict=True))
    note_changed_days([*(order.business_day for order in orders), *(row.business_day for row in returns)])
    products.store()
    OrderLine.objects.bulk_create(lines)
    OrderEvent.objects.bulk_create(_build_event(*pair) for pair in zip(orders, sales, strict=True))
    ReturnLine.objects.bulk_create(return_lines)
    _store_keys([*orders, *returns], onces)
    _count_rows(result, sales, notes)
    result.new_products = {product.sku for product in products.new}
    result.new_customers = set(customers.new)
    return result


def _join(lists: Iterable[list[RowT]]) -> list[RowT]:
    return [row for rows in lists for row in rows]


def _count_rows(result: ImportResult, sales: Sequence[Invoice], notes: Sequence[Invoice]) -> None:
    """Writes the figures of what was stored."""
    result.orders, result.credit_notes = len(sales), len(notes)
    result.lines = sum(len(invoice.lines) for invoice in sales)
    result.credit_lines = sum(len(note.lines) for note in notes)
    result.value = sum((invoice.total for invoice in sales), Decimal(0))
    result.credit_value = sum((note.total for note in notes), Decimal(0))
    result.sold_products = {line.sku for invoice in sales for line in invoice.lines}
    result.buying_customers = {invoice.customer for invoice in sales}


def _make_once(invoice: Invoice) -> Once:
    """Returns a key and a fingerprint that are the same for the same invoice, in any order of its lines."""
    # The date as it is written in the file, because the setting of the shop's time zone may change.
    payload = sorted(
        [
            line.sku,
            line.description,
            line.quantity,
            str(line.unit_price),
            line.customer,
            f"{line.dated_at:%F %T}",
        ]
        for line in invoice.lines
    )
    once = Once.from_payload(
        invoice.number, operation="import", user_id=None, payload=payload, source="import"
    )
    assert once is not None  # there is a key
    return once


def _find_new_invoices(
    invoices: Sequence[Invoice], onces: dict[str, Once], result: ImportResult
) -> list[Invoice]:
    """Returns the invoices whose number is not stored yet; adds the others to `result`."""
    stored = dict(_find_stored(Order, [invoice for invoice in invoices if not invoice.is_credit_note]))
    stored |= dict(_find_stored(Return, [invoice for invoice in invoices if invoice.is_credit_note]))
    keys = IdempotencyKey.objects.in_bulk([once.key for once in onces.values()]) if stored else {}
    fresh = []
    for invoice in invoices:
        once = onces[invoice.number]
        known = keys.get(once.key)
        if invoice.number not in stored:
            fresh.append(invoice)
        elif known and (known.object_id, known.payload_hash) == (stored[invoice.number], once.payload_hash):
            result.already_stored.append(invoice)
        else:
            result.with_other_lines.append(invoice)
    return fresh


def _find_stored(model: type[Order | Return], invoices: Sequence[Invoice]) -> Iterable[tuple[str, int]]:
    """Returns pairs of a number and an id of the rows that are stored under the invoices' numbers."""
    if not invoices:
        return []
    numbers = [invoice.number for invoice in invoices]
    rows = model._default_manager.filter(external_number__in=numbers)
    return ((row.external_number or "", row.pk) for row in rows.only("external_number"))


def _store_keys(rows: Iterable[Order | Return], onces: dict[str, Once]) -> None:
    """Stores the fingerprints; replaces one whose order was deleted."""
    IdempotencyKey.objects.bulk_create(
        (
            IdempotencyKey(key=once.key, payload_hash=once.payload_hash, object_id=row.pk)
            for row in rows
            for once in [onces[row.external_number or ""]]
        ),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["payload_hash", "object_id", "created_at"],
    )


def _build_order(invoice: Invoice, customers: BatchCustomers) -> Order:
    order = Order(
        external_number=invoice.number,
        status=Order.Status.PLACED,
        customer=customers.get(invoice.customer),
        subtotal=invoice.total,
        dated_at=invoice.dated_at,
        placed_at=invoice.dated_at,
        **make_stamp(None),
    )
    set_figures_without_tax(order)
    return order


def _build_event(order: Order, invoice: Invoice) -> OrderEvent:
    first = invoice.lines[0]
    parameters = {"invoice": invoice.number, "country": first.country, "file": first.source.file}
    return OrderEvent(order=order, kind=OrderEvent.Kind.IMPORTED, parameters=parameters)
