"""Stock: signed entries, and the sum they add up to."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from shop.db.errors import InvalidValue, KeyReused, NotFound
from shop.db.idempotency import Once
from shop.models import Order, OrderLine, Product, StockMovement, User
from shop.orders.errors import OrderError
from shop.orders.services import placed_orders
from shop.products import services as products
from shop.products import stock
from shop.products.errors import OutOfStock, Shortage
from shop.products.forms import StockForm
from shop.products.models import MAX_STOCK
from shop.returns import services as returns
from testing.factories import (
    DraftFactory,
    PlacedFactory,
    ProductFactory,
    UserFactory,
    in_stock,
    movements,
    place,
    version_of,
)
from testing.property_tests import same_examples
from testing.refusals import raises_worded

pytestmark = pytest.mark.django_db


def adjust(product: Product, quantity: int, **values: Any) -> StockMovement:
    values = {"reason": "received", "staff_id": None, "once": None} | values
    return stock.adjust_stock(product_id=product.pk, quantity=quantity, **values)


def test_receiving_and_breaking_leave_their_entries() -> None:
    product, staff = ProductFactory(stock=10), UserFactory()
    adjust(product, 5, staff_id=staff.pk)
    moved = adjust(product, -2, reason="damaged", note="fell", staff_id=staff.pk)

    assert in_stock(product) == 13
    assert movements(product) == [(10, "counted"), (5, "received"), (-2, "damaged")]
    assert (moved.note, moved.author) == ("fell", staff)
    assert moved.product.stock == 13


def test_no_more_can_be_taken_out_than_is_there() -> None:
    product = ProductFactory(stock=3)

    with pytest.raises(OutOfStock) as refused:
        adjust(product, -4)

    assert refused.value.shortages == [Shortage(product.pk, product.name, wanted=4, left=3)]
    form = StockForm({"quantity": "-4", "reason": "damaged"})
    form.add_refusal(refused.value)
    assert form.sentences() == {"quantity": "Only 3 in stock: no more than that can be taken out."}
    assert in_stock(product) == 3
    adjust(product, -3)
    assert in_stock(product) == 0


def test_what_is_not_tracked_is_counted_first() -> None:
    product = ProductFactory()

    with raises_worded(InvalidValue, "Count the product to begin"):
        adjust(product, 5)
    assert in_stock(product) is None


def test_stock_has_an_upper_end() -> None:
    product = ProductFactory(stock=MAX_STOCK)

    with raises_worded(InvalidValue, "Stock can be 1,000,000,000 at most"):
        adjust(product, 1)
    with pytest.raises(InvalidValue):
        stock.count_stock(product_id=product.pk, counted=MAX_STOCK + 1, staff_id=None, once=None)
    assert in_stock(product) == MAX_STOCK


def test_a_change_of_nothing_is_refused() -> None:
    product = ProductFactory(stock=3)

    with raises_worded(InvalidValue, "A change of 0 is no change"):
        adjust(product, 0)


def test_the_same_key_moves_stock_once() -> None:
    product = ProductFactory(stock=0)
    key = Once.from_payload("k", operation="stock", user_id=1, payload=[5])
    first, second = adjust(product, 5, once=key), adjust(product, 5, once=key)

    assert (first.pk, first.product.stock) == (second.pk, second.product.stock)
    assert in_stock(product) == 5
    with pytest.raises(KeyReused):
        adjust(product, 6, once=Once.from_payload("k", operation="stock", user_id=1, payload=[6]))


def test_a_refused_change_leaves_its_key_unused() -> None:
    product = ProductFactory(stock=0)
    key = Once.from_payload("k", operation="stock", user_id=1, payload=[-5])
    with pytest.raises(InvalidValue):
        adjust(product, -5, once=key)

    adjust(product, 5)
    adjust(product, -5, once=key)

    assert in_stock(product) == 0


@pytest.mark.parametrize(
    ("before", "counted", "entries"),
    [(None, 0, []), (None, 7, [(7, "counted")]), (0, 0, []), (0, 7, [(7, "counted")])],
)
def test_counting_begins_to_track(before: int | None, counted: int, entries: list[Any]) -> None:
    product = ProductFactory(stock=before)

    assert (
        stock.count_stock(product_id=product.pk, counted=counted, staff_id=None, once=None).stock == counted
    )
    assert (in_stock(product), movements(product)) == (counted, entries)


def test_a_count_is_entered_as_the_difference() -> None:
    product = ProductFactory(stock=10)
    for counted in (8, 8, 11):
        stock.count_stock(product_id=product.pk, counted=counted, staff_id=None, once=None)

    assert movements(product) == [(10, "counted"), (-2, "counted"), (3, "counted")]


def test_what_is_no_longer_tracked_is_sold_without_end() -> None:
    product = ProductFactory(stock=10)
    assert stock.stop_tracking(product_id=product.pk, staff_id=None).stock is None
    stock.stop_tracking(product_id=product.pk, staff_id=None)

    PlacedFactory(lines=[(product, 500)])

    assert in_stock(product) is None
    assert movements(product) == [(10, "counted"), (-10, "untracked")]


@pytest.mark.parametrize(
    "change",
    [
        adjust,
        lambda product, _: stock.count_stock(product_id=product.pk, counted=1, staff_id=None, once=None),
    ],
)
def test_stock_of_a_product_that_is_gone_is_not_found(change: Callable[[Product, int], Any]) -> None:
    product = ProductFactory()
    products.delete_product(product_id=product.pk)

    with pytest.raises(NotFound):
        change(product, 1)


def test_an_order_placed_before_tracking_began_returns_nothing() -> None:
    product = ProductFactory()
    order = PlacedFactory(lines=[(product, 4)])
    stock.count_stock(product_id=product.pk, counted=10, staff_id=None, once=None)

    returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False)

    assert in_stock(product) == 10


def test_what_was_taken_returns_only_while_it_is_tracked() -> None:
    product = ProductFactory(stock=10)
    order = PlacedFactory(lines=[(product, 4)])
    stock.stop_tracking(product_id=product.pk, staff_id=None)

    returns.cancel_order(reference=order.reference, staff_id=None, allow_fulfilled=False)

    assert in_stock(product) is None
    assert sum(quantity for quantity, _ in movements(product)) == 0


# Any sequence of what staff do


class StockScenario:
    """Two products and the actions that change their stock; an action may be refused."""

    def __init__(self) -> None:
        self.staff: User = UserFactory()
        self.products: list[Product] = [ProductFactory(stock=20), ProductFactory()]
        self.placed: list[Order] = []

    def receive(self, which: int, number: int) -> None:
        adjust(self.products[which], number - 5)

    def count(self, which: int, number: int) -> None:
        stock.count_stock(product_id=self.products[which].pk, counted=number, staff_id=None, once=None)

    def untrack(self, which: int, number: int) -> None:
        stock.stop_tracking(product_id=self.products[which].pk, staff_id=None)

    def place(self, which: int, number: int) -> None:
        lines = [(self.products[which], number + 1), (self.products[1 - which], 1)]
        self.placed.append(place(DraftFactory(staff=self.staff, lines=lines), self.staff))

    def cancel(self, which: int, number: int) -> None:
        if self.placed:
            returns.cancel_order(
                reference=self.placed[number % len(self.placed)].reference,
                staff_id=None,
                allow_fulfilled=False,
            )

    def correct(self, which: int, number: int) -> None:
        line = OrderLine.objects.filter(order__in=self.placed, product=self.products[which]).last()
        if line:
            values: Any = {"unit_price": line.unit_price, "reason": "", "staff_id": None}
            values |= {"line_id": line.pk, "seen_version": version_of(line.order)}
            placed_orders.correct_line(quantity=number + 1, **values)

    def check(self) -> None:
        for product in self.products:
            total = product.movements.aggregate(total=Sum("quantity"))["total"] or 0
            assert total == (in_stock(product) or 0)
            assert total >= 0


STEPS = st.tuples(
    st.sampled_from(["receive", "count", "untrack", "place", "cancel", "correct"]),
    st.integers(0, 1),
    st.integers(0, 12),
)


@same_examples
@given(st.lists(STEPS, min_size=3, max_size=12))
def test_stock_is_the_sum_of_its_entries_whatever_happens(steps: list[tuple[str, int, int]]) -> None:
    shelf = StockScenario()
    for name, which, number in steps:
        with suppress(InvalidValue, OrderError):
            getattr(shelf, name)(which, number)
        shelf.check()
