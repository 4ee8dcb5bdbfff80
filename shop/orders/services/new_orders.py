"""Creates and places an order in one step, for the JSON API and the demo data."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from shop.db.idempotency import Once
from shop.db.transactions import retried_transaction
from shop.money.amounts import MAX_QUANTITY, sum_lines
from shop.orders.errors import NoLines, NotOnSale, SubtotalMismatch, TooManyLines, TooManyOfProduct
from shop.orders.models import Order, OrderLine
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.placing import store_placed
from shop.products.errors import OutOfStock
from shop.products.stock import find_shortages, lock_products
from shop.staff.changes import make_stamp


class Item(NamedTuple):
    """A quantity of one product, as a client sends it."""

    product_id: int
    quantity: int


@retried_transaction(once=Order.objects.with_lines)
def place_new_order(
    *,
    customer_id: int | None,
    items: Sequence[Item],
    expected_subtotal: Decimal | None,
    staff_id: int | None,
    once: Once | None,
) -> Order:
    """Creates and places an order in one step.

    Returns the order with its lines loaded, so that no read can fail after the commit.
    Raises NoLines, TooManyLines, TooManyOfProduct, NotOnSale, OutOfStock; SubtotalMismatch when
    `expected_subtotal` is not the sum of today's prices; KeyReused; IntegrityError when there is no
    customer `customer_id`.
    """
    order = Order(customer_id=customer_id, created_by_id=staff_id, **make_stamp(staff_id))
    lines = order.line_list = _make_lines(order, items)
    shortages = find_shortages((line.product, line.quantity) for line in lines)
    if shortages:
        raise OutOfStock(shortages)
    order.subtotal = sum_lines(lines)
    if expected_subtotal is not None and expected_subtotal != order.subtotal:
        raise SubtotalMismatch(expected_subtotal, order.subtotal)
    # Stock first: a new line takes a shared lock on its product, through its foreign key. Two orders
    # that both hold a shared lock could not get the full lock that a change of stock needs.
    store_placed(order, lines, staff_id)
    OrderLine.objects.bulk_create(lines)
    return order


def _make_lines(order: Order, items: Sequence[Item]) -> list[OrderLine]:
    """Locks the products and returns one line for each, in the order of `items`. Stores nothing."""
    wanted = Counter[int]()
    for item in items:
        wanted[item.product_id] += item.quantity
    if not wanted:
        raise NoLines
    if len(wanted) > MAX_LINES:
        raise TooManyLines(MAX_LINES)
    most_wanted, quantity = wanted.most_common(1)[0]
    if quantity > MAX_QUANTITY:
        raise TooManyOfProduct(most_wanted, quantity, MAX_QUANTITY)
    products = lock_products(wanted)
    missing = [pk for pk in wanted if pk not in products or not products[pk].active]
    if missing:
        raise NotOnSale(missing)
    return [
        OrderLine(
            order=order,
            product=products[pk],
            position=position,
            name=products[pk].name,
            quantity=quantity,
            unit_price=products[pk].unit_price,
        )
        for position, (pk, quantity) in enumerate(wanted.items(), start=1)
    ]
