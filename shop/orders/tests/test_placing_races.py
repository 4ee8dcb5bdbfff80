"""Two clerks at once, on real connections."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from shop.customers import services as customers
from shop.db.idempotency import Once
from shop.models import Customer, Order, Product, User
from shop.orders.errors import OrderChanged, OrderError
from shop.orders.services import drafts, placing
from shop.products import stock
from shop.returns import services as returns
from testing.factories import (
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
    in_stock,
    movements,
    only_line,
    seen,
)
from testing.transactions import run_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def prepare_placing(order: Order, staff: User) -> Callable[[], Order]:
    saw = seen(order)
    return lambda: placing.place_order(reference=order.reference, seen=saw, staff_id=staff.pk)


def test_the_last_item_is_sold_once() -> None:
    lamp = ProductFactory(name="Lamp", stock=1)
    steps = [
        prepare_placing(DraftFactory(lines=[lamp], staff=staff), staff)
        for staff in (UserFactory(), UserFactory())
    ]

    results = run_at_once(*steps)

    [sold] = [result for result in results if isinstance(result, Order)]
    [told] = [result for result in results if isinstance(result, OrderChanged)]
    assert [(d.field, d.name, d.now) for d in told.differences] == [("stock", "Lamp", 0)]
    assert (in_stock(lamp), movements(lamp)) == (0, [(1, "counted"), (-1, "sold")])
    assert Order.objects.placed().get() == sold


def test_of_four_items_six_buyers_get_exactly_four() -> None:
    lamp, staff = ProductFactory(stock=4), UserFactory()
    drafted = [DraftFactory(lines=[lamp], staff=staff) for _ in range(6)]

    results = run_at_once(*(prepare_placing(order, staff) for order in drafted))

    assert sum(isinstance(result, Order) for result in results) == 4
    assert sum(isinstance(result, OrderChanged) for result in results) == 2
    assert in_stock(lamp) == 0


def test_orders_with_the_same_products_in_opposite_order_are_both_placed() -> None:
    lamp, vase, staff = ProductFactory(stock=50), ProductFactory(stock=50), UserFactory()
    for _ in range(5):
        there = DraftFactory(lines=[lamp, vase], staff=staff)
        back = DraftFactory(lines=[vase, lamp], staff=staff)

        assert all(
            isinstance(r, Order)
            for r in run_at_once(prepare_placing(there, staff), prepare_placing(back, staff))
        )
    assert (in_stock(lamp), in_stock(vase)) == (40, 40)


def test_a_double_click_places_once() -> None:
    lamp, staff = ProductFactory(stock=10), UserFactory()
    order = DraftFactory(lines=[lamp], staff=staff)

    results = run_at_once(*[prepare_placing(order, staff)] * 4)

    assert {result.pk for result in results} == {order.pk}
    assert (in_stock(lamp), order.events.filter(kind="placed").count()) == (9, 1)


def test_cancelling_twice_at_once_returns_stock_once() -> None:
    lamp = ProductFactory(stock=10)
    order = PlacedFactory(lines=[(lamp, 3)])

    run_at_once(
        *[lambda: returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False)] * 3
    )

    assert movements(lamp) == [(10, "counted"), (-3, "sold"), (3, "returned")]
    assert order.events.filter(kind="cancelled").count() == 1


def test_placing_against_a_new_line_sells_what_was_seen_or_nothing() -> None:
    lamp, vase, staff = ProductFactory(stock=9), ProductFactory(stock=9), UserFactory()
    order = DraftFactory(lines=[lamp], staff=staff)

    placed, added = run_at_once(
        prepare_placing(order, staff),
        lambda: drafts.add_line(reference=order.reference, product_id=vase.pk, key="", staff_id=None),
    )

    stored = Order.objects.get(pk=order.pk)
    if isinstance(placed, Order):
        assert isinstance(added, OrderError)
        assert (stored.subtotal, order.lines.count(), in_stock(vase)) == (Decimal("10.00"), 1, 9)
    else:
        assert [(d.field, d.now) for d in placed.differences] == [("line", 1)]
        assert (stored.status, stored.subtotal, in_stock(lamp)) == ("draft", Decimal("20.00"), 9)


def test_two_scanners_on_one_order_lose_nothing() -> None:
    order, lamp = DraftFactory(lines=[]), ProductFactory()

    run_at_once(
        *[lambda: drafts.add_line(reference=order.reference, product_id=lamp.pk, key="", staff_id=None)] * 5
    )

    assert only_line(order).quantity == 5
    assert Order.objects.get(pk=order.pk).subtotal == Decimal("50.00")


def test_deliveries_at_once_all_count() -> None:
    lamp = ProductFactory(stock=0)

    def receive() -> None:
        stock.adjust_stock(product_id=lamp.pk, quantity=3, reason="received", staff_id=None, once=None)

    run_at_once(*[receive] * 4)

    assert in_stock(lamp) == 12


def test_the_same_key_at_once_makes_one_customer() -> None:
    def create() -> Customer:
        once = Once.from_payload("k", operation="customer", user_id=1, payload="Ada")
        return customers.create_customer(name="Ada", once=once, staff_id=None)

    results = run_at_once(*[create] * 5)

    assert {result.pk for result in results} == {Customer.objects.get().pk}


def test_the_same_sku_at_once_makes_one_product() -> None:
    results = run_at_once(*[lambda: ProductFactory(name="Lamp", sku="ONE")] * 3)

    assert sum(isinstance(result, Product) for result in results) == 1
    assert Product.objects.get().sku == "ONE"


def test_two_edits_of_one_customer_are_never_silently_merged() -> None:
    ada = customers.create_customer(name="Ada", once=None, staff_id=None)

    def edit(phone: str) -> Callable[[], Customer]:
        return lambda: customers.update_customer(
            customer_id=ada.pk,
            name="Ada",
            phone=phone,
            email="",
            address="",
            note="",
            seen_version=1,
            staff_id=None,
        )

    results = run_at_once(edit("1"), edit("2"))

    [saved] = [result for result in results if isinstance(result, Customer)]
    assert Customer.objects.get().phone == saved.phone
