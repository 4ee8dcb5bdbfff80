"""Who may undo fulfilling. Without this rule, undo and then cancel would cancel any fulfilled order."""

import pytest

from shop.models import Order, User
from shop.orders.services import placed_orders
from testing.factories import PlacedFactory, ProductFactory, UserFactory, in_stock
from testing.pages import Page, signed_in

pytestmark = pytest.mark.django_db

BULK = "/orders/bulk/"


def make_fulfilled_order(staff: User) -> Order:
    order = PlacedFactory(lines=[(ProductFactory(name="Lamp", sku="L", stock=5), 2)])
    return placed_orders.fulfil_order(reference=order.reference, staff_id=staff.pk)


def undo_and_read_result(user: User, action: str, order: Order) -> str:
    """Carries out the action. Returns the text of the result page."""
    data = {"action": action, "confirmed": "1", "order": order.reference}
    return Page(signed_in(user).post(BULK, data, follow=True)).text


def read_status(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def test_a_clerk_cannot_undo_what_somebody_else_fulfilled_and_then_cancel_it(clerk: User) -> None:
    order = make_fulfilled_order(UserFactory())

    why = f"{order.reference} was fulfilled by somebody else. They or a manager can undo it."
    assert why in undo_and_read_result(clerk, "undo", order)
    assert f"{order.reference} was fulfilled. A manager can cancel it." in undo_and_read_result(
        clerk, "cancel", order
    )
    assert read_status(order) == "fulfilled"
    assert in_stock(order.lines.get().product) == 3  # type: ignore[arg-type]


def test_nor_what_nobody_is_known_to_have_fulfilled(clerk: User) -> None:
    order = placed_orders.fulfil_order(reference=PlacedFactory().reference, staff_id=None)

    assert "was fulfilled by somebody else" in undo_and_read_result(clerk, "undo", order)
    assert read_status(order) == "fulfilled"


def test_who_fulfilled_it_may_undo_it(clerk: User) -> None:
    order = make_fulfilled_order(clerk)

    assert "1 of 1 order put back to placed" in undo_and_read_result(clerk, "undo", order)
    assert read_status(order) == "placed"


def test_a_manager_may_undo_it_too(manager: User) -> None:
    order = make_fulfilled_order(UserFactory())

    assert "1 of 1 order put back to placed" in undo_and_read_result(manager, "undo", order)
    assert read_status(order) == "placed"
