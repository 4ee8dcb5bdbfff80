"""Discounts on a draft, as the tests of them give them."""

from decimal import Decimal
from typing import Any

from shop.models import Order, OrderEvent, User
from shop.money.pricing import NO_DISCOUNT, Discount
from shop.orders.services import discounts
from testing.factories import DraftFactory, ProductFactory


def percent(number: int) -> Discount:
    return Discount(percent=Decimal(number))


def give(order: Order, discount: Discount, seen: Discount = NO_DISCOUNT, **values: Any) -> Order:
    """Gives a discount on the order."""
    wanted = {"reference": order.reference, "reason": "regular", "staff_id": None} | values
    return discounts.set_order_discount(discount=discount, seen=seen, **wanted)


def give_line(order: Order, discount: Discount, seen: Discount = NO_DISCOUNT, **values: Any) -> Order:
    """Gives a discount on the first line of the order, or on the one with `line_id`."""
    line_id = order.lines.order_by("position")[0].pk
    wanted = {"reference": order.reference, "line_id": line_id, "reason": "scratched", "staff_id": None}
    return discounts.set_line_discount(discount=discount, seen=seen, **wanted | values)


def last_event(order: Order) -> dict[str, Any]:
    event = order.events.filter(kind=OrderEvent.Kind.DISCOUNTED).order_by("id").last()
    assert event
    parameters: dict[str, Any] = event.parameters
    return parameters


def make_draft(clerk: User, price: Decimal = Decimal(100)) -> Order:
    """Makes a draft of one product at 100.00, or at another price."""
    return DraftFactory(staff=clerk, lines=[ProductFactory(name="Lamp", unit_price=price)])
