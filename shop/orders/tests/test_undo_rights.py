"""Who may undo that an order was handed over: otherwise undo and cancel would cancel any fulfilled order."""

import pytest

from shop.models import Order, User
from shop.orders.services import placed_orders as orders
from testing.factories import PlacedFactory, ProductFactory, UserFactory, in_stock
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db

BULK = "/orders/bulk/"


def fulfilled_by(staff: User) -> Order:
    order = PlacedFactory(lines=[(ProductFactory(name="Lamp", sku="L", stock=5), 2)])
    return orders.fulfil_order(reference=order.reference, staff_id=staff.pk)


def do(user: User, action: str, order: Order) -> str:
    """What the result page says."""
    data = {"action": action, "confirmed": "1", "order": order.reference}
    return Page(signed_in(user).post(BULK, data, follow=True)).text


def status(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def test_a_clerk_cannot_undo_what_somebody_else_fulfilled_and_then_cancel_it(clerk: User) -> None:
    order = fulfilled_by(UserFactory())

    why = f"{order.reference} was fulfilled by somebody else. They or a manager can undo it."
    assert why in do(clerk, "undo", order)
    assert f"{order.reference} was fulfilled. A manager can cancel it." in do(clerk, "cancel", order)
    assert status(order) == "fulfilled"
    assert in_stock(order.lines.get().product) == 3  # type: ignore[arg-type]


def test_nor_what_nobody_is_known_to_have_fulfilled(clerk: User) -> None:
    order = orders.fulfil_order(reference=PlacedFactory().reference, staff_id=None)

    assert "was fulfilled by somebody else" in do(clerk, "undo", order)
    assert status(order) == "fulfilled"


def test_who_fulfilled_it_may_undo_it(clerk: User) -> None:
    order = fulfilled_by(clerk)

    assert "1 of 1 order placed" in do(clerk, "undo", order)
    assert status(order) == "placed"


def test_a_manager_may_undo_it_too(manager: User) -> None:
    order = fulfilled_by(UserFactory())

    assert "1 of 1 order placed" in do(manager, "undo", order)
    assert status(order) == "placed"
