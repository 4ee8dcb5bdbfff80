"""Reads one order, with or without a lock."""

from shop.db.errors import NotFound
from shop.orders.models import Order
from shop.orders.queries import OrderQuerySet


def lock_order(reference: str, rows: OrderQuerySet | None = None) -> Order:
    """Returns the order, locked until the transaction ends. Every write to its lines takes this lock too.

    Raises NotFound.
    """
    rows = Order.objects.all() if rows is None else rows
    order = rows.select_for_update().filter(reference=reference).first()
    if order is None:
        raise NotFound("order")
    return order


def lock_order_of_line(line_id: int) -> Order:
    """Returns the order of a line, locked as by `lock_order`. Raises NotFound."""
    return lock_order_of(lines=line_id)


def lock_order_of(**row: int | str) -> Order:
    """Returns the order of a row, such as `payments=7`, locked as by `lock_order`. Raises NotFound."""
    order = Order.objects.select_for_update(of=("self",)).filter(**row).first()
    if order is None:
        raise NotFound("order")
    return order


def get_order(reference: str) -> Order:
    """Returns the order without locking it, for services that only read it. Raises NotFound."""
    order = Order.objects.filter(reference=reference).first()
    if order is None:
        raise NotFound("order")
    return order
