"""The products and customers of a batch of invoices: found by their numbers, or made."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from shop.customers.models import Customer
from shop.db.rows import update_rows
from shop.files.retail_invoices import Invoice
from shop.files.retail_rows import RetailLine
from shop.orders.models import Order, OrderLine
from shop.orders.pricing import set_line_figures_without_tax
from shop.orders.queries import FIRST_DAY
from shop.products.models import Product, ProductTerm
from shop.search.terms import write_terms
from shop.search.text import make_sort_key
from shop.staff.changes import STAMP_FIELDS, make_stamp, stamp_change

#: The `priced_at` of a product that only credit notes name: any row of a sale knows its price better.
NEVER_SOLD = datetime(FIRST_DAY.year, 1, 1, tzinfo=UTC)


class BatchCustomers:
    """The customers of a batch, by their number."""

    def __init__(self, invoices: Iterable[Invoice]) -> None:
        first_seen: dict[str, datetime] = {}
        for invoice in invoices:
            if invoice.customer:
                first_seen.setdefault(invoice.customer, invoice.dated_at)
        known = Customer.objects.filter(external_number__in=list(first_seen))
        self.customers = {customer.external_number or "": customer for customer in known}
        self.new = {
            number: Customer(
                name=(name := f"Customer {number}"),
                name_key=make_sort_key(name),
                external_number=number,
                created_at=dated_at,
                **make_stamp(None),
            )
            for number, dated_at in first_seen.items()
            if number not in self.customers
        }

    def store(self) -> None:
        """Stores the new customers."""
        Customer.objects.bulk_create(self.new.values())
        write_terms(list(self.new.values()))

    def get(self, number: str) -> Customer | None:
        """Returns the customer with this number; None for none."""
        return self.new.get(number) or self.customers.get(number)


class BatchProducts:
    """The products of a batch. They take the name and the price of their latest row.

    The latest row has the latest InvoiceDate; of two rows with the same date it is the one read last.
    A row that is older than `priced_at` changes nothing, because files may come in any order and must not
    undo what staff typed today. A row without a description does not change the name. A credit note makes
    the products that it names and do not exist; it changes none, because its prices are those of old sales.
    """

    def __init__(self, invoices: Sequence[Invoice]) -> None:
        skus = {line.sku for invoice in invoices for line in invoice.lines}
        known = Product.objects.select_for_update().order_by("pk").filter(sku__in=skus)
        self.products = {product.sku: product for product in known}
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
            set_line_figures_without_tax(order_line)
            order_lines.append(order_line)
        return order_lines

    def get_or_make(self, line: RetailLine) -> Product:
        """Returns the product of a line; makes one with the line's name and price if there is none."""
        product = self.products.get(line.sku)
        if product is None:
            product = Product(
                sku=line.sku,
                name=line.description or line.sku,
                unit_price=line.unit_price,
                priced_at=NEVER_SOLD,
                created_at=line.dated_at,
                **make_stamp(None),
            )
            self.products[line.sku] = product
            self.new.append(product)
        return product

    def _update_product(self, line: RetailLine) -> Product:
        product = self.get_or_make(line)
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
        update_rows(changed, ["name", "name_key", "unit_price", "priced_at", *STAMP_FIELDS])
        ProductTerm.objects.filter(product__in=renamed).delete()
        write_terms([*self.new, *renamed])
