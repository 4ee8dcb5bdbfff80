"""Slow movers: how long the stock lasts at the pace of some days."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from shop.models import OrderLine
from shop.reports.days import Days
from shop.reports.definitions import REPORTS
from shop.reports.reading import read_report
from shop.reports.tables import ReportLine
from testing.factories import PlacedFactory, ProductFactory
from testing.facts import FactMaker

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def read_slow_movers(first: datetime.date, last: datetime.date) -> list[ReportLine]:
    return list(read_report(REPORTS["slow-movers"], Days(first, last)).table.lines)


def test_products_that_were_not_sold_are_the_slowest(facts: FactMaker) -> None:
    sold = Counter[int]()
    for line in OrderLine.objects.all():
        sold[line.product_id] += line.quantity
    unsold = ProductFactory(name="Unsold", stock=3)
    by_pace = sorted(sold, key=lambda pk: (sold[pk], pk))  # all have the same stock

    lines = read_slow_movers(datetime.date(2020, 1, 1), datetime.date(2026, 10, 31))

    assert [line.keys["product"] for line in lines] == [unsold.pk, *by_pace]
    assert [line.values["sold"] for line in lines] == [0, *(sold[pk] for pk in by_pace)]
    assert [line.values["cover"] for line in lines] == [None, *(5 * 2496 // sold[pk] for pk in by_pace)]


def test_days_to_come_do_not_make_the_stock_last_longer() -> None:
    lamp, today = ProductFactory(stock=60), timezone.localdate()
    PlacedFactory(lines=[(lamp, 10)])

    for last in (today, today + 29 * DAY):
        [line] = read_slow_movers(today - DAY, last)
        assert line.values["cover"] == 10, last  # 50 are left, and 10 were sold in two days
    [line] = read_slow_movers(today + DAY, today + 29 * DAY)
    assert line.values["cover"] is None
