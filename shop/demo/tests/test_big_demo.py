"""`load_demo --orders`: a shop of any size, with every sum intact."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db.models import Count, F
from django.utils import timezone

from shop.demo import big
from shop.demo import plans as demo_plans
from shop.demo.small import DemoCounts
from shop.demo.tests.test_demo import check_sold, check_stock
from shop.models import Customer, Order, OrderEvent, OrderLine, Product, StockMovement
from shop.money.amounts import format_money
from shop.orders.events import describe_event
from shop.search.text import fold
from testing.factories import UserFactory

pytestmark = pytest.mark.django_db

#: A Saturday.
NOW = datetime(2026, 3, 7, 15, 30, tzinfo=UTC)


def load(orders: int = 300, **options: Any) -> DemoCounts:
    return big.load_big_demo(**{"orders": orders, "now": NOW} | options)


def check_sums() -> None:
    check_stock()
    check_sold()


def count_made() -> tuple[int, int, int]:
    return Product.objects.count(), Customer.objects.count(), Order.objects.count()


@pytest.mark.parametrize(
    ("orders", "products", "customers"), [(1, 20, 20), (99, 20, 20), (300, 30, 60), (420, 42, 84)]
)
def test_so_many_orders_are_made_with_customers_and_products_to_match(
    orders: int, products: int, customers: int
) -> None:
    told: list[int] = []

    loaded = load(orders, progress=told.append)

    assert count_made() == (products, customers, orders)
    assert loaded == DemoCounts(products=products, customers=customers, orders=orders)
    assert told == [customers, products, orders]
    check_sums()


def test_the_newest_orders_are_open_and_all_others_are_done_with() -> None:
    load(600)

    newest_first = list(Order.objects.order_by("-dated_at").values_list("status", flat=True))
    statuses = Counter(newest_first)
    assert newest_first[0] == "draft"
    assert set(newest_first[1:61]) == {"placed", "cancelled"}
    assert set(newest_first[61:]) == {"fulfilled", "cancelled"}
    assert statuses["draft"] == Order.objects.open_drafts().count() == 1
    assert statuses["placed"] > 50
    assert 6 <= statuses["cancelled"] <= 36


def test_every_order_has_the_timeline_of_its_status() -> None:
    load()

    kinds = {
        "draft": ["opened"],
        "placed": ["placed"],
        "fulfilled": ["placed", "fulfilled"],
        "cancelled": ["placed", "cancelled"],
    }
    for order in Order.objects.prefetch_related("events"):
        events = list(order.events.all())
        assert [event.kind for event in events] == kinds[order.status]
        assert events[0].created_at == order.dated_at
        assert order.is_draft or describe_event(events[0]) == format_money(order.subtotal)
    assert not OrderEvent.objects.filter(created_at__gt=NOW).exists()
    assert not StockMovement.objects.filter(created_at__gt=NOW).exists()


def test_ids_rise_with_time_up_to_now() -> None:
    load()

    moments = list(Order.objects.order_by("pk").values_list("dated_at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= NOW
    assert Order.objects.between_days(NOW.date(), None).exists()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 3, 8, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 8, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 23, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 23, 59, tzinfo=UTC),
    ],
    ids=["afternoon", "midnight", "a second later", "short day", "long day"],
)
@pytest.mark.parametrize("count", [1, 200, 20_000])
def test_moments_fill_two_years_up_to_now(count: int, now: datetime, zone: str) -> None:
    with timezone.override(zone):
        moments = list(demo_plans.draw_times(Random(1), now, count))
        days = Counter(timezone.localtime(at).date() for at in moments)
        today = timezone.localtime(now).date()

    assert len(moments) == count
    assert moments == sorted(moments)
    assert moments[-1] <= now
    assert today in days
    assert len(days) == 731 or count < 20_000
    assert min(days) >= today - timedelta(days=730)


def test_most_is_sold_in_opening_hours_and_more_on_saturdays() -> None:
    load(600)

    moments = [timezone.localtime(at) for at in Order.objects.values_list("dated_at", flat=True)]
    weekdays = Counter(at.weekday() for at in moments)
    assert sum(9 <= at.hour < 18 for at in moments) > 500
    assert weekdays.most_common(1)[0][0] == 5
    assert min(weekdays, key=lambda day: weekdays[day]) == 6


def test_a_few_products_and_customers_stand_out() -> None:
    load(600)

    sold = sorted(
        Product.objects.annotate(count=Count("order_lines")).values_list("count", flat=True), reverse=True
    )
    bought = Customer.objects.annotate(count=Count("orders")).values_list("count", flat=True)
    assert sold[0] > 4 * sold[len(sold) // 2]
    assert max(bought) >= 10
    assert Counter(bought)[0] > 0
    assert 90 <= Order.objects.filter(customer=None).count() <= 150
    assert 1500 <= OrderLine.objects.count() <= 2100
    quantities = Counter(OrderLine.objects.values_list("quantity", flat=True))
    assert quantities[1] > OrderLine.objects.count() / 2
    assert max(quantities) >= 24


def test_a_third_of_the_products_is_counted_and_a_few_are_scarce() -> None:
    load(600)

    assert Product.objects.filter(stock__isnull=False).count() == 20
    assert 1 <= Product.objects.nearly_sold_out().count() <= 4
    assert set(StockMovement.objects.values_list("reason", flat=True)) == {
        "counted",
        "received",
        "sold",
        "returned",
    }


def test_orders_are_shared_among_the_staff() -> None:
    clerks = [UserFactory().pk for _ in range(3)]

    load(staff_ids=clerks)

    assert set(Order.objects.values_list("created_by", flat=True)) == set(clerks)
    assert set(Order.objects.exclude(status="draft").values_list("placed_by", flat=True)) == set(clerks)
    assert not Order.objects.exclude(status="draft").exclude(placed_by=F("created_by")).exists()


def test_customers_and_products_are_found_by_their_words_and_codes() -> None:
    load()

    for row in (*Customer.objects.all(), *Product.objects.all()):
        assert {str(term) for term in row.terms.all()} == row.search_terms()
        assert row.name_key == fold(row.name)
    phones = Customer.objects.exclude(phone="")
    assert {customer.phone[:6] for customer in phones} == {"555-01"}
    assert Customer.objects.search("555").count() == phones.count() > 40
    assert len({customer.phone[-4:] for customer in phones}) > 40
    assert 10 < Customer.objects.search("m").count() < 50
    last = Product.objects.latest("pk")
    assert list(Product.objects.search(last.sku)) == [last]


def test_products_have_prices_and_codes_as_in_a_shop() -> None:
    load()

    cents = Counter(price % 1 for price in Product.objects.values_list("unit_price", flat=True))
    assert cents.most_common(1)[0][0] == Decimal("0.99")
    barcodes = list(Product.objects.exclude(barcode=None).values_list("barcode", flat=True))
    assert len(barcodes) > 20
    for code in barcodes:
        digits = [int(digit) for digit in code or ""]
        assert len(digits) == 13
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
