"""Creates and places an order in one step, for the JSON API and the demo data."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from shop.db.idempotency import Once
from shop.db.transactions import retried_transaction
from shop.money.amounts import MAX_QUANTITY
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.errors import NoLines, NotOnSale, SubtotalMismatch, TooManyLines, TooManyOfProduct
from shop.orders.models import Order, OrderLine
from shop.orders.pricing import has_discount, read_discount, set_discount, set_sale_figures
from shop.orders.services.discount_limits import check_limit
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.placing import store_placed
from shop.products.errors import OutOfStock
from shop.products.models import Product
from shop.products.stock import find_shortages, lock_products
from shop.staff.changes import make_stamp


class Item(NamedTuple):
    """A quantity of one product, as a client sends it, perhaps with a discount of its own."""

    product_id: int
    quantity: int
    discount: Discount = NO_DISCOUNT
    discount_reason: str = ""


class GivenDiscount(NamedTuple):
    """A discount on a line or on a whole order, and why it is given."""

    discount: Discount = NO_DISCOUNT
    reason: str = ""


@retried_transaction(once=Order.objects.with_sold_lines)
def place_new_order(
    *,
    customer_id: int | None,
    items: Sequence[Item],
    expected_subtotal: Decimal | None,
    discount: GivenDiscount = GivenDiscount(),  # noqa: B008  # a tuple never changes
    staff_id: int | None,
    once: Once | None,
) -> Order:
    """Creates and places an order in one step. Returns it with its lines loaded.

    Raises NoLines, TooManyLines, TooManyOfProduct, NotOnSale, OutOfStock, NoTaxRate, DiscountTooLarge,
    DiscountAboveLimit, TotalTooLarge, KeyReused; SubtotalMismatch when `expected_subtotal` is not the sum of
    today's prices; IntegrityError when there is no customer `customer_id`.
    """
    order = Order(customer_id=customer_id, created_by_id=staff_id, **make_stamp(staff_id))
    set_discount(order, *discount)
    lines = order.line_list = build_new_lines(order, items)
    if shortages := find_shortages((line.product, line.quantity) for line in lines):
        raise OutOfStock(shortages)
    set_sale_figures(order, lines)
    if expected_subtotal is not None and expected_subtotal != order.subtotal:
        raise SubtotalMismatch(expected_subtotal, order.subtotal)
    if has_discount(lines):
        check_limit(order, lines, staff_id)
    # Stock first: a new line takes a shared lock on its product, through its foreign key. Two orders
    # that both hold a shared lock could not get the full lock that a change of stock needs.
    store_placed(order, lines, staff_id)
    OrderLine.objects.bulk_create(lines)
    return order


def count_products(items: Iterable[Item]) -> Counter[int]:
    """Returns the quantity of each product. Raises TooManyOfProduct."""
    wanted = Counter[int]()
    for item in items:
        wanted[item.product_id] += item.quantity
    for most_wanted, quantity in wanted.most_common(1):
        if quantity > MAX_QUANTITY:
            raise TooManyOfProduct(most_wanted, quantity, MAX_QUANTITY)
    return wanted


def build_new_lines(order: Order, items: Sequence[Item]) -> list[OrderLine]:
    """Locks the products, and returns a line for each, as the tutorial's orders have it. Stores nothing.

    Items of a product stay apart if any item or the order has a discount, as in the quote of the same items.
    """
    wanted = count_products(items)
    discounts = [read_discount(order), *(item.discount for item in items)]
    if all(discount == NO_DISCOUNT for discount in discounts):
        items = [Item(pk, quantity) for pk, quantity in wanted.items()]
    if not wanted:
        raise NoLines
    if len(items) > MAX_LINES:
        raise TooManyLines(MAX_LINES)
    return build_lines(order, items, lock_products(wanted))


def build_lines(order: Order, items: Sequence[Item], products: Mapping[int, Product]) -> list[OrderLine]:
    """Returns a line for each item, at today's price and tax rate of its product. Stores nothing.

    Raises NotOnSale, with all items whose product is missing or retired.
    """
    on_sale = {pk: product for pk, product in products.items() if product.active}
    if missing := [item.product_id for item in items if item.product_id not in on_sale]:
        raise NotOnSale(list(dict.fromkeys(missing)))
    lines = []
    for position, item in enumerate(items, start=1):
        product = on_sale[item.product_id]
        values = {"name": product.name, "quantity": item.quantity, "unit_price": product.unit_price}
        line = OrderLine(order=order, product=product, position=position, **values)
        line.percent_today = product.percent_today
        set_discount(line, item.discount, item.discount_reason)
        lines.append(line)
    return lines
