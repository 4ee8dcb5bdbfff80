"""The audit finds nothing in what services wrote; how it runs, and its command."""

import datetime
import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.audit.checks import run_checks
from shop.audit.scope import MAX_FAILURES, Scope
from shop.audit.tests.planting import CENT, failed, fill_shop, plant_body, plant_discount, update
from shop.documents.tests.sales import (
    credit_note,
    invoice,
    make_customer,
    make_product,
    pay_in_cash,
    sell,
    take_back,
)
from shop.models import Order, OrderLine
from shop.money.pricing import NO_DISCOUNT
from shop.orders.pricing import set_figures_without_tax, set_line_figures_without_tax
from testing.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Order:
    return fill_shop()


def test_what_services_wrote_adds_up(shop: Order) -> None:
    assert failed() == {}
    rows = {result.code: result.rows for result in run_checks(Scope())}
    assert rows == {
        "A1": 5, "A2": 2, "A3": 2, "A4": 4, "A5": 1, "A6": 2, "A7": 2, "A8": 0, "A9": 1, "A10": 4,
        "A11": 4, "A12": 0, "A13": 0, "A14": 0,
    }  # fmt: skip


def test_an_imported_order_adds_up() -> None:
    now: Any = timezone.now()
    order = Order(status="placed", placed_at=now, dated_at=now, subtotal=Decimal("5.00"))
    order.external_number = "536365"
    set_figures_without_tax(order)
    order.save(force_insert=True)
    line = OrderLine(order=order, product=ProductFactory(), position=1, name="x", quantity=2)
    line.unit_price = Decimal("2.50")
    set_line_figures_without_tax(line)
    line.save()

    assert failed() == {}


def test_days_before_are_left_out(shop: Order) -> None:
    plant_discount(shop)

    assert failed(since=timezone.localdate() + datetime.timedelta(days=1)) == {}


def test_orders_between_the_ones_of_these_days_are_left_out() -> None:
    """An old order with a return of today does not bring in those that were sold after it."""
    items = [(make_product("10.00", "19"), 1, NO_DISCOUNT)]
    returned, untouched, sold = (sell(items) for _ in range(3))
    old = Order.objects.filter(pk__in=[returned.pk, untouched.pk])
    a_month_ago = timezone.now() - datetime.timedelta(days=30)
    update(old, dated_at=a_month_ago, placed_at=a_month_ago)
    for order in (returned, untouched, sold):
        take_back(order=order, units={1: 1})
    update(untouched.returns.all(), business_day=timezone.localdate() - datetime.timedelta(days=20))

    rows = {result.code: result.rows for result in run_checks(Scope(timezone.localdate()))}

    assert (rows["A3"], rows["A4"], rows["A5"]) == (2, 2, 2)


def test_statements_do_not_grow_with_the_rows(shop: Order) -> None:
    def count_statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(run_checks(Scope()))
        return len(captured)

    before = count_statements()
    lamp = make_product("1.00", "19")
    for _ in range(5):
        order = sell([(lamp, 2, NO_DISCOUNT)], customer=make_customer())
        invoice(order)
        order.refresh_from_db()
        pay_in_cash(order=order, amount="1.00", tendered="2.00")
        credit_note(take_back(order=order, units={1: 1}))

    assert count_statements() == before
    assert failed() == {}


def test_only_the_first_failures_are_kept(shop: Order) -> None:
    lamp = make_product("1.00", "19")
    for _ in range(MAX_FAILURES + 2):
        sell([(lamp, 1, NO_DISCOUNT)])
    update(Order.objects.exclude(pk=shop.pk), discount=F("discount") + CENT)

    shares = next(result for result in run_checks(Scope()) if result.code == "A2")
    assert (len(shares.failures), shares.failed, shares.left_out) == (MAX_FAILURES, MAX_FAILURES + 3, 3)


def run_command(*arguments: str) -> str:
    out = StringIO()
    try:
        call_command("audit_money", *arguments, stdout=out)
    except CommandError as error:
        out.write(f"{error}\n")
    return out.getvalue()


def test_the_command(shop: Order) -> None:
    clean = run_command()
    assert "A10          4 rows          ok  Documents have no gaps, and nobody changed one" in clean
    assert "Does not add up" not in clean

    plant_body(shop)

    assert run_command().endswith("Does not add up: A10.\n")
    read = json.loads(run_command("--json").splitlines()[0])
    assert read["failed"] == ["A10"]
    failures = {check["code"]: check["failures"] for check in read["checks"]}
    sentence = "What it says was changed: its hash is another one."
    assert failures["A10"] == [{"row": "T1-000001", "sentence": sentence}]
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert "Does not add up" not in run_command("--since", tomorrow.isoformat())
