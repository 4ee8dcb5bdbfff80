"""Accepting what is now, and how large an order can be."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.models import Order, Product
from shop.money.amounts import MAX_AMOUNT
from shop.orders.events import describe_event
from shop.orders.services import drafts, placing
from shop.products import services as products
from shop.products import stock
from shop.returns import services as returns
from testing.factories import (
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
    accept,
    in_stock,
    place,
    seen,
)
from testing.products import reprice

pytestmark = pytest.mark.django_db


def test_accepting_takes_todays_prices_what_is_left_and_nothing_retired(lamp: Product) -> None:
    vase, bowl, mug = (ProductFactory(name=name, sku=name, stock=9) for name in ("Vase", "Bowl", "Mug"))
    order = DraftFactory(lines=[(lamp, 5), (vase, 2), (bowl, 3), ProductFactory(name="Card")])
    reprice(lamp, "12.00")
    stock.count_stock(product_id=lamp.pk, counted=2, staff_id=None, once=None)
    stock.count_stock(product_id=vase.pk, counted=0, staff_id=None, once=None)
    products.set_product_active(product_id=bowl.pk, active=False, staff_id=None)

    drafts.park_draft(reference=order.reference, staff_id=None)
    accepted = accept(order)

    assert accepted.parked_at is None
    assert [(line.name, line.quantity) for line in order.lines.all()] == [("Lamp", 2), ("Card", 1)]
    assert accepted.subtotal == Decimal("34.00")
    assert place(accepted, UserFactory()).status == "placed"
    assert in_stock(mug) == 9


def test_accepting_shares_what_is_left_among_lines_of_one_product(lamp: Product) -> None:
    card = ProductFactory(name="Card")
    order = DraftFactory(lines=[(lamp, 4), (card, 2)])
    for product, quantity in ((lamp, 3), (card, 7)):
        order.lines.create(product=product, position=9, name="again", quantity=quantity, unit_price=10)

    accept(order)

    assert sorted(order.lines.values_list("name", "quantity")) == [
        ("Card", 2),
        ("Card", 7),
        ("Lamp", 1),
        ("Lamp", 4),
    ]


def test_the_number_of_statements_does_not_grow_with_the_lines() -> None:
    def statements(lines: int) -> int:
        order = DraftFactory(lines=[(ProductFactory(stock=9), 2) for _ in range(lines)])
        Product.objects.filter(order_lines__order=order).update(name="Renamed")
        saw, staff = seen(order), UserFactory()
        with CaptureQueriesContext(connection) as captured:
            placing.place_order(reference=order.reference, seen=saw, staff_id=staff.pk)
        return len(captured)

    assert statements(1) == statements(20)


def test_the_longest_order_can_be_placed_and_cancelled() -> None:
    lines = [ProductFactory(name=f"P{n}", stock=1, unit_price=Decimal("0.01")) for n in range(3)]
    order = DraftFactory(lines=lines)
    more = [ProductFactory(stock=1) for _ in range(drafts.MAX_LINES - 3)]
    for position, product in enumerate(more, start=10):
        order.lines.create(product=product, position=position, name=product.name, quantity=1, unit_price=10)

    assert place(order, UserFactory()).subtotal == Decimal("4970.03")
    assert (
        returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False).status
        == "cancelled"
    )
    assert {in_stock(product) for product in [*lines, *more]} == {1}


def test_the_largest_amount_is_placed_to_the_cent() -> None:
    order = PlacedFactory(lines=[ProductFactory(unit_price=MAX_AMOUNT)])

    stored = Order.objects.get(pk=order.pk)
    assert str(stored.subtotal) == "9999999999999.99"
    assert describe_event(order.events.get(kind="placed")) == "$9,999,999,999,999.99"
