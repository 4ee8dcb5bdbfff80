"""Orders after they were placed: fulfil, cancel, duplicate, correct."""

from decimal import Decimal
from typing import Any

import pytest

from shop.customers import services as customers
from shop.db.errors import InvalidValue, KeyReused, NotFound
from shop.db.idempotency import Once
from shop.models import Order, OrderLine, Product
from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.orders.errors import OrderError
from shop.orders.events import describe_event
from shop.orders.services import drafts, placed_orders
from shop.products import services as products
from shop.products import stock
from shop.products.errors import OutOfStock
from shop.returns import services as returns
from testing.factories import (
    CustomerFactory,
    DraftFactory,
    FulfilledFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
    in_stock,
    movements,
    only_line,
    version_of,
)
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


def kinds(order: Order) -> list[str]:
    return [event.kind for event in order.events.all()]


def correct(line: OrderLine, quantity: int, price: str = "10.00", reason: str = "miscounted") -> OrderLine:
    terms: Any = {"line_id": line.pk, "quantity": quantity, "unit_price": Decimal(price), "reason": reason}
    return placed_orders.correct_line(**terms, seen_version=version_of(line.order), staff_id=None)


@pytest.fixture
def lamp() -> Product:
    return ProductFactory(name="Lamp", stock=10)


def test_a_placed_order_is_fulfilled_once() -> None:
    order, staff = PlacedFactory(), UserFactory()
    for _ in range(2):
        assert placed_orders.fulfil_order(reference=order.reference, staff_id=staff.pk).status == "fulfilled"

    assert kinds(order) == ["opened", "placed", "fulfilled"]
    assert order.events.last().author == staff  # type: ignore[union-attr]


def test_only_a_placed_order_is_fulfilled() -> None:
    draft, cancelled = DraftFactory(), PlacedFactory()
    returns.cancel_order(reference=cancelled.reference, staff_id=None, allow_fulfilled=False)

    for order, status in ((draft, "draft"), (cancelled, "cancelled")):
        with raises_worded(OrderError, f"is {status}: only a placed order can be fulfilled"):
            placed_orders.fulfil_order(reference=order.reference, staff_id=None)


def test_cancelling_returns_stock_once_and_keeps_the_figures(lamp: Product) -> None:
    order = PlacedFactory(lines=[(lamp, 3), ProductFactory()])
    for _ in range(2):
        after = returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False)
        assert after.status == "cancelled"

    assert movements(lamp) == [(10, "counted"), (-3, "sold"), (3, "returned")]
    assert in_stock(lamp) == 10
    assert kinds(order) == ["opened", "placed", "cancelled"]
    assert Order.objects.get(pk=order.pk).subtotal == Decimal("40.00")


def test_a_draft_is_discarded_and_not_cancelled() -> None:
    with raises_worded(OrderError, "is a draft: discard it at the desk"):
        returns.cancel_order(reference=DraftFactory().reference, staff_id=None, allow_fulfilled=False)


def test_a_fulfilled_order_is_cancelled_by_those_who_may(lamp: Product) -> None:
    order = FulfilledFactory(lines=[lamp])

    with raises_worded(OrderError, r"was fulfilled\. A manager can cancel it"):
        returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False)
    assert in_stock(lamp) == 9
    returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=True)
    assert in_stock(lamp) == 10


def test_a_duplicate_is_a_draft_at_todays_prices_without_what_is_retired(lamp: Product) -> None:
    vase, staff, ada = ProductFactory(name="Vase"), UserFactory(), CustomerFactory(name="Ada")
    source = PlacedFactory(lines=[(lamp, 2), vase], customer=ada, note="Ring")
    products.set_product_active(product_id=vase.pk, active=False, staff_id=None)
    products.update_product(
        product_id=lamp.pk,
        name="Lamp II",
        unit_price=Decimal("11.00"),
        sku=lamp.sku,
        barcode=None,
        staff_id=None,
        seen_version=version_of(lamp),
    )

    copy = placed_orders.duplicate_order(reference=source.reference, staff_id=staff.pk, once=None)

    assert (copy.status, copy.customer, copy.left_out) == ("draft", ada, ["Vase"])
    line = only_line(copy)
    assert (line.name, line.quantity, line.unit_price) == ("Lamp II", 2, Decimal("11.00"))
    assert copy.subtotal == Decimal("22.00")
    assert (copy.note, copy.created_by) == ("", staff)
    assert [describe_event(event) for event in copy.events.all()] == [f"Copied from {source.reference}"]
    assert copy in Order.objects.open_drafts()
    assert in_stock(lamp) == 8


def test_duplicating_twice_with_a_key_makes_one_copy() -> None:
    source, other, staff = PlacedFactory(), PlacedFactory(), UserFactory()

    def duplicate(order: Order) -> Order:
        key = Once.from_payload("k", operation="duplicate", user_id=1, payload=order.reference)
        return placed_orders.duplicate_order(reference=order.reference, staff_id=staff.pk, once=key)

    assert duplicate(source) == duplicate(source)
    with pytest.raises(KeyReused):
        duplicate(other)


def test_lines_of_one_product_become_one_line_and_its_limit_holds(lamp: Product) -> None:
    source = PlacedFactory(lines=[(lamp, 2)])
    extra = source.lines.create(product=lamp, position=9, name="x", quantity=3, unit_price=Decimal(1))

    copy = placed_orders.duplicate_order(reference=source.reference, staff_id=UserFactory().pk, once=None)
    assert only_line(copy).quantity == 5

    OrderLine.objects.filter(pk=extra.pk).update(quantity=MAX_QUANTITY)
    with raises_worded(InvalidValue, "A quantity is between 1 and 1,000,000"):
        placed_orders.duplicate_order(reference=source.reference, staff_id=UserFactory().pk, once=None)


def test_a_correction_moves_subtotal_stock_and_timeline(lamp: Product) -> None:
    order = PlacedFactory(lines=[(lamp, 3), ProductFactory()])
    line = order.lines.first()

    correct(line, 5, "9.50")
    correct(line, 1, "9.50")

    stored = Order.objects.get(pk=order.pk)
    assert (stored.subtotal, stored.status) == (Decimal("19.50"), "placed")
    assert movements(lamp)[1:] == [(-3, "sold"), (-2, "corrected"), (4, "corrected")]
    assert [describe_event(event) for event in order.events.filter(kind="corrected")] == [
        "Lamp: 3 × $10.00 became 5 × $9.50. miscounted",
        "Lamp: 5 × $9.50 became 1 × $9.50. miscounted",
    ]


def test_correcting_to_what_is_there_leaves_no_trace(lamp: Product) -> None:
    order = PlacedFactory(lines=[(lamp, 3)])
    correct(only_line(order), 3)

    assert kinds(order) == ["opened", "placed"]


def test_a_cancelled_correction_returns_what_was_really_taken(lamp: Product) -> None:
    order = PlacedFactory(lines=[(lamp, 3)])
    correct(only_line(order), 5)

    returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False)

    assert in_stock(lamp) == 10


def test_a_correction_takes_no_more_than_there_is(lamp: Product) -> None:
    order = PlacedFactory(lines=[(lamp, 3)])

    with raises_worded(OutOfStock, "Lamp: 8 wanted, 7 left"):
        correct(only_line(order), 11)
    assert (in_stock(lamp), only_line(order).quantity) == (7, 3)


def test_correcting_an_order_from_before_the_count_moves_no_stock() -> None:
    product = ProductFactory()
    order = PlacedFactory(lines=[(product, 5)])
    stock.count_stock(product_id=product.pk, counted=10, staff_id=None, once=None)

    correct(only_line(order), 3)

    assert in_stock(product) == 10


@pytest.mark.parametrize(
    ("quantity", "price"),
    [(0, "10.00"), (MAX_QUANTITY + 1, "10.00"), (1, "-0.01"), (1, "10000000000000.00"), (1, "1.005")],
)
def test_impossible_corrections_are_refused(quantity: int, price: str) -> None:
    order = PlacedFactory()

    with pytest.raises(InvalidValue):
        correct(only_line(order), quantity, price)
    assert only_line(order).unit_price == Decimal("10.00")


def test_a_correction_to_the_largest_amount_is_exact() -> None:
    order = PlacedFactory()
    correct(only_line(order), 1, str(MAX_AMOUNT))

    assert str(Order.objects.get(pk=order.pk).subtotal) == "9999999999999.99"


def test_only_placed_orders_are_corrected() -> None:
    with raises_worded(OrderError, "is draft: only a placed order is corrected here"):
        correct(only_line(DraftFactory()), 2)


def test_a_note_can_be_added_afterwards_with_an_event() -> None:
    order = FulfilledFactory()
    seen = {"seen_version": version_of(order)}
    for _ in range(2):
        placed_orders.change_note(reference=order.reference, note="Paid", **seen, staff_id=None)

    assert Order.objects.get(pk=order.pk).note == "Paid"
    assert kinds(order) == ["opened", "placed", "fulfilled", "corrected"]


@pytest.mark.parametrize(
    ("step", "values"),
    [
        (placed_orders.fulfil_order, {}),
        (returns.cancel_order, {"allow_fulfilled": False}),
        (placed_orders.duplicate_order, {"once": None}),
    ],
)
def test_an_order_that_does_not_exist_is_not_found(step: Any, values: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        step(reference="AAA-AAAA", staff_id=UserFactory().pk, **values)


def test_a_retired_customer_keeps_its_orders() -> None:
    ada = CustomerFactory(name="Ada")
    order = PlacedFactory(customer=ada)
    customers.set_customer_active(customer_id=ada.pk, active=False, staff_id=None)

    assert Order.objects.of_customer(ada).get() == order
    assert drafts.open_draft(staff_id=UserFactory().pk).customer is None
