"""Keyset pages: every row exactly once, whatever else happens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from shop.customers import views as customers
from shop.db.querysets import ShopQuerySet
from shop.models import Customer, Order, Product
from shop.orders.views import pages as orders
from shop.products import views as products
from testing.factories import CustomerFactory, DraftFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SORTS = [
    *((Customer, sort.fields) for sort in customers.LISTING.sorts.values()),
    *((Product, sort.fields) for sort in products.LISTING.sorts.values()),
    *((Order, sort.fields) for sort in orders.LISTING.sorts.values()),
    (Customer, ("id", "id")),
]


def make_row(model: type[Any], number: int) -> Any:
    """Makes a row that has the same sort keys as other rows."""
    row: Any
    if model is Customer:
        row = CustomerFactory(name=f"Name {number % 3}")
        Customer.objects.filter(pk=row.pk).update(created_at=NOW - timedelta(days=number % 3))
    elif model is Product:
        row = ProductFactory(name=f"Name {number % 3}", unit_price=Decimal(number % 3))
    else:
        row = Order.objects.create(subtotal=number % 3, dated_at=NOW - timedelta(days=number % 3))
    return row


def get_rows(model: type[Any]) -> Any:
    """Returns the rows as the model's list has them."""
    return Order.objects.for_list() if model is Order else model._default_manager.all()


def read_all_pages(
    rows: ShopQuerySet[Any], order_by: tuple[str, str], between: Callable[[], Any] = lambda: None
) -> list[Any]:
    """Reads all rows in pages of two, as the links of a list do."""
    rows_read: list[Any] = []
    values = None
    while page := list(rows.all().after(order_by, values)[:2]):
        rows_read += page
        values = tuple(getattr(page[-1], name.lstrip("-")) for name in order_by)
        between()
    return rows_read


@pytest.mark.parametrize(("model", "order_by"), SORTS)
def test_pages_hold_every_row_once_in_order(model: type[Any], order_by: tuple[str, str]) -> None:
    for number in range(11):
        make_row(model, number)

    rows = read_all_pages(get_rows(model), order_by)

    assert [row.pk for row in rows] == list(get_rows(model).order_by(*order_by).values_list("pk", flat=True))
    assert len(rows) == 11


@pytest.mark.parametrize(("model", "order_by"), SORTS)
def test_rows_added_while_paging_hide_and_repeat_none(model: type[Any], order_by: tuple[str, str]) -> None:
    first = {make_row(model, number).pk for number in range(7)}
    more = iter(range(6))

    def add_one() -> None:
        for number in more:
            make_row(model, number)
            break

    ids = [row.pk for row in read_all_pages(get_rows(model), order_by, add_one)]

    assert len(ids) == len(set(ids))
    assert first <= set(ids)


def test_rows_deleted_while_paging_hide_none() -> None:
    rows = [make_row(Customer, 0) for _ in range(6)]
    page = list(Customer.objects.after(("name_key", "id"), None)[:2])
    last_seen = (page[-1].name_key, page[-1].pk)
    page[-1].delete()

    rest = Customer.objects.after(("name_key", "id"), last_seen)

    assert list(rest) == rows[2:]


def test_drafts_that_nobody_touched_are_not_open() -> None:
    Order.objects.create()
    draft = DraftFactory()

    assert list(Order.objects.open_drafts()) == [draft]


@pytest.mark.parametrize("typed", ["K7M-2QX4", "k7m2qx4", "K7M", "k7m-2", " k7m 2qx", "K"])
def test_a_reference_is_found_by_its_beginning_with_or_without_dash(typed: str) -> None:
    order = Order.objects.create(reference="K7M-2QX4")
    Order.objects.create(reference="ZZZ-2QX4")

    assert Order.objects.with_reference(typed).get() == order


@pytest.mark.parametrize("typed", ["K7M-2QX5", "7M", "%", "_", "\0", "é", "-", "!?"])
def test_other_references_are_not_found(typed: str) -> None:
    Order.objects.create(reference="K7M-2QX4")

    assert not Order.objects.with_reference(typed).exists()


def test_orders_are_found_by_who_took_them() -> None:
    clerk, other = UserFactory(), UserFactory()
    opened = DraftFactory(staff=clerk)
    placed = Order.objects.create(created_by=other, placed_by=clerk)
    Order.objects.create(created_by=other)
    Order.objects.create(created_by=clerk, placed_by=other)

    assert set(Order.objects.by_clerk(clerk.pk)) == {opened, placed}


def test_orders_are_found_by_their_customers_and_products() -> None:
    lamp, ada = ProductFactory(name="Blue lamp"), CustomerFactory(name="Ada Byron", phone="555 1234")
    order = DraftFactory(lines=[lamp, ProductFactory(name="Blue lamp shade")], customer=ada)
    DraftFactory()

    for typed in ("byr", "1234", "ada by"):
        assert list(Order.objects.matching_customer(typed)) == [order]
    for typed in ("lamp", "bl la", lamp.sku):
        assert list(Order.objects.matching_product(typed)) == [order]
    assert list(Order.objects.latest_with_product(lamp)) == [order]
    assert not Order.objects.matching_customer("!!").exists()


def test_a_day_lasts_from_midnight_to_midnight_in_the_shops_time_zone() -> None:
    midnight = datetime(2026, 7, 1, 4, tzinfo=UTC)
    first = Order.objects.create(dated_at=midnight)
    last = Order.objects.create(dated_at=midnight + timedelta(days=1) - timedelta(microseconds=1))
    Order.objects.create(dated_at=midnight - timedelta(microseconds=1))
    Order.objects.create(dated_at=midnight + timedelta(days=1))

    with timezone.override("America/New_York"):
        day = timezone.localdate(midnight)
        assert list(Order.objects.between_days(day, day).order_by("dated_at")) == [first, last]
