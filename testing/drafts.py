"""Calls the services of drafts by rows instead of ids, to keep tests short."""

from shop.models import Customer, Order, OrderLine, Product
from shop.orders.services import drafts


def add_line(order: Order, product: Product, quantity: int = 1, key: str = "") -> Order:
    return drafts.add_line(
        reference=order.reference, product_id=product.pk, quantity=quantity, key=key, staff_id=None
    )


def set_quantity(line: OrderLine, quantity: int, seen: int) -> Order:
    return drafts.set_quantity(
        reference=line.order.reference, line_id=line.pk, quantity=quantity, seen_quantity=seen, staff_id=None
    )


def set_customer(order: Order, customer: Customer | None, seen: Customer | None = None) -> Order:
    return drafts.set_customer(
        reference=order.reference,
        customer_id=customer.pk if customer else None,
        seen_customer_id=seen.pk if seen else None,
        staff_id=None,
    )


def reload(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)
