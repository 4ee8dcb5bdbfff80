"""The worked examples of docs/MONEY.md about payments, by the services."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test.utils import override_settings

from shop.models import Order, TaxClass
from shop.money.pricing import Discount
from shop.orders.services.new_orders import GivenDiscount, Item, place_new_order
from shop.payments.refunds import propose
from shop.payments.tests.entries import check_account, figures, make_order, pay, refund, take_back
from shop.taxes.services import set_tax_rate
from testing.factories import ProductFactory

pytestmark = pytest.mark.django_db

INCLUDING, NET = True, False


@pytest.fixture
def five() -> Iterator[None]:
    with override_settings(SHOP_CASH_STEP=Decimal("0.05")):
        yield


def place_example(include_tax: bool, lines: list[tuple[int, str, str, str]], discount: str) -> Order:
    """Places lines of quantity, price, tax rate and percent of discount."""
    items = []
    for quantity, price, rate, percent in lines:
        set_tax_rate(code=rate, percent=Decimal(rate), valid_from=datetime.date(2020, 1, 1))
        product = ProductFactory(unit_price=Decimal(price), tax_class=TaxClass.objects.get(pk=rate))
        items.append(Item(product.pk, quantity, Discount(percent=Decimal(percent))))
    with override_settings(SHOP_PRICES_INCLUDE_TAX=include_tax):
        return place_new_order(
            customer_id=None,
            items=items,
            expected_subtotal=None,
            discount=GivenDiscount(Discount(amount=Decimal(discount))),
            staff_id=None,
            once=None,
        )


@pytest.mark.parametrize(
    ("include_tax", "total", "open_then", "due"),
    # Net prices: 86.78 + 19 % is 103.27, 48.21 + 7 % is 51.58.
    [(INCLUDING, "134.99", "74.99", "11.79"), (NET, "154.85", "94.85", "8.42")],
)
def test_e8_a_part_in_cash(include_tax: bool, total: str, open_then: str, due: str) -> None:
    order = place_example(include_tax, [(3, "33.33", "19", "10"), (1, "50.00", "7", "0")], "5.00")
    assert order.total == Decimal(total)

    payment = pay(order, "cash", "60.00", "100.00")

    assert figures(payment) == "60.00 40.00 60.00 0.00"
    assert check_account(order) == f"60.00 {open_then}"
    # All three of line 1 come back: 86.78, or 103.27 with net prices.
    take_back(order, "86.78" if include_tax else "103.27")
    assert check_account(order) == f"60.00 -{due}"
    assert figures(refund(order, "cash", due)) == f"-{due} 0.00 -{due} 0.00"
    assert check_account(order).endswith(" 0.00")


def test_e10_a_transfer_and_cash(five: None) -> None:
    order = make_order("12.91")
    transfer, cash = pay(order, "transfer", "10.00"), pay(order, "cash", tendered="5.00")

    assert figures(transfer) == "10.00 0.00 0.00 0.00"
    assert figures(cash) == "2.91 2.10 2.90 0.01"
    take_back(order, "12.91")
    assert [(row.method, str(row.amount)) for row in propose(order, order.payments.all())] == [
        ("transfer", "10.00"),
        ("cash", "2.91"),
    ]
    assert figures(refund(order, "transfer", "10.00", transfer)) == "-10.00 0.00 0.00 0.00"
    assert figures(refund(order, "cash", "2.91")) == "-2.91 0.00 -2.90 -0.01"
    assert check_account(order) == "0.00 0.00"


def test_e10_the_cash_goes_back_before_the_transfer(five: None) -> None:
    order = make_order("12.91")
    transfer, _ = pay(order, "transfer", "10.00"), pay(order, "cash", tendered="5.00")
    take_back(order, "12.91")

    # As the page does it: in cash, without naming a payment.
    assert figures(refund(order, "cash", "2.91")) == "-2.91 0.00 -2.90 -0.01"
    assert figures(refund(order, "transfer", "10.00", transfer)) == "-10.00 0.00 0.00 0.00"
    assert check_account(order) == "0.00 0.00"


def test_e10_the_cash_goes_back_in_two_parts_before_the_transfer(five: None) -> None:
    order = make_order("12.91")
    pay(order, "transfer", "10.00")
    pay(order, "cash", tendered="5.00")

    assert figures(refund(order, "cash", "1.01")) == "-1.01 0.00 -1.01 0.00"
    assert figures(refund(order, "cash", "1.90")) == "-1.90 0.00 -1.89 -0.01"


def test_all_cash_of_two_payments_goes_back_as_it_came(five: None) -> None:
    order = make_order("17.91")
    pay(order, "card", "5.00")
    pay(order, "cash", "10.00")
    assert figures(pay(order, "cash", tendered="2.90")) == "2.91 0.00 2.90 0.01"

    assert figures(refund(order, "cash", "12.91")) == "-12.91 0.00 -12.90 -0.01"


def test_a_part_of_cash_that_was_never_rounded_is_not_rounded(five: None) -> None:
    order = make_order("12.91")
    pay(order, "cash", "2.91")
    pay(order, "card", "10.00")

    assert figures(refund(order, "cash", "2.91")) == "-2.91 0.00 -2.91 0.00"


def test_e10_cash_back_from_a_transfer(five: None) -> None:
    order = make_order("12.91")
    pay(order, "transfer", "15.59")
    assert check_account(order) == "15.59 -2.68"

    assert figures(refund(order, "cash", "2.68")) == "-2.68 0.00 -2.70 0.02"
    assert check_account(order) == "12.91 0.00"


def test_e11_cash_that_was_rounded_up(five: None) -> None:
    order = make_order("49.99")
    assert figures(pay(order, "cash", tendered="50.00")) == "49.99 0.00 50.00 -0.01"

    take_back(order, "49.99")

    assert figures(refund(order, "cash", "49.99")) == "-49.99 0.00 -50.00 0.01"


def test_e11_three_returned_one_by_one(five: None) -> None:
    order = make_order("3.33", "3.33", "3.33")
    assert figures(pay(order, "cash", tendered="10.00")) == "9.99 0.00 10.00 -0.01"
    cash = []
    for _ in range(3):
        take_back(order, "3.33")
        cash.append(str(refund(order, "cash", "3.33").cash))

    assert cash == ["-3.35", "-3.30", "-3.35"]
    assert check_account(order) == "0.00 0.00"
    assert sum(order.payments.values_list("cash", flat=True)) == 0
