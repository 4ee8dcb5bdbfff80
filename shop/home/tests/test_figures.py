"""The figures of the home page."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from shop.home.figures import DaySales, compare_today
from shop.models import Order
from testing.factories import PlacedFactory

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
#: The clocks changed between these two, on 2026-03-29.
BEFORE = datetime.date(2026, 3, 25)
NOON = datetime.datetime(2026, 4, 1, 12, tzinfo=BERLIN).astimezone(datetime.UTC)


@pytest.mark.parametrize(("minute", "orders"), [(59, 1), (0, 1), (61, 0)])
def test_a_week_ago_is_the_same_time_of_day_after_a_change_of_the_clocks(minute: int, orders: int) -> None:
    at = datetime.datetime.combine(BEFORE, datetime.time(11), BERLIN) + datetime.timedelta(minutes=minute)
    order = PlacedFactory()
    Order.objects.filter(pk=order.pk).update(dated_at=at, placed_at=at, business_day=BEFORE)

    with timezone.override(BERLIN):
        _, before = compare_today(NOON)

    assert before == (DaySales(1, Decimal("10.00"), Decimal(0)) if orders else DaySales())
