"""Every write of an import: orders that were made elsewhere, with their products and customers.

An imported order is history: it is placed, has its own date and takes nothing from stock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shop.customers.models import Customer
from shop.db.idempotency import Once
from shop.db.models import IdempotencyKey
from shop.db.transactions import retried_transaction
from shop.files.retail_invoices import Invoice
from shop.files.retail_rows import Line
from shop.orders.models import Order, OrderEvent, OrderLine
from shop.orders.past_days import note_changed_days
from shop.orders.pricing import sell_line_without_tax, sell_without_tax
from shop.products.models import Product, ProductTerm
from shop.search.terms import write_terms
from shop.search.text import make_sort_key
from shop.staff.changes import STAMP_FIELDS, make_stamp, stamp_change


@dataclass
class ImportResult:
    """What a batch added, and what it did not: `already_stored` are in the database with the same lines,
    `with_other_lines` are there under the same number with other ones.
    """

    orders: int = 0
    lines: int = 0
    products: int = 0
    customers: int = 0
    value: Decimal = Decimal(0)
    already_stored: list[Invoice] = field(default_factory=list)
    with_other_lines: list[Invoice] = field(default_factory=list)


@retried_transaction
def import_invoices(*, invoices: Sequence[Invoice]) -> ImportResult:
    """Stores each invoice as a placed order, unless its number is stored already. Numbers must differ.

    The number of statements does not grow with the batch, except where the database limits their size.
    """
    result = ImportResult()
    onces = {invoice.number: _make_once(invoice) for invoice in invoices}
    fresh = _find_new_invoices(invoices, onces, result)
    if not fresh:
        return result
    products = _BatchProducts(fresh)
    customers = _get_or_make_customers(fresh, result)
    orders = Order.objects.bulk_create(_build_order(invoice, customers) for invoice in fresh)
    lines = [
        line
        for order, invoice in zip(orders, fresh, strict=True)
        for line in products.build_lines(invoice, order)
    ]
    note_changed_days(order.business_day for order in orders)
    products.store()
    OrderLine.objects.bulk_create(lines)
    OrderEvent.objects.bulk_create(_build_event(*pair) for pair in zip(orders, fresh, strict=True))
    _store_keys(orders, onces)
    result.orders, result.lines, result.products = len(orders), len(lines), len(products.new)
    result.value = sum((order.subtotal for order in orders), Decimal(0))
    return result


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
    invoices: Iterable[Invoice], onces: dict[str, Once], result: ImportResult
) -> list[Invoice]:
    """Returns the invoices whose number is not stored yet; adds the others to `result`."""
    stored = dict(Order.objects.filter(external_number__in=list(onces)).values_list("external_number", "pk"))
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


def _store_keys(orders: Iterable[Order], onces: dict[str, Once]) -> None:
    """Stores the fingerprints; replaces one whose order was deleted."""
    IdempotencyKey.objects.bulk_create(
        (
            IdempotencyKey(key=once.key, payload_hash=once.payload_hash, object_id=order.pk)
            for order in orders
            for once in [onces[order.external_number or ""]]
        ),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["payload_hash", "object_id", "created_at"],
    )


def _get_or_make_customers(invoices: Iterable[Invoice], result: ImportResult) -> dict[str, Customer]:
    """Returns the invoices' customers by their number; makes those that do not exist."""
    first_seen = {i.customer: i.dated_at for i in invoices if i.customer}
    known = Customer.objects.filter(external_number__in=list(first_seen))
    customers = {customer.external_number or "": customer for customer in known}
    new = [
        Customer(
            name=(name := f"Customer {number}"),
            name_key=make_sort_key(name),
            external_number=number,
            created_at=dated_at,
            **make_stamp(None),
        )
        for number, dated_at in first_seen.items()
        if number not in customers
    ]
    Customer.objects.bulk_create(new)
    write_terms(new)
    result.customers = len(new)
    return customers | {customer.external_number or "": customer for customer in new}


def _build_order(invoice: Invoice, customers: dict[str, Customer]) -> Order:
    order = Order(
        external_number=invoice.number,
        status=Order.Status.PLACED,
        customer=customers.get(invoice.customer),
        subtotal=invoice.total,
        dated_at=invoice.dated_at,
        placed_at=invoice.dated_at,
        **make_stamp(None),
    )
    sell_without_tax(order)
    return order


def _build_event(order: Order, invoice: Invoice) -> OrderEvent:
    first = invoice.lines[0]
    parameters = {"invoice": invoice.number, "country": first.country, "file": first.source.file}
    return OrderEvent(order=order, kind=OrderEvent.Kind.IMPORTED, parameters=parameters)


class _BatchProducts:
    """The products of a batch. They take the name and the price of their latest row.

    The latest row has the latest InvoiceDate; of two rows with the same date it is the one read last.
    A row that is older than `priced_at` changes nothing, because files may come in any order and must not
    undo what staff typed today. A row without a description does not change the name.
    """

    def __init__(self, invoices: Sequence[Invoice]) -> None:
        skus = {line.sku for invoice in invoices for line in invoice.lines}
        shelved = Product.objects.select_for_update().order_by("pk").filter(sku__in=skus)
        self.products = {product.sku: product for product in shelved}
        self.new: list[Product] = []
        self._before = {sku: (p.name, p.unit_price, p.priced_at) for sku, p in self.products.items()}

    def build_lines(self, invoice: Invoice, order: Order) -> list[OrderLine]:
        """Returns the order's lines, each with the name and price of its row."""
        order_lines = []
        for position, line in enumerate(invoice.lines, start=1):
            product = self._update_product(line)
            order_line = OrderLine(
                order=order,
                product=product,
                position=position,
                name=line.description or product.name,
                quantity=line.quantity,
                unit_price=line.unit_price,
            )
            sell_line_without_tax(order_line)
            order_lines.append(order_line)
        return order_lines

    def _update_product(self, line: Line) -> Product:
        product = self.products.get(line.sku)
        if product is None:
            product = Product(sku=line.sku, name=line.sku, created_at=line.dated_at, **make_stamp(None))
            product.priced_at = line.dated_at
            self.products[line.sku] = product
            self.new.append(product)
        is_latest = line.dated_at >= product.priced_at
        if is_latest:
            product.priced_at, product.unit_price = line.dated_at, line.unit_price
        if line.description and (is_latest or product.name == product.sku):
            product.name = line.description
        return product

    def store(self) -> None:
        """Stores new and changed products, but not their stock."""
        changed, renamed = [], []
        for sku, (name, unit_price, priced_at) in self._before.items():
            product = self.products[sku]
            if (product.name, product.unit_price) != (name, unit_price):
                stamp_change(product, None)
            if (product.name, product.unit_price, product.priced_at) != (name, unit_price, priced_at):
                changed.append(product)
            if product.name != name:
                renamed.append(product)
        for product in (*self.new, *renamed):
            product.name_key = make_sort_key(product.name)
        Product.objects.bulk_create(self.new)
        # An upsert of existing rows is five times as fast as bulk_update.
        Product.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["name", "name_key", "unit_price", "priced_at", *STAMP_FIELDS],
        )
        ProductTerm.objects.filter(product__in=renamed).delete()
        write_terms([*self.new, *renamed])
