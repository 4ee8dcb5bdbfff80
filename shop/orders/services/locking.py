"""What services do with the one row that they are about."""

from shop.db.errors import NotFound
from shop.orders.models import Order
from shop.orders.queries import OrderQuerySet


def locked_order(reference: str, rows: OrderQuerySet | None = None) -> Order:
    """The order, locked until the transaction ends, and with it its lines. Raises NotFound."""
    return found_order(reference, (Order.objects.all() if rows is None else rows).select_for_update())


def locked_order_of(line_id: int) -> Order:
    """The order of a line, locked as by `locked_order`. Raises NotFound."""
    return _present(Order.objects.select_for_update(of=("self",)).filter(lines=line_id).first())


def found_order(reference: str, rows: OrderQuerySet | None = None) -> Order:
    """The order, read without a lock (for what is only looked at). Raises NotFound."""
    return _present((Order.objects.all() if rows is None else rows).filter(reference=reference).first())


def _present(order: Order | None) -> Order:
    if order is None:
        raise NotFound("This order does not exist any more.")
    return order
