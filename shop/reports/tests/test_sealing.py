"""Sealed days: whatever is sealed, every report says what the facts say, to the cent."""

import datetime
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.db.transactions import run_in_transaction
from shop.models import (
    DayTotal,
    MonthProduct,
    Order,
    OrderLine,
    Payment,
    Return,
    ReturnLine,
    SealedDay,
    YearCustomer,
)
from shop.reports.days import Days
from shop.reports.definitions import REPORTS
from shop.reports.reading import read_report
from shop.reports.services import find_days_to_seal, seal_day, seal_due, unseal_days
from shop.reports.tables import write_records
from shop.reports.tests.conftest import FIRST, LAST, build_maker, make_facts
from testing.facts import FactMaker
from testing.shared_rows import SharedRows

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
RANGES = [
    Days(FIRST, LAST),
    Days(datetime.date(2025, 12, 1), datetime.date(2025, 12, 31)),
    Days(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)),
    Days(datetime.date(2025, 12, 10), datetime.date(2026, 1, 20)),
    Days(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31)),
    Days(FIRST + 6 * DAY, FIRST + 6 * DAY),
]
NOW = ("stock-value", "open-balances")


@pytest.fixture(scope="module")
def facts(shared_rows: SharedRows) -> FactMaker:
    with shared_rows():
        return make_facts(build_maker())


def read_all() -> dict[Any, Any]:
    """Returns every report of every range, as a program gets it."""
    return {
        (name, days): write_records(report, read_report(report, days).table)
        for name, report in REPORTS.items()
        for days in RANGES
        if name not in NOW
    }


def test_reports_are_the_same_before_while_and_after_days_are_sealed(facts: FactMaker) -> None:
    unsealed = read_all()
    assert len(unsealed["sales-by-day", RANGES[0]]) > 10

    for number, day in enumerate(find_days_to_seal()[0]):
        if number % 3 == 1:
            seal_day(day=day)
    assert read_all() == unsealed

    assert seal_due() > 30
    assert read_all() == unsealed

    sealed = list(SealedDay.objects.values_list("day", flat=True))
    run_in_transaction("test", lambda: unseal_days(sealed[::2]))
    assert read_all() == unsealed


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "till-differences"])
def test_the_first_rows_of_a_report_are_those_of_the_whole(facts: FactMaker, name: str) -> None:
    report, days = REPORTS[name], RANGES[-2]
    whole = read_report(report, days).table
    cut = read_report(report, days, limit=2).table

    assert cut.lines in (whole.lines, whole.lines[:2])
    assert cut.left_out == (len(cut.lines) < len(whole.lines))
    assert cut.totals == whole.totals


def test_unsealing_leaves_nothing_behind(facts: FactMaker) -> None:
    seal_due()
    run_in_transaction("test", lambda: unseal_days(SealedDay.objects.values_list("day", flat=True)))

    assert (SealedDay.objects.count(), DayTotal.objects.count()) == (0, 0)
    assert not MonthProduct.objects.exclude(quantity=0, sales=0, cost=0, returns=0).exists()
    assert not YearCustomer.objects.exclude(orders=0, sales=0, returns=0).exists()


@pytest.mark.parametrize("sealed", [False, True])
def test_sums_are_those_of_the_rows(facts: FactMaker, sealed: bool) -> None:
    if sealed:
        seal_due()
    orders, back = Order.objects.all(), Return.objects.all()
    sales, returns = Counter[str](), Counter[str]()
    for order in orders:
        sales[str(order.business_day)] += order.total
    for row in back:
        returns[str(row.business_day)] += row.gross
    whole = RANGES[-2]

    by_day = write_records(REPORTS["sales-by-day"], read_report(REPORTS["sales-by-day"], whole).table)
    assert {row["day"]: Decimal(row["sales"]) for row in by_day if row["sales"] != "0.00"} == sales
    assert {row["day"]: Decimal(row["returns"]) for row in by_day if row["returns"] != "0.00"} == returns


@pytest.mark.parametrize("sealed", [False, True])
def test_quantities_and_costs_are_those_of_the_lines(facts: FactMaker, sealed: bool) -> None:
    if sealed:
        seal_due()
    whole = RANGES[-2]
    quantities = Counter[str]()
    for line in OrderLine.objects.select_related("product"):
        quantities[line.product.sku] += line.quantity
    products = read_report(REPORTS["sales-by-product"], whole).table
    assert {line.values["sku"]: line.values["quantity"] for line in products.lines} == quantities

    margin = read_report(REPORTS["margin"], whole).table.totals
    lines = OrderLine.objects.exclude(unit_cost=None).values_list("quantity", "unit_cost", "net")
    returned = ReturnLine.objects.exclude(line__unit_cost=None)
    lines_back = returned.values_list("quantity", "line__unit_cost", "net")
    cost, net = Decimal(0), Decimal(0)
    for sign, rows in ((1, lines), (-1, lines_back)):
        for quantity, unit_cost, amount in rows:
            cost += sign * quantity * (unit_cost or 0)
            net += sign * (amount or 0)
    assert margin["cost"] == int((cost * 100).quantize(Decimal(1), "ROUND_HALF_UP"))
    assert margin["costed"] == net * 100


@pytest.mark.parametrize("sealed", [False, True])
def test_payments_and_taxes_are_those_of_the_rows(facts: FactMaker, sealed: bool) -> None:
    if sealed:
        seal_due()
    whole = RANGES[-2]
    orders, back = Order.objects.all(), Return.objects.all()
    methods = read_report(REPORTS["sales-by-payment-method"], whole).table.totals
    amounts = list(Payment.objects.values_list("amount", flat=True))
    assert methods["paid"] == 100 * sum(amount for amount in amounts if amount > 0)
    assert methods["refunded"] == -100 * sum(amount for amount in amounts if amount < 0)

    taxes = read_report(REPORTS["sales-by-tax-rate"], whole).table
    assert taxes.totals["sales_tax"] == 100 * sum(order.tax or 0 for order in orders)
    assert taxes.totals["tax"] == 100 * (
        sum(order.tax or 0 for order in orders) - sum(row.tax for row in back)
    )
    assert [line.values["tax_class"] for line in taxes.lines] == ["S", "R", "Z", "not recorded"]


def count_statements(days: Days, name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        read_report(REPORTS[name], days)
    return len(captured)


def test_a_report_takes_as_many_statements_whatever_its_days(facts: FactMaker) -> None:
    seal_due()
    names = set(REPORTS) - set(NOW)
    short, long = ({name: count_statements(days, name) for name in names} for days in (RANGES[1], RANGES[0]))

    assert short == long
    assert max(long.values()) <= 9
