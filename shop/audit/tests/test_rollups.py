"""A13: sums of sealed days that are not those of their facts are found, whichever table they are in."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from shop.audit.checks import run_checks
from shop.audit.rollups import check_rollups
from shop.audit.scope import Findings, Scope
from shop.db.transactions import run_in_transaction
from shop.models import (
    DayCustomer,
    DayMethod,
    DayProduct,
    DayReturn,
    DayTax,
    DayTotal,
    MonthCustomer,
    MonthProduct,
    Order,
    Payment,
    SealedDay,
    YearCustomer,
    YearProduct,
)
from shop.reports.services import find_days_to_seal, seal_day, seal_due, unseal_days
from testing.factories import CustomerFactory, ProductFactory, UserFactory
from testing.facts import FactMaker
from testing.shared_rows import SharedRows

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime.date(2026, 1, 1)
#: Two before the turn of the year, one of them in the month before, and two after it.
DAYS = [NEW_YEAR + datetime.timedelta(days=number) for number in (-40, -3, 0, 9)]


@pytest.fixture(scope="module")
def maker(shared_rows: SharedRows) -> FactMaker:
    with shared_rows():
        return make_sealed_facts()


def make_sealed_facts() -> FactMaker:
    """Makes facts of some days, and seals all but the last."""
    made = FactMaker(
        7,
        staff=[UserFactory()],
        customers=[CustomerFactory() for _ in range(2)],
        products=[ProductFactory() for _ in range(3)],
    )
    for day in DAYS:
        made.make_day(day)
    for day in find_days_to_seal()[0][:-1]:
        seal_day(day=day)
    return made


def find(since: datetime.date | None = None) -> Findings:
    found = Findings()
    check_rollups(Scope(since), found)
    return found


def list_rows(found: Findings) -> set[str]:
    return {failure.row for failure in found.failures}


def test_what_was_sealed_adds_up(maker: FactMaker) -> None:
    assert (find().rows, find().failures) == (SealedDay.objects.count(), [])
    assert find().rows > 3
    seal_due()
    assert find().failures == []
    assert "A13" in [result.code for result in run_checks(Scope())]


@pytest.mark.parametrize(
    ("table", "figure"),
    [
        (DayTotal, "discount"),
        (DayReturn, "returns"),
        (DayTax, "sales_tax"),
        (DayMethod, "rounding"),
        (DayProduct, "cost"),
        (MonthProduct, "returned_quantity"),
        (YearProduct, "sales_net"),
        (DayCustomer, "orders"),
        (MonthCustomer, "sales"),
        (YearCustomer, "return_count"),
    ],
)
def test_a_wrong_sum_is_found(maker: FactMaker, table: Any, figure: str) -> None:
    row = table.objects.order_by("-day", "pk")[0]
    table.objects.filter(pk=row.pk).update(**{figure: F(figure) + 1})

    found = find()

    planted = next(each for each in found.failures if each.row == f"{table.__name__} {row.day}")
    assert planted.sentence.endswith(f": {figure} +1.")
    assert f"{table.__name__} {row.day}" in list_rows(find(since=DAYS[2]))


def add_fact(maker: FactMaker) -> None:
    maker.make_order(DAYS[1])


def double_fact(maker: FactMaker) -> None:
    payment = Payment.objects.filter(business_day__lt=NEW_YEAR).exclude(method="cash")[0]
    Payment.objects.filter(pk=payment.pk).update(amount=F("amount") * 2)


def move_fact(maker: FactMaker) -> None:
    """A cent of the total is a cent of tax: the amounts of other facts stay."""
    Order.objects.filter(business_day=DAYS[1]).update(tax=F("tax") + Decimal("0.01"))


@pytest.mark.parametrize(
    ("change", "table"), [(add_fact, "DayProduct"), (double_fact, "DayMethod"), (move_fact, "DayTotal")]
)
def test_a_fact_that_changed_after_its_day_was_sealed_is_found(
    maker: FactMaker, change: Callable[[FactMaker], None], table: str
) -> None:
    change(maker)

    assert table in {row.split()[0] for row in list_rows(find())}
    assert find(since=NEW_YEAR).failures == []


def test_sums_of_a_day_that_is_not_sealed_are_found(maker: FactMaker) -> None:
    SealedDay.objects.filter(day=DAYS[1]).delete()

    found = find()

    assert {failure.sentence for failure in found.failures} == {"There are sums of a day that is not sealed."}
    assert f"DayTotal {DAYS[1]}" in list_rows(found)


def test_a_sum_that_is_missing_or_doubled_is_found(maker: FactMaker) -> None:
    MonthProduct.objects.filter(day=NEW_YEAR).delete()
    row = DayTotal.objects.filter(day=DAYS[0], orders__gt=0)[0]
    row.pk = None
    row.save(force_insert=True)

    assert {f"MonthProduct {NEW_YEAR}", f"YearProduct {NEW_YEAR}", f"DayTotal {DAYS[0]}"} == list_rows(find())


def test_statements_grow_with_months_only(maker: FactMaker) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            find()
        return len(captured)

    seal_due()
    before = count()
    run_in_transaction("test", lambda: unseal_days(SealedDay.objects.values_list("day", flat=True)))
    for number in range(1, 4):
        maker.make_day(DAYS[2] + datetime.timedelta(days=number))
    seal_due()

    assert count() == before
