"""The rows of the small demo: what they are, that they add up, and when they happened."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from shop.demo.small import DRAFTS, load_demo
from shop.demo.tests.test_demo import check_sold, check_stock
from shop.models import Customer, Order, OrderEvent, OrderLine, Product, StockMovement
from testing.shared_rows import SharedRows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def now(shared_rows: SharedRows) -> datetime:
    """Loads the demo. Returns the time at which it ends."""
    now = timezone.now()
    with shared_rows():
        load_demo(now=now)
    return now


def test_the_demo_fills_a_shop(now: datetime) -> None:
    statuses = Counter(Order.objects.values_list("status", flat=True))
    assert (Product.objects.count(), Customer.objects.count(), Order.objects.count()) == (40, 30, 60)
    assert set(statuses) == set(Order.Status)
    assert Product.objects.filter(stock=None).exists()
    assert Product.objects.filter(stock=0).count() == 1
    assert 3 <= Product.objects.nearly_sold_out().count() <= 8
    assert Product.objects.exclude(barcode=None).count() > 20
    assert Order.objects.open_drafts().count() == DRAFTS
    assert Order.objects.filter(parked_at__isnull=False).count() == 1
    assert Customer.objects.search("agnes")[0].name == "Agnès Lefèvre"
    assert all(c.phone.startswith("555-01") for c in Customer.objects.all())


def test_stock_and_subtotals_of_the_demo_add_up(now: datetime) -> None:
    check_stock()
    check_sold()
    assert OrderLine.objects.filter(order__status="cancelled").exists()
    assert StockMovement.objects.filter(reason="returned").exists()


def test_orders_of_the_demo_lie_in_the_last_two_weeks_and_not_ahead(now: datetime) -> None:
    today = timezone.localtime(now).date()
    days = {timezone.localtime(at).date() for at in Order.objects.values_list("dated_at", flat=True)}
    assert days == {today - timedelta(days=ago) for ago in range(15)}
    assert not Order.objects.filter(dated_at__gt=now).exists()
    assert not OrderEvent.objects.filter(created_at__gt=now).exclude(order__status="draft").exists()
    assert not OrderEvent.objects.filter(created_at__lt=F("order__dated_at")).exists()
    assert not StockMovement.objects.filter(created_at__gt=now).exists()
