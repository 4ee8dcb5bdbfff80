"""Orders created and placed in one shot: the JSON API's, and the demo's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.db.errors import InvalidFields
from shop.db.idempotency import Once
from shop.db.transactions import retried_transaction
from shop.money.amounts import MAX_QUANTITY
from shop.orders.errors import SubtotalMismatch
from shop.orders.models import Order, OrderLine
from shop.orders.services.drafts import MAX_LINES
from shop.orders.services.placing import finish_placing, mark_placed
from shop.products.stock import lock_products
from shop.staff.changes import signature


@dataclass(frozen=True)
class Item:
    """So many of one product, as asked for by a client."""

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
    """Creates and places an order in one shot.

    A new order comes with its lines, so that nothing is left to read, and to fail, after the commit.
    Raises InvalidFields for unknown and sold-out products, SubtotalMismatch when `expected_subtotal` is
    not the sum of today's prices, KeyReused; IntegrityError where no row has `customer_id`.
    """
    order = Order(customer_id=customer_id, created_by_id=staff_id, **signature(staff_id))
    lines = _new_lines(order, items)
    _refuse_short_stock(lines)
    mark_placed(order, lines, staff_id)
    _refuse_other_subtotal(order, expected_subtotal)
    order.save(force_insert=True)
    # Stock first: a line's foreign key takes a share in its product's lock, and of two orders
    # that both hold a share neither could get the whole.
    finish_placing(order, lines, staff_id)
    OrderLine.objects.bulk_create(lines)
    order.line_list = lines
    return order


def _refuse_other_subtotal(order: Order, expected: Decimal | None) -> None:
    if expected is not None and expected != order.subtotal:
        raise SubtotalMismatch(expected, order.subtotal)


def _new_lines(order: Order, items: Sequence[Item]) -> list[OrderLine]:
    """One line a product, in the order in which the products were first named."""
    wanted = Counter[int]()
    for item in items:
        wanted[item.product_id] += item.quantity
    if not wanted or len(wanted) > MAX_LINES:
        raise InvalidFields({"products": f"An order has between 1 and {MAX_LINES} products."})
    if max(wanted.values()) > MAX_QUANTITY:
        raise InvalidFields({"products": f"An order has {MAX_QUANTITY:,} of a product at most."})
    products = lock_products(wanted)
    missing = [str(pk) for pk in wanted if pk not in products or not products[pk].active]
    if missing:
        raise InvalidFields({"products": f"Not on sale: product {', '.join(missing)}."})
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


def _refuse_short_stock(lines: Iterable[OrderLine]) -> None:
    short = [
        f"{line.name}: {line.quantity} wanted, {line.product.stock} left"
        for line in lines
        if line.product.stock is not None and line.product.stock < line.quantity
    ]
    if short:
        raise InvalidFields({"products": f"Not enough in stock. {'; '.join(short)}."})
