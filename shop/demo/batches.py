"""Stores the big demo in batches of one transaction each.

Orders are stored with their lines, events and movements, and with the stock that these add up to. A batch
that is sent again, because the answer to its COMMIT was lost, is recognised and not stored twice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop.db.ids import CODE_ALPHABET
from shop.db.transactions import retried_transaction
from shop.demo.errors import ProductsChanged
from shop.demo.money import DemoTill, sell_plan, settle, store_money
from shop.demo.plans import DemoProducts, OrderPlan
from shop.models import Customer, Order, OrderEvent, OrderLine, Product, StockMovement
from shop.money.amounts import format_amount
from shop.orders.reference import REFERENCE_LENGTH, format_reference
from shop.search.terms import write_terms
from shop.search.text import make_sort_key

Kind = OrderEvent.Kind
Reason = StockMovement.Reason
Status = Order.Status

REFERENCES = len(CODE_ALPHABET) ** REFERENCE_LENGTH
#: Has no common factor with REFERENCES, so that its multiples give each reference once. Close to their
#: golden ratio, so that references which follow each other do not look alike.
REFERENCE_STEP = 13_516_123_457


@retried_transaction
def store_customers(*, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Makes customers with these fields. Returns their ids."""
    # Each customer has a different created_at.
    period = rows[0]["created_at"], rows[-1]["created_at"]
    stored = Customer.objects.filter(created_at__range=period).order_by("created_at")
    if ids := list(stored.values_list("pk", flat=True)):
        return ids
    customers = Customer.objects.bulk_create(
        Customer(**row, name_key=make_sort_key(row["name"])) for row in rows
    )
    write_terms(customers)
    return [customer.pk for customer in customers]


@retried_transaction
def store_products(*, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Makes products with these fields, and the movements for their first stock. Returns their ids."""
    stored = Product.objects.in_bulk([row["sku"] for row in rows], field_name="sku")
    if stored:
        return [stored[row["sku"]].pk for row in rows]
    products = Product.objects.bulk_create(
        Product(**row, name_key=make_sort_key(row["name"])) for row in rows
    )
    write_terms(products)
    StockMovement.objects.bulk_create(
        StockMovement(
            product_id=product.pk,
            quantity=product.stock,
            reason=Reason.COUNTED,
            created_at=product.created_at,
        )
        for product in products
        if product.stock
    )
    return [product.pk for product in products]


@retried_transaction
def store_orders(
    *, plans: Sequence[OrderPlan], goods: DemoProducts, first_reference: int, till: DemoTill
) -> None:
    """Makes the planned orders."""
    if Order.objects.filter(reference=_build_reference(first_reference, plans[0])).exists():
        return
    drawn = [_build_sale(plan, goods, first_reference, till) for plan in plans]
    orders = Order.objects.bulk_create(drawn)
    made = list(zip(orders, plans, strict=True))
    # Stock before lines: a new line takes a shared lock on its product, through its foreign key.
    _change_stock(plans, goods)
    StockMovement.objects.bulk_create(
        move for order, plan in made for move in _build_movements(order, plan, goods)
    )
    for order in orders:
        for line in order.line_list:
            line.order_id = order.pk
    OrderLine.objects.bulk_create(line for order in orders for line in order.line_list)
    OrderEvent.objects.bulk_create(event for order, plan in made for event in _build_events(order, plan))
    store_money(made, goods, till)


def _build_sale(plan: OrderPlan, goods: DemoProducts, first_reference: int, till: DemoTill) -> Order:
    """Returns an order with its `line_list`, and with what it was sold for unless it is a draft."""
    order = _build_order(plan, goods, first_reference)
    order.line_list = lines = list(_build_lines(plan, goods))
    if plan.status != Status.DRAFT:
        sell_plan(order, lines, plan, goods)
        settle(order, lines, plan, till)
    return order


def _build_order(plan: OrderPlan, goods: DemoProducts, first_reference: int) -> Order:
    is_draft = plan.status == Status.DRAFT
    return Order(
        reference=_build_reference(first_reference, plan),
        status=plan.status,
        customer_id=plan.customer_id,
        subtotal=sum((goods.prices[product] * n for product, n in plan.items.items()), Decimal(0)),
        dated_at=plan.at,
        placed_at=None if is_draft else plan.at,
        parked_at=plan.at if is_draft and plan.number % 4 == 0 else None,
        created_by_id=plan.staff_id,
        placed_by_id=None if is_draft else plan.staff_id,
        changed_by_id=plan.done_by if plan.done_at else plan.staff_id,
        changed_at=plan.done_at or plan.at,
        version=1 + len(plan.items) if is_draft else 1 + bool(plan.done_at),
    )


def _build_reference(first: int, plan: OrderPlan) -> str:
    number, letters = first + plan.number * REFERENCE_STEP, []
    for _ in range(REFERENCE_LENGTH):
        number, letter = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[letter])
    return format_reference("".join(reversed(letters)))


def _build_lines(plan: OrderPlan, goods: DemoProducts) -> Iterator[OrderLine]:
    for position, (product, quantity) in enumerate(plan.items.items(), start=1):
        yield OrderLine(
            product_id=goods.ids[product],
            position=position,
            name=goods.names[product],
            quantity=quantity,
            unit_price=goods.prices[product],
        )


def _build_events(order: Order, plan: OrderPlan) -> Iterator[OrderEvent]:
    def event(kind: str, at: datetime, author_id: int | None, **parameters: str) -> OrderEvent:
        return OrderEvent(
            order_id=order.pk, kind=kind, author_id=author_id, parameters=parameters, created_at=at
        )

    if plan.status == Status.DRAFT:
        yield event(Kind.OPENED, plan.at, plan.staff_id)
    else:
        yield event(Kind.PLACED, plan.at, plan.staff_id, subtotal=format_amount(order.subtotal))
    if plan.done_at:
        yield event(plan.status.value, plan.done_at, plan.done_by)


def _build_movements(order: Order, plan: OrderPlan, goods: DemoProducts) -> Iterator[StockMovement]:
    for move in plan.moves:
        is_delivery = move.reason == Reason.RECEIVED
        yield StockMovement(
            product_id=goods.ids[move.product],
            quantity=move.quantity,
            reason=move.reason,
            order_id=None if is_delivery else order.pk,
            author_id=plan.done_by if move.reason == Reason.RETURNED else plan.staff_id,
            created_at=move.at,
        )


def _change_stock(plans: Iterable[OrderPlan], goods: DemoProducts) -> None:
    """Adds the movements of a batch to the products' stock."""
    changes = Counter[int]()
    for plan in plans:
        for move in plan.moves:
            changes[goods.ids[move.product]] += move.quantity
    counted = [product for product in Product.objects.locked(changes) if product.stock is not None]
    if len(counted) != len(changes):
        raise ProductsChanged
    for product in counted:
        product.stock = (product.stock or 0) + changes[product.pk]
    # An upsert of existing rows is three times as fast as bulk_update.
    Product.objects.bulk_create(counted, update_conflicts=True, unique_fields=["id"], update_fields=["stock"])
